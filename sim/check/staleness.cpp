#include "check/staleness.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <vector>

#include <fmt/format.h>

namespace twice::check {
namespace {

using Operations = std::vector<const Operation*>;

struct Lag {
  std::uint64_t versions = 0;
  Duration time;
  const Operation* missed = nullptr;  // the first newer write that it did not see
};

bool takes_effect(const Operation& o) { return o.function != Function::kRead && o.outcome != Outcome::kFail; }

// `seen` is nullptr for the initial value.
Lag lag(const Operation& read, const Operation* seen, const Operations& writes) {
  Lag lag;
  for (const Operation* w : writes) {
    if (w->outcome != Outcome::kOk || w->ret > read.call || w == seen) continue;
    if (seen && seen->ret > w->call) continue;
    ++lag.versions;
    if (!lag.missed || w->ret < lag.missed->ret) lag.missed = w;
  }
  if (lag.missed) lag.time = read.invoked - lag.missed->returned;
  return lag;
}

class Meter {
 public:
  Meter(const History& history, Object object, const StalenessBounds& bounds, bool times)
      : history_(history), object_(object), bounds_(bounds), times_(times) {
    for (const Operation& o : history.operations)
      if (takes_effect(o)) writes_[o.key].push_back(&o);
  }

  Staleness measure() {
    Staleness& worst = worst_;
    for (std::size_t i = 0; i < history_.operations.size(); ++i) {
      const Operation& o = history_.operations[i];
      if (o.function != Function::kRead || o.outcome != Outcome::kOk) continue;
      object_ == Object::kList ? measure_list(i) : measure_value(i);
      if (worst.verdict.judgement == Judgement::kViolated) return worst;
    }
    worst.verdict.judgement = Judgement::kHeld;
    worst.verdict.words = worst.versions == 0
                              ? "no read certainly missed a write"
                              : fmt::format("the worst read lags {}: {}", amount(worst.versions, worst.time), words_);
    return worst;
  }

 private:
  std::string amount(std::uint64_t versions, Duration time) const {
    const std::string text = fmt::format("{} version{}", versions, versions == 1 ? "" : "s");
    return times_ ? fmt::format("{} and {}", text, to_string(time)) : text;
  }

  void measure_value(std::size_t index) {
    const Operation& read = history_.operations[index];
    const Operations& writes = writes_[read.key];
    const auto same = [&](const Value& a, const Value& b) {
      const auto normal = [&](const Value& v) { return std::holds_alternative<Nil>(v) ? initial_value(object_) : v; };
      return normal(a) == normal(b);
    };
    std::optional<Lag> best;
    bool later = false;
    const auto consider = [&](const Operation* seen) {
      const Lag found = lag(read, seen, writes);
      if (!best || found.versions < best->versions || (found.versions == best->versions && found.time < best->time))
        best = found;
    };
    if (same(read.result, initial_value(object_))) consider(nullptr);
    for (const Operation* w : writes) {
      if (!same(w->argument, read.result)) continue;
      if (w->call > read.ret)
        later = true;
      else
        consider(w);
    }
    if (best) return note(index, *best);
    violate(index, later ? fmt::format("{} before anybody had asked for it", in_words(read))
                         : fmt::format("{}, and nobody wrote that", in_words(read)));
  }

  // A list misses every append that is not in it.
  void measure_list(std::size_t index) {
    const Operation& read = history_.operations[index];
    const auto* list = std::get_if<List>(&read.result);
    const auto holds = [&](const Operation& w) {
      const auto* element = std::get_if<std::int64_t>(&w.argument);
      return list && element && std::find(list->begin(), list->end(), *element) != list->end();
    };
    Lag lag;
    for (const Operation* w : writes_[read.key]) {
      const bool seen = holds(*w);
      const auto earlier_twin = [&](const Operation* other) {
        return other->argument == w->argument && other->call < read.ret;
      };
      const Operations& all = writes_[read.key];
      if (seen && w->call > read.ret && std::none_of(all.begin(), all.end(), earlier_twin))
        return violate(index, fmt::format("{} before {} was asked for", in_words(read), to_text(w->argument)));
      if (seen || w->outcome != Outcome::kOk || w->ret > read.call) continue;
      ++lag.versions;
      if (!lag.missed || w->ret < lag.missed->ret) lag.missed = w;
    }
    if (lag.missed) lag.time = read.invoked - lag.missed->returned;
    note(index, lag);
  }

  void violate(std::size_t index, std::string words) {
    worst_.verdict = {Judgement::kViolated, std::move(words), index};
  }

  void note(std::size_t index, const Lag& lag) {
    if (!lag.missed) return;
    const Operation& read = history_.operations[index];
    const std::string words =
        fmt::format("{}, but this was complete before: {}", in_words(read), in_words(*lag.missed));
    if (lag.versions > worst_.versions || (lag.versions == worst_.versions && lag.time > worst_.time)) {
      worst_.verdict.operation = index;
      words_ = words;
    }
    worst_.versions = std::max(worst_.versions, lag.versions);
    worst_.time = std::max(worst_.time, lag.time);
    const bool too_many = bounds_.versions && lag.versions > *bounds_.versions;
    const bool too_late = times_ && bounds_.time && lag.time > *bounds_.time;
    if (too_many || too_late) violate(index, fmt::format("a read lags {}: {}", amount(lag.versions, lag.time), words));
  }

  const History& history_;
  Object object_;
  StalenessBounds bounds_;
  bool times_;
  std::map<std::string_view, Operations> writes_;
  Staleness worst_;
  std::string words_;
};

}  // namespace

Staleness check_staleness(const History& history, Object object, const StalenessBounds& bounds, bool times) {
  const bool appends = std::any_of(history.operations.begin(), history.operations.end(),
                                   [](const Operation& o) { return o.function == Function::kAppend; });
  const bool overwrites = std::any_of(history.operations.begin(), history.operations.end(), [](const Operation& o) {
    return o.function == Function::kWrite || o.function == Function::kCas;
  });
  Staleness unknown;
  if (object == Object::kCounter) unknown.verdict.words = "the reads of a counter do not tell which additions they saw";
  if (object == Object::kText && appends) unknown.verdict.words = "a text does not tell which appends it is made of";
  if (object == Object::kList && overwrites)
    unknown.verdict.words = "lists that are also overwritten do not tell which appends were seen";
  if (!unknown.verdict.words.empty()) return unknown;
  return Meter(history, object, bounds, times).measure();
}

}  // namespace twice::check
