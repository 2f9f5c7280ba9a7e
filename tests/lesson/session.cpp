// One learner in one lesson, as a terminal and a window show it.
#include "lesson/support.h"

#include "lesson/markdown.h"
#include "lesson/page.h"

namespace twice::lesson {
namespace {

Session small_session(const Answers& answers = {}) { return {small_lesson(), {}, {}, answers}; }

}  // namespace

TEST_CASE("one goes on when everything on the screen is answered or given up") {
  Session session = small_session();
  REQUIRE(session.waiting());
  CHECK(session.waiting()->name == "predict");
  CHECK_FALSE(session.next());
  sound(session.answer(*session.waiting(), choice(1, 60)));
  CHECK(session.may_go_on());
  REQUIRE(session.next());
  CHECK(session.screen().title == "Two");
  session.give_up(*session.waiting());
  REQUIRE(session.waiting());
  CHECK(session.waiting()->name == "challenge");
  session.give_up(*session.waiting());
  REQUIRE(session.next());
  sound(session.answer(*session.waiting(), choice(2)));
  CHECK_FALSE(session.next());
  CHECK(session.back());
  CHECK(session.score().points == 2);
  CHECK(session.score().of == 5);
}

TEST_CASE("a prediction is made once; other answers may be mended") {
  Session session = small_session();
  const StepPart& predict = *session.lesson().step("predict");
  CHECK(sound(session.answer(predict, choice(2))).points == 0);  // no confidence: it was not made
  CHECK_FALSE(session.result(predict));
  sound(session.answer(predict, choice(1, 60)));
  CHECK(sound(session.answer(predict, choice(2, 60))).mark == Mark::kFailed);
  CHECK(session.answers().find(7, "predict")->choice == 1);
  const StepPart& explain = *session.lesson().step("explain");
  CHECK(sound(session.answer(explain, choice(2))).points == 0);
  CHECK(sound(session.answer(explain, choice(1))).points == 1);
  CHECK(session.answers().find(7, "explain")->choice == 1);
}

TEST_CASE("what is right is not told before the second try, and is told then") {
  Session session = small_session();
  const StepPart& transfer = *session.lesson().step("transfer");
  const Graded first = sound(session.answer(transfer, choice(1)));
  CHECK(first.mark == Mark::kFailed);
  CHECK(first.right.empty());
  CHECK(first.details.empty());
  CHECK(session.result(transfer)->right.empty());
  const Graded second = sound(session.answer(transfer, choice(1)));
  CHECK(second.right == "the other");
  CHECK_FALSE(second.details.empty());
  Lesson lesson = small_lesson();
  for (Part& part : lesson.screens[1].parts)
    if (auto* step = std::get_if<StepPart>(&part))
      if (auto* explain = std::get_if<Explain>(&step->step)) explain->because = "It was the crash.";
  Session again(lesson, {}, {}, {});
  const StepPart& explain = *again.lesson().step("explain");
  CHECK(sound(again.answer(explain, choice(2))).why == "Without it the same happens: it is not a cause.");
  CHECK(sound(again.answer(explain, choice(1))).why ==
        "Without it the run ends well: it is a cause. It was the crash.");
  const StepPart& predict = *session.lesson().step("predict");
  CHECK(sound(session.answer(predict, choice(1, 60))).right == "more");  // made once: nothing is left to try
}

TEST_CASE("hints come one by one and end") {
  Session session = small_session();
  const StepPart& explain = *session.lesson().step("explain");
  CHECK(session.hints_left(explain) == 2);
  CHECK(session.hint(explain) == "First.");
  CHECK(session.hint(explain) == "Second.");
  CHECK_FALSE(session.hint(explain));
  CHECK_FALSE(session.hint(*session.lesson().step("predict")));
}

TEST_CASE("a result from another process counts as one from here, and a prediction is still made once") {
  Session here = small_session(), elsewhere = small_session();
  const StepPart& predict = *here.lesson().step("predict");
  for (const Answer& answer : {choice(2), choice(2, 60), choice(1, 90)}) {
    const Graded result = graded(here.lesson(), "predict", answer);
    (void)here.answer(predict, answer);
    elsewhere.take(*elsewhere.lesson().step("predict"), answer, result);
  }
  CHECK(elsewhere.answers().find(7, "predict")->choice == 2);
  CHECK(elsewhere.score().points == here.score().points);
  CHECK(elsewhere.row().status == Status::kOpen);
  CHECK(to_text(elsewhere.answers()) == to_text(here.answers()));
  const LessonRow again = grade_lesson(here.context(), here.answers());
  CHECK(elsewhere.row().points == again.points);
  CHECK(elsewhere.row().steps.front().confidence == again.steps.front().confidence);
}

TEST_CASE("text in a line is split where its look changes") {
  const std::vector<Inline> parts = inlines_of("a **b `c`** *d* [e](f) **");
  REQUIRE(parts.size() == 8);
  CHECK((parts[1].text == "b " && parts[1].strong && !parts[1].code));
  CHECK((parts[2].text == "c" && parts[2].strong && parts[2].code));
  CHECK((parts[4].text == "d" && parts[4].stressed));
  CHECK((parts[6].text == "e" && parts[6].link == "f"));
  CHECK(parts[7].text == " **");
}

TEST_CASE("whoever knows it may go to the transfer at once") {
  Session session = small_session();
  REQUIRE(session.skip_ahead());
  CHECK(session.screen().title == "Three");
}

TEST_CASE("earlier answers count again, by running again") {
  Session first = small_session();
  sound(first.answer(*first.lesson().step("transfer"), choice(2)));
  const Session later = small_session(first.answers());
  REQUIRE(later.result(*later.lesson().step("transfer")));
  CHECK(later.score().points == 1);
}

TEST_CASE("a run shows what was measured in each lane, and how to run it again") {
  const Session session = small_session();
  const auto& step = std::get<Show>(session.lesson().step("run")->step);
  const ShownRun shown_run = sound(session.run(step));
  REQUIRE(shown_run.rows.size() == 2);
  CHECK(shown_run.rows[0].cells == std::vector<std::string>{"18", "duplicates"});
  CHECK(shown_run.rows[1].cells == std::vector<std::string>{"10", "exactly-once"});
  CHECK(shown_run.repro.find("twice run ") == 0);
}

TEST_CASE("Markdown becomes lines for a terminal and escaped HTML for a page") {
  const std::string text =
      "One **two** `a < b`\nthree.\n\n- x\n- y\n\n| a | b |\n|---|---|\n| 1 | <2> |\n\n```sql\nSELECT 1\n```";
  CHECK(plain(text, 80) == "One **two** `a < b` three.\n\n  - x\n  - y\n\n  a  b\n  1  <2>\n\n    SELECT 1\n");
  const std::string page_text = html(text);
  for (const char* part : {"<strong>two</strong>", "<code>a &lt; b</code>", "<li>x</li>", "<th>a</th>",
                           "<td>&lt;2&gt;</td>", "<pre>SELECT 1\n</pre>"})
    CHECK(page_text.find(part) != std::string::npos);
  CHECK(html_inline("[t](a\"b)") == "<a href=\"a&quot;b\">t</a>");
  CHECK(html_inline("**") == "**");
  for (const char* target : {"https://x.org", "http://x.org", "mailto:a@b", "../x.md", "x.md#a:b", "#part", "/x?a:b"})
    CHECK(html_inline(std::string("[t](") + target + ")").find("<a href=") == 0);
  for (const char* target : {"javascript:alert(1", "JavaScript:x", " javascript:x", "data:text/html,x", "vbscript:x",
                             "java\nscript:x", "file:///etc/passwd", "\x01javascript:x"})
    CHECK(html_inline(std::string("[t](") + target + ")").find("href") == std::string::npos);
  CHECK(html_inline("[x") == "[x");
}

TEST_CASE("no control character of a lesson reaches a terminal or a page") {
  for (const std::string& text :
       {plain("a\x1b[31mb\x07", 80), html("a\x1b[31mb\x07\n\n```\nc\x1b\n```"), html_inline("[a\x1b](b\x07)")}) {
    CHECK(text.find('\x1b') == std::string::npos);
    CHECK(text.find('\x07') == std::string::npos);
  }
}

TEST_CASE("a long line of brackets without a link is searched once") {
  CHECK(inlines_of(std::string(300'000, '[')).size() == 1);
  CHECK(inlines_of(std::string(300'000, '*')).size() >= 1);
}

TEST_CASE("a list begins with 1., so a sentence after a number is a sentence") {
  CHECK(html("297. The bus believes it.") == "<p>297. The bus believes it.</p>\n");
  CHECK(html("1. one\n2. two").find("two</li>") != std::string::npos);
}

TEST_CASE("a page to print gives nothing away") {
  const std::string text = page(small_session());
  CHECK(text.find("A crash after row 8.") != std::string::npos);
  CHECK(text.find("No: ") == std::string::npos);
  CHECK(text.find("{value}") == std::string::npos);
}

}  // namespace twice::lesson
