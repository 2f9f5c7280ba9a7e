// Right, wrong, unknown, and what somebody might try instead of answering.
#include "lesson/show.h"
#include "lesson/support.h"

namespace twice::lesson {
namespace {

bool mentions(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("the right answer to a question is what the run shows") {
  const Lesson lesson = small_lesson();
  const Solved solved = sound(solve({lesson, {}, {}}, std::get<Predict>(lesson.step("predict")->step)));
  CHECK(std::get<std::int64_t>(solved.value) == 18);
  CHECK(solved.right == 1);
}

TEST_CASE("a choice between two bounds is right only when both hold") {
  const Lesson lesson = small_lesson();
  auto predict = std::get<Predict>(lesson.step("predict")->step);  // 18 orders
  predict.choices[1].as_well = *scenario::parse_comparison("<= 17");
  predict.choices[2].is = *scenario::parse_comparison(">= 18");
  CHECK(sound(solve({lesson, {}, {}}, predict)).right == 2);
  predict.choices[1].as_well = *scenario::parse_comparison("<= 18");
  const auto two = solve({lesson, {}, {}}, predict);
  REQUIRE(std::holds_alternative<Trouble>(two));
  CHECK(mentions(std::get<Trouble>(two).text, "several choices are right"));
}

TEST_CASE("of several seeds few different numbers are told one by one, in their order, and many by their range") {
  const Lesson lesson = small_lesson();
  Show step;
  step.run.scenario.value = "../../../lessons/06-before-or-after/order.toml";
  step.run.lane.value = "after";
  step.run.set = {"timeline.steps=[{ on = 'written', value = 6, crash = 'consumer' }]"};
  step.run.seeds = 3;
  step.shows = {"effects.lost", "deliveries.repeated", "messages.sent"};
  const auto told = [&] { return sound(show({lesson, {}, {}}, step)).rows.front().cells; };
  CHECK(told()[0] == "0 in 3 of 3");
  CHECK(mentions(told()[1], " of 3"));
  CHECK_FALSE(mentions(told()[2], "half"));
  CHECK(std::stoi(told()[2]) <= std::stoi(told()[2].substr(told()[2].find(", ") + 2)));
  step.run.seeds = 12;
  CHECK(mentions(told()[2], ", half at most "));
}

TEST_CASE("a prediction has its point when it is made, right or wrong, and needs a confidence") {
  const Lesson lesson = small_lesson();
  const Graded right = graded(lesson, "predict", choice(2, 90)), wrong = graded(lesson, "predict", choice(1, 90));
  CHECK(right.mark == Mark::kPassed);
  CHECK(wrong.mark == Mark::kFailed);
  CHECK(right.points == 1);
  CHECK(wrong.points == 1);
  CHECK(wrong.right == "more");
  CHECK(mentions(wrong.why, "No: 18."));
  CHECK(graded(lesson, "predict", choice(2)).points == 0);
  CHECK(graded(lesson, "predict", choice(4, 90)).points == 0);
  CHECK(graded(lesson, "predict", choice(0, 90)).points == 0);
}

TEST_CASE("a transfer has its point only when it is right, and may ask for a lane") {
  const Lesson lesson = small_lesson();
  CHECK(graded(lesson, "transfer", choice(2)).points == 1);
  CHECK(graded(lesson, "transfer", choice(1)).points == 0);
}

TEST_CASE("what was pointed at is a cause when the run without it meets the goal") {
  const Lesson lesson = small_lesson();
  CHECK(graded(lesson, "explain", choice(1)).mark == Mark::kPassed);
  CHECK(graded(lesson, "explain", choice(2)).mark == Mark::kFailed);
  CHECK(graded(lesson, "explain", point("step 1")).mark == Mark::kPassed);
  CHECK(graded(lesson, "explain", point("step 2")).mark == Mark::kFailed);
  CHECK(graded(lesson, "explain", point("whatever")).mark == Mark::kFailed);
  CHECK(graded(lesson, "explain", edits("x = 1")).points == 0);
}

TEST_CASE("what is told of an explanation is what the run without it shows") {
  Lesson lesson = small_lesson();
  for (Part& part : lesson.screens[1].parts)
    if (auto* step = std::get_if<StepPart>(&part))
      if (auto* explain = std::get_if<Explain>(&step->step)) {
        Candidate retry;
        retry.text = "the retry", retry.set = std::vector<std::string>{"orchestrator.retry.attempts=1"};
        explain->candidates.push_back(retry);
      }
  const Graded retry = graded(lesson, "explain", choice(3));  // 18 rows become 8: another run, and not ten
  CHECK(retry.mark == Mark::kFailed);
  CHECK(mentions(retry.why, "Without it the run changes (orders finally = 8)"));
  CHECK_FALSE(mentions(retry.why, "same"));
  CHECK(mentions(graded(lesson, "explain", choice(2)).why, "Without it the same happens"));
}

TEST_CASE("an explanation of a run in which nothing went wrong is the lesson's fault, not the learner's") {
  Lesson lesson = small_lesson();
  auto explain = std::get<Explain>(lesson.step("explain")->step);
  explain.goal.front().is = *scenario::parse_comparison("== 18");
  const auto wrong = what_went_wrong({lesson, {}, {}}, explain);
  REQUIRE(std::holds_alternative<Trouble>(wrong));
  CHECK(mentions(std::get<Trouble>(wrong).text, "nothing went wrong"));
}

TEST_CASE("a challenge passes when the goal holds under all circumstances, and fails with the first that breaks it") {
  const Lesson lesson = small_lesson();
  CHECK(graded(lesson, "challenge", edits(slurp(root() / "tests/lesson/small/solution.toml"))).points == 2);
  const Graded once = graded(lesson, "challenge", edits("lane.mine.commit = \"once\""));
  CHECK(once.mark == Mark::kFailed);
  CHECK(mentions(once.why, "two runs"));
  CHECK(mentions(once.why, "orders finally is 20"));
}

TEST_CASE("doing nothing does not pass a challenge") {
  const Lesson lesson = small_lesson();
  CHECK(graded(lesson, "challenge", edits("")).mark == Mark::kFailed);
  CHECK(graded(lesson, "challenge", edits("# nothing\n")).mark == Mark::kFailed);
}

TEST_CASE("a goal that holds because a fault never happened is unknown") {
  const Lesson lesson = small_lesson();
  const std::string later = "lane.mine.commit = \"once\"\nlane.mine.before = \"DELETE FROM orders;\"\n";
  const Graded graded_later = graded(
      lesson, "challenge", edits(later + "timeline.steps = [{ after-row = 5, attempt = 3, crash = \"loader\" }]"));
  CHECK(graded_later.mark == Mark::kUnknown);
  CHECK(graded_later.points == 0);
  CHECK(mentions(graded_later.why, "never happened"));
}

TEST_CASE("a goal that the witness meets as well proves nothing") {
  const Lesson lesson = small_lesson();
  auto challenge = std::get<Challenge>(lesson.step("challenge")->step);
  challenge.run.set = {"timeline.steps=[]"};
  challenge.hidden.clear();
  const Contest contest_result = sound(contest({lesson, {}, {}}, challenge, {}));
  CHECK(contest_result.held == contest_result.runs);
  CHECK(contest_result.bites == 0);
  CHECK(contest_result.mark == Mark::kUnknown);
}

TEST_CASE("fields that are not part of a challenge cannot be changed in it") {
  const Lesson lesson = small_lesson();
  for (const char* cheat : {"lane.mine.row = \"SELECT 1\"", "source.generate.rows = 5", "lane.other.commit = \"once\"",
                            "[dashboard]\nsql = \"SELECT 10 AS orders\"", "lane = \"mine\"",
                            "lane.mine = { commit = \"once\", table = \"other\" }", "until = \"1ns\"",
                            "expect.finally = []", "matrix.\"until\" = [\"1s\"]"}) {
    CAPTURE(cheat);
    const Graded refused = graded(lesson, "challenge", edits(cheat));
    CHECK(refused.mark == Mark::kFailed);
    CHECK(mentions(refused.why, "may not be changed here"));
    CHECK(mentions(refused.why, "edits:"));
  }
}

TEST_CASE("of a list that is written whole, only the fields of the challenge may change") {
  LoadedLesson loaded = load_lesson((root() / "lessons/09-slow-or-dead").string(), {});
  REQUIRE(loaded.lesson);
  const auto with = [&](const std::string& client) { return graded(*loaded.lesson, "challenge", edits(client)); };
  const std::string start = "client = [{ name = \"app\", workload = \"counter\", keys = 1, ",
                    end =
                        "operations = 40, timeout = \"20ms\", retry = { policy = \"retry-same-id\", attempts = 10, "
                        "backoff = \"10ms\" } }]";
  CHECK(with(start + "reads = 0.0, " + end).mark == Mark::kPassed);
  const Graded reads = with(start + "reads = 1.0, " + end);
  CHECK(reads.mark == Mark::kFailed);
  CHECK(mentions(reads.why, "error: 'client.reads' may not be changed here: it is 0"));
  CHECK(mentions(with(start + end).why, "'client.reads' may not be left out here"));
  CHECK(mentions(with(start + "reads = 0, count = 2, " + end).why, "'client.count' may not be changed here"));
  CHECK(mentions(with("client = []").why, "'client' may not be changed here"));
  CHECK(mentions(with("client = \"none\"").why, "'client' may not be changed here"));
}

TEST_CASE("edits that are wrong are refused in the words of any scenario, at their own line") {
  const Lesson lesson = small_lesson();
  const Graded typo = graded(lesson, "challenge", edits("\nlane.mine.commit = \"twice a day\""));
  CHECK(typo.mark == Mark::kFailed);
  CHECK(mentions(typo.why, "edits:2:"));
  CHECK(mentions(typo.why, "must be a commit rule"));
  CHECK(mentions(graded(lesson, "challenge", edits("lane.mine.commit = ")).why, "error: "));
  CHECK(mentions(graded(lesson, "challenge", edits("do = \"crush loader @3s\"")).why, "edits:1:"));
}

TEST_CASE("steps that a learner adds happen besides the timeline") {
  const Lesson lesson = small_lesson();
  auto challenge = std::get<Challenge>(lesson.step("challenge")->step);
  challenge.hidden.clear();
  challenge.goal.front().is = *scenario::parse_comparison("> 18");
  const Contest more = sound(contest({lesson, {}, {}}, challenge, {.edits = "do = \"run orchestrator @60s\"\n"}));
  CHECK(more.mark == Mark::kPassed);
  CHECK(sound(contest({lesson, {}, {}}, challenge, {})).mark == Mark::kFailed);
}

TEST_CASE("an answer of the wrong kind gains nothing") {
  const Lesson lesson = small_lesson();
  CHECK(graded(lesson, "predict", edits("lane.mine.commit = \"once\"")).points == 0);
  CHECK(graded(lesson, "challenge", choice(1)).points == 0);
  CHECK(graded(lesson, "run", choice(1)).points == 0);
}

TEST_CASE("each learner has a seed, numbers and an order of answers of their own") {
  std::set<std::uint32_t> right;
  for (const char* name : {"ada", "bob", "cyd", "dan", "eve", "fay"}) {
    const Learner learner{name};
    const Lesson lesson = small_lesson(learner);
    for (std::uint32_t i = 1; i <= 3; ++i)
      if (graded(lesson, "predict", choice(i, 50), learner).mark == Mark::kPassed) right.insert(i);
  }
  CHECK(right.size() > 1);
}

TEST_CASE("answers travel through their file unchanged") {
  Answers answers{"ada \"l\"", {}};
  Answer made = choice(2, 80);
  made.lesson = 7, made.step = "predict";
  answers.put(made);
  made = edits("[lane.mine]\nbefore = '''DELETE \"x\" \\ '''\n");
  made.lesson = 7, made.step = "challenge";
  answers.put(made);
  const auto read = read_answers("answers.toml", to_text(answers));
  REQUIRE(std::holds_alternative<Answers>(read));
  CHECK(std::get<Answers>(read).learner == answers.learner);
  CHECK(std::get<Answers>(read).find(7, "predict")->confidence == 80);
  CHECK(std::get<Answers>(read).find(7, "challenge")->edits == made.edits);
}

TEST_CASE("a file of answers holds answers and nothing else") {
  const std::string sound_part = "[[answer]]\nlesson = 7\nstep = \"predict\"\nchoice = 1\nconfidence = 50\n";
  CHECK(std::holds_alternative<Answers>(read_answers("a.toml", sound_part)));
  for (const std::string& extra : {std::string("passed = true\n"), std::string("points = 5\n"),
                                   std::string("right = \"more\"\n"), std::string("seed = 1\n"), sound_part}) {
    const auto read = read_answers("a.toml", sound_part + extra);
    REQUIRE(std::holds_alternative<scenario::DiagnosticList>(read));
    CHECK(mentions(render(std::get<scenario::DiagnosticList>(read)), "a.toml:"));
  }
}

TEST_CASE("a learner's edits lie in a file of their own, in the folder of the answers and in no lesson's") {
  namespace fs = std::filesystem;
  const fs::path folder = fs::temp_directory_path() / "twice-answers";
  fs::remove_all(folder);
  fs::create_directories(folder / "lesson");
  std::ofstream(folder / "mine.toml") << "x = 1\n";
  std::ofstream(folder / "lesson" / "lesson.md") << "+++\n";
  std::ofstream(folder / "lesson" / "solution.toml") << "x = 2\n";
  fs::create_symlink("lesson/solution.toml", folder / "link.toml");
  fs::create_symlink("/etc/hostname", folder / "far.toml");
  const auto refused = [&](const std::string& file) {
    const auto read = read_answers((folder / "a.toml").string(),
                                   "[[answer]]\nlesson = 2\nstep = \"challenge\"\nedits-file = \"" + file + "\"\n");
    const auto* problems = std::get_if<scenario::DiagnosticList>(&read);
    return problems ? render(*problems) : std::string();
  };
  CHECK(refused("mine.toml") == "");
  CHECK(mentions(refused("/etc/passwd"), "a.toml:4:14: error: '/etc/passwd' does not travel"));
  CHECK(mentions(refused("../twice-answers/mine.toml"), "lies outside the folder"));
  CHECK(mentions(refused("far.toml"), "is a link that leads out"));
  CHECK(mentions(refused("lesson/solution.toml"), "belongs to a lesson"));
  CHECK(mentions(refused("link.toml"), "belongs to a lesson"));
  fs::remove_all(folder);
}

TEST_CASE("a gradebook counts what was answered and ignores answers to nothing") {
  const std::vector<Lesson> lessons{small_lesson()};
  Answers answers;
  const auto put = [&](Answer answer, std::uint32_t number, const std::string& step) {
    answer.lesson = number, answer.step = step;
    answers.put(std::move(answer));
  };
  CHECK(grade_all(lessons, {}, answers, {}).lessons.front().status == Status::kNotBegun);
  put(choice(2), 7, "transfer");
  CHECK(grade_all(lessons, {}, answers, {}).lessons.front().status == Status::kSkippedAhead);
  put(choice(1, 100), 7, "predict");
  CHECK(grade_all(lessons, {}, answers, {}).lessons.front().status == Status::kOpen);
  put(choice(1), 7, "explain");
  put(edits("lane.mine.commit = \"once\""), 7, "challenge");
  put(choice(1), 7, "no-such-step");
  put(choice(1), 99, "predict");
  Gradebook book = grade_all(lessons, {}, answers, {});
  CHECK(book.lessons.front().status == Status::kNotYet);
  CHECK(book.points == 3);
  CHECK(book.of == 5);
  CHECK(book.ignored.size() == 2);
  CHECK(book.calibration == 100);
  put(edits(slurp(root() / "tests/lesson/small/solution.toml")), 7, "challenge");
  book = grade_all(lessons, {}, answers, {});
  CHECK(book.lessons.front().status == Status::kPassed);
  CHECK(book.points == 5);
  CHECK(mentions(to_json(book), "\"status\": \"passed\""));
}

}  // namespace twice::lesson
