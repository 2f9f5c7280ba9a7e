#include "check/replicas.h"

#include <algorithm>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "check/brief.h"

namespace twice::check {
namespace {

constexpr std::size_t kMostReplicas = 3;  // in a sentence

Value normal(const Value& value, Object object) {
  return std::holds_alternative<Nil>(value) ? initial_value(object) : value;
}

Value value_at(const Replica& replica, const std::string& key, Object object) {
  const auto found = replica.values.find(key);
  return found == replica.values.end() ? initial_value(object) : normal(found->second, object);
}

using Indices = std::vector<std::size_t>;

class DurabilityCheck {
 public:
  DurabilityCheck(const History& history, const std::vector<Replica>& replicas, Object object)
      : history_(history), replicas_(replicas), object_(object) {
    for (std::size_t i = 0; i < history.operations.size(); ++i) {
      const Operation& o = history.operations[i];
      if (o.function != Function::kRead && o.outcome != Outcome::kFail) changes_[o.key].push_back(i);
    }
  }

  Durability check() {
    Durability result;
    if (replicas_.empty()) {
      result.verdict.words = "the final values of the replicas are not known";
      return result;
    }
    for (const auto& [key, changes] : changes_) {
      if (object_ == Object::kCounter)
        sum(key, changes, result);
      else if (std::any_of(changes.begin(), changes.end(), [&](std::size_t i) { return appends(i); }))
        appended(key, changes, result);
      else
        overwritten(key, changes, result);
    }
    std::sort(result.lost.begin(), result.lost.end(),
              [](const LostWrite& a, const LostWrite& b) { return a.operation < b.operation; });
    if (!result.lost.empty())
      result.verdict = {Judgement::kViolated, how_many(result.lost), result.lost.front().operation};
    else if (undecided_)
      result.verdict = {Judgement::kUnknown, *undecided_, std::nullopt};
    else
      result.verdict = {Judgement::kHeld, {}, std::nullopt};
    return result;
  }

 private:
  const Operation& operation(std::size_t i) const { return history_.operations[i]; }
  bool appends(std::size_t i) const { return operation(i).function == Function::kAppend; }
  bool acknowledged(std::size_t i) const { return operation(i).outcome == Outcome::kOk; }

  // "34 of 60 acknowledged writes lost, the first at 20.400 s: …". A counter tells only that its sum is wrong.
  std::string how_many(const std::vector<LostWrite>& lost) const {
    const std::string& first = lost.front().words;
    const std::string at = in_seconds(operation(lost.front().operation).returned);
    if (object_ == Object::kCounter)
      return lost.size() == 1 ? first : fmt::format("{} counters are wrong, the first: {}", lost.size(), first);
    std::size_t all = 0;
    for (const auto& [key, changes] : changes_)
      all += static_cast<std::size_t>(
          std::count_if(changes.begin(), changes.end(), [&](std::size_t i) { return acknowledged(i); }));
    return fmt::format("{} of {} acknowledged writes lost, the first at {}: {}", lost.size(), all, at, first);
  }

  std::string finals(const std::string& key) const {
    std::string text;
    for (std::size_t i = 0; i < replicas_.size() && i < kMostReplicas; ++i)
      text +=
          fmt::format("{}{} {}", i == 0 ? "" : ", ", replicas_[i].name, brief(value_at(replicas_[i], key, object_)));
    if (replicas_.size() > kMostReplicas)
      text += fmt::format(" and {} more replicas", replicas_.size() - kMostReplicas);
    return text;
  }

  void lose(std::size_t i, Durability& result) const {
    const std::string end = appends(i) ? "no replica holds it" : finals(operation(i).key);
    result.lost.push_back({i, fmt::format("{} and was told ok, but in the end{} {}", in_words(operation(i)),
                                          appends(i) ? "" : ":", end)});
  }

  // A register with several values has siblings: writes that did not know of each other and were all kept.
  bool holds(const Value& value, const Value& written) const {
    const auto* siblings = object_ == Object::kRegister ? std::get_if<List>(&value) : nullptr;
    if (!siblings) return value == written;
    return std::any_of(siblings->begin(), siblings->end(), [&](std::int64_t one) { return Value(one) == written; });
  }

