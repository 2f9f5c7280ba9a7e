#pragma once
// Values with a small grammar of their own: closed sets of words, "each-row", ">= 500", "1ms..10ms".
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/random.h"
#include "core/time.h"
#include "physics/byte_disk.h"
#include "pipeline/program.h"
#include "pipeline/sql_value.h"
#include "scenario/latency_text.h"
#include "scenario/span.h"

namespace twice::scenario {

/// One word of a closed set and what it means.
template <class E>
struct Word {
  E value;
  std::string_view name, doc;
};

enum class EngineKind : std::uint8_t { kSqlite };
enum class Journal : std::uint8_t { kDelete, kTruncate, kWal };
enum class Synchronous : std::uint8_t { kOff, kNormal, kFull, kExtra };

/// May a message overtake an earlier one of its link?
enum class LinkOrder : std::uint8_t { kAny, kFifo };

/// What a lane is meant to show.
enum class Verdict : std::uint8_t {
  kExactlyOnce,
  kDuplicates,
  kLost,
  kWrongValues,
  kPartialState,
  kCorrupt,
  kFails,
};

std::string_view name_of(EngineKind engine);
std::string_view name_of(Journal journal);
std::string_view name_of(Synchronous synchronous);
std::string_view name_of(Verdict verdict);

// `words(E{})` lists the set in the order it is explained.
const std::vector<Word<EngineKind>>& words(EngineKind);
const std::vector<Word<Journal>>& words(Journal);
const std::vector<Word<Synchronous>>& words(Synchronous);
const std::vector<Word<Verdict>>& words(Verdict);
const std::vector<Word<LinkOrder>>& words(LinkOrder);
const std::vector<Word<physics::Lose>>& words(physics::Lose);
const std::vector<Word<physics::DiskFault::Kind>>& words(physics::DiskFault::Kind);

/// What a lane is meant to show: any of these counts as shown.
struct VerdictSet {
  std::vector<Verdict> any_of{Verdict::kExactlyOnce};
  Span span{};
  bool contains(Verdict verdict) const {
    for (const Verdict v : any_of)
      if (v == verdict) return true;
    return false;
  }
};

/// When a loader commits: after each row, after every n rows, once (BEGIN; before; rows; after; COMMIT), or never by
/// itself ("none": the SQL is sent as it stands, autocommit).
struct CommitRule {
  using Kind = pipeline::CommitRule;
  Kind kind = Kind::kEachRow;
  std::uint64_t every = 1;  // rows, of kEvery
  Span span{};
  bool operator==(const CommitRule& o) const { return kind == o.kind && every == o.every; }
};
std::string to_text(const CommitRule& rule);
std::optional<CommitRule> parse_commit(std::string_view text);

/// What a statement does when another session holds the lock: fails at once, or waits this long (virtual time).
struct OnLock {
  std::optional<Duration> wait = seconds(5);  // nullopt = fail
  bool operator==(const OnLock&) const = default;
};
std::string to_text(const OnLock& rule);
std::optional<OnLock> parse_on_lock(std::string_view text);

/// Seeds first, first+1, … first+count-1; written { first = 1, count = 100 }, "1..100" or 42.
struct Seeds {
  std::uint64_t first = 1;
  std::uint64_t count = 1;
  bool operator==(const Seeds&) const = default;
};
std::string to_text(const Seeds& seeds);

enum class Compare : std::uint8_t { kEqual, kNotEqual, kLess, kAtMost, kGreater, kAtLeast };
std::string_view name_of(Compare compare);  // "==", "!=", …

/// The right-hand side of `is`: a number, a text in single quotes, NULL or a duration.
using Operand = std::variant<std::int64_t, double, Duration, std::string, pipeline::Null>;

/// "== 10", ">= 500", "<= 2s", "== 'open'"; a bare number means equality.
struct Comparison {
  Compare how = Compare::kEqual;
  Operand value = std::int64_t{0};
  Span span{};
  bool operator==(const Comparison& o) const { return how == o.how && value == o.value; }
};
std::string to_text(const Comparison& comparison);
std::optional<Comparison> parse_comparison(std::string_view text);

/// True when `left` satisfies the comparison. Integers and reals compare by value; a duration compares with integers
/// as nanoseconds; NULL equals only NULL; other kinds are never equal and never ordered.
bool holds(const Comparison& comparison, const pipeline::SqlValue& left);
bool holds(const Comparison& comparison, Duration left);

/// A calendar moment as seconds since 1970-01-01T00:00:00Z.
struct CalendarTime {
  std::int64_t unix_seconds = 0;
  bool operator==(const CalendarTime&) const = default;
};
std::string to_text(const CalendarTime& time);                      // "2026-06-24T02:00:00Z"
std::optional<CalendarTime> parse_calendar(std::string_view text);  // years 1970..9999, UTC only

/// SQL as a person wrote it: `text` has {table} replaced by the lane's table, `span` is the string in the file.
struct SqlText {
  std::string text;
  Span span{};
  std::uint32_t first_line = 0;  // in its file, of the text's first byte
  bool empty() const { return text.empty(); }
};

/// "3s..5s": a window of virtual time.
struct TimeWindow {
  Time from, to;
  bool operator==(const TimeWindow&) const = default;
};

/// "all", "n1" or ["n1", "n2"].
struct NameList {
  std::vector<Spanned<std::string>> names;
  Span span{};
  bool is(std::string_view word) const { return names.size() == 1 && names.front().value == word; }
};

/// "50ppm": how fast a clock runs away.
struct Drift {
  std::int64_t ppb = 0;
  bool operator==(const Drift&) const = default;
};

/// "n1>n2#37": message number 37 (from 1) on the link from n1 to n2.
struct MessageName {
  std::string from, to;
  std::uint64_t ordinal = 0;
  bool operator==(const MessageName&) const = default;
};
/// "n1>n2": one direction of a link.
struct LinkName {
  std::string from, to;
  bool operator==(const LinkName&) const = default;
};

}  // namespace twice::scenario
