// Each rule is shown what it must catch, and what it must let pass.
#include "support/catch.h"
#include "tidy/rules.h"

using namespace twice::tidy;

namespace {

std::size_t found(Rule rule, std::string path, std::string_view text) {
  return rule(make_source(std::move(path), text)).size();
}

}  // namespace

TEST_CASE("an include of a higher or a sister layer is caught") {
  CHECK(found(check_layering, "sim/core/a.h", "#include \"world/world.h\"\n") == 1);
  CHECK(found(check_layering, "sim/protocols/raft/a.h", "#include \"pipeline/sql_value.h\"\n") == 1);
  CHECK(found(check_layering, "sim/pipeline/a.h", "#include \"protocols/raft/state.h\"\n") == 1);
  CHECK(found(check_layering, "sim/check/a.h", "#include \"scenario/spec.h\"\n") == 1);
  CHECK(found(check_layering, "sim/lab/a.h", "#include \"cli/main.h\"\n") == 1);
  CHECK(found(check_layering, "sim/world/a.cpp", "#include \"world.h\"\n") == 1);
  CHECK(found(check_layering, "sim/new_folder/a.cpp", "") == 1);
}

TEST_CASE("in ui/ a panel knows no app, and playback knows no picture") {
  CHECK(found(check_layering, "ui/panels/a.cpp", "#include \"ui/app/lab.h\"\n") == 1);
  CHECK(found(check_layering, "ui/playback/a.cpp", "#include \"ui/draw/theme.h\"\n") == 1);
  CHECK(found(check_layering, "ui/app/a.cpp", "#include \"ui/panels/scene.h\"\n#include \"lab/run.h\"\n") == 0);
  CHECK(found(check_layering, "ui/elsewhere/a.cpp", "") == 1);
}

TEST_CASE("an include of the own or a lower layer passes") {
  CHECK(found(check_layering, "sim/lab/a.h", "#include \"scenario/spec.h\"\n#include \"core/time.h\"\n") == 0);
  CHECK(found(check_layering, "sim/core/a.h", "#include <vector>\n// #include \"lab/run.h\"\n") == 0);
  CHECK(found(check_layering, "cli/main.cpp", "#include \"lab/run.h\"\n") == 0);
}

TEST_CASE("a third-party header outside its folder is caught") {
  CHECK(found(check_third_party, "sim/lab/a.cpp", "#include <imgui.h>\n") == 1);
  CHECK(found(check_third_party, "cli/a.cpp", "#include \"imgui_internal.h\"\n") == 1);
  CHECK(found(check_third_party, "sim/check/a.cpp", "#include <sqlite3.h>\n") == 1);
  CHECK(found(check_third_party, "ui/panels/a.cpp", "#include <imgui.h>\n") == 0);
  CHECK(found(check_third_party, "ui/playback/a.cpp", "#include <imgui.h>\n") == 1);
  CHECK(found(check_third_party, "ui/panels/a.cpp", "#include <GLFW/glfw3.h>\n") == 1);
  CHECK(found(check_third_party, "sim/pipeline/warehouse/a.cpp", "#include <sqlite3.h>\n") == 0);
}

TEST_CASE("each hazard of determinism is caught in sim/") {
  const auto* snippet = GENERATE(
      "#include <unordered_map>", "std::unordered_set<int> seen;", "#include <random>", "std::mt19937 engine;",
      "std::uniform_int_distribution<int> d(0, 1);", "int x = rand() % 6;", "std::srand(1);", "std::shuffle(a, b, g);",
      "auto t = std::chrono::steady_clock::now();", "auto t = time(nullptr);", "auto t = std::time(NULL);",
      "clock_gettime(0, &t);", "auto t = std::clock();", "#include <cmath>", "double y = std::log(x);",
      "double y = pow(x, 2);", "y = -sqrtf(x);", "std::thread t;", "#include <mutex>", "std::atomic<int> n;",
      "const char* home = std::getenv(\"HOME\");", "std::setlocale(LC_ALL, \"\");",
      "auto key = reinterpret_cast<std::uintptr_t>(p);", "std::hash<Node*> h;");
  INFO(snippet);
  CHECK(found(check_determinism, "sim/world/a.cpp", snippet) >= 1);
  CHECK(found(check_determinism, "tests/world/a.cpp", snippet) == 0);
}