  // A replica explains a write when its value, or a sibling, was written by one that is not certainly older.
  bool survives(std::size_t i, const Indices& changes) const {
    const std::string& key = operation(i).key;
    return std::any_of(replicas_.begin(), replicas_.end(), [&](const Replica& replica) {
      const Value value = value_at(replica, key, object_);
      return std::any_of(changes.begin(), changes.end(), [&](std::size_t j) {
        return operation(j).ret >= operation(i).call && holds(value, normal(operation(j).argument, object_));
      });
    });
  }

  void overwritten(const std::string&, const Indices& changes, Durability& result) const {
    for (const std::size_t i : changes)
      if (acknowledged(i) && !survives(i, changes)) lose(i, result);
  }

  void appended(const std::string& key, const Indices& changes, Durability& result) {
    if (!std::all_of(changes.begin(), changes.end(), [&](std::size_t i) { return appends(i); })) {
      undecided_ = fmt::format("{} was both overwritten and appended to", key.empty() ? "the value" : key);
      return;
    }
    std::set<std::int64_t> elements;
    for (const Replica& replica : replicas_) {
      const Value value = value_at(replica, key, object_);
      if (const auto* list = std::get_if<List>(&value)) elements.insert(list->begin(), list->end());
    }
    for (const std::size_t i : changes) {
      if (!acknowledged(i)) continue;
      const Value& argument = operation(i).argument;
      const auto* element = std::get_if<std::int64_t>(&argument);
      if (element ? elements.count(*element) == 0 : !text_holds(key, std::get<std::string>(argument))) lose(i, result);
    }
  }

  bool text_holds(const std::string& key, const std::string& part) const {
    return std::any_of(replicas_.begin(), replicas_.end(), [&](const Replica& replica) {
      const Value value = value_at(replica, key, object_);
      const auto* text = std::get_if<std::string>(&value);
      return text && text->find(part) != std::string::npos;
    });
  }

  // Additions without an answer may count or not, so a range of sums is right.
  void sum(const std::string& key, const Indices& changes, Durability& result) {
    __int128 low = 0, high = 0;
    std::size_t last = changes.front();
    for (const std::size_t i : changes) {
      const auto* amount = std::get_if<std::int64_t>(&operation(i).argument);
      if (!amount) continue;
      if (acknowledged(i)) last = i;
      if (acknowledged(i) || *amount < 0) low += *amount;
      if (acknowledged(i) || *amount > 0) high += *amount;
    }
    for (const Replica& replica : replicas_) {
      const Value value = value_at(replica, key, object_);
      const auto* total = std::get_if<std::int64_t>(&value);
      if (total && *total >= low && *total <= high) return;
    }
    result.lost.push_back(
        {last, fmt::format("the acknowledged additions to {} make at least {}, but in the end: {}",
                           key.empty() ? "the counter" : key, static_cast<std::int64_t>(low), finals(key))});
  }

  const History& history_;
  const std::vector<Replica>& replicas_;
  Object object_;
  std::map<std::string, Indices> changes_;
  std::optional<std::string> undecided_;
};

}  // namespace

Verdict check_convergence(const std::vector<Replica>& replicas, Object object) {
  if (replicas.empty()) return {Judgement::kUnknown, "the final values of the replicas are not known", std::nullopt};
  std::set<std::string> keys;
  for (const Replica& replica : replicas)
    for (const auto& [key, value] : replica.values) keys.insert(key);
  std::size_t differ = 0;
  std::string words;
  for (const std::string& key : keys)
    for (const Replica& replica : replicas) {
      const Value first = value_at(replicas.front(), key, object), other = value_at(replica, key, object);
      if (first == other) continue;
      if (++differ == 1)
        words =
            fmt::format("in the end {} holds {}{}, and {} holds {}{}", replicas.front().name, brief(first),
                        key.empty() ? "" : " under " + key, replica.name, brief(other), first_difference(first, other));
      break;
    }
  if (differ == 0) return {Judgement::kHeld, {}, std::nullopt};
  if (differ > 1) words = fmt::format("{} of {} keys differ; {}", differ, keys.size(), words);
  return {Judgement::kViolated, words, std::nullopt};
}

Durability check_durability(const History& history, const std::vector<Replica>& replicas, Object object) {
  return DurabilityCheck(history, replicas, object).check();
}

}  // namespace twice::check
