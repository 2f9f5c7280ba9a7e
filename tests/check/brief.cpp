#include "check/brief.h"

#include "check/history_builder.h"
#include "check/linearizable.h"
#include "check/replicas.h"
#include "support/catch.h"

namespace twice::check {
using test::Story;

namespace {

List counted_to(std::int64_t last) {
  List list;
  for (std::int64_t i = 1; i <= last; ++i) list.push_back(i);
  return list;
}

}  // namespace

TEST_CASE("short values stand whole in sentences, long ones by their ends and their size") {
  CHECK(brief(Nil{}) == "nil");
  CHECK(brief(List{1, 2, 3}) == "[1 2 3]");
  CHECK(brief(counted_to(1000)) == "[1 2 … 1000, 1000 elements]");
  CHECK(brief(std::string("ab")) == "\"ab\"");
  CHECK(brief(std::string(5000, 'x')).size() < 100);
  std::string umlauts;
  for (int i = 0; i < 100; ++i) umlauts += "ä";
  CHECK(brief(umlauts).find("ää") != std::string::npos);
}

TEST_CASE("two long lists are told apart by the first element that differs") {
  List one = counted_to(40), other = one;
  CHECK(first_difference(one, other).empty());
  other[29] = 99;
  CHECK(first_difference(one, other) == "; the first difference is element 30: 30 against 99");
  other = counted_to(39);
  CHECK(first_difference(one, other) == "; the first difference is element 40: 40 against none");
  CHECK(first_difference(List{1}, List{2}).empty());
}

TEST_CASE("a violation on long lists is told in one short sentence") {
  Story story;
  for (const std::int64_t i : counted_to(300)) story.append("a", "x", Value(i));
  List seen = counted_to(300);
  seen.erase(seen.begin() + 150);
  story.read("b", "x", seen);
  const Linearizability report = check_linearizable(story.history());
  REQUIRE(report.judgement == Judgement::kViolated);
  CHECK(report.explanation.size() < 400);
  CHECK(report.explanation.find("the first difference is element 151: 151 against 152") != std::string::npos);
}

TEST_CASE("lost writes are counted, the first is told with its time, and no replica is printed whole") {
  Story story;
  for (const std::int64_t i : counted_to(60)) story.append("a", "x", Value(i));
  const Durability lost = check_durability(
      story.history(), {{"n1", {{"x", counted_to(26)}}}, {"n2", {{"x", counted_to(20)}}}}, Object::kList);
  REQUIRE(lost.lost.size() == 34);
  CHECK(lost.verdict.words.starts_with("34 of 60 acknowledged writes lost, the first at "));
  CHECK(lost.verdict.words.ends_with("a appended 27 to x and was told ok, but in the end no replica holds it"));
}

TEST_CASE("replicas that differ are told by the first key, and the others are counted") {
  const std::vector<Replica> replicas{{"n1", {{"x", counted_to(50)}, {"y", List{1}}}}, {"n2", {{"x", counted_to(49)}}}};
  CHECK(
      check_convergence(replicas, Object::kList).words ==
      "2 of 2 keys differ; in the end n1 holds [1 2 … 50, 50 elements] under x, and n2 holds [1 2 … 49, 49 elements]; "
      "the first difference is element 50: 50 against none");
}

}  // namespace twice::check
