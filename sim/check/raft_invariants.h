#pragma once
// What must hold in a Raft cluster after every event. The checker remembers what it saw outside the nodes, so that a
// node that forgets or lies is found out. Costs a few comparisons an event: only what the event touched is looked at.
#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/event.h"
#include "core/node.h"
#include "protocols/raft/raft.h"
#include "world/world.h"

namespace twice::check {

/// Numbers in the comments: docs/bug-zoo.md.
enum class RaftInvariant : std::uint8_t {
  kElectionSafety,       // I1: one leader per term, ever
  kOneVote,              // I2: one vote per term and server, across restarts
  kLeaderAppendOnly,     // I3: a leader's log only grows in its term
  kLogMatching,          // I4: index and term identify the whole prefix
  kCommitStable,         // I5: committed prefixes are comparable and never shrink
  kCommitDurable,        // I6: a commit is on a majority of durable logs of each configuration in force
  kLeaderCompleteness,   // I7: a leader has every entry committed in earlier terms
  kStateMachineSafety,   // I8: equal applies, contiguous, once
  kLogBounds,            // I9: snapshot <= commit <= last, applied <= commit
  kMonotonic,            // I10: the term never falls, commit does not between restarts
  kMatchMonotonic,       // I11: match only grows in a leadership, next > match
  kCommitOwnTerm,        // I12: counting commits only entries of the leader's own term
  kMessageTerm,          // I13: no message of a term its sender has not durably reached
  kLogTerms,             // I14: terms in the log never fall, the last is not newer than the current
  kPersistBeforeAnswer,  // I15: a vote is durable before it counts
  kOneChange,            // I16: one uncommitted configuration at most, changed after a commit of the leader's term
  kLegalRoles,           // I17: only the paper's changes of role
  kQuorumsOverlap,       // I18: any two configurations that can elect a leader overlap
  kOneLease,             // I19: at most one live lease
};
constexpr std::size_t kRaftInvariants = 19;
constexpr std::array kAllRaftInvariants = [] {
  std::array<RaftInvariant, kRaftInvariants> all{};
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<RaftInvariant>(i);
  return all;
}();
std::string_view name_of(RaftInvariant invariant);     // "election-safety"
std::string_view meaning_of(RaftInvariant invariant);  // "one leader per term, ever"

struct RaftViolation {
  RaftInvariant invariant;
  Sequence event = 0;
  Time at{};
  NodeId node = kNobody;
  std::string words;  // "n1 and n3 both lead term 4"
};

class RaftInvariants {
 public:
  /// To be called after every event of a world; events of other nodes are passed over.
  void event(const world::World& world, const Event& event);

  /// The first violation of each invariant, oldest first. The first of all is the cause, others are its harm.
  const std::vector<RaftViolation>& violations() const { return violations_; }
  const RaftViolation* first(RaftInvariant invariant) const;
  bool saw_raft() const { return checked_ > 0; }
  /// Entries that some server has committed.
  std::uint64_t committed() const { return committed_.empty() ? 0 : committed_.size() - 1; }
  /// Terms that had a leader.
  std::size_t leaders() const { return leaders_.size(); }

 private:
  using RaftNode = protocols::raft::RaftNode;
  using Term = protocols::raft::Term;
  using Index = protocols::raft::Index;

  /// What was seen of a server after its last event.
  struct Seen {
    bool known = false;
    bool lost_disk = false;  // what it sent before is no longer there to compare with
    Term term = 0;
    Term told = 0;  // the newest of its terms that another server heard of
    std::size_t role = 0;
    Index last = 0, commit = 0, applied = 0, configuration = 0, snapshot = 0;
    std::uint64_t last_prefix = 0;
    std::vector<std::pair<NodeId, Index>> matches;
  };
  struct Committed {
    std::uint64_t prefix = 0;
    Term by = 0;  // the term of whoever committed it first
  };

  const RaftNode* raft(const world::World& world, NodeId node);
  void violated(RaftInvariant invariant, std::string words);

  void check_message(const world::World& world, const Event& event);
  void check_promise(const world::World& world, const Event& event, Term term, bool granted);
  void check_term(const RaftNode& node, const Seen& seen, bool restarted);
  void check_vote(NodeId voter, Term term, NodeId vote);
  void check_role(const RaftNode& node, const Seen& seen);
  void check_new_leader(const RaftNode& node);
  void check_log(const RaftNode& node, const Seen& seen);
  void check_commit(const world::World& world, const RaftNode& node, const Seen& seen, bool restarted);
  void check_applied(const RaftNode& node, const Seen& seen);
  void check_peers(const RaftNode& node, Seen& seen);
  void check_configuration(const RaftNode& node, const Seen& seen);
  void check_snapshot(const RaftNode& node, const Seen& seen);
  void check_overlap(const world::World& world);
  void check_leases(const world::World& world);
  bool is_durable(const world::World& world, NodeId node, Index index, Term term) const;
  std::string name(NodeId node) const;

  const world::World* world_ = nullptr;  // of the event being looked at
  NodeId node_ = kNobody;
  Sequence event_ = 0;
  std::uint64_t checked_ = 0;
  std::vector<std::uint8_t> kinds_;  // by node: 0 not looked at yet, 1 Raft, 2 something else
  std::vector<Seen> seen_;           // by node
  std::map<Term, NodeId> leaders_;
  std::map<std::pair<Term, NodeId>, NodeId> votes_;
  std::vector<std::vector<std::pair<Term, std::uint64_t>>> prefixes_;  // by index: what each term put there
  std::vector<Committed> committed_;                                   // by index
  std::vector<std::uint64_t> histories_;                               // by index applied; 0: nobody stopped there
  std::vector<std::pair<Index, protocols::raft::Configuration>> configurations_;  // committed ones, oldest first
  bool overlap_is_due_ = false;
  std::array<bool, kRaftInvariants> broken_{};
  std::vector<RaftViolation> violations_;
};

}  // namespace twice::check
