// Elements of sets and balances: what was added stays, what was removed is gone, nobody overdraws.
#include "check/sets.h"

#include "check/history_builder.h"
#include "check/totals.h"
#include "support/catch.h"

namespace twice::check {
namespace {

SetChange added(std::int64_t element, Outcome outcome = Outcome::kOk) {
  return {"a", "x", element, false, outcome, true};
}
SetChange removed(std::int64_t element, Outcome outcome = Outcome::kOk) {
  return {"b", "x", element, true, outcome, true};
}
std::vector<Replica> holding(List first, List second) {
  return {{"n1", {{"x", std::move(first)}}}, {"n2", {{"x", std::move(second)}}}};
}

}  // namespace

TEST_CASE("an acknowledged addition that nobody may have removed is on some replica") {
  const std::vector<SetChange> changes{added(1), added(2), added(3, Outcome::kUnknown), added(4, Outcome::kFail)};
  CHECK(check_additions_kept(changes, holding({1}, {2})).judgement == Judgement::kHeld);
  const Verdict lost = check_additions_kept(changes, holding({1}, {1, 3}));
  CHECK(lost.judgement == Judgement::kViolated);
  CHECK(lost.words ==
        "1 of 2 acknowledged additions lost, the first at 0.000 s: a added 2 to x and was told ok; nobody removed "
        "it, "
        "and in the end no replica holds it");
  CHECK(check_additions_kept(changes, {}).judgement == Judgement::kUnknown);
}

TEST_CASE("an addition may be gone when a removal took effect or may have, not when it was refused") {
  for (const Outcome outcome : {Outcome::kOk, Outcome::kUnknown})
    CHECK(check_additions_kept({added(1), removed(1, outcome)}, holding({}, {})).judgement == Judgement::kHeld);
  CHECK(check_additions_kept({added(1), removed(1, Outcome::kFail)}, holding({}, {})).judgement ==
        Judgement::kViolated);
}

TEST_CASE("what was removed is on no replica") {
  CHECK(check_removals_last({added(1), removed(1)}, holding({2}, {})).judgement == Judgement::kHeld);
  const Verdict back = check_removals_last({added(1), removed(1)}, holding({2}, {1}));
  CHECK(back.judgement == Judgement::kViolated);
  CHECK(back.words == "b removed 1 from x and was told ok; in the end n2 holds it");
  CHECK(check_removals_last({added(1), removed(1, Outcome::kUnknown)}, holding({1}, {})).judgement == Judgement::kHeld);
  CHECK(check_removals_last({added(1), removed(1)}, {}).judgement == Judgement::kUnknown);
}

TEST_CASE("an insertion asked for twice may win over the removal of one of them") {
  SetChange twice = added(1);
  twice.asked_once = false;
  CHECK(check_removals_last({twice, removed(1)}, holding({1}, {1})).judgement == Judgement::kHeld);
}

TEST_CASE("no overdraft: neither a read nor a replica shows a balance below zero") {
  test::Story fine;
  fine.answer(fine.ask("a", Function::kAdd, "x", test::number(5)));
  fine.read("b", "x", test::number(5));
  CHECK(check_overdraft(fine.history(), {{"n1", {{"x", test::number(0)}}}}).judgement == Judgement::kHeld);
  const Verdict end = check_overdraft(fine.history(), {{"n1", {{"x", test::number(-3)}}}});
  CHECK(end.judgement == Judgement::kViolated);
  CHECK(end.words == "in the end n1 holds x = -3");
  fine.read("b", "x", test::number(-2));
  const Verdict seen = check_overdraft(fine.history(), {});
  CHECK(seen.judgement == Judgement::kViolated);
  CHECK(seen.operation == std::size_t{2});
}

}  // namespace twice::check