TEST_CASE("words that only look like a hazard pass") {
  const auto* snippet = GENERATE(
      "// std::unordered_map would differ", "say(\"rand() and time(0)\");",
      "virtual void time(std::string_view name, Time value) = 0;", "sink.time(name, value);", "const Log& log() const;",
      "log(Opened{session});", "advisor.clock();", "std::optional<Advice> clock() const {", "minus_log2_q32(bits)",
      "exponential(mean, draw)", "log.append(x);", "thread_local RunContext context;",
      "/* std::log(x)\n std::rand() */", "const char* s = R\"(std::log(x))\";", "int n = 1'000 + f('\"');",
      "Purpose::kSqlRandom", "bool used_clock_or_random() const;");
  INFO(snippet);
  CHECK(found(check_determinism, "sim/world/a.cpp", snippet) == 0);
}

TEST_CASE("threads are allowed in the lab only") {
  CHECK(found(check_determinism, "sim/lab/sweep.cpp", "#include <thread>\nstd::thread t;\n") == 0);
  CHECK(found(check_determinism, "sim/scenario/parse.cpp", "#include <thread>\nstd::thread t;\n") == 2);
}

TEST_CASE("a header without #pragma once is caught") {
  CHECK(found(check_pragma_once, "sim/core/a.h", "#ifndef A\n#define A\n#endif\n") == 1);
  CHECK(found(check_pragma_once, "sim/core/a.h", "// Words first.\n#pragma once\nint f();\n") == 0);
  CHECK(found(check_pragma_once, "sim/core/a.cpp", "int f();\n") == 0);
}

TEST_CASE("a line of 161 characters is caught, whatever its bytes") {
  CHECK(found(check_line_length, "sim/core/a.cpp", std::string(161, 'x')) == 1);
  CHECK(found(check_line_length, "sim/core/a.cpp", std::string(160, 'x')) == 0);
  CHECK(found(check_line_length, "sim/core/a.cpp", std::string(159, 'x') + "→") == 0);
  CHECK(found(check_line_length, "docs/a.md", std::string(500, 'x')) == 0);
}

TEST_CASE("a file of 601 lines is caught") {
  CHECK(found(check_file_length, "sim/core/a.cpp", std::string(601, '\n')) == 1);
  CHECK(found(check_file_length, "sim/core/a.cpp", std::string(600, '\n')) == 0);
}

TEST_CASE("a note to do something later is caught") {
  CHECK(found(check_unfinished, "sim/core/a.cpp", "// TODO: later\n") == 1);
  CHECK(found(check_unfinished, "docs/a.md", "FIXME\n") == 1);
  CHECK(found(check_unfinished, "sim/core/a.cpp", "int todo_list = 0;\n") == 0);
}

TEST_CASE("a path of one machine is caught") {
  CHECK(found(check_machine_paths, "docs/a.md", "see /home/ada/twice\n") == 1);
  CHECK(found(check_machine_paths, "CMakeLists.txt", "set(X \"/root/x\")\n") == 1);
  CHECK(found(check_machine_paths, "dev", "cd \"${HOME}/work/x\"\n") == 0);
  CHECK(found(check_machine_paths, "docs/a.md", "sim/world/home/x\n") == 0);
}

TEST_CASE("a file name in another case is caught") {
  CHECK(found(check_file_name, "sim/core/EventQueue.h", "") == 1);
  CHECK(found(check_file_name, "sim/core/event_queue.h", "") == 0);
}

TEST_CASE("a call of libm is seen in what nm prints") {
  CHECK(libm_symbols("                 U pow\n                 U malloc\n") == std::vector<std::string>{"pow"});
  CHECK(libm_symbols("\nworld.o:\n  U log2f@GLIBC_2.27\n  U __exp_finite\n").size() == 2);
  CHECK(libm_symbols("                 U _ZN5twice3logEi\n                 U memcpy\n").empty());
}
