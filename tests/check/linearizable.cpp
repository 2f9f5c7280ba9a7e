#include "check/linearizable.h"

#include <algorithm>

#include "check/history_builder.h"
#include "support/catch.h"

namespace twice::check {
namespace {

using test::Mixture;
using test::number;
using test::random_history;
using test::Story;

// The definition, tried out: every order of every choice of effects, on plain values.
class Exhaustive {
 public:
  Exhaustive(const History& history, Object object) : object_(object) {
    for (const Operation& o : history.operations)
      if (must_take_effect(o) || may_take_effect(o)) operations_.push_back(&o);
    done_.assign(operations_.size(), false);
  }
  bool linearizable(const Value& value) {
    bool all = true;
    for (std::size_t i = 0; i < operations_.size(); ++i) all = all && (done_[i] || !must_take_effect(*operations_[i]));
    if (all) return true;
    for (std::size_t i = 0; i < operations_.size(); ++i) {
      if (done_[i] || !may_be_next(i)) continue;
      const std::optional<Value> next = apply(value, *operations_[i]);
      if (!next) continue;
      done_[i] = true;
      const bool found = linearizable(*next);
      done_[i] = false;
      if (found) return true;
    }
    return false;
  }

 private:
  bool may_be_next(std::size_t i) const {
    for (std::size_t j = 0; j < operations_.size(); ++j)
      if (!done_[j] && must_take_effect(*operations_[j]) && operations_[j]->ret < operations_[i]->call) return false;
    return true;
  }
  std::optional<Value> apply(const Value& value, const Operation& o) const {
    const auto normal = [&](const Value& v) { return std::holds_alternative<Nil>(v) ? initial_value(object_) : v; };
    switch (o.function) {
      case Function::kRead:
        return normal(o.result) == value ? std::optional(value) : std::nullopt;
      case Function::kWrite:
        return normal(o.argument);
      case Function::kCas:
        if (o.outcome == Outcome::kFail) return normal(o.expected) != value ? std::optional(value) : std::nullopt;
        return normal(o.expected) == value ? std::optional(normal(o.argument)) : std::nullopt;
      case Function::kAppend: {
        List list = std::get<List>(value);
        list.push_back(std::get<std::int64_t>(o.argument));
        return list;
      }
      case Function::kAdd:
        return std::get<std::int64_t>(value) + std::get<std::int64_t>(o.argument);
    }
    return std::nullopt;
  }

  Object object_;
  std::vector<const Operation*> operations_;
  std::vector<bool> done_;
};

bool by_definition(const History& history, Object object) {
  return Exhaustive(history, object).linearizable(initial_value(object));
}

void compare_with_definition(const Mixture& mixture, Object object, std::uint64_t seeds) {
  std::uint64_t held = 0;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    INFO("seed " << seed);
    const History history = random_history(seed, mixture);
    const bool expected = by_definition(history, object);
    held += expected;
    const Linearizability report = check_linearizable(history, {.object = object});
    REQUIRE(report.judgement == (expected ? Judgement::kHeld : Judgement::kViolated));
    if (expected) continue;
    REQUIRE_FALSE(by_definition(report.counterexample, object));
    History longest = history;  // without the impossible answer and all that came after it
    const std::uint64_t end = history.operations[report.impossible].ret;
    for (Operation& o : longest.operations) {
      if (o.ret < end) continue;
      if (o.outcome == Outcome::kOk) o.outcome = Outcome::kUnknown;
      o.ret = ~std::uint64_t{0};
    }
    std::erase_if(longest.operations, [&](const Operation& o) { return o.call >= end; });
    std::erase_if(longest.operations, [&](const Operation& o) { return o.outcome == Outcome::kFail && o.ret >= end; });
    REQUIRE(by_definition(longest, object));
  }
  CHECK(held > seeds / 20);
  CHECK(held < seeds);
}

}  // namespace

TEST_CASE("a read of the last completed write is linearizable, a read of the one before is not") {
  Story good;
  good.write("a", "x", 1), good.write("a", "x", 2), good.read("b", "x", number(2));
  CHECK(check_linearizable(good.history()).judgement == Judgement::kHeld);
  Story bad;
  bad.write("a", "x", 1), bad.write("a", "x", 2);
  const std::size_t stale = bad.read("b", "x", number(1));
  const Linearizability report = check_linearizable(bad.history());
  CHECK(report.judgement == Judgement::kViolated);
  CHECK(report.impossible == stale);
  CHECK(report.prefix == 2);
  CHECK(report.explanation ==
        "b read 1 from x, so x was 1 at some moment in between. The 2 operations answered before can be explained "
        "together, but then x could only be 2.");
}

