#include "lab/sweep.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <set>

#include <fmt/format.h>

#include "lab/sweep_plan.h"
#include "pipeline/orchestrator.h"
#include "pipeline/warehouse/warehouse.h"

namespace twice::lab {
namespace {

// Small enough to balance the workers, large enough that neighbours share futures.
constexpr std::size_t kUnitPoints = 32;

const pipeline::OrchestratorNode& orchestrator_in(const world::World& world) {
  return *state_of<pipeline::OrchestratorNode>(world.node(NodeId{1}));
}

std::optional<pipeline::SqlLimit> met_limit(const world::World& world) {
  return warehouse_of(world).engine().limit_met();
}

// Runs worlds to their ends, and remembers what became of disks it has seen before.
class Futures {
 public:
  Futures(const LanePlan& plan, bool memoise)
      : plan_(plan),
        memoise_(memoise && !plan.reference.uses_clock_or_random && steady_links(plan.pipeline.spec().network)) {}

  struct Rest {
    PointOutcome outcome;  // of the end; the letter knows only what was seen from the retry on
    bool partial = false;
  };
  /// `key`: 0 when the future was not memoised.
  PointOutcome finish(world::World world, std::uint64_t& key) {
    const Time until{plan_.pipeline.spec().until.ns};
    while (orchestrator_in(world).launches < 2 && !met_limit(world) && world.step(until)) {
    }
    key = 0;
    if (never_came(world)) return {};
    const std::size_t commits = warehouse_of(world).commits().size();
    const bool by_rows_only = rows_only();
    const bool partial = partial_among(plan_.reference, warehouse_of(world).commits(), 0, by_rows_only);
    key = memoise_ && quiet(world) ? key_of(world) : 0;
    const auto known = key == 0 ? rests_.end() : rests_.find(key);
    Rest rest = known != rests_.end() ? known->second : run_to_end(std::move(world), commits, until);
    if (key != 0 && known == rests_.end()) rests_.emplace(key, rest);
    if (rest.outcome.letter == '=' && (partial || rest.partial)) rest.outcome.letter = '~';
    return rest.outcome;
  }

  bool rows_only() const {
    return plan_.reference.uses_clock_or_random || !plan_.pipeline.spec().lane.loader.ignore.empty();
  }

 private:
  // A time may lie before the loader begins or behind its end: then nothing crashed, and nothing was tried.
  static bool never_came(const world::World& world) {
    if (world.steps().empty() || !std::holds_alternative<world::AtTime>(world.steps().back().when)) return false;
    return !world.took_effect(world.steps().size() - 1);
  }

  // A sweep's links lose nothing; with latencies that are drawn, equal disks could still fare differently.
  static bool steady_links(const scenario::NetworkSpec& network) {
    bool all = network.latency.is_constant();
    for (const scenario::LinkSpec& link : network.link) all = all && (!link.latency || link.latency->is_constant());
    return all;
  }

  // Nothing but the retry is under way: no session, nothing running, no message that the warehouse could still get.
  static bool quiet(const world::World& world) {
    const auto* warehouse = state_of<pipeline::WarehouseNode>(world.node(NodeId{2}));
    if (orchestrator_in(world).launches != 2 || !world.is_up(NodeId{2}) || world.is_up(NodeId{3})) return false;
    if (!warehouse->sessions.empty() || !warehouse->running.empty() || !warehouse->waiting.empty()) return false;
    bool only_retry = true;
    world.queue().for_each([&](const Event& e) {
      const bool harmless =
          e.kind == EventKind::kTimer || e.kind == EventKind::kStart || e.kind == EventKind::kDown || e.node.index >= 3;
      only_retry = only_retry && harmless;
    });
    return only_retry;
  }

  static std::uint64_t key_of(const world::World& world) {
    const std::uint64_t key = mix(warehouse_of(world).engine().settled_digest(), orchestrator_in(world).attempt);
    return key == 0 ? 1 : key;
  }

