#include "lab/sweep_plan.h"

#include <algorithm>
#include <map>

#include "core/limits.h"
#include "pipeline/loader.h"

namespace twice::lab {
namespace {

constexpr std::uint32_t kFirstLaunch = 1;

// Where in the pass the points lie.
struct Found {
  Point point;
  Sequence event;
  bool after;  // the fork is the world after the event, not before it
};

class MarkCollector final : public world::Observer {
 public:
  MarkCollector(const PointSet& set, std::vector<Found>& found) : set_(set), found_(found) {}

  void record(const world::World& world, const TraceRecord& record, std::string_view label) override {
    if (record.kind != RecordKind::kMark || record.scope != kFirstLaunch) return;
    if (label == "row" && set_.rows) found_.push_back({{Stop::kAfterRow, record.value}, record.sequence, false});
    if (label == "stmt" && set_.statements)
      found_.push_back({statement(world, Stop::kBeforeStatement, record.value), record.sequence, false});
    if (label == "reply" && set_.statements)
      found_.push_back({statement(world, Stop::kLostReply, record.value), record.sequence, false});
  }

 private:
  static Point statement(const world::World& world, Stop stop, std::uint64_t number) {
    Point point{stop, number};
    const auto* loader = state_of<pipeline::LoaderNode>(world.node(node_named(world, "loader-1")));
    if (!loader || number == 0 || number > loader->planned()) return point;
    const pipeline::Planned& planned = (*loader->plan)[number - 1];
    point.role = planned.role;
    point.line = planned.sql ? planned.sql->line : 0;
    return point;
  }

  const PointSet& set_;
  std::vector<Found>& found_;
};

// A statement may take as long as thousands of messages.
StoppedBy asked_sometimes(const StopSeam& stop, const world::World& world) {
  constexpr Sequence kEventsBetweenAsking = 8;
  return world.events() % kEventsBetweenAsking == 0 ? asked(stop) : StoppedBy::kNothing;
}

world::World faultless(const LanePlan& plan, std::uint64_t seed) {
  return build(plan.pipeline,
               {.seed = seed, .keep = Trace::Keep::kNothing, .dashboard = false, .faults = false, .runs = 1});
}

StoppedBy find_points(const LanePlan& plan, const SweepOptions& options, std::vector<Found>& found) {
  MarkCollector marks(options.points, found);
  world::World world = faultless(plan, options.seed);
  const Time until{plan.pipeline.spec().until.ns};
  std::uint64_t io = 0;
  while (world.step(until, &marks)) {
    if (const StoppedBy by = asked_sometimes(options.workers.stop, world); by != StoppedBy::kNothing) return by;
    const std::uint64_t now = warehouse_of(world).io_count();
    for (; options.points.io && io < now; ++io) {
      found.push_back({{Stop::kIoNotApplied, io + 1}, world.events(), true});
      found.push_back({{Stop::kIoApplied, io + 1}, world.events(), true});
    }
  }
  return StoppedBy::kNothing;
}

// Rows of one loader look alike; when not all points can be tried, the statements that are not rows stay in and the
// others are taken at equal distances.
void thin_out(std::vector<Found>& found, std::uint64_t at_most, std::vector<Point>& untried) {
  if (found.size() <= at_most) return;
  const auto special = [](const Found& f) {
    return (f.point.stop == Stop::kBeforeStatement || f.point.stop == Stop::kLostReply) &&
           f.point.role != pipeline::Role::kRow;
  };
  const auto specials = static_cast<std::uint64_t>(std::count_if(found.begin(), found.end(), special));
  const std::uint64_t room = at_most > specials ? at_most - specials : 0;
  const std::uint64_t others = found.size() - specials;
  std::vector<Found> kept;
  std::uint64_t seen = 0, taken = 0;
  for (Found& f : found) {
    bool keep = special(f) && (room > 0 || kept.size() < at_most);
    if (!special(f)) {
      ++seen;
      keep = others > 0 && seen * room / others > taken;
      taken += keep;
    }
    keep ? kept.push_back(std::move(f)) : untried.push_back(f.point);
  }
  found = std::move(kept);
}

StoppedBy take_forks(LanePlan& plan, const std::vector<Found>& found, const SweepOptions& options) {
  // Worlds are needed at these numbers of executed events.
  std::map<Sequence, std::size_t> fork_at;
  for (const Found& f : found) fork_at.emplace(f.after ? f.event : f.event - 1, 0);
  world::World world = faultless(plan, options.seed);
  for (auto& [event, fork] : fork_at) {
    if (const StoppedBy by = asked(options.workers.stop); by != StoppedBy::kNothing) return by;
    world.run(kEndOfTime, event);
    fork = plan.forks.size();
    plan.forks.push_back(world);
  }
  for (const Found& f : found)
    plan.points.push_back({f.point, fork_at.at(f.after ? f.event : f.event - 1), f.after, f.event});
  return StoppedBy::kNothing;
}

}  // namespace

StoppedBy plan_points(LanePlan& plan, const SweepOptions& options) {
  std::vector<Found> found;
  if (const StoppedBy by = find_points(plan, options, found); by != StoppedBy::kNothing) return by;
  for (const Duration at : options.points.times)
    found.push_back({{Stop::kAtTime, static_cast<std::uint64_t>(at.ns)}, 1, false});
  // Every point keeps a copy of the world; those of a large load share less.
  const bool is_large = plan.pipeline.source_rows() > limits::kLargeSourceRows;
  thin_out(found, is_large ? std::min(options.at_most, limits::kSweepPointsOfLarge) : options.at_most, plan.untried);
  const auto by_point = [](const auto& a, const auto& b) {
    return a.point.stop != b.point.stop ? a.point.stop < b.point.stop : a.point.number < b.point.number;
  };
  std::stable_sort(found.begin(), found.end(), by_point);
  return take_forks(plan, found, options);
}

}  // namespace twice::lab
