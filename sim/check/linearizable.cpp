#include "check/linearizable.h"

#include <algorithm>
#include <map>
#include <string_view>

#include <fmt/format.h>

#include "check/brief.h"
#include "check/linearizable_search.h"
#include "check/minimise.h"

namespace twice::check {
namespace {

constexpr std::uint64_t kFirstTurn = 256;          // steps; turns get longer so that many keys cost few rounds
constexpr std::uint64_t kLongestTurn = 65'536;     // steps
constexpr std::size_t kMinimiseTries = 20'000;     // questions
constexpr std::uint64_t kMinimiseBudget = 20'000;  // steps a question

using Operations = std::vector<const Operation*>;

struct Key {
  std::vector<std::size_t> indices;  // of the history
  LinearizableSearch search;
};

Operations pick(const History& history, const std::vector<std::size_t>& indices) {
  Operations operations;
  operations.reserve(indices.size());
  for (const std::size_t i : indices) operations.push_back(&history.operations[i]);
  return operations;
}

std::vector<std::size_t> originals(const std::vector<std::size_t>& places, const std::vector<std::size_t>& indices) {
  std::vector<std::size_t> out;
  out.reserve(places.size());
  for (const std::size_t place : places) out.push_back(indices[place]);
  return out;
}

// The history of one key up to the answer that cannot be: what returned later stands open.
History cut_after(const History& history, const std::vector<std::size_t>& indices, const Operation& last,
                  std::vector<std::size_t>& origins) {
  History cut;
  for (const std::size_t i : indices) {
    Operation o = history.operations[i];
    if (o.call > last.ret || (!must_take_effect(o) && !may_take_effect(o))) continue;
    if (o.ret > last.ret) {
      if (o.function == Function::kRead || o.outcome == Outcome::kFail) continue;
      o.outcome = Outcome::kUnknown;
      o.returned = kEndOfTime;
      o.ret = ~std::uint64_t{0};
    }
    cut.operations.push_back(std::move(o));
    origins.push_back(i);
  }
  return cut;
}

bool holds_part(const Value& whole, const Value& part) {
  if (const auto* text = std::get_if<std::string>(&whole)) {
    const auto* piece = std::get_if<std::string>(&part);
    return piece && text->find(*piece) != std::string::npos;
  }
  if (const auto* list = std::get_if<List>(&whole)) {
    if (const auto* number = std::get_if<std::int64_t>(&part))
      return std::find(list->begin(), list->end(), *number) != list->end();
    const auto* piece = std::get_if<List>(&part);
    return piece && std::search(list->begin(), list->end(), piece->begin(), piece->end()) != list->end();
  }
  return false;
}

// Could the answer of `seer` depend on `change` having taken effect? When it cannot, for all that is kept, a history
// without the change is linearizable if the one with it is: the counterexample stays a counterexample of the whole.
bool depends(const Operation& seer, const Operation& change, Object object) {
  const bool reads = seer.function == Function::kRead;
  const bool compares = seer.function == Function::kCas;
  if (!reads && !compares) return false;
  if (object == Object::kCounter) return true;
  if (compares && seer.outcome == Outcome::kFail)
    return object != Object::kRegister || change.argument != seer.expected;
  const Value& seen = reads ? seer.result : seer.expected;
  if (std::holds_alternative<Nil>(change.argument)) return true;
  if (object == Object::kRegister && change.function != Function::kAppend) return seen == change.argument;
  return change.argument == initial_value(object) || seen == change.argument || holds_part(seen, change.argument);
}

bool unseen(const Operation& change, const History& history, const std::vector<std::size_t>& kept, Object object) {
  if (change.function == Function::kRead || change.outcome == Outcome::kFail) return true;
  return std::none_of(kept.begin(), kept.end(), [&](std::size_t i) {
    return &history.operations[i] != &change && depends(history.operations[i], change, object);
  });
}

Judgement judge(Object object, Operations operations, std::uint64_t budget) {
  return LinearizableSearch(object, std::move(operations)).run(budget);
}

// Places in `cut` of a minimal counterexample.
std::vector<std::size_t> smallest(const History& cut, Object object) {
  return minimise(cut.operations.size(), kMinimiseTries, [&](const std::vector<std::size_t>& kept) {
    std::size_t next = 0;
    for (std::size_t i = 0; i < cut.operations.size(); ++i) {
      if (next < kept.size() && kept[next] == i)
        ++next;
      else if (!unseen(cut.operations[i], cut, kept, object))
        return false;
    }
    return judge(object, pick(cut, kept), kMinimiseBudget) == Judgement::kViolated;
  });
}

// Values too long to be read are told apart by the first place at which one differs from what was seen.
std::string listed(const std::vector<Value>& values, const Value& seen) {
  const bool many = values.size() >= LinearizableSearch::kMostValues;
  if (!values.empty() && !first_difference(values.front(), seen).empty())
    return fmt::format("{}{}{}{}", brief(values.front()), first_difference(values.front(), seen),
                       values.size() > 1 ? fmt::format("; or one of {} others", values.size() - 1) : std::string(),
                       many ? ", or more" : "");
  std::string text;
  for (std::size_t i = 0; i < values.size(); ++i)
    text += (i == 0 ? "" : i + 1 == values.size() ? " or " : ", ") + brief(values[i]);
  return many ? text + ", or others" : text;
}

std::string answer_of(const Operation& o) {
  const std::string on = o.key.empty() ? "the value" : o.key;
  switch (o.function) {
    case Function::kRead:
      return fmt::format("{}, so {} was {} at some moment in between", in_words(o), on, brief(o.result));
    case Function::kCas:
      return o.outcome == Outcome::kFail
                 ? fmt::format("{}, so {} was not {} at some moment in between", in_words(o), on, brief(o.expected))
                 : fmt::format("{}, so {} was {} right before", in_words(o), on, brief(o.expected));
    case Function::kWrite:
    case Function::kAppend:
    case Function::kAdd:
      return in_words(o);
  }
  return {};
}

// Who could have brought about the value that was seen.
std::string origin_of(const Operation& seer, const History& history) {
  const bool sees =
      seer.function == Function::kRead || (seer.function == Function::kCas && seer.outcome != Outcome::kFail);
  if (!sees) return {};
  const Value& seen = seer.function == Function::kRead ? seer.result : seer.expected;
  const Operation *failed = nullptr, *late = nullptr;
  for (const Operation& o : history.operations) {
    if (o.key != seer.key || o.function == Function::kRead || &o == &seer) continue;
    if (o.argument != seen && !holds_part(seen, o.argument)) continue;
    if (o.outcome == Outcome::kFail)
      failed = &o;
    else if (o.call > seer.ret)
      late = late ? late : &o;
    else
      return {};
  }
  if (late) return fmt::format(" That value was first asked for later: {}.", in_words(*late));
  if (failed) return fmt::format(" That value comes from a request that failed: {}.", in_words(*failed));
  if (std::holds_alternative<Nil>(seen) || seen == Value(std::string()) || seen == Value(List{})) return {};
  return " Nobody wrote that value.";
}

std::string explain(const Operation& impossible, const std::vector<Value>& values, std::size_t prefix,
                    const History& history) {
  std::string text = answer_of(impossible) + ".";
  const std::string on = impossible.key.empty() ? "it" : impossible.key;
  const std::string could = listed(values, impossible.function == Function::kRead ? impossible.result : Value(Nil{}));
  if (prefix == 0)
    text +=
        fmt::format(" No order of the operations open at that moment gives this answer: {} could be {}.", on, could);
  else
    text += fmt::format(" The {} operation{} answered before {} explained together, but then {} could only be {}.",
                        prefix, prefix == 1 ? "" : "s", prefix == 1 ? "is" : "can be", on, could);
  return text + origin_of(impossible, history);
}

void describe_violation(const History& history, Object object, const Key& key, bool wants_words,
                        Linearizability& report) {
  report.impossible = key.indices[key.search.impossible()];
  const Operation& impossible = history.operations[report.impossible];
  for (const std::size_t i : key.indices) {
    const Operation& o = history.operations[i];
    report.prefix += must_take_effect(o) && o.ret < impossible.ret;
  }
  if (!wants_words) return;
  report.explanation = explain(impossible, key.search.possible_values(), report.prefix, history);
  std::vector<std::size_t> origins;
  History cut = cut_after(history, key.indices, impossible, origins);
  for (const std::size_t place : smallest(cut, object)) {
    report.counterexample.operations.push_back(cut.operations[place]);
    report.origins.push_back(origins[place]);
  }
}

std::vector<Key> split(const History& history, Object object) {
  std::map<std::string_view, std::vector<std::size_t>> by_key;
  for (std::size_t i = 0; i < history.operations.size(); ++i) by_key[history.operations[i].key].push_back(i);
  std::vector<Key> keys;
  keys.reserve(by_key.size());
  for (auto& [name, indices] : by_key) {
    LinearizableSearch search(object, pick(history, indices));
    keys.push_back({std::move(indices), std::move(search)});
  }
  return keys;
}

// Turns until every key holds, one is violated (its place is given), or the budget is spent.
std::optional<std::size_t> take_turns(std::vector<Key>& keys, std::uint64_t budget) {
  std::uint64_t turn = kFirstTurn, spent = 0;
  for (bool open = true; open && spent < budget; turn = std::min(2 * turn, kLongestTurn)) {
    open = false;
    for (std::size_t i = 0; i < keys.size() && spent < budget; ++i) {
      LinearizableSearch& search = keys[i].search;
      if (search.judgement() != Judgement::kUnknown) continue;
      const std::uint64_t before = search.steps();
      if (search.run(std::min(turn, budget - spent)) == Judgement::kViolated) return i;
      spent += search.steps() - before;
      open = open || search.judgement() == Judgement::kUnknown;
    }
  }
  return std::nullopt;
}

}  // namespace

Linearizability check_linearizable(const History& history, const LinearizableOptions& options) {
  const Object object = options.object.value_or(object_of(history));
  std::vector<Key> keys = split(history, object);
  const std::optional<std::size_t> broken = take_turns(keys, options.budget);
  Linearizability report;
  bool all = true;
  for (const Key& key : keys) {
    const Judgement judgement = key.search.judgement();
    report.keys.push_back({key.indices.empty() ? "" : history.operations[key.indices.front()].key, judgement, {}});
    if (judgement != Judgement::kUnknown) report.keys.back().order = originals(key.search.order(), key.indices);
    report.steps += key.search.steps();
    all = all && judgement == Judgement::kHeld;
  }
  if (broken) {
    report.judgement = Judgement::kViolated;
    report.broken = *broken;
    describe_violation(history, object, keys[*broken], options.explain, report);
  } else if (all) {
    report.judgement = Judgement::kHeld;
  }
  return report;
}

}  // namespace twice::check
