#pragma once
// What clients asked of a shared object and what they were told, in real-time order. Checkers judge histories and know
// nothing of how the answers came about.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
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

/// The client behind an operation: its session, else "process 3".
std::string client_of(const Operation& operation);
/// What was asked and answered, for sentences: "c1 wrote 5 to x", "process 2 read 5 from x",
/// "c1 asked to write 5 to x and got no answer".
std::string in_words(const Operation& operation);

/// What a checker says of a history.
enum class Judgement : std::uint8_t { kHeld, kViolated, kUnknown };
std::string_view name_of(Judgement judgement);  // held, violated, unknown

/// Makes a history from calls and answers in the order in which they happen.
class Recorder {
 public:
  /// `asked` holds who asks what: process, key, function, argument, expected, session. Gives its index.
  std::size_t call(Operation asked, Time now);
  /// REQUIRES an operation without an answer. An unknown outcome leaves it open for ever.
  void answer(std::size_t operation, Outcome outcome, Value result, Time now, std::string server = {});
  const History& history() const { return history_; }
  History take() { return std::move(history_); }

 private:
  History history_;
  std::uint64_t next_ = 0;  // place in the real-time order
};

}  // namespace twice::check
