#include "lab/outcome.h"

#include <algorithm>

#include <fmt/format.h>

#include "lab/run_world.h"
#include "pipeline/orchestrator.h"

namespace twice::lab {
namespace {

using pipeline::SqlTable;

const pipeline::OrchestratorNode& orchestrator_of(const world::World& world) {
  return *state_of<pipeline::OrchestratorNode>(world.node(node_named(world, "orchestrator")));
}

// The rows the file itself says the slice should hold: a query over the staged source.
SqlTable expected_rows(const Pipeline& pipeline, const scenario::SqlText& sql, Reference& reference) {
  scenario::Variant staged = *pipeline.variant;
  staged.spec.lane.loader.statement = {sql};  // makes prepare() stage the source
  const auto prepared = prepare(staged);
  if (const auto* failure = std::get_if<SetupError>(&prepared)) {
    reference.error = failure->message;
    return {};
  }
  pipeline::SqlReply reply = std::get<Pipeline>(prepared).engine->query(sql.text, pipeline.job);
  if (reply.status != pipeline::SqlStatus::kOk) reference.error = fmt::format("`expected` fails: {}", reply.message);
  reference.limit = reply.limit;
  return std::move(reply.result);
}

// A slice whose condition fails would show no rows, and everything would look right.
std::string why_slice_fails(const Pipeline& pipeline, const pipeline::Engine& engine) {
  const scenario::SqlText& slice = pipeline.spec().lane.loader.slice;
  if (slice.empty()) return {};
  const pipeline::SqlReply reply =
      engine.query(fmt::format("SELECT count(*) FROM {} WHERE ({})", pipeline.table(), slice.text), pipeline.job);
  const bool gone = reply.message.find("no such table") != std::string::npos;  // a loader may drop its table
  if (reply.status == pipeline::SqlStatus::kOk || gone) return {};
  return fmt::format("the slice's condition fails: {}", reply.message);
}

// An empty slice that stays empty, whatever else was written; or rows that were there before, and no statement that
// wrote any.
bool is_idle(const Reference& reference, const pipeline::SqlDevice& device) {
  if (!check::compare(reference.before_slice, reference.wanted_slice, {}).equal()) return false;
  return reference.wanted_slice.rows.empty() || device.rows_written() == 0;
}

Verdict verdict_of(const LoadOutcome& o) {
  if (o.integrity != "ok") return Verdict::kCorrupt;
  if (o.difference.duplicated > 0) return Verdict::kDuplicates;
  if (!o.acknowledged) return Verdict::kFails;
  if (o.difference.lost > 0 || o.others_lost) return Verdict::kLost;
  if (o.difference.changed > 0 || o.others_touched) return Verdict::kWrongValues;
  return Verdict::kExactlyOnce;
}

}  // namespace

char letter_of(const LoadOutcome& o) {
  switch (o.verdict) {
    case Verdict::kExactlyOnce:
      return o.partial_seen ? '~' : '=';
    case Verdict::kPartialState:
      return '~';
    case Verdict::kDuplicates:
      return 'D';
    case Verdict::kLost:
      return 'L';
    case Verdict::kWrongValues:
      return 'W';
    case Verdict::kCorrupt:
      return 'C';
    case Verdict::kFails:
      return 'F';
  }
  return '?';
}

std::string_view words_of(char letter) {
  switch (letter) {
    case '=':
      return "exactly once";
    case '~':
      return "exactly once, partial state seen";
    case 'D':
      return "duplicates";
    case 'L':
      return "rows lost";
    case 'W':
      return "wrong values";
    case 'C':
      return "corrupt";
    case 'F':
      return "load fails";
    default:
      return "not tried";
  }
}

bool shows(const LoadOutcome& o, const scenario::VerdictSet& meant) {
  return meant.contains(o.verdict) ||
         (o.verdict == Verdict::kExactlyOnce && o.partial_seen && meant.contains(Verdict::kPartialState));
}

bool partial_among(const Reference& reference, const std::vector<pipeline::Commit>& commits, std::size_t from,
                   bool by_rows_only) {
  for (std::size_t i = from; i < commits.size(); ++i) {
    if (commits[i].visible.empty()) continue;
    const pipeline::Visible& seen = commits[i].visible.front();
    const auto same = [&](const pipeline::Visible& state) {
      return by_rows_only ? seen.rows == state.rows : seen == state;
    };
    if (!same(reference.before) && !same(reference.after)) return true;
  }
  return false;
}

Reference make_reference(const Pipeline& pipeline, std::uint64_t seed, const StopSeam& stop) {
  Reference r;
  r.version = pipeline.engine->version();
  r.before_slice = slice_rows(pipeline, *pipeline.engine);
  r.others = other_rows(pipeline, *pipeline.engine);
  r.before = pipeline.engine->visible().front();
  world::World world =
      build(pipeline, {.seed = seed, .keep = Trace::Keep::kNothing, .dashboard = false, .faults = false, .runs = 1});
  const auto over = [&] { return warehouse_of(world).engine().limit_met().has_value(); };
  r.stopped_by = run_world(world, Time{pipeline.spec().until.ns}, stop, over);
  if (r.stopped_by != StoppedBy::kNothing) return r;
  const pipeline::SqlDevice& device = warehouse_of(world);
  const pipeline::OrchestratorNode& orchestrator = orchestrator_of(world);
  r.io = device.io_count();
  r.uses_clock_or_random = device.engine().used_clock_or_random();
  r.after = device.engine().visible().front();
  r.wanted_slice = slice_rows(pipeline, device.engine());
  if (const auto& still = world.standstill())
    r.error = to_text(*still, world);
  else if (orchestrator.runs_ok == 0 || orchestrator.launches > 1)
    r.error = orchestrator.last_error.empty() ? "the load does not end before `until`" : orchestrator.last_error;
  if (r.error.empty()) r.error = why_slice_fails(pipeline, *pipeline.engine);
  if (r.error.empty()) r.error = why_slice_fails(pipeline, device.engine());
  if (const auto& expected = pipeline.spec().lane.loader.expected; expected && r.error.empty())
    r.wanted_slice = expected_rows(pipeline, *expected, r);
  r.idle = is_idle(r, device);
  for (const pipeline::Engine* engine : {&device.engine(), &*pipeline.engine})
    if (!r.limit) r.limit = engine->limit_met();
  return r;
}

LoadOutcome judge(const Pipeline& pipeline, const Reference& reference, const world::World& world) {
  LoadOutcome o;
  const pipeline::SqlDevice& device = warehouse_of(world);
  const pipeline::OrchestratorNode& orchestrator = orchestrator_of(world);
  o.integrity = device.engine().integrity();
  if (o.integrity == "ok") {
    o.difference = check::compare(reference.wanted_slice, slice_rows(pipeline, device.engine()), identity_of(pipeline));
    if (!pipeline.spec().lane.loader.slice.empty()) {
      const auto others =
          check::compare(reference.others, other_rows(pipeline, device.engine()), identity_of(pipeline));
      o.others_touched = !others.equal();
      o.others_lost = others.lost > 0;
    }
  }
  o.acknowledged = orchestrator.runs_ok > 0;
  o.acknowledged_lost = o.acknowledged && o.difference.lost > 0;
  o.error = orchestrator.last_error;
  const bool by_rows_only = reference.uses_clock_or_random || !pipeline.spec().lane.loader.ignore.empty();
  o.partial_seen = partial_among(reference, device.commits(), 0, by_rows_only);
  o.verdict = verdict_of(o);
  o.idle = letter_of(o) == '=' && is_idle(reference, device);
  return o;
}

}  // namespace twice::lab
