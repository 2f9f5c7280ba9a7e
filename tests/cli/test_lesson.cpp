// `twice lesson` as a learner, a teacher and an author call it.
#include <filesystem>
#include <fstream>
#include <sstream>

#include <nlohmann/json.hpp>

#include "cli/program.h"
#include "support/catch.h"

using namespace twice::test;
using Json = nlohmann::json;

namespace {

// A folder with the lesson that `twice new lesson` writes.
const std::string kLesson = "lesson run mine -o answers.toml";
const std::string kRightEdits =
    "lane.mine.commit = \"once\"\nlane.mine.before = \"DELETE FROM orders WHERE order_date = :day;\"\n\n";

// What docs/authoring.md tells to do, line by line: a file for each name in bold with the block below it, and each
// command. `typed` is what a person types who takes the lesson.
struct Told {
  int files = 0, commands = 0;
};
Told do_as_told(const Folder& folder, const std::string& page, const std::string& typed) {
  Told told;
  std::istringstream lines(page);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("**`") && line.ends_with("`**")) {
      const std::string name = line.substr(3, line.size() - 6);
      std::string fence, text;
      while (std::getline(lines, fence) && fence.empty()) {
      }
      fence = fence.substr(0, fence.find_first_not_of('`'));
      while (std::getline(lines, line) && line != fence) text += line + "\n";
      folder.write(name, text), ++told.files;
    } else if (line.starts_with("    rm ")) {
      std::istringstream names(line.substr(7));
      for (std::string name; names >> name;) CHECK(std::filesystem::remove(folder.path() + "/" + name));
    } else if (line.starts_with("    twice ")) {
      const std::string command = line.substr(10, line.find('#') - 10);
      const bool asks = command.starts_with("lesson run");
      folder.write("typed.txt", typed);
      const Outcome outcome = folder.twice(command + (asks ? " < typed.txt" : ""));
      CAPTURE(command, outcome.out, outcome.err);
      CHECK((outcome.code == 0 || (outcome.code == 1 && contains(command, "--learner"))));  // this learner may be wrong
      ++told.commands;
    }
  }
  return told;
}

}  // namespace

TEST_CASE("whoever does what authoring.md says, line by line, has a lesson that is honest, taken and graded") {
  const Folder folder;
  std::ifstream page(std::string(TWICE_SOURCE_DIR) + "/docs/authoring.md");
  std::stringstream text;
  text << page.rdbuf();
  std::string whole = text.str();
  const std::size_t start = whole.find("## A first lesson");
  REQUIRE(start != std::string::npos);
  CHECK(do_as_told(folder, whole.substr(0, start), "2\n80\n?\n1\n" + kRightEdits + "2\n").commands == 3);
  const Told told = do_as_told(folder, whole.substr(start, whole.find("## The file") - start),
                               "1\n80\n1\nlane.mine.before = \"DELETE FROM orders WHERE order_date <= :day;\"\n\n1\n");
  CHECK(told.files == 5);
  CHECK(told.commands == 6);
  const Json book = Json::parse(folder.read("ada.json"));
  CHECK(book["learner"] == "ada");
  CHECK(book["points"] >= 2);
  CHECK(folder.has("pages/lost-answer.html"));
  CHECK(contains(folder.read("guide.md"), "The answer that did not come"));
  CHECK(contains(folder.twice("run lessons/lost-answer/scenario.toml").out, "20 rows of 10 wanted"));
}

TEST_CASE("a new scenario runs as it is, and none is replaced") {
  const Folder folder;
  CHECK(folder.twice("new scenario mine.toml").code == 0);
  const Outcome run = folder.twice("run mine.toml");
  INFO(run.out << run.err);
  CHECK(run.code == 0);
  CHECK(contains(run.out, "synchronous"));
  CHECK(folder.twice("new scenario mine.toml").code == 64);
  CHECK(folder.twice("new scenario mine.txt").code == 64);
}

TEST_CASE("the fields of a lesson are explained like those of a scenario") {
  const Folder folder;
  CHECK(contains(folder.twice("explain lesson").out, "challenge"));
  CHECK(contains(folder.twice("explain lesson.challenge.hidden").out, "circumstances"));
  CHECK(folder.twice("explain lesson.challange").code == 4);
  CHECK(Json::parse(folder.twice("schema lesson").out)["title"] == "Twice lesson");
}

TEST_CASE("a new lesson is written, is honest and can be taken at once") {
  const Folder folder;
  CHECK(folder.twice("new lesson mine").code == 0);
  CHECK(folder.has("mine/lesson.md"));
  const Outcome checked = folder.twice("lesson check mine --learners 2");
  INFO(checked.out << checked.err);
  CHECK(checked.code == 0);
  CHECK(contains(checked.out, "solution.toml: passed"));
  CHECK(contains(checked.out, "for learner 'learner 2'"));
}

