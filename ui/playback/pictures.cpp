#include "ui/playback/pictures.h"

#include <algorithm>

namespace twice::playback {
namespace {

constexpr std::size_t kLogLines = 400;
constexpr std::size_t kCompareLines = 40;

}  // namespace

void Painter::forget() {
  seen_ = {};
  judge_.forget();
  lenses_.clear();
  lenses_of_ = nullptr;
  space_time_ = {};
  pictures_ = {};
  checks_revision_ = 0;
}

const Pictures& Painter::look(const Session& session, const Wanted& wanted) {
  const Cursor& cursor = session.cursor();
  const Seen now{&session,          session.revision(),  session.branch(), cursor.focus,
                 cursor.event,      session.selection(), wanted.loader,    wanted.network,
                 wanted.space_time, wanted.tables,       wanted.compare,   wanted.inspector,
                 cursor.playing,    wanted.other_branch, wanted.other_lane};
  const std::size_t lane = cursor.focus;
  const Recording& run = session.recording(lane);
  if (wanted.space_time) {
    const auto span = wanted.span.value_or(std::pair(Time{}, session.end()));
    pictures_.space_time = &space_time_.look(run, span.first, span.second, wanted.slices);
  }
  if (wanted.clients) {
    judge_.watch(session);
    pictures_.clients.clear();
    for (std::size_t i = 0; i < session.lanes().size(); ++i)
      pictures_.clients.push_back(judge_.of(session.recording(i)));
  }
  if (now == seen_) return pictures_;
  seen_ = now;
  look_at_lanes(session, wanted);
  if (!run.error().empty()) return pictures_;
  const world::World& world = session.world(lane);
  pictures_.sentence = sentence(run, world.events());
  if (wanted.network) pictures_.network = look_at_network(run, world);
  if (wanted.tables) {
    pictures_.log = log_around(run, world.events(), kLogLines);
    pictures_.tables = session.lanes()[lane].loads() ? look_at_tables(world) : std::vector<TableView>{};
    pictures_.logs = look_at_logs(run, world);
  }
  // The inspector runs the world once more; while the cursor plays, nobody reads a diff.
  if (wanted.inspector && !cursor.playing) pictures_.inspector = inspect(run, world, session.selection().node);
  const bool checks_are_old = checks_revision_ != session.revision() || checks_branch_ != session.branch() ||
                              checks_lane_ != lane || pictures_.checks.empty();
  if (checks_are_old && (session.complete() || pictures_.checks.empty())) {
    pictures_.checks = look_at_checks(session, lane);
    pictures_.wrong = what_went_wrong(session, lane);
    checks_revision_ = session.revision(), checks_branch_ = session.branch(), checks_lane_ = lane;
  }
  if (wanted.compare) compare(session, wanted);
  return pictures_;
}

void Painter::look_at_lanes(const Session& session, const Wanted& wanted) {
  const std::size_t lanes = session.lanes().size();
  if (lenses_of_ != &session || lenses_seed_ != session.seed()) lenses_.clear();
  lenses_of_ = &session, lenses_seed_ = session.seed();
  lenses_.resize(lanes);
  pictures_.lanes.resize(lanes);
  for (std::size_t lane = 0; lane < std::min(lanes, wanted.lanes); ++lane) {
    LanePicture& picture = pictures_.lanes[lane];
    const Recording& run = session.recording(lane);
    picture.error = run.error();
    if (!run.error().empty()) continue;
    picture.over = run.complete() && session.cursor().event[lane] >= run.events();
    const Lane& of = session.lanes()[lane];
    if (!of.loads() || !wanted.loader) continue;
    if (!of.reference) {
      lenses_[lane].reset();
      picture.loader = nullptr;
      continue;
    }
    if (!lenses_[lane]) lenses_[lane] = std::make_unique<LoaderLens>(*of.ready->pipeline, *of.reference);
    const world::World& world = session.world(lane);
    picture.loader = &lenses_[lane]->look(world, picture.over);
    picture.readings = readings_of(world, session.cursor().at);
    picture.dashboard = ask_now(*of.ready->pipeline, world);
  }
}

void Painter::compare(const Session& session, const Wanted& wanted) {
  ComparePicture& picture = pictures_.compare;
  picture = {};
  const std::size_t lane = session.cursor().focus;
  picture.left = &session.recording(lane);
  picture.left_name = session.lanes()[lane].name();
  if (wanted.other_branch && *wanted.other_branch < session.branches().size()) {
    picture.right = &session.recording(*wanted.other_branch, lane);
    picture.left_name = session.branches()[session.branch()].name;
    picture.right_name = session.branches()[*wanted.other_branch].name;
  } else if (wanted.other_lane && *wanted.other_lane < session.lanes().size()) {
    picture.right = &session.recording(*wanted.other_lane);
    picture.right_name = session.lanes()[*wanted.other_lane].name();
  }
  if (!picture.right || !picture.left->error().empty() || !picture.right->error().empty()) return;
  picture.first_difference = first_difference(picture.left->trace(), picture.right->trace());
  const Sequence centre = picture.first_difference.value_or(session.cursor().event[lane]);
  picture.left_log = log_around(*picture.left, centre, kCompareLines);
  picture.right_log = log_around(*picture.right, centre, kCompareLines);
}

}  // namespace twice::playback
