// Every file in bad/ is refused, in the words of its .expected file. Re-record with TWICE_RECORD=1 and read each
// change.
#include <map>

#include "scenario/support.h"
#include "support/catch.h"

namespace twice::scenario {
namespace {

std::string diagnose(const std::filesystem::path& file) {
  LoadOptions options;
  // Files are named as a person standing in their folder names them, so that recordings do not depend on the machine.
  options.read_file = [&](const std::string& name, std::size_t limit) {
    FileText text = read_text_file((file.parent_path() / name).string(), limit);
    if (auto* problem = std::get_if<FileProblem>(&text))
      for (std::size_t at; (at = problem->message.find(file.parent_path().string() + "/")) != std::string::npos;)
        problem->message.erase(at, file.parent_path().string().size() + 1);
    return text;
  };
  return render(load_scenario(file.filename().string(), options).diagnostics);
}

}  // namespace

TEST_CASE("a bad file is refused with the position and the help recorded for it") {
  const auto files = toml_files(root() / "tests/scenario/bad");
  CHECK(files.size() >= 40);
  for (const auto& file : files) {
    CAPTURE(file.filename().string());
    const std::string found = diagnose(file);
    CHECK(found.find("error: ") != std::string::npos);
    auto expected = file;
    expected.replace_extension(".expected");
    if (recording()) std::ofstream(expected, std::ios::binary) << found;
    CHECK(found == slurp(expected));
  }
}

TEST_CASE("a bad file yields no scenario, so that it can start no run") {
  for (const auto& file : toml_files(root() / "tests/scenario/bad")) CHECK_FALSE(load_scenario(file.string()).scenario);
}

TEST_CASE("a good file yields a scenario and no errors") {
  for (const auto* folder : {"tests/scenario/good", "scenarios"})
    for (const auto& file : toml_files(root() / folder)) {
      CAPTURE(file.string());
      const Loaded loaded = load_scenario(file.string());
      CHECK(render(loaded.diagnostics) == "");
      CHECK(loaded.scenario);
    }
}

TEST_CASE("at most fifty diagnostics are shown and the rest is counted") {
  std::string text = small();
  for (int i = 0; i < 200; ++i) text += "key-" + std::to_string(i) + " = 1\n";
  const Loaded loaded = parse(text);
  CHECK(loaded.diagnostics.shown.size() == kMaxShown);
  CHECK(loaded.diagnostics.more == 150);
  CHECK(render(loaded.diagnostics).find("… and 150 more") != std::string::npos);
}

TEST_CASE("diagnostics come in the order of the file and say the same thing once for all lanes") {
  const Loaded loaded =
      parse(small("[[lane]]\nname = \"b\"\ntable = \"t\"\nrow = \"INSERT INTO t VALUES (1, 2)\"\n[network]\nloss = "
                  "2.0\n[dashboard]\nsql = 1\n"));
  CHECK(messages(loaded) == "'loss' is a probability: from 0 to 1\n'sql' must be SQL in quotes, not an integer\n");
}

TEST_CASE("diagnostics as JSON carry file, position, severity, message and help") {
  const std::string json =
      to_json(parse("scenario = 1\ntitel = \"x\"\n[cluster]\nnodes = 2\nprotocol = \"heartbeat\"\n").diagnostics);
  for (const char* part : {"\"file\": \"small.toml\"", "\"line\": 2", "\"column\": 1", "\"end_column\": 6",
                           "\"severity\": \"error\"", "\"help\": \"did you mean 'title'?\""})
    CHECK(json.find(part) != std::string::npos);
}

TEST_CASE("colour is off unless asked for, and changes nothing but escapes") {
  const Loaded loaded = parse("scenario = 1\n");
  const std::string plain = render(loaded.diagnostics), colourful = render(loaded.diagnostics, true);
  CHECK(plain.find('\x1b') == std::string::npos);
  std::string stripped;
  for (std::size_t i = 0; i < colourful.size(); ++i) {
    if (colourful[i] == '\x1b')
      i = colourful.find('m', i);
    else
      stripped += colourful[i];
  }
  CHECK(stripped == plain);
}

}  // namespace twice::scenario