TEST_CASE("an operation without an answer takes effect at any later time, or never") {
  for (const bool seen : {false, true}) {
    Story story;
    story.write("a", "x", 1);
    story.ask("b", Function::kWrite, "x", number(2));
    story.read("c", "x", number(1));
    story.read("c", "x", number(1));
    if (seen) story.read("c", "x", number(2));
    CHECK(check_linearizable(story.history()).judgement == Judgement::kHeld);
    if (!seen) continue;
    story.read("c", "x", number(1));
    CHECK(check_linearizable(story.history()).judgement == Judgement::kViolated);
  }
}

TEST_CASE("a write that failed is seen by nobody") {
  Story story;
  story.fail(story.ask("a", Function::kWrite, "x", number(1)));
  story.read("b", "x", Nil{});
  CHECK(check_linearizable(story.history()).judgement == Judgement::kHeld);
  story.read("b", "x", number(1));
  const Linearizability report = check_linearizable(story.history());
  CHECK(report.judgement == Judgement::kViolated);
  CHECK(report.explanation.find("comes from a request that failed") != std::string::npos);
}

TEST_CASE("a compare-and-set that failed saw another value") {
  Story story;
  story.write("a", "x", 1);
  story.fail(story.ask("b", Function::kCas, "x", number(3), number(2)));
  CHECK(check_linearizable(story.history()).judgement == Judgement::kHeld);
  story.fail(story.ask("b", Function::kCas, "x", number(3), number(1)));
  CHECK(check_linearizable(story.history()).judgement == Judgement::kViolated);
}

TEST_CASE("the counterexample drops what does not matter and keeps every write that somebody in it saw") {
  Story story;
  for (int i = 1; i <= 20; ++i) story.write("a", "y", i), story.read("b", "y", number(i));
  const std::size_t first = story.write("a", "x", 1), second = story.write("b", "x", 2);
  for (int i = 0; i < 10; ++i) story.read("c", "x", number(2));
  const std::size_t stale = story.read("d", "x", number(1));
  for (int i = 0; i < 10; ++i) story.read("c", "x", number(2));
  const Linearizability report = check_linearizable(story.history());
  REQUIRE(report.judgement == Judgement::kViolated);
  CHECK(report.keys[report.broken].key == "x");
  CHECK(report.origins == std::vector<std::size_t>{first, second, stale});
}

TEST_CASE("keys take turns, so that one hard key does not hide an easy violation of another") {
  Story story;
  std::vector<std::size_t> open;
  for (int i = 0; i < 24; ++i)  // on key a: a read that no order of 24 concurrent appends explains
    open.push_back(story.ask("c" + std::to_string(i), Function::kAppend, "a", number(i)));
  for (const std::size_t o : open) story.answer(o);
  story.read("r", "a", List{1, 2, 99});
  story.read("r", "z", List{1});
  const Linearizability report = check_linearizable(story.history(), {.budget = 100'000});
  CHECK(report.judgement == Judgement::kViolated);
  CHECK(report.keys[report.broken].key == "z");
  CHECK(report.steps < 2'000);
}

TEST_CASE("a budget that runs out gives neither yes nor no") {
  Story story;
  std::vector<std::size_t> open;
  for (int i = 0; i < 24; ++i) open.push_back(story.ask("c" + std::to_string(i), Function::kAppend, "a", number(i)));
  for (const std::size_t o : open) story.answer(o);
  story.read("r", "a", List{1, 2, 99});
  const Linearizability report = check_linearizable(story.history(), {.budget = 10'000});
  CHECK(report.judgement == Judgement::kUnknown);
  CHECK(report.steps <= 10'100);
}

TEST_CASE("an order of effects comes with every yes") {
  Story story;
  const std::size_t late = story.ask("a", Function::kWrite, "x", number(1));
  const std::size_t early = story.read("b", "x", Nil{});
  story.answer(late);
  const Linearizability report = check_linearizable(story.history());
  REQUIRE(report.keys.size() == 1);
  CHECK(report.keys[0].order == std::vector<std::size_t>{early, late});
}

TEST_CASE("an empty history is linearizable") { CHECK(check_linearizable({}).judgement == Judgement::kHeld); }

TEST_CASE("the search agrees with the definition on random histories") {
  compare_with_definition({.functions = {Function::kRead, Function::kWrite}}, Object::kRegister, 4000);
  compare_with_definition({.functions = {Function::kRead, Function::kWrite, Function::kCas}}, Object::kRegister, 4000);
  compare_with_definition({.functions = {Function::kRead, Function::kAppend}}, Object::kList, 4000);
  compare_with_definition({.functions = {Function::kRead, Function::kAdd}}, Object::kCounter, 4000);
}

}  // namespace twice::check
