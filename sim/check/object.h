#pragma once
// Shared objects as pure state machines over interned values: what a sequence of operations on one key must answer.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "check/history.h"

namespace twice::check {

/// What lies behind every key of a history, and its value before the first write.
enum class Object : std::uint8_t {
  kRegister,  // read, write, cas on any value; nil
  kText,      // read, write, cas, append on texts; ""
  kList,      // read, write, cas, append of numbers; []
  kCounter,   // read, add; 0
};
std::string_view name_of(Object object);  // register, kv, list, counter: as the command line calls them
std::optional<Object> parse_object(std::string_view name);

/// The object that a history's functions and values speak of. Reads of nil count as reads of the initial value.
Object object_of(const History& history);
Value initial_value(Object object);

/// True for operations that a linearization has to place: those that are ok, and compare-and-sets that failed because
/// the value was another.
bool must_take_effect(const Operation& operation);
/// True for operations of unknown outcome that change the value if they take effect.
bool may_take_effect(const Operation& operation);

/// Number of a value within one machine; equal numbers, equal values.
using StateId = std::uint32_t;
constexpr StateId kRefused = ~StateId{0};

/// The state machine of one key. Operations are named by their place in the list it was made of.
class Machine {
 public:
  Machine(Object object, const std::vector<const Operation*>& operations);

  StateId initial() const { return initial_; }
  /// The state after the operation, or kRefused when it cannot have answered as it did. Amortised constant, except
  /// that an append seen first in this state copies the value.
  StateId step(StateId state, std::size_t operation);
  /// Takes part without changing any state: a read, or a compare-and-set that failed.
  bool is_pure(std::size_t operation) const { return steps_[operation].kind <= Kind::kOther; }
  /// Equal effect and equal answer.
  bool same(std::size_t a, std::size_t b) const;
  const Value& value(StateId state) const { return values_[state]; }

 private:
  enum class Kind : std::uint8_t { kIs, kOther, kSet, kSwap, kExtend };
  struct Step {
    Kind kind;
    StateId a, b;  // kIs: a; kOther: not a; kSet: to a; kSwap: from a to b; kExtend: by a
  };
  struct Extension {
    StateId from = kRefused, by = 0, to = 0;
  };

  StateId intern(Value value);
  StateId extend(StateId state, StateId by);
  StateId extended(StateId state, StateId by);
  void grow_values();
  void grow_extensions();

  Object object_;
  std::vector<Value> values_;
  std::vector<StateId> table_;         // open addressing over values_; kRefused: empty
  std::vector<Extension> extensions_;  // open addressing over (from, by)
  std::size_t extension_count_ = 0;
  std::vector<Step> steps_;
  StateId initial_ = 0;
};

}  // namespace twice::check
