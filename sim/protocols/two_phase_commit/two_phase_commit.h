#pragma once
// Two-phase commit: all participants do it, or none does. See README.md.
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/node.h"
#include "protocols/client/server.h"
#include "world/world.h"

namespace twice::protocols {

struct TwoPhaseCommitParameters {
  Duration prepare = milliseconds(50);   // a participant prepares within this time,
  Duration refuse = milliseconds(500);   // and refuses when it has not prepared by then
  Duration decide = milliseconds(5);     // the coordinator decides within this time after the last vote,
  Duration give_up = milliseconds(500);  // and aborts when it has not decided by then
  Duration resend{};                     // a participant in doubt asks again this often; zero: never
  std::uint32_t needed = 0;              // votes for a commit; 0: all, and anything less is not atomic
  Persist persist = Persist::kBeforeAnswer;
};

enum class Outcome : std::uint8_t { kOpen, kCommitted, kAborted };
std::string_view name_of(Outcome outcome);  // open, committed, aborted

enum class Phase : std::uint8_t { kWorking, kPrepared, kCommitted, kAborted };
std::string_view name_of(Phase phase);  // working, prepared, committed, aborted

// --- messages
/// "I can commit, and shall do as you say."
struct Prepared {
  static constexpr std::string_view kName = "Prepared";
  template <class Self, class V>
  static void visit(Self&, V&) {}
};
struct Commit {
  static constexpr std::string_view kName = "Commit";
  template <class Self, class V>
  static void visit(Self&, V&) {}
};
struct Abort {
  static constexpr std::string_view kName = "Abort";
  template <class Self, class V>
  static void visit(Self&, V&) {}
};

// --- what survives a crash
struct CoordinatorRecord {
  static constexpr std::string_view kName = "coordinator record";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("outcome", self.outcome);
  }
  Outcome outcome = Outcome::kOpen;
};
struct ParticipantRecord {
  static constexpr std::string_view kName = "participant record";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("phase", self.phase);
  }
  Phase phase = Phase::kWorking;
};

/// Marks: "votes" = how many it has heard of, while it is undecided; "decided" = 1 for commit, 0 for abort.
struct CoordinatorNode {
  static constexpr std::string_view kName = "2pc-coordinator";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("outcome", self.outcome), v("prepared", self.prepared);
  }
  void step(Time now, const Input& input, Effects& effects);

  // Fixed.
  TwoPhaseCommitParameters parameters;
  std::uint16_t participants = 0;  // nodes 0..participants-1
  // Durable.
  Outcome outcome = Outcome::kOpen;
  // Volatile.
  std::map<NodeId, bool> prepared;  // whose vote has arrived

 private:
  void begin(const Start& start, Effects& effects);
  void hear(NodeId from, Effects& effects);
  void decide(Outcome to, Effects& effects);
  void tell(NodeId to, WriteToken after, Effects& effects) const;
  std::size_t needed() const { return parameters.needed == 0 ? participants : parameters.needed; }
};

/// Marks: "prepared", "committed", "aborted", with the participant as value, counted from 1; "contradicted" when it has
/// decided and is told the contrary, which it does not do.
struct ParticipantNode {
  static constexpr std::string_view kName = "2pc-participant";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("phase", self.phase);
  }
  void step(Time now, const Input& input, Effects& effects);

  // Fixed.
  TwoPhaseCommitParameters parameters;
  NodeId self, coordinator;
  // Durable.
  Phase phase = Phase::kWorking;

 private:
  void begin(const Start& start, Effects& effects);
  void vote(WriteToken after, Effects& effects) const;
  void obey(Phase told, Effects& effects);
  WriteToken enter(Phase to, Effects& effects);
};

/// Participants are nodes 0..n-1 of a world, in the order of their names; the coordinator comes after them.
std::vector<world::NodeSetup> make_two_phase_commit(const std::vector<std::string>& names,
                                                    const TwoPhaseCommitParameters& parameters);

}  // namespace twice::protocols