  Rest run_to_end(world::World world, std::size_t commits, Time until) {
    Rest rest;
    const pipeline::Visible recovered = warehouse_of(world).engine().visible().front();
    pipeline::Commit after_crash;
    after_crash.visible = {recovered};
    rest.partial = partial_among(plan_.reference, {after_crash}, 0, rows_only());
    while (!met_limit(world) && world.step(until)) {
    }
    rest.partial = rest.partial || partial_among(plan_.reference, warehouse_of(world).commits(),
                                                 std::min(commits, warehouse_of(world).commits().size()), rows_only());
    LoadOutcome o = judge(plan_.pipeline, plan_.reference, world);
    o.partial_seen = false;
    rest.outcome.letter = letter_of(o);
    if (const auto limit = met_limit(world)) rest.outcome.letter = '?', rest.outcome.limit = limit;
    rest.outcome.rows = o.difference.found_rows;
    rest.outcome.duplicated = o.difference.duplicated;
    rest.outcome.lost = o.difference.lost;
    rest.outcome.changed = o.difference.changed;
    rest.outcome.others_touched = o.others_touched;
    return rest;
  }

  const LanePlan& plan_;
  bool memoise_;
  std::map<std::uint64_t, Rest> rests_;
};

// The definition of idempotency: run again after an acknowledged success, nothing changes. The first repeat meets an
// empty target that was just loaded, the second one a target that held the slice already when its first run began.
std::vector<PointOutcome> second_runs(const LanePlan& plan, std::uint64_t seed) {
  world::World world = build(
      plan.pipeline, {.seed = seed, .keep = Trace::Keep::kNothing, .dashboard = false, .faults = false, .runs = 1});
  const Time until{plan.pipeline.spec().until.ns};
  world.run(until);
  std::vector<PointOutcome> points;
  pipeline::SqlTable before = slice_rows(plan.pipeline, warehouse_of(world).engine());
  for (std::uint64_t number = 1; number <= 2; ++number) {
    const std::size_t commits = warehouse_of(world).commits().size();
    const std::uint32_t ok = orchestrator_in(world).runs_ok;
    Reference reference = plan.reference;
    reference.wanted_slice = std::move(before);
    reference.before = reference.after = warehouse_of(world).engine().visible().front();
    world.carry_out_now({world::AtTime{world.now()}, world::Command{"orchestrator", "run"}});
    world.run(Time{world.now().ns + until.ns});
    LoadOutcome o = judge(plan.pipeline, reference, world);
    if (orchestrator_in(world).runs_ok == ok) o.verdict = Verdict::kFails;
    const bool rows_only = reference.uses_clock_or_random || !plan.pipeline.spec().lane.loader.ignore.empty();
    o.partial_seen = partial_among(reference, warehouse_of(world).commits(), commits, rows_only);
    points.push_back({{Stop::kSecondRun, number},
                      letter_of(o),
                      o.difference.found_rows,
                      o.difference.duplicated,
                      o.difference.lost,
                      o.difference.changed,
                      o.others_touched,
                      {}});
    if (const auto limit = met_limit(world)) points.back().letter = '?', points.back().limit = limit;
    before = slice_rows(plan.pipeline, warehouse_of(world).engine());
  }
  return points;
}

// A result as it travels from a worker: plain bytes of one machine and one build.
struct Packed {
  std::uint64_t index, key;
  PointOutcome outcome;
};
static_assert(std::is_trivially_copyable_v<Packed>);

class Sweeper {
 public:
  Sweeper(const std::vector<const scenario::Variant*>& variants, const SweepOptions& options) : options_(options) {
    for (const scenario::Variant* variant : variants) add_lane(*variant);
    for (std::size_t lane = 0; lane < plans_.size(); ++lane) cut_units(lane);
  }

