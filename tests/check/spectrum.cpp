#include "check/spectrum.h"

#include "check/history_builder.h"
#include "check/sequential.h"
#include "check/sessions.h"
#include "support/catch.h"

namespace twice::check {
namespace {

using test::number;
using test::random_history;
using test::Story;

const SpectrumRow& row(const std::vector<SpectrumRow>& rows, Model model) {
  for (const SpectrumRow& r : rows)
    if (r.model == model) return r;
  FAIL("no such row");
  return rows.front();
}

History stale() {
  Story story;
  story.write("a", "x", 1), story.write("a", "x", 2), story.write("a", "x", 3);
  story.read("b", "x", number(1));
  return story.history();
}

}  // namespace

TEST_CASE("staleness: versions and time are measured from what a read certainly missed") {
  const Staleness measured = check_staleness(stale(), Object::kRegister, {});
  CHECK(measured.verdict.judgement == Judgement::kHeld);
  CHECK(measured.versions == 2);
  CHECK(measured.time == milliseconds(3));
  CHECK(check_staleness(stale(), Object::kRegister, {.versions = 2}).verdict.judgement == Judgement::kHeld);
  CHECK(check_staleness(stale(), Object::kRegister, {.versions = 1}).verdict.judgement == Judgement::kViolated);
  CHECK(check_staleness(stale(), Object::kRegister, {.time = milliseconds(3)}).verdict.judgement == Judgement::kHeld);
  const Staleness late = check_staleness(stale(), Object::kRegister, {.time = milliseconds(2)});
  CHECK(late.verdict.words ==
        "a read lags 2 versions and 3ms: b read 1 from x, but this was complete before: a wrote 2 to x");
  CHECK(late.verdict.operation == std::size_t{3});
}

TEST_CASE("staleness: a write that overlaps is not certainly newer, one from the future is no staleness") {
  Story overlap;
  const std::size_t open = overlap.ask("a", Function::kWrite, "x", number(1));
  overlap.write("b", "x", 2), overlap.answer(open), overlap.read("c", "x", number(1));
  CHECK(check_staleness(overlap.history(), Object::kRegister, {}).versions == 0);
  Story future;
  future.read("c", "x", number(1)), future.write("a", "x", 1);
  CHECK(check_staleness(future.history(), Object::kRegister, {}).verdict.judgement == Judgement::kViolated);
}

TEST_CASE("staleness: of lists, what is missing counts") {
  Story story;
  story.append("a", "x", number(1)), story.append("a", "x", number(2)), story.read("b", "x", List{1});
  CHECK(check_staleness(story.history(), Object::kList, {}).versions == 1);
}

TEST_CASE("convergence: replicas end with the same values") {
  const Replica a{"n1", {{"x", number(1)}}}, b{"n2", {{"x", number(2)}}}, c{"n3", {}};
  CHECK(check_convergence({a, a}, Object::kRegister).judgement == Judgement::kHeld);
  CHECK(check_convergence({a, a, b}, Object::kRegister).words == "in the end n1 holds 1 under x, and n2 holds 2");
  CHECK(check_convergence({a, c}, Object::kRegister).judgement == Judgement::kViolated);
  CHECK(check_convergence({}, Object::kRegister).judgement == Judgement::kUnknown);
}

TEST_CASE("durability: nothing acknowledged is lost") {
  const auto judged = [](const Story& story, Object object, const Value& final) {
    return check_durability(story.history(), {Replica{"n1", {{"x", final}}}}, object);
  };
  Story writes;
  writes.write("a", "x", 1), writes.write("a", "x", 2);
  writes.ask("b", Function::kWrite, "x", number(3));
  CHECK(judged(writes, Object::kRegister, number(2)).verdict.judgement == Judgement::kHeld);
  CHECK(judged(writes, Object::kRegister, number(3)).verdict.judgement == Judgement::kHeld);
  const Durability lost = judged(writes, Object::kRegister, number(1));
  REQUIRE(lost.lost.size() == 1);
  CHECK(lost.lost[0].words == "a wrote 2 to x and was told ok, but in the end: n1 1");
  CHECK(judged(writes, Object::kRegister, Nil{}).lost.size() == 2);
  Story appends;
  appends.append("a", "x", number(1)), appends.append("b", "x", number(2));
  CHECK(judged(appends, Object::kList, List{2, 1}).verdict.judgement == Judgement::kHeld);
  CHECK(judged(appends, Object::kList, List{2}).lost.size() == 1);
  Story adds;
  for (int i = 0; i < 3; ++i) adds.answer(adds.ask("a", Function::kAdd, "x", number(2)));
  adds.ask("b", Function::kAdd, "x", number(1));
  CHECK(judged(adds, Object::kCounter, number(6)).verdict.judgement == Judgement::kHeld);
  CHECK(judged(adds, Object::kCounter, number(7)).verdict.judgement == Judgement::kHeld);
  CHECK(judged(adds, Object::kCounter, number(5)).verdict.judgement == Judgement::kViolated);
  CHECK(check_durability(adds.history(), {}, Object::kCounter).verdict.judgement == Judgement::kUnknown);
}

TEST_CASE("durability: a write is there when it is one of a key's siblings, and lost when it is none") {
  Story writes;
  writes.write("a", "x", 1), writes.write("b", "x", 2), writes.write("c", "x", 3);
  const auto judged = [&](List siblings) {
    return check_durability(writes.history(), {{"n1", {{"x", std::move(siblings)}}}}, Object::kRegister);
  };
  CHECK(judged({1, 2, 3}).verdict.judgement == Judgement::kHeld);
  CHECK(judged({2, 3}).verdict.judgement == Judgement::kHeld);
  const Durability lost = judged({1, 2});
  REQUIRE(lost.lost.size() == 1);
  CHECK(lost.lost[0].words == "c wrote 3 to x and was told ok, but in the end: n1 [1 2]");
}

TEST_CASE("one table from strong to eventual, with a witness for what did not hold") {
  const std::vector<SpectrumRow> rows = spectrum(stale());
  REQUIRE(rows.size() == kModels.size());
  CHECK(row(rows, Model::kLinearizable).held == Judgement::kViolated);
  CHECK(row(rows, Model::kLinearizable).operation == std::size_t{3});
  CHECK(row(rows, Model::kSequential).held == Judgement::kHeld);
  CHECK(row(rows, Model::kCausal).witness == "follows from sequential");
  CHECK(row(rows, Model::kBoundedStaleness).held == Judgement::kUnknown);
  CHECK(row(rows, Model::kBoundedStaleness).witness ==
        "no bound was given; the worst read lags 2 versions and 3ms: b read 1 from x, but this was complete before: a "
        "wrote 2 to x");
  CHECK(row(rows, Model::kEventual).held == Judgement::kUnknown);
  CHECK(to_table(rows).find("✗ linearizable") == 0);
}

TEST_CASE("bounded staleness is held or broken only where there is a bound, or where no read was stale") {
  SpectrumOptions options;
  options.staleness.versions = 2;
  CHECK(row(spectrum(stale(), options), Model::kBoundedStaleness).held == Judgement::kHeld);
  options.staleness.versions = 1;
  CHECK(row(spectrum(stale(), options), Model::kBoundedStaleness).held == Judgement::kViolated);
  History fresh = stale();
  std::erase_if(fresh.operations, [](const Operation& o) { return o.function == Function::kRead; });
  CHECK(row(spectrum(fresh), Model::kBoundedStaleness).held == Judgement::kHeld);
}

TEST_CASE("replicas that disagree are told, whatever the clients saw") {
  SpectrumOptions options;
  options.replicas = {{"n1", {{"x", number(3)}}}, {"n2", {{"x", number(1)}}}};
  CHECK(row(spectrum(stale(), options), Model::kEventual).held == Judgement::kViolated);
}

TEST_CASE("rows never contradict each other") {
  const std::vector<test::Mixture> mixtures{
      {.operations = 8, .keys = 2, .unique = true, .functions = {Function::kRead, Function::kWrite}},
      {.operations = 8, .unique = true, .functions = {Function::kRead, Function::kWrite, Function::kCas}},
      {.operations = 8, .functions = {Function::kRead, Function::kWrite}},
      {.operations = 8, .functions = {Function::kRead, Function::kAppend}},
      {.operations = 8, .functions = {Function::kRead, Function::kAdd}}};
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    INFO("seed " << seed);
    SpectrumOptions options;
    options.staleness.versions = 0;
    const History history = random_history(seed, mixtures[seed % mixtures.size()]);
    const Object object = object_of(history);
    const std::vector<SpectrumRow> rows = spectrum(history, options);
    for (const SpectrumRow& strong : rows) {
      for (const SpectrumRow& weak : rows)
        if (strong.held == Judgement::kHeld && implies(strong.model, weak.model))
          REQUIRE(weak.held == Judgement::kHeld);
      if (strong.held != Judgement::kHeld) REQUIRE_FALSE(strong.witness.empty());
    }
    // Each checker alone agrees with the stronger ones, not only where a row follows from another.
    const SessionView view = view_sessions(history, object);
    const bool linearizable = rows[0].held == Judgement::kHeld, sequential = rows[1].held == Judgement::kHeld;
    if (linearizable) {
      REQUIRE(check_staleness(history, object, {.versions = 0}).verdict.judgement != Judgement::kViolated);
      REQUIRE(check_sequential(view, 100'000).judgement == Judgement::kHeld);
    }
    if (!sequential) continue;
    for (const Model model : kModels)
      if (implies(Model::kCausal, model))
        REQUIRE(check_session(model, view, 1'000'000).judgement != Judgement::kViolated);
  }
}

}  // namespace twice::check
