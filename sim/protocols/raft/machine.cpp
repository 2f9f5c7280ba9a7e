#include "protocols/raft/machine.h"

#include "core/assert.h"

namespace twice::protocols::raft {
namespace {

// A repetition is answered as the first time; whether it was done again shows in the cell only.
std::uint64_t trace_of(const Store& store, std::uint32_t key) {
  const auto cell = store.cells.find(key);
  if (cell == store.cells.end() || cell->second.empty()) return 0;
  return mix(cell->second.size(), static_cast<std::uint64_t>(cell->second.back()));
}

}  // namespace

std::optional<Reply> Machine::apply(const Entry& entry, const Parameters& parameters, Time local_now) {
  TWICE_ASSERT(entry.index == applied + 1, "an entry is applied out of turn");
  applied = entry.index;
  // By each server's own clock the same request is a repetition here and a new one there.
  const Time now = parameters.bug == Bug::kSessionExpiryByLocalClock ? local_now : entry.stamp;
  if (parameters.session_expiry.ns > 0) expire(now, parameters.session_expiry);
  std::optional<Reply> reply;
  std::uint64_t left = 0;
  if (const auto* request = std::get_if<Request>(&entry.content)) {
    reply = carry_out(*request, parameters, now);
    left = trace_of(store, request->command.key);
  }
  history = mix(history ^ mix(entry.digest) ^ hash_of(reply) ^ left);
  return reply;
}

std::optional<Reply> Machine::carry_out(const Request& request, const Parameters& parameters, Time now) {
  const bool remember = parameters.sessions && parameters.bug != Bug::kNoDedupOnRetry;
  if (parameters.session_expiry.ns > 0 && request.command.writes()) {
    const auto forgotten = expired.find(request.id.client);
    if (forgotten != expired.end() && request.id.number <= forgotten->second) return std::nullopt;
    active[request.id.client] = now;
  }
  return store.apply(request, remember);
}

Reply Machine::read(std::uint32_t key) const {
  const auto cell = store.cells.find(key);
  return {Status::kOk, cell == store.cells.end() ? Cell{} : cell->second};
}

void Machine::expire(Time now, Duration after) {
  for (auto session = active.begin(); session != active.end();) {
    if (now - session->second <= after) {
      ++session;
      continue;
    }
    const auto known = store.sessions.find(session->first);
    if (known != store.sessions.end()) {
      const auto& replies = known->second.replies;
      expired[session->first] = replies.empty() ? known->second.settled : replies.rbegin()->first;
      store.sessions.erase(known);
    }
    history = mix(history ^ session->first.index);
    session = active.erase(session);
  }
}

}  // namespace twice::protocols::raft