  SweepResult run() {
    const auto work = [&](std::size_t i) { return run_unit(units_[i]); };
    // Lanes that were cut short before their points were known have none to try.
    if (out_.stopped_by != StoppedBy::kNothing) units_.clear();
    WorkerOptions workers = options_.workers;
    if (!workers.unit_limit) workers.unit_limit = workers.sql_unit_limit;
    if (!workers.name) workers.name = [&](std::size_t i) { return name_of_unit(units_[i]); };
    WorkResult done = in_processes(units_.size(), workers, work);
    for (std::size_t i = 0; i < units_.size(); ++i) unpack(units_[i].lane, done.results[i]);
    out_.reports = std::move(done.reports);
    for (const LostUnit& lost : done.lost) out_.reports.push_back(fmt::format("{}: {}", lost.limit, lost.words));
    out_.lost = std::move(done.lost);
    if (out_.stopped_by == StoppedBy::kNothing) out_.stopped_by = done.stopped_by;
    out_.stopped = out_.stopped_by != StoppedBy::kNothing;
    for (std::size_t lane = 0; lane < plans_.size(); ++lane) conclude(lane);
    return std::move(out_);
  }

 private:
  struct Unit {
    std::size_t lane;
    std::vector<std::size_t> points;  // empty: the second runs
  };

  void add_lane(const scenario::Variant& variant) {
    LaneSweep lane;
    lane.variant = &variant;
    LanePlan plan;
    if (const StoppedBy by = asked(options_.workers.stop); by != StoppedBy::kNothing)
      cut(by, lane);
    else
      plan_lane(lane, plan);
    out_.lanes.push_back(std::move(lane));
    plans_.push_back(std::move(plan));
    futures_.emplace_back();
    keys_.emplace_back();
  }

  // The load once without faults, in a process that can be ended: what is planned here afterwards takes no longer.
  std::optional<LostUnit> lost_on_trial(const scenario::Variant& variant) const {
    WorkerOptions alone = options_.workers;
    alone.workers = 1;
    alone.progress = {};
    alone.kill_once = WorkerOptions{}.kill_once;
    if (!alone.unit_limit) alone.unit_limit = alone.sql_unit_limit;
    alone.name = [&](std::size_t) { return fmt::format("lane '{}' without faults", variant.name); };
    WorkResult tried = in_processes(1, alone, [&](std::size_t) {
      const auto prepared = prepare(variant);
      if (const auto* pipeline = std::get_if<Pipeline>(&prepared))
        make_reference(*pipeline, options_.seed, options_.workers.stop);
      return std::string();
    });
    return tried.lost.empty() ? std::nullopt : std::optional(std::move(tried.lost.front()));
  }

  void plan_lane(LaneSweep& lane, LanePlan& plan) {
    if (const auto lost = lost_on_trial(*lane.variant)) {
      lane.undecided = fmt::format("{}: {}", lost->limit, lost->words);
      return;
    }
    auto prepared = prepare(*lane.variant);
    if (const auto* failure = std::get_if<SetupError>(&prepared)) {
      (failure->limit ? lane.undecided : lane.error) = failure->message;
      return;
    }
    plan.pipeline = std::get<Pipeline>(std::move(prepared));
    plan.reference = make_reference(plan.pipeline, options_.seed, options_.workers.stop);
    if (plan.reference.stopped_by != StoppedBy::kNothing) return cut(plan.reference.stopped_by, lane);
    if (plan.reference.limit) {
      lane.undecided = fmt::format("{}: {}", name_of(*plan.reference.limit), sentence_of(*plan.reference.limit));
      return;
    }
    lane.error = plan.reference.error;
    lane.idle = plan.reference.idle;
    lane.version = plan.reference.version;
    lane.wanted_rows = plan.reference.wanted_slice.rows.size();
    if (!lane.error.empty()) return;
    if (const StoppedBy by = plan_points(plan, options_); by != StoppedBy::kNothing) cut(by, lane);
  }

