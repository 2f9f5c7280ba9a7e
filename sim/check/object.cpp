#include "check/object.h"

#include <algorithm>
#include <array>

#include "core/visit.h"

namespace twice::check {
namespace {

constexpr std::array kObjects{Object::kRegister, Object::kText, Object::kList, Object::kCounter};

// The digest of a value; a number is the most frequent one.
std::uint64_t digest(const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return mix(static_cast<std::uint64_t>(*number));
  return hash_of(value);
}

bool reads_empty_text(const Operation& o) {
  const auto* text = std::get_if<std::string>(&o.result);
  return o.function == Function::kRead && o.outcome == Outcome::kOk && text && text->empty();
}

bool writes_empty_text(const Operation& o) {
  const auto* text = std::get_if<std::string>(&o.argument);
  return o.function != Function::kRead && text && text->empty();
}

}  // namespace

std::string_view name_of(Object object) {
  switch (object) {
    case Object::kRegister:
      return "register";
    case Object::kText:
      return "kv";
    case Object::kList:
      return "list";
    case Object::kCounter:
      return "counter";
  }
  return {};
}

std::optional<Object> parse_object(std::string_view name) {
  for (const Object object : kObjects)
    if (name_of(object) == name) return object;
  return std::nullopt;
}

Object object_of(const History& history) {
  bool empty_read = false, empty_written = false;
  for (const Operation& o : history.operations) {
    if (o.function == Function::kAdd) return Object::kCounter;
    if (o.function == Function::kAppend)
      return std::holds_alternative<std::string>(o.argument) ? Object::kText : Object::kList;
    empty_read = empty_read || reads_empty_text(o);
    empty_written = empty_written || writes_empty_text(o);
  }
  return empty_read && !empty_written ? Object::kText : Object::kRegister;
}

Value initial_value(Object object) {
  switch (object) {
    case Object::kRegister:
      return Nil{};
    case Object::kText:
      return std::string();
    case Object::kList:
      return List{};
    case Object::kCounter:
      return std::int64_t{0};
  }
  return Nil{};
}

bool must_take_effect(const Operation& o) {
  return o.outcome == Outcome::kOk || (o.outcome == Outcome::kFail && o.function == Function::kCas);
}

bool may_take_effect(const Operation& o) { return o.outcome == Outcome::kUnknown && o.function != Function::kRead; }

Machine::Machine(Object object, const std::vector<const Operation*>& operations)
    : object_(object), table_(16, kRefused) {
  initial_ = intern(initial_value(object));
  steps_.reserve(operations.size());
  for (const Operation* o : operations) {
    switch (o->function) {
      case Function::kRead:
        steps_.push_back({Kind::kIs, intern(o->result), 0});
        break;
      case Function::kWrite:
        steps_.push_back({Kind::kSet, intern(o->argument), 0});
        break;
      case Function::kCas:
        if (o->outcome == Outcome::kFail)
          steps_.push_back({Kind::kOther, intern(o->expected), 0});
        else
          steps_.push_back({Kind::kSwap, intern(o->expected), intern(o->argument)});
        break;
      case Function::kAppend:
      case Function::kAdd:
        steps_.push_back({Kind::kExtend, intern(o->argument), 0});
        break;
    }
  }
}

StateId Machine::step(StateId state, std::size_t operation) {
  const Step& s = steps_[operation];
  switch (s.kind) {
    case Kind::kIs:
      return state == s.a ? state : kRefused;
    case Kind::kOther:
      return state == s.a ? kRefused : state;
    case Kind::kSet:
      return s.a;
    case Kind::kSwap:
      return state == s.a ? s.b : kRefused;
    case Kind::kExtend:
      return extend(state, s.a);
  }
  return kRefused;
}

bool Machine::same(std::size_t a, std::size_t b) const {
  const Step &x = steps_[a], &y = steps_[b];
  return x.kind == y.kind && x.a == y.a && x.b == y.b;
}

StateId Machine::intern(Value value) {
  if (std::holds_alternative<Nil>(value)) value = initial_value(object_);
  if (values_.size() * 2 >= table_.size()) grow_values();
  const std::size_t mask = table_.size() - 1;
  for (std::size_t slot = digest(value) & mask;; slot = (slot + 1) & mask) {
    if (table_[slot] == kRefused) {
      table_[slot] = static_cast<StateId>(values_.size());
      values_.push_back(std::move(value));
      return table_[slot];
    }
    if (values_[table_[slot]] == value) return table_[slot];
  }
}

void Machine::grow_values() {
  table_.assign(table_.size() * 2, kRefused);
  const std::size_t mask = table_.size() - 1;
  for (StateId id = 0; id < values_.size(); ++id) {
    std::size_t slot = digest(values_[id]) & mask;
    while (table_[slot] != kRefused) slot = (slot + 1) & mask;
    table_[slot] = id;
  }
}

StateId Machine::extend(StateId state, StateId by) {
  if (extension_count_ * 2 >= extensions_.size()) grow_extensions();
  const std::size_t mask = extensions_.size() - 1;
  std::size_t slot = mix((std::uint64_t{state} << 32) | by) & mask;
  for (; extensions_[slot].from != kRefused; slot = (slot + 1) & mask)
    if (extensions_[slot].from == state && extensions_[slot].by == by) return extensions_[slot].to;
  const StateId to = extended(state, by);
  extensions_[slot] = {state, by, to};
  ++extension_count_;
  return to;
}

StateId Machine::extended(StateId state, StateId by) {
  const Value &value = values_[state], &more = values_[by];
  if (const auto* text = std::get_if<std::string>(&value)) {
    const auto* tail = std::get_if<std::string>(&more);
    return tail ? intern(*text + *tail) : kRefused;
  }
  const auto* number = std::get_if<std::int64_t>(&more);
  if (!number) return kRefused;
  if (const auto* list = std::get_if<List>(&value)) {
    List longer;
    longer.reserve(list->size() + 1);
    longer = *list;
    longer.push_back(*number);
    return intern(std::move(longer));
  }
  const auto* sum = std::get_if<std::int64_t>(&value);
  if (sum && object_ == Object::kCounter)  // wraps around, as the counters of most machines do
    return intern(static_cast<std::int64_t>(static_cast<std::uint64_t>(*sum) + static_cast<std::uint64_t>(*number)));
  return kRefused;
}

void Machine::grow_extensions() {
  std::vector<Extension> old(extensions_.empty() ? 16 : extensions_.size() * 2);
  old.swap(extensions_);
  const std::size_t mask = extensions_.size() - 1;
  for (const Extension& e : old) {
    if (e.from == kRefused) continue;
    std::size_t slot = mix((std::uint64_t{e.from} << 32) | e.by) & mask;
    while (extensions_[slot].from != kRefused) slot = (slot + 1) & mask;
    extensions_[slot] = e;
  }
}

}  // namespace twice::check
