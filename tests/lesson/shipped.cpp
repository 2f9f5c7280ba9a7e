// Every lesson that ships: whatever it says is run.
#include "lesson/check.h"
#include "lesson/support.h"

namespace twice::lesson {
namespace {

#ifdef TWICE_SANITIZED
constexpr std::size_t kLessonsRun = 3;  // a challenge is many runs
#else
constexpr std::size_t kLessonsRun = 1'000;
#endif

std::vector<std::string> shipped() {
  std::vector<std::string> paths;
  for (const ListedLesson& listed : list_lessons((root() / "lessons").string(), {})) paths.push_back(listed.path);
  return paths;
}

WordList words() { return read_words((root() / "lessons/words.txt").string()); }

#ifndef TWICE_SANITIZED
// One challenge against its own contract, without the author's check in between.
void check_contract(const Context& context, const Challenge& challenge) {
  const auto with = [&](const std::string& file) {
    return sound(contest(context, challenge, {.edits = sound(edits_in(context, file)), .edits_name = file}));
  };
  const Contest solved = with(challenge.solution.value);
  CHECK(solved.mark == Mark::kPassed);
  CHECK(solved.bites > 0);
  CHECK(challenge.wrong.size() >= 2);
  for (const auto& wrong : challenge.wrong) {
    CAPTURE(wrong.value);
    CHECK(with(wrong.value).mark == Mark::kFailed);
  }
  CHECK(sound(contest(context, challenge, {})).mark != Mark::kPassed);
}
#endif

}  // namespace

TEST_CASE("every shipped lesson is honest, its links lead somewhere and its words are known") {
  const auto paths = shipped();
  CHECK(paths.size() >= 10);
  CheckOptions options;
  options.learners = 0;  // for a named one: below
  options.words = words();
  CHECK(options.words.words.size() > 500);
  for (std::size_t i = 0; i < std::min(paths.size(), kLessonsRun); ++i) {
    const std::string& path = paths[i];
    CAPTURE(path);
    CHECK(render(check_lesson(path, options).diagnostics) == "");
  }
}

TEST_CASE("every shipped lesson has a prediction, a run, an explanation, a challenge and a transfer") {
  std::set<std::uint32_t> numbers;
  for (const ListedLesson& listed : list_lessons((root() / "lessons").string(), {})) {
    CAPTURE(listed.path);
    REQUIRE(listed.loaded.lesson);
    const Lesson& lesson = *listed.loaded.lesson;
    CHECK(numbers.insert(lesson.front.number).second);
    std::set<std::size_t> kinds;
    for (const StepPart* part : lesson.steps()) kinds.insert(part->step.index());
    for (const std::size_t kind : {0u, 1u, 2u, 3u, 4u}) CHECK(kinds.count(kind) == 1);
    CHECK_FALSE(lesson.front.leaves_out.empty());
  }
  for (const ListedLesson& listed : list_lessons((root() / "lessons").string(), {}))
    for (const std::uint32_t needed : listed.loaded.lesson->front.needs) CHECK(numbers.count(needed) == 1);
}

#ifndef TWICE_SANITIZED  // the author's check above runs the same code
TEST_CASE("every challenge passes with its solution, fails with each wrong one and does not pass by itself") {
  for (const std::string& path : shipped()) {
    CAPTURE(path);
    const Learner ada{"ada"};
    const LoadedLesson loaded = load_lesson(path, ada);
    REQUIRE(loaded.lesson);
    for (const StepPart* part : loaded.lesson->steps())
      if (const auto* challenge = std::get_if<Challenge>(&part->step)) {
        CAPTURE(part->name);
        check_contract({*loaded.lesson, ada, {}}, *challenge);
      }
  }
}
#endif

TEST_CASE("the author's check finds a solution that does not pass and a wrong one that does") {
  namespace fs = std::filesystem;
  const fs::path folder = fs::temp_directory_path() / "twice-lesson-check";
  fs::remove_all(folder);
  fs::copy(root() / "tests/lesson/small", folder);
  const auto complaints = [&] {
    return render(check_lesson(folder.string(), {.learners = 0, .words = {}}).diagnostics);
  };
  CHECK(complaints() == "");
  const std::string solution = slurp(folder / "solution.toml");
  std::ofstream(folder / "solution.toml") << "lane.mine.commit = \"once\"\n";
  CHECK(complaints().find("the solution solution.toml does not pass") != std::string::npos);
  std::ofstream(folder / "solution.toml") << solution;
  std::ofstream(folder / "wrong-once.toml") << solution;
  CHECK(complaints().find("wrong-once.toml does not fail") != std::string::npos);
  const std::string text = slurp(folder / "lesson.md");
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string changed = text;
    changed.replace(changed.find(from), from.size(), to);
    std::ofstream(folder / "lesson.md") << changed;
    return complaints();
  };
  CHECK(with("> 10", "> 99").find("no choice is right") != std::string::npos);
  CHECK(with("< 10", "> 11").find("several choices are right") != std::string::npos);
  CHECK(with("without = \"step 1\"", "set = [\"until='2h'\"]").find("none of the candidates is a cause") !=
        std::string::npos);
  CHECK(with("orders finally\"\n\n", "order finally\"\n\n").find("no run here measures") != std::string::npos);
  CHECK(with("lane     = \"mine\"\nset", "set").find("several lanes") != std::string::npos);
  // A word of a goal that nothing measures is named, and not the solution that cannot reach it.
  const std::string typo = with(
      "edit     = [\"lane.mine.commit\", \"lane.mine.before\", \"timeline.steps\", \"do\"]\ngoal     = [{ of = "
      "\"orders",
      "edit     = [\"lane.mine.commit\", \"lane.mine.before\", \"timeline.steps\", \"do\"]\ngoal     = [{ of = "
      "\"oders");
  CHECK(typo.find("error: goal: unknown word 'oders finally'") != std::string::npos);
  CHECK(typo.find("did you mean 'orders finally'?") != std::string::npos);
  CHECK(typo.find("does not pass") == std::string::npos);
  // A fault that never happens, one that changes nothing, and a step that does not bite.
  CHECK(with("attempt = 1, crash = 'loader' }]\"]\nof", "attempt = 2, crash = 'loader' }]\"]\nof")
            .find("predict: `crash loader @row:8/2` never happens") != std::string::npos);
  CHECK(with("\"timeline.steps=[]\", \"orchestrator.runs=2\"",
             "\"timeline.steps=[{ at = '30s', crash = 'loader' }]\", \"orchestrator.runs=2\"")
            .find("transfer: `crash loader @30s` happens and changes nothing") != std::string::npos);
  CHECK(with("of       = \"orders finally\"\n\n[[choices]]\ntext = \"ten\"",
             "of       = \"statements\"\n\n[[choices]]\ntext = \"ten\"")
            .find("predict: it does not bite: \"more\" is right") != std::string::npos);
  CHECK(with("A crash", "[A](javascript:x) crash").find("lesson.md:16:1: error: the link leads nowhere") !=
        std::string::npos);
  CHECK(with("A crash", "[A](no.md) crash").find("lesson.md:16:1: error: the link leads nowhere") != std::string::npos);
  fs::remove_all(folder);
}

TEST_CASE("a word that nobody knows, or that stands twice, is asked about at its place") {
  CHECK(words_in("It's `code` a_b x.toml [text](target) CamelCase NULL won't 3x").size() == 4);
  Lesson lesson = small_lesson();
  std::get<TextPart>(lesson.screens[0].parts[0]).markdown = "A crahs\nafter the the row.";
  scenario::Diagnostics out;
  WordList list{"words.txt", {"crash", "after", "the", "row"}};
  for (const char* known : {"small", "lesson", "for", "tests", "nothing", "none", "everything", "one", "two", "three"})
    list.words.insert(known);
  check_spelling(lesson, list, out);
  const std::string found = render(out.finish({{"lesson.md", slurp(root() / "tests/lesson/small/lesson.md")}}));
  CHECK(found.find("'crahs' is no word this project knows") != std::string::npos);
  CHECK(found.find("did you mean 'crash'?") != std::string::npos);
  CHECK(found.find("'the' stands here twice") != std::string::npos);
  CHECK(found.find("'row' is no word") == std::string::npos);
}

}  // namespace twice::lesson