  void cut(StoppedBy by, LaneSweep& lane) {
    out_.stopped_by = by;
    lane.undecided = fmt::format("{}: its crash points were not known yet", name_of(by));
  }

  std::string name_of_unit(const Unit& unit) const {
    const std::string lane = fmt::format("lane '{}'", out_.lanes[unit.lane].variant->name);
    if (unit.points.empty()) return lane + ", the second runs";
    const auto& points = plans_[unit.lane].points;
    return fmt::format("{}, {} crash points from {}", lane, unit.points.size(),
                       to_text(points[unit.points.front()].point));
  }

  void cut_units(std::size_t lane) {
    if (!out_.lanes[lane].error.empty() || !out_.lanes[lane].undecided.empty()) return;
    const std::vector<PlannedPoint>& points = plans_[lane].points;
    out_.lanes[lane].points.resize(2 + points.size());
    units_.push_back({lane, {}});
    std::vector<std::size_t> order(points.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return points[a].event < points[b].event; });
    for (std::size_t i = 0; i < order.size(); i += kUnitPoints) {
      const auto first = order.begin() + static_cast<std::ptrdiff_t>(i);
      const auto last = order.begin() + static_cast<std::ptrdiff_t>(std::min(i + kUnitPoints, order.size()));
      units_.push_back({lane, {first, last}});
    }
  }

  std::string run_unit(const Unit& unit) {
    const LanePlan& plan = plans_[unit.lane];
    std::string bytes;
    const auto pack = [&](const Packed& packed) {
      bytes.append(reinterpret_cast<const char*>(&packed), sizeof packed);
    };
    if (unit.points.empty()) {
      const std::vector<PointOutcome> runs = second_runs(plan, options_.seed);
      for (std::size_t i = 0; i < runs.size(); ++i) pack({i, 0, runs[i]});
      return bytes;
    }
    if (!futures_[unit.lane]) futures_[unit.lane] = std::make_unique<Futures>(plan, options_.memoise);
    for (const std::size_t i : unit.points) {
      Packed packed{2 + i, 0, {}};
      packed.outcome = futures_[unit.lane]->finish(fork_for(plan, plan.points[i]), packed.key);
      packed.outcome.point = plan.points[i].point;
      pack(packed);
    }
    return bytes;
  }

  static world::World fork_for(const LanePlan& plan, const PlannedPoint& planned) {
    world::World world = plan.forks[planned.fork];
    for (world::Step& step : steps_of(planned.point)) {
      const auto error = planned.at_once ? world.carry_out_now(std::move(step)) : world.add(std::move(step));
      TWICE_ASSERT(!error, error.value_or(""));
    }
    return world;
  }

  void unpack(std::size_t lane, const std::string& bytes) {
    for (std::size_t at = 0; at + sizeof(Packed) <= bytes.size(); at += sizeof(Packed)) {
      Packed packed{};
      std::memcpy(&packed, bytes.data() + at, sizeof packed);
      out_.lanes[lane].points[packed.index] = packed.outcome;
      if (packed.index < 2) continue;
      if (packed.key == 0)
        ++out_.lanes[lane].futures;
      else
        keys_[lane].insert(packed.key);
    }
  }

