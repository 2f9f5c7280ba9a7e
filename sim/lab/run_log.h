#pragma once
// Listens to a run and keeps what reports, metrics and expectations need. Changes nothing.
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "check/agreement.h"
#include "check/raft_invariants.h"
#include "lab/client_log.h"
#include "lab/effect_log.h"
#include "lab/pipeline_world.h"
#include "lab/run.h"
#include "world/world.h"

namespace twice::lab {

/// The first moment at which one transaction had both outcomes.
struct TwoOutcomes {
  Time at;
  Sequence event = 0;
  std::string words;  // "n1 has aborted, n3 had committed"
};

class RunLog final : public world::Observer {
 public:
  /// `pipeline` is null for a cluster; it must outlive the log.
  RunLog(const Pipeline* pipeline, bool narrate, const scenario::NetworkSpec* network = nullptr)
      : pipeline_(pipeline), narrate_(narrate), network_(network) {}

  void event(const world::World& world, const Event& event, const std::vector<Effect>& effects) override;
  void record(const world::World& world, const TraceRecord& record, std::string_view label) override;

  /// Moments at which a counted thing happened, by metric name.
  const std::vector<Time>& times(const std::string& metric) const;
  /// What marks told of a metric that is no count of moments: the sum ("rows.moved") or the last one ("source.bytes").
  std::uint64_t sum(const std::string& metric) const;
  /// Terms in which several Raft servers stood for election and none won.
  std::uint64_t split_votes() const;
  Time last_event() const { return last_event_; }
  std::optional<Time> last_report() const { return last_report_; }
  std::optional<Duration> longest_detection() const;
  /// True when every node that is down is suspected by every node that is up.
  bool crashed_are_suspected(const world::World& world) const;
  /// A reader's answer came, or nobody reads, since everything else was over.
  bool settled() const { return settled_; }
  std::optional<Time> fired_at(std::size_t step) const;
  bool acknowledged_lost() const { return acknowledged_lost_; }
  /// A loader was told of a commit.
  bool any_acknowledged() const { return acknowledged_.has_value(); }
  struct Violation {
    Time at;
    std::string seen;
  };
  /// A defined expectation's first violation, by name.
  const std::map<std::string, Violation>& violations() const { return violations_; }
  /// What clients asked and were told.
  const ClientLog& clients() const { return clients_; }
  /// What was seen of a Raft cluster.
  const check::RaftInvariants& raft() const { return raft_; }
  /// … and of Paxos.
  const check::Agreement& agreement() const { return agreement_; }
  /// … and of a stream or an object store.
  const EffectLog& effects() const { return effects_; }

  /// Nothing is taken back: a participant that has committed and aborts later has had both outcomes by itself.
  const std::optional<TwoOutcomes>& two_outcomes() const { return two_outcomes_; }
  /// Numbers that a mark came with, of marks that a step of the timeline waits for; at most a few.
  const std::vector<std::uint64_t>& numbers_of(const std::string& mark) const;
  /// What came of words told to a node: who did nothing, and what it said. Empty: they were followed, or nobody heard.
  const std::string& refused(const std::string& words) const;
  /// Messages of [[network.link]] entry `rule` that were sent, of entries that name one.
  std::uint64_t touched(std::size_t rule) const { return rule < touched_.size() ? touched_[rule] : 0; }

  std::optional<pipeline::SqlRow> before_fault, after_fault;
  std::vector<Narrated> narration;

 private:
  struct Crashed {
    NodeId node;
    Time at;
    std::set<std::uint16_t> detected_by;
    Time last{};
  };

  void mark(const world::World& world, const TraceRecord& record, std::string_view label);
  void load_mark(const world::World& world, const TraceRecord& record, std::string_view label);
  void cluster_mark(const world::World& world, const TraceRecord& record, std::string_view label);
  void consensus_mark(const world::World& world, const TraceRecord& record, std::string_view label);
  void commit_mark(const world::World& world, const TraceRecord& record, std::string_view label);
  void client_mark(const world::World& world, const TraceRecord& record, std::string_view label);
  void committed(const world::World& world);
  void note_mark(const world::World& world, const TraceRecord& record, std::string_view label);
  void note_order(const world::World& world, const Event& event, const std::vector<Effect>& effects);
  void note_rules(const world::World& world, const Event& event, const std::vector<Effect>& effects);
  void say(const world::World& world, std::string text);
  std::optional<pipeline::SqlRow> ask(const world::World& world) const;
  bool over(const world::World& world) const;
  void check_acknowledged(const world::World& world);

  const Pipeline* pipeline_;
  bool narrate_;
  const scenario::NetworkSpec* network_;  // null: nobody asks whether its rules were used
  // Marks that steps wait for, and what they came with; `steps_seen_` says how many steps were looked at for them.
  std::map<std::string, std::vector<std::uint64_t>, std::less<>> awaited_;
  std::size_t steps_seen_ = 0;
  std::map<std::string, std::string> refused_;  // by the words
  std::set<std::string> followed_;
  std::vector<std::uint64_t> touched_;  // by entry of [[network.link]]
  std::vector<std::size_t> by_name_;    // entries that speak of messages of one name
  bool rules_known_ = false;
  std::optional<TwoOutcomes> two_outcomes_;
  std::optional<NodeId> first_committed_, first_aborted_;
  Time last_event_{};
  std::optional<Time> last_report_;
  std::map<std::string, std::vector<Time>> times_;
  std::map<std::string, std::uint64_t> sums_;
  // Raft: how many stood in a term, and which terms somebody won.
  std::map<std::uint64_t, std::uint32_t> stood_;
  std::set<std::uint64_t> won_;
  std::vector<std::pair<std::size_t, Time>> fired_;
  bool settled_ = false;
  bool saw_fault_ = false;
  // Clusters: who suspects whom now, and how long each crash took to be noticed.
  std::set<std::pair<std::uint16_t, std::uint16_t>> suspects_;
  std::vector<Crashed> crashes_;
  ClientLog clients_;
  check::RaftInvariants raft_;
  check::Agreement agreement_;
  EffectLog effects_;
  // Loads: the last commit a loader was told of, as readers saw it.
  std::map<std::pair<std::uint32_t, std::uint64_t>, std::size_t>
      commit_of_;  // (launch, statement) -> index of the commit
  std::optional<std::size_t> acknowledged_;
  bool acknowledged_lost_ = false;
  std::map<std::string, Violation> violations_;
};

}  // namespace twice::lab
