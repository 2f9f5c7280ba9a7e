#pragma once
// The state machine behind the log: a key-value store with client sessions (thesis §6.3). Equal logs, equal machines.
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>

#include "protocols/client/operation.h"
#include "protocols/raft/log.h"
#include "protocols/raft/parameters.h"

namespace twice::protocols::raft {

struct Machine {
  static constexpr std::string_view kName = "state machine";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("applied", self.applied), v("history", self.history), v("store", self.store), v("active", self.active),
        v("expired", self.expired);
  }
  /// REQUIRES the entry after `applied`. No reply: the session has expired, and nobody knows what became of the
  /// request. `local_now` is looked at by a bug only.
  std::optional<Reply> apply(const Entry& entry, const Parameters& parameters, Time local_now);
  Reply read(std::uint32_t key) const;

  Index applied = 0;
  std::uint64_t history = 0;  // names all that was applied and what came of it
  Store store;
  std::map<NodeId, Time> active;            // when each session was last used, by the stamps of the log
  std::map<NodeId, std::uint32_t> expired;  // newest request of a session that is forgotten

 private:
  std::optional<Reply> carry_out(const Request& request, const Parameters& parameters, Time now);
  void expire(Time now, Duration after);
};

/// All that a server needs to forget its log up to `index`.
struct Snapshot {
  static constexpr std::string_view kName = "snapshot";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("index", self.index), v("term", self.term), v("configuration", self.configuration), v("machine", self.machine);
  }
  Index index = 0;
  Term term = 0;
  std::uint64_t prefix = 0;  // names the log up to here
  Configuration configuration;
  Machine machine;
};

}  // namespace twice::protocols::raft
