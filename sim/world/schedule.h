#pragma once
// A forced schedule: what happens, in this order, and nothing else. A world that follows one leaves nothing to chance
// and nothing to time: a way that an exhaustive search found runs as any other run does.
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/ids.h"
#include "core/time.h"

namespace twice::world {

// One thing that happens; the nodes are named by their own names, messages by their number (from 1) on the link.
namespace choice {
/// The message arrives. One that is named often arrives often; one that is never named stays on its way.
struct Deliver {
  std::string from, to;
  std::uint32_t ordinal = 0;
  bool operator==(const Deliver&) const = default;
};
/// The message is lost.
struct Drop {
  std::string from, to;
  std::uint32_t ordinal = 0;
  bool operator==(const Drop&) const = default;
};
/// A timer that is set ends, however long it was to run.
struct Fire {
  std::string node;
  std::uint8_t timer = 0;
  bool operator==(const Fire&) const = default;
};
/// The oldest writes that wait are durable: all that one step made. Only where disks write later.
struct Sync {
  std::string node;
  bool operator==(const Sync&) const = default;
};
/// The node stops, and what was not durable is lost.
struct Crash {
  std::string node;
  bool operator==(const Crash&) const = default;
};
struct Restart {
  std::string node;
  bool operator==(const Restart&) const = default;
};
}  // namespace choice
using Choice = std::variant<choice::Deliver, choice::Drop, choice::Fire, choice::Sync, choice::Crash, choice::Restart>;

/// "deliver n1>n2#3", "drop n1>n2#3", "fire n1 0", "sync n1", "crash n1", "restart n1"; parse(print(x)) == x.
std::string to_text(const Choice& choice);
std::optional<Choice> parse_choice(std::string_view text);
/// The nodes it speaks of: one, or sender and receiver.
std::vector<std::string_view> names_in(const Choice& choice);

struct Schedule {
  std::vector<Choice> choices;
  Duration every = milliseconds(1);  // choice i, from 0, happens at (i + 1) · every; nodes start at 0
  bool disks_wait = false;           // a write is durable when a `sync` says so; otherwise with the step that makes it

  Time at(std::size_t choice) const { return Time{every.ns * static_cast<std::int64_t>(choice + 1)}; }
};

/// A schedule in the eyes of a host: which choice is the next to concern something. Never changes.
class Plan {
 public:
  enum class Kind : std::uint8_t { kDeliver, kDrop, kFire, kSync };
  /// What is concerned: a message to `node` with its ordinal, a timer with its number, the writes of a node.
  struct Key {
    Kind kind;
    NodeId node, from = kNobody;
    std::uint32_t number = 0;
    auto operator<=>(const Key&) const = default;
  };
  using Entry = std::pair<Key, std::size_t>;  // a choice, by what it concerns

  Plan(Schedule schedule, std::vector<Entry> entries);
  const Schedule& schedule() const { return schedule_; }
  /// The choices after `now` that concern it, in order.
  std::vector<std::size_t> after(const Key& key, Time now) const;
  std::optional<std::size_t> next(const Key& key, Time now) const;
  /// When that is; the end of time without one.
  Time time_of_next(const Key& key, Time now) const;

 private:
  std::vector<Entry>::const_iterator first_after(const Key& key, Time now) const;

  Schedule schedule_;
  std::vector<Entry> entries_;  // sorted
};

}  // namespace twice::world
