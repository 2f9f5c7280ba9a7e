#pragma once
// A scenario file as values. Every struct lists its own fields (see field.h); the spans are kept where a later
// report wants to point at the line that asked for something.
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/block.h"
#include "scenario/spec_chaos.h"
#include "scenario/spec_client.h"
#include "scenario/spec_cluster.h"
#include "scenario/spec_expect.h"
#include "scenario/spec_pipeline.h"
#include "scenario/spec_schedule.h"
#include "scenario/spec_timeline.h"
#include "scenario/value.h"

namespace twice::scenario {

constexpr std::int64_t kFormatVersion = 1;

struct LaneSpec {
  Spanned<std::string> name;
  std::string doc;
  VerdictSet verdict;
  LoaderSpec loader;
  ExpectSpec expect;
  Span span{};

  bool loads() const { return !loader.row.empty() || !loader.statement.empty() || loader.script || loader.script_file; }

  template <class Self, class V>
  static void fields(Self& self, V& v) {
    v(Field{.name = "name", .doc = "What the lane is called in pictures and reports.", .required = true}, self.name);
    v(Field{.name = "doc", .doc = "A sentence about this lane."}, self.doc);
    v(Field{.name = "verdict",
            .doc = "What this lane is meant to show; a list means any of these. A lane that is meant to fail and does "
                   "not is a failure.",
            .example = "\"duplicates\""},
      self.verdict);
    LoaderSpec::fields(self.loader, v);
    v(Field{.name = "expect", .doc = "What must be true in this lane, besides the shared expectations."}, self.expect);
  }
};

/// Parameters to vary: every combination of their values is a variant of every lane.
struct Matrix {
  struct Axis {
    Spanned<std::string> path;  // "orchestrator.retry.attempts"
    std::vector<Value> values;
  };
  std::vector<Axis> axes;
};

/// One resolved variant: the shared sections with this lane's overrides and this cell of the matrix applied.
struct Spec {
  std::int64_t scenario = kFormatVersion;
  std::string title, story, leaves_out;
  std::vector<std::string> tags;
  Seeds seeds;
  std::map<std::string, Spanned<std::string>> bites;  // what is meant not to bite, and why
  Duration until = minutes(60);
  std::optional<WarehouseSpec> warehouse;
  std::optional<SourceSpec> source;
  std::map<std::string, Spanned<pipeline::SqlValue>> job;  // bound as :name in all SQL
  OrchestratorSpec orchestrator;
  std::optional<DashboardSpec> dashboard;
  NetworkSpec network;
  std::optional<ClusterSpec> cluster;
  std::vector<ClientSpec> client;
  TimelineSpec timeline;
  std::optional<ChaosSpec> chaos;
  std::optional<ScheduleSpec> schedule;
  ExpectSpec expect;  // shared and lane's, together
  LaneSpec lane;      // its `expect` has been moved into the above
  Matrix matrix;      // empty in a resolved variant: see Variant::cell

  /// What identifies a file and cannot differ between its lanes.
  template <class Self, class V>
  static void identity_fields(Self& self, V& v) {
    v(Field{.name = "scenario",
            .doc = "Version of the scenario format.",
            .required = true,
            .min = 1,
            .max = kFormatVersion},
      self.scenario);
    v(Field{.name = "title", .doc = "One line: what this scenario shows.", .required = true}, self.title);
    v(Field{.name = "story", .doc = "What happens, in a few sentences for a learner."}, self.story);
    v(Field{.name = "tags", .doc = "Words to find it by."}, self.tags);
    v(Field{.name = "leaves-out", .doc = "What this model leaves out: what a reader must not conclude from it."},
      self.leaves_out);
    v(Field{.name = "seeds",
            .doc = "Which seeds to run: { first = 1, count = 100 }, \"1..100\" or one number.",
            .example = "{ first = 1, count = 100 }"},
      self.seeds);
    v(Field{.name = "bites",
            .doc = "What `twice check --bites` finds and the author means: by the name it prints, the reason. A reason "
                   "that excuses nothing is itself reported.",
            .example = "\"finally converged\" = \"three nodes cannot disagree here; the page says so\""},
      self.bites);
  }

  /// What a lane or the matrix may override.
  template <class Self, class V>
  static void shared_fields(Self& self, V& v) {
    v(Field{.name = "until", .doc = "The run ends at this virtual time at the latest.", .min = 1, .example = "\"20s\""},
      self.until);
    v(Field{.name = "warehouse", .doc = "The database that loaders write to and the dashboard reads."}, self.warehouse);
    v(Field{.name = "source", .doc = "What every attempt reads, in order."}, self.source);
    v(Field{.name = "job",
            .doc = "Parameters of the load, bound as :name in all SQL. The slice is a parameter, never the clock.",
            .example = "day = \"2026-06-23\""},
      self.job);
    v(Field{.name = "orchestrator", .doc = "Who starts loads and starts them again."}, self.orchestrator);
    v(Field{.name = "dashboard", .doc = "Who looks at the table while it is loaded."}, self.dashboard);
    v(Field{.name = "network", .doc = "How messages travel between nodes."}, self.network);
    v(Field{.name = "cluster", .doc = "Nodes that run a protocol."}, self.cluster);
    v(Field{.name = "client", .doc = "Who asks the cluster: [[client]]."}, self.client);
    v(Field{.name = "timeline", .doc = "Faults and other things that happen, the same for every lane."}, self.timeline);
    v(Field{.name = "chaos",
            .doc = "Random faults, drawn from the seed before the run, the same for every lane; then, if asked for, a "
                   "phase in which all must be well again."},
      self.chaos);
    v(Field{.name = "schedule",
            .doc = "One order of everything that happens in a cluster, instead of time and chance: messages wait and "
                   "timers stand still until their turn comes, and local clocks do not move. `twice search --save` "
                   "writes such a file."},
      self.schedule);
  }

  template <class Self, class V>
  static void fields(Self& self, V& v) {
    identity_fields(self, v);
    shared_fields(self, v);
    v(Field{.name = "expect", .doc = "What must be true in every lane."}, self.expect);
    v(Field{.name = "lane", .doc = "A variant: [[lane]] gives a loader, and may override any section."}, self.lane);
    v(Field{.name = "matrix",
            .doc = "Parameters to vary, each with a list of values; every combination is a variant of every lane.",
            .example = "orchestrator.retry.attempts = [1, 2, 3]"},
      self.matrix);
  }
};

/// The rows loaders read from an attempt on.
struct SourceRows {
  std::uint32_t from_attempt = 1;
  Block<pipeline::SqlTable> table;  // shared by all variants that read the same file
};

struct Variant {
  std::string name;                                       // the lane's, and the cell of the matrix where there is one
  std::vector<std::pair<std::string, std::string>> cell;  // parameter path -> value as written
  Spec spec;
  std::vector<PlannedStep> steps;
  std::vector<SourceRows> source;  // by from_attempt; empty without [source]
  bool is_script = false;          // a user's script without a scenario file: nobody wrote down what it is to show
};

struct Scenario {
  std::string path;  // as given; relative paths in the file start from its folder
  Sources sources;   // [0] is the file's own text
  std::vector<Variant> variants;
  /// Shared by all variants: title, story, tags, seeds, until.
  const Spec& shared() const { return variants.front().spec; }
};

}  // namespace twice::scenario
