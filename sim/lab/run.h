#pragma once
// One run of one variant with one seed, and what it showed.
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "check/spectrum.h"
#include "core/limits.h"
#include "lab/workers.h"
#include "pipeline/sql_value.h"
#include "scenario/spec.h"
#include "world/step.h"
#include "world/world.h"

namespace twice::lab {

enum class Held : std::uint8_t {
  kYes,
  kNo,
  kUnknown,  // the run could not tell: a fault never happened, the budget ran out
};
constexpr Held held_if(bool condition) { return condition ? Held::kYes : Held::kNo; }
std::string_view name_of(Held held);

/// One expectation after one run.
struct Finding {
  std::string name;  // "verdict", "orders finally", "always the day before is untouched"
  Held held = Held::kUnknown;
  std::string wanted;  // "== 1800", "duplicates"
  std::string seen;    // what the run showed instead or as well
  scenario::Span span{};
  std::optional<Time> at{};  // the first moment that shows what was broken, where one moment does
};

/// A step of the timeline after a run.
struct StepReport {
  std::string text;        // as `--do` would say it
  bool fired = false;      // its moment came
  bool effective = false;  // and it changed something
  std::optional<Time> at{};
  bool drawn = false;  // by [chaos]: nobody promised that it changes anything
};

/// What somebody looking at the table saw at one moment.
struct Reading {
  Time at;
  bool ok = false;
  pipeline::SqlRow values;  // one per column
};

struct LoadReport {
  std::string engine;  // "sqlite 3.40.1"
  char letter = '?';   // of the verdict, see letter_of
  std::uint64_t wanted_rows = 0, rows = 0, duplicated = 0, lost = 0, changed = 0;
  bool acknowledged = false, acknowledged_lost = false, partial_seen = false, others_touched = false;
  std::string integrity;
  std::uint32_t attempts = 0, runs_ok = 0, runs_failed = 0;
  std::string last_error;
  std::vector<std::string> columns;  // of the table, for the samples
  std::vector<pipeline::SqlRow> duplicated_samples, lost_samples, changed_samples;
  // The dashboard's query: by the dashboard itself …
  std::vector<std::string> series;
  std::vector<Reading> readings;
  // … and asked for the report: just before the first fault, when the next attempt begins, at the end.
  std::optional<pipeline::SqlRow> before_fault, after_fault, finally;
};

/// What the clients of a cluster saw.
struct ClientsReport {
  struct Latencies {
    std::uint64_t count = 0;  // answers
    Duration p50, p95, p99, p999, longest;
  };
  std::uint64_t ok = 0, failed = 0, unknown = 0, open = 0;  // operations; open: the run ended before
  Latencies reads, writes;
  std::uint64_t stale_versions = 0;          // the worst read lagged behind by so many writes …
  Duration stale_time;                       // … and by so much time, at least
  std::uint64_t moved = 0;                   // clients with route = "home" that ended at another server
  bool stale_known = false;                  // the answers tell how old they are
  std::vector<check::SpectrumRow> spectrum;  // empty: not asked for
};

/// A line for a person: what happened, in the order it happened.
struct Narrated {
  Time at;
  Sequence event = 0;
  std::string text;
};

struct RunReport {
  std::string variant;
  std::uint64_t seed = 0;
  std::uint64_t hash = 0;
  Sequence events = 0;
  Time end;            // of the last event
  bool ended = false;  // the run came to its own end before `until`
  /// The limit that cut it short or lost it: "time-limit", "interrupt", "unit-limit", "worker-died". Its findings are
  /// then one of that name, undecided, and what was already broken. Empty: it was judged whole.
  std::string limit{};
  std::vector<std::uint64_t> block_hashes;
  std::vector<StepReport> steps;
  std::vector<Finding> findings;
  std::vector<Finding> sometimes;                             // judged over all seeds of a batch, not here
  std::vector<std::pair<std::string, std::int64_t>> metrics;  // by name, in the registry's order; durations in ns
  std::optional<LoadReport> load;
  std::optional<ClientsReport> clients;
  std::vector<Narrated> narration;
  std::string error;         // the run could not start, or its time stood still
  std::int64_t wall_ns = 0;  // what it took, by RunOptions::clock; no part of the JSON

