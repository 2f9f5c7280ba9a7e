#pragma once
// What a file may name without defining it. One line adds one.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "check/models.h"

namespace twice::scenario {

enum class Applies : std::uint8_t { kLoad, kCluster };

/// What a run must have before a name says anything about it. Without it the name is an error of the file: no run of
/// this protocol could be judged by it.
enum class Needs : std::uint8_t {
  kNothing,
  kClients,     // somebody asks the cluster
  kSetClients,  // … for insertions and removals
  kSums,        // … for additions
  kBank,        // … for withdrawals
  kReplicas,    // … and servers keep what they wrote
  kDetector,    // nodes that suspect each other
  kReigns,      // a primary or a leader
  kElections,   // servers that stand for election
  kRaft,
  kLeases,  // leaders that answer reads while their lease lasts
  kPaxos,
  kCommit,  // two-phase commit
  kShards,
  kStream,
  kStore,       // an object store
  kEffects,     // a stream or an object store
  kSourceFile,  // the load reads a file
};

/// Which moments of a run a check looks at.
enum class Looks : std::uint8_t {
  kThroughout,  // after every event, or at everything that clients were told: `always` means what it says
  kAtTheEnd,    // at the last moment only
};

/// An expectation every scenario knows.
struct NamedCheck {
  std::string_view name;
  Applies applies;
  std::string_view doc;
  Needs needs = Needs::kNothing;
  Looks looks = Looks::kAtTheEnd;
};
const std::vector<NamedCheck>& builtin_checks();

/// "not linearizable" asks for the opposite.
bool is_negated(std::string_view name);
/// The name without its "not ".
std::string plain_name(std::string_view name);
/// What a file calls a consistency model: "read-your-writes"; "converged" for the weakest.
std::string check_name_of(check::Model model);

/// A figure measured in every run.
struct NamedMetric {
  std::string_view name;
  Applies applies;
  std::string_view unit;  // "duration" for times, else what is counted
  std::string_view doc;
  bool in_windows = false;  // it counts moments: `during` may ask for those of a window
  Needs needs = Needs::kNothing;
};
const std::vector<NamedMetric>& builtin_metrics();

struct Spec;
/// Whether every run of this variant has it.
bool has(const Spec& spec, Needs needs);
/// "nodes that suspect each other: protocol = \"heartbeat\"".
std::string_view words_of(Needs needs);

}  // namespace twice::scenario
