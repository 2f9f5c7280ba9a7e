#pragma once
// Everything the views show of one moment, computed before a frame is drawn and only when something moved.
#include <memory>
#include <optional>
#include <vector>

#include "ui/playback/checks_view.h"
#include "ui/playback/clients_judge.h"
#include "ui/playback/inspector_view.h"
#include "ui/playback/loader_view.h"
#include "ui/playback/log_view.h"
#include "ui/playback/network_view.h"
#include "ui/playback/session.h"
#include "ui/playback/space_time_view.h"

namespace twice::playback {

/// Which of the dearer pictures are wanted.
struct Wanted {
  bool loader = true, network = false, space_time = false, tables = false, compare = false, inspector = true;
  bool clients = false;                       // of all lanes
  std::size_t lanes = ~std::size_t{0};        // the first so many
  std::optional<std::pair<Time, Time>> span;  // of the space-time view; without: all
  std::size_t slices = 400;
  std::optional<std::size_t> other_branch;  // to compare with
  std::optional<std::size_t> other_lane;    // to compare with, instead
};

struct LanePicture {
  std::string error;                   // nothing to see
  bool over = false;                   // the cursor stands at the end of the run
  const LoaderView* loader = nullptr;  // of a load, once its reference is known
  std::vector<Series> readings;
  std::optional<pipeline::SqlTable> dashboard;  // its query, asked now
};

struct ComparePicture {
  const Recording* left = nullptr;
  const Recording* right = nullptr;
  std::string left_name, right_name;
  std::optional<Sequence> first_difference;  // only of runs of one lane
  std::vector<LogLine> left_log, right_log;  // around it
};

struct Pictures {
  std::vector<LanePicture> lanes;
  NetworkView network;
  const SpaceTimeView* space_time = nullptr;
  std::vector<TableView> tables;
  std::vector<LogPicture> logs;
  std::vector<LogLine> log;
  InspectorView inspector;
  std::string sentence;  // the event at the cursor
  std::vector<CheckLine> checks;
  std::vector<Broken> wrong;                // what went wrong in the lane in focus, oldest first
  std::vector<const LaneClients*> clients;  // by lane; null: nothing is known yet
  ComparePicture compare;
};

class Painter {
 public:
  /// Valid until the next call.
  const Pictures& look(const Session& session, const Wanted& wanted);
  void forget();
  /// Clients are being measured or judged: frames should go on.
  bool judging() const { return judge_.busy(); }

 private:
  struct Seen {
    const Session* session = nullptr;
    std::uint64_t revision = 0;
    std::size_t branch = 0, focus = 0;
    std::vector<Sequence> events;
    Selection selection;
    bool loader = false, network = false, space_time = false, tables = false, compare = false, inspector = false;
    bool playing = false;
    std::optional<std::size_t> other_branch, other_lane;
    bool operator==(const Seen&) const = default;
  };
  void look_at_lanes(const Session& session, const Wanted& wanted);
  void compare(const Session& session, const Wanted& wanted);

  ClientsJudge judge_;
  Seen seen_;
  Pictures pictures_;
  std::vector<std::unique_ptr<LoaderLens>> lenses_;  // by lane
  const Session* lenses_of_ = nullptr;
  std::uint64_t lenses_seed_ = 0;
  SpaceTimeLens space_time_;
  std::uint64_t checks_revision_ = 0;
  std::size_t checks_branch_ = 0, checks_lane_ = 0;
};

}  // namespace twice::playback
