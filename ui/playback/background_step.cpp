#include "ui/playback/background_step.h"

#include <utility>

#include <nlohmann/json.hpp>

namespace twice::playback {
namespace {

using Json = nlohmann::json;

lesson::Mark mark_of(const std::string& word) {
  for (const lesson::Mark mark : {lesson::Mark::kPassed, lesson::Mark::kFailed})
    if (name_of(mark) == word) return mark;
  return lesson::Mark::kUnknown;
}

lesson::Graded graded_of(const Json& json) {
  lesson::Graded graded;
  graded.mark = mark_of(json.at("result"));
  graded.points = json.at("points"), graded.of = json.at("of");
  graded.said = json.at("answer");
  graded.right = json.value("right", "");
  graded.why = json.value("why", "");
  graded.because = json.value("because", "");
  graded.details = json.value("runs", std::vector<std::string>{});
  return graded;
}

lesson::ShownRun shown_of(const Json& json) {
  lesson::ShownRun run;
  for (const Json& row : json.at("rows")) run.rows.push_back({row.at("lane"), row.at("cells")});
  run.strips = json.at("strips"), run.repro = json.at("repro");
  return run;
}

}  // namespace

std::optional<StepResult> parse_step_result(const std::string& text) {
  try {
    const Json json = Json::parse(text);
    if (json.contains("trouble")) return lesson::Trouble{json.at("trouble")};
    if (json.contains("result")) return graded_of(json);
    if (json.contains("rows")) return shown_of(json);
    return lesson::WentWrong{json.at("seed"), json.at("seen")};
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

std::string BackgroundStep::start(const std::string& program, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"lesson", "step"});
  arguments.push_back("--progress");
  return process_.start(program, std::move(arguments));
}

std::optional<StepResult> BackgroundStep::poll() {
  if (!process_.poll()) return std::nullopt;
  if (auto result = parse_step_result(process_.out())) return result;
  return lesson::Trouble{process_.said()};
}

}  // namespace twice::playback