  /// The worst finding: no > unknown > yes. Yes without any: ask `judged` before saying that something held.
  Held held() const;
  /// False when the file expects nothing of this run: it ran, and nothing was judged.
  bool judged() const { return !error.empty() || !limit.empty() || !findings.empty() || !sometimes.empty(); }
};

/// What reports say of a run that nothing was expected of: "held" would claim more than was looked at.
inline constexpr std::string_view kNothingJudged = "nothing was judged";

struct RunOptions {
  std::vector<world::Step> steps{};  // besides the scenario's: `--do`
  bool timeline = true;              // false: only `steps`, on links that lose nothing
  bool narrate = false;
  bool spectrum = false;  // judge every consistency model, also where nothing is expected of it
  Trace::Keep keep = Trace::Keep::kHashes;
  std::optional<Time> until{};
  std::optional<std::uint32_t> runs{};        // of the load, instead of the scenario's
  StopSeam stop{};                            // asked between events; when it says so, the run is cut short
  std::uint64_t events = limits::kRunEvents;  // more than these, and the run is cut short
  std::uint64_t judge_budget = 0;             // steps to judge each consistency model; 0: as usual
  std::function<std::int64_t()> clock{};      // nanoseconds of whoever waits; only for RunReport::wall_ns
};

/// Runs a variant. `world_out`, when given, receives the world at the end (with its trace).
RunReport run(const scenario::Variant& variant, std::uint64_t seed, const RunOptions& options,
              std::optional<world::World>* world_out = nullptr);

/// What the clients of a cluster asked and were told; empty without any.
check::History history_of(const scenario::Variant& variant, std::uint64_t seed, const RunOptions& options);

/// The world of a variant at event 0, with all steps; the error names what a step gets wrong.
struct Built {
  std::optional<world::World> world;
  std::string error;
  std::size_t drawn_from = 0, drawn_to = 0;  // which of its steps [chaos] drew
};
Built build_world(const scenario::Variant& variant, std::uint64_t seed, const RunOptions& options);

struct Batch {
  std::vector<RunReport> runs;       // variants in order, seeds in order within each
  std::vector<Finding> over_seeds;   // `sometimes`: must have been seen in at least one run
  std::vector<std::string> reports;  // of workers that died
  std::size_t wanted = 0;            // how many runs were asked for
  bool stopped = false;              // some of them were not begun, or were cut short
  StoppedBy stopped_by = StoppedBy::kNothing;
  Held held() const;
  bool judged() const;  // something was: see RunReport
};

/// "held", "failed", "unknown", or that nothing was judged.
std::string_view outcome_of(const RunReport& run);
std::string_view outcome_of(const Batch& batch);

/// Every variant with every seed, in parallel; the result does not depend on the number of workers. What a stop leaves:
/// the runs that are finished, and those that were under way, which are undecided by the name of what stopped them. A
/// run that is lost (its worker died again and again, or took too long) is undecided by the name of that limit. Where
/// `options` has no seam of its own, runs ask that of `workers`.
Batch run_batch(const std::vector<const scenario::Variant*>& variants, const std::vector<std::uint64_t>& seeds,
                const RunOptions& options, const WorkerOptions& workers);

/// Runs twice and compares. nullopt: the same hashes. Otherwise the first event that differs, both sides in words.
struct Divergence {
  Sequence event = 0;
  std::string first, second;
};
std::optional<Divergence> verify_determinism(const scenario::Variant& variant, std::uint64_t seed,
                                             const RunOptions& options);
/// The same for any world: `make` is called twice or more and must give equal worlds. Stopped, it has found nothing.
std::optional<Divergence> first_divergence(const std::function<world::World()>& make, Time until,
                                           const StopSeam& stop = {});

/// A run as one JSON object, and back; `--json` prints them. Bytes that are not UTF-8 become U+FFFD; an infinite real
/// is {"real": "inf"}.
std::string to_json(const RunReport& report);
RunReport run_report_from_json(const std::string& text);
/// The same without losing a byte (CBOR, RFC 8949): workers send their reports home in it, so that a report does not
/// depend on whether it crossed a process boundary.
std::string to_bytes(const RunReport& report);
RunReport run_report_from_bytes(const std::string& bytes);

}  // namespace twice::lab
