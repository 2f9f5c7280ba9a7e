// A lesson as the card shows it, without a window: graded by the program in another process.
#include "ui/playback/lesson_card.h"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "support/catch.h"
#include "ui/playback/folder_watch.h"
#include "ui/playback/lesson_map.h"

namespace twice::playback {
namespace {

namespace fs = std::filesystem;
using lesson::Mark;
using lesson::StepPart;

const std::string kSmall = std::string(TWICE_SOURCE_DIR) + "/tests/lesson/small";

lesson::LoadedLesson load(const std::string& path, const std::string& learner = {}) {
  lesson::LoadedLesson loaded = lesson::load_lesson(path, {learner});
  INFO(render(loaded.diagnostics));
  REQUIRE(loaded.lesson);
  return loaded;
}

LessonCard card_of(const std::string& path, const lesson::Answers& kept = {}) {
  return {std::move(*load(path).lesson), {}, TWICE_PROGRAM, kept};
}

void wait(LessonCard& card) {
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(120);
  card.poll();
  while (card.busy() && std::chrono::steady_clock::now() < limit) {
    std::this_thread::sleep_for(std::chrono::milliseconds(3));
    card.poll();
  }
  REQUIRE_FALSE(card.busy());
}

const StepPart& step(const LessonCard& card, const std::string& name) {
  const StepPart* part = card.session().lesson().step(name);
  REQUIRE(part);
  return *part;
}

bool sees(const LessonCard& card, const std::string& name) {
  for (const lesson::Part* part : card.visible())
    if (const auto* found = std::get_if<StepPart>(part); found && found->name == name) return true;
  return false;
}

void predict(LessonCard& card, std::uint32_t choice) {
  card.apply(Choose{"predict", choice});
  card.apply(SetConfidence{"predict", 75});
  card.apply(SendAnswer{"predict"});
  wait(card);
}

/// The small lesson in a folder of its own, to be changed.
struct OwnLesson {
  OwnLesson() : folder(fs::temp_directory_path() / "twice-own-lesson") {
    fs::remove_all(folder);
    fs::copy(kSmall, folder);
  }
  ~OwnLesson() { fs::remove_all(folder); }
  void change(const std::string& from, const std::string& to) const {
    const fs::path path = folder / "lesson.md";
    std::ifstream in(path);
    std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    REQUIRE(text.find(from) != std::string::npos);
    text.replace(text.find(from), from.size(), to);
    std::ofstream(path, std::ios::trunc) << text;
  }
  fs::path folder;
};

}  // namespace

TEST_CASE("a learner takes a lesson from its first screen to its last, graded in another process") {
  LessonCard card = card_of(kSmall);
  wait(card);
  CHECK(card.asks());
  CHECK_FALSE(sees(card, "run"));  // it stands after the question and would answer it
  CHECK_FALSE(card.shown(step(card, "run")));
  CHECK(card.why_not_send(step(card, "predict")) == "choose an answer");
  card.apply(Choose{"predict", 2});
  CHECK(card.why_not_send(step(card, "predict")) == "say how sure you are");
  predict(card, 2);
  REQUIRE(card.session().result(step(card, "predict")));
  CHECK(card.session().result(step(card, "predict"))->mark == Mark::kPassed);
  CHECK_FALSE(card.asks());
  REQUIRE(card.shown(step(card, "run")));
  CHECK(std::get<lesson::ShownRun>(*card.shown(step(card, "run"))).rows[0].cells[0] == "18");

  card.apply(NextScreen{});
  wait(card);
  CHECK(card.screen().title == "Two");
  CHECK(card.pointed() == std::vector<std::string>{"step 1", ""});
  card.apply(Choose{"explain", 2});
  card.apply(SendAnswer{"explain"});
  wait(card);
  CHECK(card.session().result(step(card, "explain"))->mark == Mark::kFailed);
  CHECK_FALSE(card.why_not_send(step(card, "explain")).empty());  // the same again tells nothing new
  card.apply(Choose{"explain", 1});
  card.apply(SendAnswer{"explain"});
  wait(card);
  CHECK(card.session().result(step(card, "explain"))->mark == Mark::kPassed);

  card.apply(WriteEdits{"challenge", "lane.mine.table = 'x'\n"});
  CHECK(card.draft(step(card, "challenge")).wrong.find("edits:1:11") != std::string::npos);
  CHECK_FALSE(card.why_not_send(step(card, "challenge")).empty());
  std::ifstream solution(kSmall + "/solution.toml");
  const std::string edits((std::istreambuf_iterator<char>(solution)), std::istreambuf_iterator<char>());
  card.apply(WriteEdits{"challenge", edits});
  card.apply(SendAnswer{"challenge"});
  wait(card);
  CHECK(card.session().result(step(card, "challenge"))->mark == Mark::kPassed);

  card.apply(NextScreen{});
  CHECK(card.asks());  // the last question is about a run too
  card.apply(Choose{"transfer", 2});
  card.apply(SendAnswer{"transfer"});
  wait(card);
  CHECK(card.session().row().status == lesson::Status::kPassed);
  CHECK(card.points_text() == "5 of 5 points");
  CHECK(card.session().row().status == grade_lesson(card.session().context(), card.session().answers()).status);
}

TEST_CASE("on the card a prediction is made once, and going back keeps what was answered") {
  LessonCard card = card_of(kSmall);
  predict(card, 1);
  CHECK(card.session().result(step(card, "predict"))->mark == Mark::kFailed);
  CHECK(card.session().result(step(card, "predict"))->points == 1);  // it was made
  predict(card, 2);
  CHECK(card.session().answers().find(7, "predict")->choice == 1);
  CHECK(card.draft(step(card, "predict")).choice == 1);
  card.apply(NextScreen{});
  card.apply(PreviousScreen{});
  CHECK(card.session().at() == 0);
  CHECK(card.session().result(step(card, "predict")));
  CHECK(sees(card, "run"));
}

TEST_CASE("whoever gives up a prediction cannot make it after the run") {
  LessonCard card = card_of(kSmall);
  card.apply(GiveUp{"predict"});
  CHECK_FALSE(card.asks());
  predict(card, 2);
  CHECK_FALSE(card.session().result(step(card, "predict")));
}

TEST_CASE("the run beside is the question's own, and of an explanation the one that went wrong") {
  LessonCard card = card_of(kSmall);
  REQUIRE(card.beside());
  CHECK(card.beside()->step == "predict");
  auto run = card.run_of(*card.beside());
  REQUIRE(std::holds_alternative<BesideRun>(run));
  CHECK(std::get<BesideRun>(run).lanes == std::vector<std::string>{"mine"});
  CHECK(std::get<BesideRun>(run).set.size() == 1);
  card.apply(ShowBeside{"run"});  // not before the answer
  CHECK(card.beside()->step == "predict");
  predict(card, 2);
  CHECK(card.beside()->step == "run");
  card.apply(ShowBeside{"predict"});
  CHECK(card.beside()->step == "predict");
  card.apply(NextScreen{});
  wait(card);
  CHECK(card.beside()->step == "explain");
  CHECK(card.beside()->seed.has_value());
  card.apply(GiveUp{"explain"});
  card.apply(WriteEdits{"challenge", "lane.mine.commit = \"once\"\ndo = \"crash loader @row:3\"\n"});
  card.apply(ShowBeside{"challenge"});
  run = card.run_of(*card.beside());
  REQUIRE(std::holds_alternative<BesideRun>(run));
  CHECK(std::get<BesideRun>(run).steps.size() == 1);
  CHECK(std::get<BesideRun>(run).scenario.variants.front().spec.lane.loader.commit.kind ==
        scenario::CommitRule::Kind::kOnce);
}

TEST_CASE("what was answered before is graded again and the card goes on where something is open") {
  LessonCard first = card_of(kSmall);
  predict(first, 2);
  LessonCard later = card_of(kSmall, first.session().answers());
  CHECK(later.session().at() == 1);
  wait(later);
  CHECK(later.session().result(step(later, "predict"))->mark == Mark::kPassed);
  CHECK(later.points_text() == "1 of 5 points");
}

TEST_CASE("many seeds are tried in the background; an answer does not wait for them, and they can be stopped") {
  LessonCard card = card_of(kSmall);
  card.go_to(1);
  card.apply(GiveUp{"explain"});
  CHECK(card.why_not_seeds(step(card, "challenge")) == "write what you change");
  card.apply(WriteEdits{"challenge", "lane.mine.commit = \"once\"\n"});
  card.apply(TrySeeds{"challenge"});
  card.poll();
  CHECK(card.trying_seeds(step(card, "challenge")));
  card.apply(SendAnswer{"challenge"});
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (!card.session().result(step(card, "challenge")) && std::chrono::steady_clock::now() < limit) card.poll();
  CHECK(card.session().result(step(card, "challenge"))->mark == Mark::kFailed);
  CHECK_FALSE(card.seeds(step(card, "challenge")));
  wait(card);
  REQUIRE(card.seeds(step(card, "challenge")));
  const auto* graded = std::get_if<lesson::Graded>(card.seeds(step(card, "challenge")));
  REQUIRE(graded);
  CHECK(graded->mark == Mark::kFailed);
  CHECK(graded->details.front().find("1,000 seeds") != std::string::npos);
  card.apply(TrySeeds{"challenge"});
  card.poll();
  CHECK(card.busy());
  card.apply(StopWork{});
  CHECK_FALSE(card.trying_seeds(step(card, "challenge")));
}

TEST_CASE("an author's change is read at the same screen; with errors the last good lesson stays") {
  const OwnLesson own;
  LessonCard card = card_of(own.folder.string());
  predict(card, 2);
  card.apply(NextScreen{});
  own.change("question = \"Why?\"", "question = \"Why, then?\"");
  card.reload(lesson::load_lesson(own.folder.string(), {}));
  wait(card);
  CHECK(card.problems().empty());
  CHECK(card.session().at() == 1);
  CHECK(std::get<lesson::Explain>(step(card, "explain").step).question == "Why, then?");
  CHECK(card.session().result(step(card, "predict")));
  own.change("hints    =", "hnits    =");
  card.reload(lesson::load_lesson(own.folder.string(), {}));
  REQUIRE(card.problems().size() == 1);
  CHECK(card.problems().front().span.begin.line == 51);
  CHECK(card.problems().front().file.ends_with("lesson.md"));
  CHECK(std::get<lesson::Explain>(step(card, "explain").step).question == "Why, then?");
  own.change("hnits    =", "hints    =");
  card.reload(lesson::load_lesson(own.folder.string(), {}));
  CHECK(card.problems().empty());
}

TEST_CASE("a changed file is noticed about twice a second, by a clock from outside") {
  const OwnLesson own;
  FolderWatch watch(own.folder.string());
  CHECK_FALSE(watch.changed(1));
  own.change("Mend it.", "Mend it, please.");
  CHECK_FALSE(watch.changed(1.2));  // it was looked at a moment ago
  CHECK(watch.changed(1.6));
  CHECK_FALSE(watch.changed(2.2));
  std::ofstream(own.folder / "orders.toml", std::ios::app) << "# a scenario beside it\n";
  CHECK(watch.changed(2.8));
  fs::remove(own.folder / "wrong-once.toml");
  CHECK(watch.changed(3.4));
}

TEST_CASE("the map says what comes next, what a lesson needs and what was reached") {
  const auto listed = lesson::list_lessons(std::string(TWICE_SOURCE_DIR) + "/lessons", {});
  REQUIRE(listed.size() > 10);
  const LessonMap fresh(listed, {});
  CHECK(fresh.next() == 0u);
  CHECK(fresh.passed() == 0);
  KeptScores scores{{"00-silence", {lesson::Status::kPassed, 6, 6}},
                    {"01-button-and-counter", {lesson::Status::kSkippedAhead, 1, 6}},
                    {"02-a-retry-starts-over", {lesson::Status::kNotYet, 3, 6}}};
  CHECK(read_scores(to_json(scores)) == scores);
  LessonMap map(listed, read_scores(to_json(scores)));
  CHECK(map.passed() == 2);
  CHECK(map.next() == 2u);
  CHECK(map.entries()[3].missing == std::vector<std::uint32_t>{2});
  CHECK(map.entries()[2].score.points == 3);
  map.move(-10);
  CHECK(map.chosen() == 0);
  CHECK(lesson_key("lessons/03-two-ideas/") == "03-two-ideas");
  CHECK(lesson_key("lessons/03-two-ideas/lesson.md") == "03-two-ideas");
  CHECK(lesson_key("lessons/03-two-ideas") == "03-two-ideas");
}

}  // namespace twice::playback
