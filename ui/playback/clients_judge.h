#pragma once
// Measures and judges what the clients of the shown lanes lived, on a thread of its own with copies of the histories,
// so that no frame waits for a search.
#include <cstdint>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "ui/playback/clients_view.h"
#include "ui/playback/session.h"

namespace twice::playback {

/// What is known of one run by now.
struct LaneClients {
  bool so_far = false;  // the run was not over when it was looked at
  std::size_t operations = 0;
  std::unique_ptr<const ClientsMetrics> metrics;    // null: being measured
  std::unique_ptr<const ClientsVerdicts> verdicts;  // null: being judged
};

class ClientsJudge {
 public:
  /// Takes what is ready and begins what is wanted next. A run that grows is looked at again when it has twice as many
  /// operations, and when it is over.
  void watch(const Session& session);
  /// null: nothing is known yet.
  const LaneClients* of(const Recording& recording) const;
  /// Something is on its way.
  bool busy() const { return running_.valid(); }
  void forget();

 private:
  struct Answer {
    std::uint64_t generation = 0, recording = 0;
    std::unique_ptr<const ClientsMetrics> metrics;
    std::unique_ptr<const ClientsVerdicts> verdicts;
  };
  void take();
  bool begin(const Session& session, std::size_t lane);

  std::map<std::uint64_t, LaneClients> known_;  // by recording
  std::uint64_t generation_ = 1;
  std::future<Answer> running_;
};

/// The lane has clients.
bool has_clients(const Lane& lane);

}  // namespace twice::playback
