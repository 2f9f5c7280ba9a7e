#include "protocols/client/operation.h"

#include <algorithm>

#include <fmt/format.h>

#include "protocols/client/server.h"

namespace twice::protocols {

std::string_view name_of(Persist persist) {
  switch (persist) {
    case Persist::kBeforeAnswer:
      return "before-answer";
    case Persist::kLater:
      return "later";
    case Persist::kNever:
      return "never";
  }
  return {};
}

std::string_view name_of(Verb verb) {
  switch (verb) {
    case Verb::kRead:
      return "read";
    case Verb::kWrite:
      return "write";
    case Verb::kCas:
      return "cas";
    case Verb::kAppend:
      return "append";
    case Verb::kAdd:
      return "add";
    case Verb::kRemove:
      return "remove";
    case Verb::kErase:
      return "erase";
  }
  return {};
}

std::string_view name_of(Status status) {
  switch (status) {
    case Status::kOk:
      return "ok";
    case Status::kRefused:
      return "refused";
    case Status::kUnavailable:
      return "unavailable";
  }
  return {};
}

std::string to_text(const Cell& cell) {
  if (cell.empty()) return "nil";
  return cell.size() == 1 ? fmt::format("{}", cell.front()) : fmt::format("[{}]", fmt::join(cell, " "));
}

std::string key_name(std::uint32_t key) { return fmt::format("k{}", key); }

std::string to_text(const Command& command) {
  const std::string key = key_name(command.key);
  switch (command.verb) {
    case Verb::kRead:
      return "read " + key;
    case Verb::kWrite:
      return fmt::format("write {} = {}", key, command.value);
    case Verb::kCas:
      return fmt::format("cas {}: {} to {}", key, command.expected, command.value);
    case Verb::kAppend:
      return fmt::format("append {} to {}", command.value, key);
    case Verb::kAdd:
      return fmt::format("add {} to {}", command.value, key);
    case Verb::kRemove:
      return fmt::format("remove {} from {}", command.value, key);
    case Verb::kErase:
      return "erase " + key;
  }
  return {};
}

Order compare(const VersionVector& a, const VersionVector& b) {
  bool less = false, more = false;
  auto x = a.begin();
  auto y = b.begin();
  while (x != a.end() || y != b.end()) {
    if (y == b.end() || (x != a.end() && x->first < y->first)) {
      more = more || x->second > 0;
      ++x;
    } else if (x == a.end() || y->first < x->first) {
      less = less || y->second > 0;
      ++y;
    } else {
      less = less || x->second < y->second;
      more = more || x->second > y->second;
      ++x, ++y;
    }
  }
  if (less && more) return Order::kConcurrent;
  return less ? Order::kBefore : more ? Order::kAfter : Order::kEqual;
}

std::uint64_t& count_of(VersionVector& versions, NodeId node) {
  auto at = std::lower_bound(versions.begin(), versions.end(), node,
                             [](const auto& entry, NodeId id) { return entry.first < id; });
  if (at == versions.end() || at->first != node) at = versions.insert(at, {node, 0});
  return at->second;
}

void merge(VersionVector& into, const VersionVector& from) {
  for (const auto& [node, count] : from) {
    std::uint64_t& mine = count_of(into, node);
    mine = std::max(mine, count);
  }
}

Reply execute(Cell& cell, const Command& command) {
  switch (command.verb) {
    case Verb::kRead:
      return {Status::kOk, cell};
    case Verb::kWrite:
      cell.assign(1, command.value);
      return {};
    case Verb::kCas:
      if (cell.size() != 1 || cell.front() != command.expected) return {Status::kRefused, {}};
      cell.front() = command.value;
      return {};
    case Verb::kAppend:
      cell.push_back(command.value);
      return {};
    case Verb::kAdd: {
      const std::int64_t now = cell.empty() ? 0 : cell.front();
      std::int64_t sum = 0;
      if (__builtin_add_overflow(now, command.value, &sum) || (command.value < 0 && sum < command.expected))
        return {Status::kRefused, {}};
      cell.assign(1, sum);
      return {};
    }
    case Verb::kErase:
      cell.clear();
      return {};
    case Verb::kRemove: {
      const auto at = std::find(cell.begin(), cell.end(), command.value);
      if (at == cell.end()) return {Status::kRefused, {}};
      cell.erase(at);
      return {};
    }
  }
  return {};
}

Reply Store::apply(const Request& request, bool remember) {
  if (!request.command.writes()) {
    const auto at = cells.find(request.command.key);
    return {Status::kOk, at == cells.end() ? Cell{} : at->second};
  }
  if (!remember) return execute(cells[request.command.key], request.command);
  Session& session = sessions[request.id.client];
  // An echo of a request that nobody waits for any more: it had its effect, or never will.
  if (request.id.number < session.settled) return {Status::kRefused, {}};
  session.settled = std::max(session.settled, request.settled);
  session.replies.erase(session.replies.begin(), session.replies.lower_bound(session.settled));
  const auto [at, is_new] = session.replies.try_emplace(request.id.number);
  if (is_new) at->second = execute(cells[request.command.key], request.command);
  return at->second;
}

}  // namespace twice::protocols
