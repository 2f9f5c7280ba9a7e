// What teachers and editors get: the guide, the ways through the course, the reference of fields, the snippets.
#include "lesson/guide.h"

#include <algorithm>
#include <fstream>
#include <string_view>

#include <nlohmann/json.hpp>

#include "lesson/catalogue.h"
#include "lesson/support.h"

namespace twice::lesson {
namespace {

std::vector<Lesson> shipped(const Learner& learner) {
  std::vector<Lesson> lessons;
  for (ListedLesson& listed : list_lessons((root() / "lessons").string(), learner))
    lessons.push_back(std::move(listed.loaded.lesson).value());
  return lessons;
}

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

// The body of a snippet as an editor leaves it when nothing is typed: ${1:this}, the first of ${2|these,words|}.
std::string filled_in(const nlohmann::json& snippet) {
  std::string text;
  for (const auto& line : snippet["body"]) text += line.get<std::string>() + "\n";
  for (std::size_t at = 0; (at = text.find("${", at)) != std::string::npos;) {
    std::size_t end = text.find(text[text.find_first_of(":|", at)] == '|' ? "|}" : "}", at);
    std::string inside = text.substr(text.find_first_of(":|", at) + 1, end - text.find_first_of(":|", at) - 1);
    if (text[end] == '|') inside = inside.substr(0, inside.find(',')), ++end;
    text.replace(at, end + 1 - at, inside);
    at += inside.size();
  }
  return text;
}

}  // namespace

TEST_CASE("a way through the course has each lesson that another one needs before that one, or leaves it to be read") {
  const std::vector<Lesson> lessons = shipped({});
  for (const Course& course : courses()) {
    CAPTURE(course.name);
    CHECK(std::is_sorted(course.lessons.begin(), course.lessons.end()));
    for (const std::uint32_t number : course.lessons) {
      const auto there = std::find_if(lessons.begin(), lessons.end(),
                                      [&](const Lesson& lesson) { return lesson.front.number == number; });
      CAPTURE(number);
      REQUIRE(there != lessons.end());
      for (const std::uint32_t before : there->front.needs)
        CHECK(std::count(course.lessons.begin(), course.lessons.end(), before) == 1);
    }
  }
}

TEST_CASE("a lesson comes after those it needs, and every one has something to discuss") {
  for (const Lesson& lesson : shipped({})) {
    CAPTURE(lesson.path);
    for (const std::uint32_t before : lesson.front.needs) CHECK(before < lesson.front.number);
    CHECK(lesson.front.discuss.size() >= 2);
  }
}

TEST_CASE("the key of the guide is computed, with the numbers of a learner") {
  const auto key_for = [](const Learner& learner) {
    const LoadedLesson loaded = load_lesson((root() / "lessons/02-a-retry-starts-over").string(), learner);
    return guide({loaded.lesson.value()}, learner, {});
  };
  CHECK(contains(key_for({}), "- *predict*: 1,800\n"));
  CHECK_FALSE(contains(key_for({"ada"}), "- *predict*: 1,800\n"));
  CHECK(contains(key_for({"ada"}), "- *predict*: 1,"));
  CHECK(contains(key_for({}), "the crash after row 800"));
  CHECK_FALSE(contains(key_for({}), "With less time\n\n-"));
}

#ifndef TWICE_SANITIZED  // runs all that lessons ask
TEST_CASE("the instructor's guide in the docs is the one that the program writes") {
  const auto page = root() / "docs/instructors.md";
  const std::string text = guide(shipped({}), {}, {});
  if (recording()) std::ofstream(page, std::ios::binary) << text;
  CHECK(slurp(page) == text);
}
#endif

TEST_CASE("the reference of lessons in the docs names every field that is read") {
  const auto page = root() / "docs/lesson-reference.md";
  if (recording()) std::ofstream(page, std::ios::binary) << reference_page();
  CHECK(slurp(page) == reference_page());
  for (const scenario::FieldInfo& block : catalogue().children)
    for (const scenario::FieldInfo& field : block.children)
      CHECK(contains(reference_page(), "`" + std::string(field.field.name) + "`"));
}

TEST_CASE("the schema of lessons defines every block, and a wrong path is answered with the nearest") {
  const auto schema = nlohmann::json::parse(json_schema());
  for (const char* block : {"front-matter", "predict", "run", "explain", "challenge", "transfer", "card"})
    CHECK(schema["definitions"].contains(block));
  CHECK(schema["definitions"]["predict"]["required"] == nlohmann::json{"question", "scenario", "of", "choices"});
  CHECK(schema["definitions"]["challenge"]["properties"]["hidden"]["items"]["type"] == "object");
  CHECK(explain("challenge.hidden").found);
  CHECK(contains(explain("challange").text, "did you mean 'challenge'"));
}

TEST_CASE("what an editor's snippets fill in is a lesson and two scenarios without errors") {
  const auto snippets = nlohmann::json::parse(slurp(root() / "docs/editors/twice.code-snippets"));
  std::string text = filled_in(snippets["Twice lesson"]);
  for (const auto& [name, snippet] : snippets.items()) {
    if (snippet["scope"] == "markdown" && name != "Twice lesson") text += filled_in(snippet);
    if (snippet["scope"] != "toml") continue;
    CAPTURE(name);
    const scenario::Loaded loaded = scenario::parse_scenario("snippet.toml", filled_in(snippet));
    CHECK(render(loaded.diagnostics) == "");
  }
  const LoadedLesson lesson = parse_lesson("snippet.md", text, {});
  CHECK(render(lesson.diagnostics) == "");
  REQUIRE(lesson.lesson);
  CHECK(lesson.lesson->steps().size() == 6);
}

}  // namespace twice::lesson