TEST_CASE("a new lesson does not replace one that is there") {
  const Folder folder;
  CHECK(folder.twice("new lesson mine").code == 0);
  folder.write("mine/lesson.md", "precious");
  CHECK(folder.twice("new lesson mine").code == 64);
  CHECK(folder.read("mine/lesson.md") == "precious");
}

TEST_CASE("a lesson asks, grades and keeps the answers, and the grade is the same later") {
  const Folder folder;
  folder.twice("new lesson mine");
  folder.write("typed.txt", "2\n80\n?\n1\n" + kRightEdits + "2\n");
  const Outcome taken = folder.twice(kLesson + " < typed.txt");
  INFO(taken.out << taken.err);
  CHECK(taken.code == 0);
  CHECK(contains(taken.out, "5 of 5 points"));
  CHECK(contains(taken.out, "the run shows: orders finally = 18"));
  const Outcome graded = folder.twice("lesson grade mine --answers answers.toml");
  CHECK(graded.code == 0);
  const Json book = Json::parse(graded.out);
  CHECK(book["points"] == 5);
  CHECK(book["lessons"][0]["status"] == "passed");
  CHECK(book["lessons"][0]["steps"][0]["confidence"] == 80);
  const Outcome written = folder.twice("lesson grade mine --answers answers.toml -o book.json");
  CHECK(contains(written.out, "5 of 5 points"));
  CHECK(Json::parse(folder.read("book.json")) == book);
}

TEST_CASE("a lesson that is left early is open, and goes on where it was") {
  const Folder folder;
  folder.twice("new lesson mine");
  folder.write("first.txt", "3\n60\n");
  const Outcome first = folder.twice(kLesson + " < first.txt");
  CHECK(first.code == 1);
  CHECK(contains(first.out, "open"));
  folder.write("second.txt", "1\n" + kRightEdits + "2\n");
  const Outcome second = folder.twice(kLesson + " < second.txt");
  INFO(second.out << second.err);
  CHECK(second.code == 0);
  CHECK(contains(second.out, "5 of 5 points"));
}

TEST_CASE("whoever knows it skips ahead to the last question") {
  const Folder folder;
  folder.twice("new lesson mine");
  folder.write("typed.txt", "ahead\n2\n");
  const Outcome taken = folder.twice("lesson run mine < typed.txt");
  CHECK(taken.code == 0);
  CHECK(contains(taken.out, "skipped ahead"));
}

TEST_CASE("answers of a file are graded without asking, and wrong ones end with 1") {
  const Folder folder;
  folder.twice("new lesson mine");
  folder.write("answers.toml", "[[answer]]\nlesson = 100\nstep = \"transfer\"\nchoice = 1\n");
  const Outcome run = folder.twice("lesson run mine --answers answers.toml < /dev/null");
  CHECK(run.code == 1);
  CHECK(contains(run.out, "failed"));
  CHECK_FALSE(contains(run.out, "It is: 20"));  // what is right is told after a second try
  folder.write("typed.txt", "ahead\n1\n1\n");
  const Outcome twice_wrong = folder.twice("lesson run mine < typed.txt");
  INFO(twice_wrong.out << twice_wrong.err);
  CHECK(twice_wrong.code == 1);
  CHECK(contains(twice_wrong.out, "It is: 20"));
  CHECK(folder.twice("lesson grade mine --answers answers.toml").code == 1);
}

TEST_CASE("a tampered file of answers gains nothing") {
  const Folder folder;
  folder.twice("new lesson mine");
  folder.write("score.toml", "points = 5\n[[answer]]\nlesson = 100\nstep = \"transfer\"\nchoice = 1\npassed = true\n");
  const Outcome score = folder.twice("lesson grade mine --answers score.toml");
  CHECK(score.code == 3);
  CHECK(contains(score.err, "score.toml:1:1: error: unknown key 'points'"));
  folder.write("source.toml",
               "[[answer]]\nlesson = 100\nstep = \"challenge\"\nedits = '''\nsource.generate.rows = 0\n'''\n");
  const Outcome source = folder.twice("lesson grade mine --answers source.toml");
  CHECK(source.code == 1);
  CHECK(contains(source.out, "may not be changed here"));
  CHECK(Json::parse(source.out)["points"] == 0);
  folder.write("ada.toml", "learner = \"ada\"\n[[answer]]\nlesson = 100\nstep = \"transfer\"\nchoice = 1\n");
  const Outcome other = folder.twice("lesson grade mine --learner bob --answers ada.toml");
  CHECK(other.code == 64);
  CHECK(contains(other.err, "'ada', not of 'bob'"));
  CHECK(folder.twice("lesson grade mine --learner ada --answers ada.toml").code < 2);
}

