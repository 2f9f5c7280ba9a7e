#pragma once
// Keeps what clients asked and were told: the history that checkers judge, and how long every answer took.
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "check/history.h"
#include "check/object.h"
#include "check/replicas.h"
#include "check/sets.h"
#include "core/ids.h"
#include "core/time.h"
#include "protocols/client/client.h"
#include "world/world.h"

namespace twice::lab {

/// One operation as its client lived it, in global time.
struct Answered {
  std::uint32_t client = 0;  // from 0
  protocols::Command command;
  protocols::Asked::Phase phase = protocols::Asked::Phase::kInvoked;
  Time invoked;
  Time returned = kEndOfTime;  // of an answer or of giving up
  NodeId server = kNobody;
  std::uint32_t attempts = 1;
  std::optional<std::size_t> operation{};  // index in the history
  NodeId node = kNobody;                   // the client's
};

class ClientLog {
 public:
  /// REQUIRES that `client` has just executed a step.
  void listen(const world::World& world, const protocols::ClientNode& client);

  bool empty() const { return answered_.empty(); }
  /// In the order they were invoked.
  const std::vector<Answered>& operations() const { return answered_; }
  const check::History& history() const { return recorder_.history(); }
  /// Operations whose effect the history cannot express (removals) are left out of it.
  bool is_complete() const { return complete_; }

 private:
  void invoked(const world::World& world, const protocols::ClientNode& client, const protocols::Asked& operation);
  void ended(const world::World& world, const protocols::ClientNode& client, const protocols::Asked& operation);

  check::Recorder recorder_;
  std::vector<Answered> answered_;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::size_t> open_;  // (client, number) -> index of answered_
  std::map<std::uint32_t, std::vector<std::uint32_t>> free_;             // client -> processes without an operation
  std::uint32_t processes_ = 0;
  bool complete_ = true;
};

/// Insertions and removals of clients whose workload is a set.
std::vector<check::SetChange> set_changes(const world::World& world, const ClientLog& log);

/// What the client's workload is about; a cell as the checkers read it.
check::Object object_of(protocols::Workload workload);
check::Value value_of(const protocols::Cell& cell, check::Object object);

/// What the replicas of a cluster that are up hold now. Where a design keeps a key on some nodes only, copy by copy.
std::vector<check::Replica> replicas_of(const world::World& world, check::Object object);

/// The smallest value that `part` (per mille) of the sorted values do not exceed; zero of none.
Duration quantile(const std::vector<Duration>& sorted, std::uint32_t per_mille);

}  // namespace twice::lab
