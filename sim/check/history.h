#pragma once
// What clients asked of a shared object and what they were told, in real-time order. Checkers judge histories and know
// nothing of how the answers came about.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/time.h"

namespace twice::check {

/// Never written.
struct Nil {
  auto operator<=>(const Nil&) const = default;
};
using List = std::vector<std::int64_t>;
/// What a key holds.
using Value = std::variant<Nil, std::int64_t, std::string, List>;
std::string to_text(const Value& value);  // nil, 7, "abc", [1 2 3]

enum class Function : std::uint8_t {
  kRead,    // gives the value
  kWrite,   // replaces it by `argument`
  kCas,     // replaces `expected` by `argument`; fails when the value is another
  kAppend,  // adds `argument` to the end of a text or list
  kAdd,     // adds `argument` to a number
};
std::string_view name_of(Function function);  // read, write, cas, append, add

enum class Outcome : std::uint8_t {
  kOk,       // it took effect between call and return
  kFail,     // it did not and never will
  kUnknown,  // it may take effect at any later moment, or never
};
std::string_view name_of(Outcome outcome);  // ok, fail, unknown

struct Operation {
  std::uint32_t process =
      0;  // one process has at most one operation open; after `unknown` it goes on under a new number
  std::string key;
  Function function = Function::kRead;
  Value argument, expected;
  Value result;  // of a read that is ok
  Outcome outcome = Outcome::kUnknown;
  Time invoked;
  Time returned = kEndOfTime;  // kEndOfTime: no answer, or an unknown outcome
  // Places of call and return in the one real-time order of all calls and returns: equal times still have an order.
  std::uint64_t call = 0;
  std::uint64_t ret = ~std::uint64_t{0};
  std::string session{};  // the client behind the process, when they differ
  std::string server{};   // who answered, when known
};

/// Ordered by `call`.
struct History {
  std::vector<Operation> operations;
};

/// What a checker says of a history.
enum class Judgement : std::uint8_t { kHeld, kViolated, kUnknown };

}  // namespace twice::check