TEST_CASE("edits may lie in a file of their own beside the answers") {
  const Folder folder;
  folder.twice("new lesson mine");
  folder.write("fix.toml", kRightEdits);
  folder.write("answers.toml", "[[answer]]\nlesson = 100\nstep = \"challenge\"\nedits-file = \"fix.toml\"\n");
  CHECK(Json::parse(folder.twice("lesson grade mine --answers answers.toml").out)["points"] == 2);
  folder.write("answers.toml", "[[answer]]\nlesson = 100\nstep = \"challenge\"\nedits-file = \"no.toml\"\n");
  CHECK(folder.twice("lesson grade mine --answers answers.toml").code == 3);
}

TEST_CASE("the result of a grade does not depend on the number of workers") {
  const Folder folder;
  folder.twice("new lesson mine");
  folder.write("answers.toml", "[[answer]]\nlesson = 100\nstep = \"challenge\"\nedits = '''\n" + kRightEdits + "'''\n");
  CHECK(folder.twice("lesson grade mine --answers answers.toml -j 1").out ==
        folder.twice("lesson grade mine --answers answers.toml -j 3").out);
}

TEST_CASE("no folder of lessons here, and one in which there is nothing, leave the shipped lessons in sight") {
  const Folder folder;
  for (const bool empty_folder : {false, true}) {
    if (empty_folder) std::filesystem::create_directory(folder.path() + "/lessons");
    INFO(empty_folder);
    const Outcome list = folder.twice("lesson list");
    CHECK(list.code == 0);
    CHECK(contains(list.out, "A retry starts over"));
    CHECK(contains(list.err, "note: "));
    const Outcome run = folder.twice("lesson run 2");
    CHECK(run.code == 1);  // open: nobody answers
    CHECK(contains(run.out, "Lesson 2: A retry starts over"));
  }
  CHECK(folder.names() == std::vector<std::string>{"lessons"});
}

TEST_CASE("a lesson that does not exist, or has errors, ends with its own code") {
  const Folder folder;
  CHECK(folder.twice("lesson list --lessons nowhere").code == 4);
  CHECK(folder.twice("lesson run 99").code == 4);
  std::filesystem::create_directory(folder.path() + "/lessons");
  CHECK(folder.twice("lesson list --lessons ./lessons").code == 4);
  folder.twice("new lesson lessons/mine");
  CHECK(folder.twice("lesson list").code == 0);
  CHECK(contains(folder.twice("lesson list").out, "Ten orders twice"));
  CHECK(Json::parse(folder.twice("lesson list --json").out)["number"] == 100);
  CHECK(folder.twice("lesson run 101").code == 4);
  folder.write("lessons/mine/lesson.md", "+++\ntitel = 1\n+++\n");
  const Outcome broken = folder.twice("lesson list");
  CHECK(broken.code == 3);
  CHECK(contains(broken.err, "did you mean 'title'?"));
  CHECK(folder.twice("lesson check").code == 3);
}

TEST_CASE("a page for each lesson is written, with the learner's numbers") {
  const Folder folder;
  folder.twice("new lesson mine");
  CHECK(folder.twice("lesson html mine -o pages --learner ada").code == 0);
  const std::string page = folder.read("pages/mine.html");
  CHECK(contains(page, "<h1>100. Ten orders twice</h1>"));
  CHECK(contains(folder.read("pages/index.html"), "<a href=\"mine.html\">"));
  // A picture where the program has the lab, and none that is not there.
  CHECK(contains(page, "src=\"mine-run.png\"") == folder.has("pages/mine-run.png"));
  CHECK(folder.twice("lesson html mine -o plain --no-pictures").code == 0);
  CHECK_FALSE(contains(folder.read("plain/mine.html"), "<img"));
}

TEST_CASE("one step of a lesson is run or graded for a program that listens") {
  const Folder folder;
  folder.twice("new lesson mine");
  const Json run = Json::parse(folder.twice("lesson step mine run").out);
  CHECK(run.at("step") == "run");
  CHECK_FALSE(run.at("rows").empty());
  CHECK(run.at("repro").get<std::string>().find("twice run ") == 0);
  folder.write("answers.toml", "[[answer]]\nlesson = 100\nstep = \"challenge\"\nedits = '''\n" + kRightEdits + "'''\n");
  const Outcome graded = folder.twice("lesson step mine challenge --answers answers.toml --seeds 40 --progress");
  INFO(graded.out << graded.err);
  CHECK(graded.code == 0);
  CHECK(Json::parse(graded.out).at("result") == "passed");
  CHECK(contains(graded.out, "40 seeds"));
  CHECK(contains(graded.err, "progress "));
  CHECK(folder.twice("lesson step mine predict").code == 64);  // it shows nothing by itself
  CHECK(contains(folder.twice("lesson step mine nothing").err, "no step 'nothing'"));
  CHECK(contains(folder.twice("lesson step mine challenge --answers answers.toml --learner ada").err, "--learner"));
}
