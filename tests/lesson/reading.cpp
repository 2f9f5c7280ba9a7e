// What a lesson file may say, and the words in which a bad one is refused. Re-record with TWICE_RECORD=1 and read each
// change.
#include "lesson/support.h"

namespace twice::lesson {
namespace {

std::vector<std::filesystem::path> bad_files() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(root() / "tests/lesson/bad"))
    if (entry.path().extension() == ".md") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

TEST_CASE("a bad lesson is refused with the position and the help recorded for it") {
  const auto files = bad_files();
  CHECK(files.size() >= 15);
  for (const auto& file : files) {
    CAPTURE(file.filename().string());
    const LoadedLesson loaded = parse_lesson(file.filename().string(), slurp(file), {});
    CHECK_FALSE(loaded.lesson);
    const std::string found = render(loaded.diagnostics);
    CHECK(found.find("error: ") != std::string::npos);
    auto expected = file;
    expected.replace_extension(".expected");
    if (recording()) std::ofstream(expected, std::ios::binary) << found;
    CHECK(found == slurp(expected));
  }
}

TEST_CASE("a lesson of many thousand cards is read as fast as it is long") {
  std::string text =
      "+++\ntitle = \"T\"\nnumber = 1\ngoals = [\"g\"]\nmisconception = \"m\"\nleaves-out = \"l\"\n+++\n\n";
  const std::string card = "```card\ntitle = \"c\"\ntext = \"t\"\ndated = \"2026-06\"\nsource = \"https://x\"\n```\n\n";
  std::size_t count = 0;
  for (text += "## Screen\n\n"; text.size() + card.size() < 1'000'000; ++count) text += card;
  const LoadedLesson loaded = parse_lesson("x.md", text, {});
  REQUIRE(loaded.lesson);
  CHECK(loaded.lesson->steps().size() == count);
  const Span last = loaded.lesson->steps().back()->span;
  CHECK(last.begin.line == 11 + 7 * (count - 1));
}

TEST_CASE("an error inside a step has the line of the file") {
  const std::string text = slurp(root() / "tests/lesson/small/lesson.md");
  const auto line_of = [&](const std::string& from, const std::string& to) {
    std::string changed = text;
    changed.replace(changed.find(from), from.size(), to);
    const LoadedLesson loaded = parse_lesson((root() / "tests/lesson/small/lesson.md").string(), changed, {});
    return loaded.diagnostics.shown.empty() ? 0 : loaded.diagnostics.shown.front().span.begin.line;
  };
  CHECK(line_of("lane     = \"mine\"\nset", "lane     = mine\nset") == 21);
  CHECK(line_of("hints    = [", "hinds    = [") == 51);
}

TEST_CASE("a heading begins a screen, and text and steps keep their order") {
  const Lesson lesson = small_lesson();
  REQUIRE(lesson.screens.size() == 3);
  CHECK(lesson.screens[0].title == "One");
  REQUIRE(lesson.screens[0].parts.size() == 3);
  CHECK(std::get<TextPart>(lesson.screens[0].parts[0]).markdown == "A crash after row 8.");
  CHECK(std::get<StepPart>(lesson.screens[0].parts[1]).name == "predict");
  CHECK(std::holds_alternative<Show>(std::get<StepPart>(lesson.screens[0].parts[2]).step));
}

TEST_CASE("a lesson that is not there is an error with its path") {
  const LoadedLesson loaded = load_lesson("no/such/lesson", {});
  CHECK_FALSE(loaded.lesson);
  CHECK(render(loaded.diagnostics).find("no/such/lesson") != std::string::npos);
}

TEST_CASE("a text that is no UTF-8 is refused, whatever it holds") {
  CHECK_FALSE(parse_lesson("x.md", "+++\n\xff\xfe\n+++\n", {}).lesson);
  CHECK_FALSE(parse_lesson("x.md", std::string("+++\n\0+++\n", 9), {}).lesson);
  CHECK_FALSE(parse_lesson("x.md", "", {}).lesson);
}

TEST_CASE("numbers of a learner stand in the text, computed and grouped, and other braces stay") {
  const Numbers numbers{{"crash", 800}};
  CHECK(with_numbers("{crash} {1000 + crash} {1000 + crash:,}", numbers) == "800 1800 1,800");
  CHECK(with_numbers("{crash / 100 * 2 - 1}", numbers) == "15");
  CHECK(with_numbers("{table} { after-row = {crash} } {}", numbers) == "{table} { after-row = 800 } {}");
  CHECK(with_numbers("{crash / 0} {crash +} {99999999999999 + crash} {12}", numbers) ==
        "{crash / 0} {crash +} {99999999999999 + crash} {12}");
  CHECK(with_numbers("{crash", numbers) == "{crash");
}

TEST_CASE("everything that differs between learners follows from the name") {
  const Learner ada{"ada"}, bob{"bob"};
  CHECK_FALSE(seed_for({}, 2));
  CHECK(seed_for(ada, 2) == seed_for(ada, 2));
  CHECK(seed_for(ada, 2) != seed_for(bob, 2));
  CHECK(seed_for(ada, 2) != seed_for(ada, 3));
  CHECK(order_for({}, 2, "predict", 4) == std::vector<std::size_t>{0, 1, 2, 3});
  FrontMatter front;
  front.draw["crash"] = {800, 600, 900, 100, {}};
  CHECK(numbers_for({}, front).at("crash") == 800);
  std::set<std::int64_t> drawn;
  std::set<std::vector<std::size_t>> orders;
  for (int i = 0; i < 100; ++i) {
    const Learner learner{"learner " + std::to_string(i)};
    drawn.insert(numbers_for(learner, front).at("crash"));
    auto order = order_for(learner, 2, "predict", 3);
    orders.insert(order);
    std::sort(order.begin(), order.end());
    CHECK(order == std::vector<std::size_t>{0, 1, 2});
  }
  CHECK(drawn == std::set<std::int64_t>{600, 700, 800, 900});
  CHECK(orders.size() == 6);
}

TEST_CASE("the numbers of known learners do not change between versions or machines") {
  CHECK(draw_for({"ada"}, "seed 2", 1'000'000) == 686'075);
  CHECK(draw_for({"bob"}, "order 3 predict 4", 4) == 1);
}

}  // namespace twice::lesson