  void conclude(std::size_t index) {
    LaneSweep& lane = out_.lanes[index];
    if (!lane.undecided.empty()) return;
    const LanePlan& plan = plans_[index];
    lane.futures += keys_[index].size();
    for (std::size_t i = 0; i < lane.points.size(); ++i)
      if (lane.points[i].letter == '?')
        lane.points[i].point = i < 2 ? Point{Stop::kSecondRun, i + 1} : plan.points[i - 2].point;
    for (const PointOutcome& point : lane.points)
      if (point.limit && lane.limit.empty()) lane.limit = sentence_of(*point.limit);
    lane.thinned = !plan.untried.empty();
    for (const Point& point : plan.untried) lane.points.push_back({point, '?', 0, 0, 0, 0, false, {}});
    std::stable_sort(lane.points.begin(), lane.points.end(), [](const PointOutcome& a, const PointOutcome& b) {
      return a.point.stop != b.point.stop ? a.point.stop < b.point.stop : a.point.number < b.point.number;
    });
    const auto fails = [](const PointOutcome& p) { return p.letter != '=' && p.letter != '~' && p.letter != '?'; };
    const auto crash = std::find_if(lane.points.begin(), lane.points.end(), [&](const PointOutcome& p) {
      return p.point.stop != Stop::kSecondRun && fails(p);
    });
    const auto any = crash != lane.points.end() ? crash : std::find_if(lane.points.begin(), lane.points.end(), fails);
    if (any != lane.points.end()) lane.smallest = *any;
  }

  const SweepOptions& options_;
  std::vector<LanePlan> plans_;
  std::vector<std::unique_ptr<Futures>> futures_;  // of this process, by lane
  std::vector<std::set<std::uint64_t>> keys_;
  std::vector<Unit> units_;
  SweepResult out_;
};

}  // namespace

std::vector<world::Step> steps_of(const Point& point) {
  const world::Crash loader{"loader"}, warehouse{"warehouse"};
  switch (point.stop) {
    case Stop::kSecondRun:
      return {};
    case Stop::kAfterRow:
      return {{world::AtMark{"row", point.number, 1}, loader}};
    case Stop::kBeforeStatement:
      return {{world::AtMark{"stmt", point.number, 1}, loader}};
    case Stop::kLostReply:
      return {{world::AtMark{"reply", point.number, 1}, loader}};
    case Stop::kIoNotApplied:
      return {{world::AtIo{point.number, false}, warehouse}};
    case Stop::kIoApplied:
      return {{world::AtIo{point.number, true}, warehouse}};
    case Stop::kAtTime:
      return {{world::AtTime{Time{static_cast<std::int64_t>(point.number)}}, loader}};
  }
  return {};
}

std::string to_text(const Point& point) {
  switch (point.stop) {
    case Stop::kSecondRun:
      return point.number == 1 ? "second run on an empty target" : "second run on a loaded target";
    case Stop::kAfterRow:
      return point.number == 0 ? "before the first row" : fmt::format("after row {}", point.number);
    case Stop::kBeforeStatement:
      return fmt::format("before statement {} ({})", point.number, name_of(point.role));
    case Stop::kLostReply:
      return fmt::format("reply of statement {} lost ({})", point.number, name_of(point.role));
    case Stop::kIoNotApplied:
      return fmt::format("I/O operation {} never happened", point.number);
    case Stop::kIoApplied:
      return fmt::format("I/O operation {} happened, nobody was told", point.number);
    case Stop::kAtTime:
      return fmt::format("at {}", to_string(Duration{static_cast<std::int64_t>(point.number)}));
  }
  return {};
}

std::optional<PointSet> parse_points(std::string_view text) {
  PointSet set{false, false, false, {}};
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    const std::string_view word = text.substr(0, comma);
    text = comma == std::string_view::npos ? std::string_view{} : text.substr(comma + 1);
    if (word == "all") {
      set.rows = set.statements = set.io = true;
    } else if (word == "rows") {
      set.rows = true;
    } else if (word == "statements") {
      set.statements = true;
    } else if (word == "io") {
      set.io = true;
    } else if (const auto at = parse_duration(word); at && at->ns >= 0) {
      set.times.push_back(*at);
    } else {
      return std::nullopt;
    }
  }
  return set.rows || set.statements || set.io || !set.times.empty() ? std::optional(set) : std::nullopt;
}

SweepResult sweep(const std::vector<const scenario::Variant*>& variants, const SweepOptions& options) {
  return Sweeper(variants, options).run();
}

}  // namespace twice::lab
