#include "lesson/answers.h"

#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "core/limits.h"
#include "scenario/load.h"
#include "scenario/named_file.h"
#include "scenario/read.h"
#include "scenario/toml_text.h"

namespace twice::lesson {
namespace {

namespace fs = std::filesystem;

// Edits are TOML themselves: their lines stay lines, and both kinds of quotes may be in them.
std::string block(const std::string& text) {
  std::string out = "\"\"\"\n";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"\"\"";
}

// A lesson keeps its solutions beside its text: what lies there, or below, is nobody's own answer.
bool lies_in_lesson(const std::string& file, const std::string& top) {
  std::error_code error;
  const fs::path last = fs::weakly_canonical(top.empty() ? "." : top, error);
  for (fs::path at = fs::weakly_canonical(file, error).parent_path(); !error; at = at.parent_path()) {
    if (fs::exists(at / "lesson.md", error)) return true;
    if (at == last || at == at.parent_path()) return false;
  }
  return false;
}

// Edits in a file of their own, beside the answers or below.
void read_edits_file(Answer& answer, const std::string& path, scenario::Diagnostics& out) {
  const std::string folder = scenario::folder_of(path);
  const auto named = scenario::named_file(folder, answer.edits_file->value);
  if (const auto* outside = std::get_if<scenario::FileProblem>(&named))
    return out.error(answer.edits_file->span, outside->message, outside->help);
  const std::string& file = std::get<std::string>(named);
  if (lies_in_lesson(file, folder))
    return out.error(answer.edits_file->span, fmt::format("'{}' belongs to a lesson", answer.edits_file->value),
                     "edits are the learner's own: keep them in a folder without a lesson.md");
  scenario::FileText read = scenario::read_text_file(file, limits::kAnswersFile);
  if (auto* text = std::get_if<std::string>(&read))
    answer.edits = std::move(*text);
  else
    out.error(answer.edits_file->span, std::get<scenario::FileProblem>(read).message,
              "paths start from the folder of the answers");
}

}  // namespace

const Answer* Answers::find(std::uint32_t lesson, std::string_view step) const {
  for (const Answer& answer : answers)
    if (answer.lesson == lesson && answer.step == step) return &answer;
  return nullptr;
}

void Answers::put(Answer answer) {
  for (Answer& known : answers)
    if (known.lesson == answer.lesson && known.step == answer.step) {
      known = std::move(answer);
      return;
    }
  answers.push_back(std::move(answer));
}

std::variant<Answers, scenario::DiagnosticList> read_answers(const std::string& path, const std::string& text) {
  scenario::Diagnostics out;
  Answers answers;
  if (const auto table = scenario::read_toml(text, 0, out)) {
    scenario::TableReader reader(out, *table, {0, {1, 1}, {1, 1}}, "the answers");
    scenario::read_struct(reader, answers);
  }
  for (Answer& answer : answers.answers)
    if (answer.edits_file) read_edits_file(answer, path, out);
  for (std::size_t i = 0; i < answers.answers.size(); ++i) {
    const Answer& answer = answers.answers[i];
    if (answers.find(answer.lesson, answer.step) != &answer)
      out.error(answer.span, fmt::format("step '{}' of lesson {} is answered twice", answer.step, answer.lesson),
                "keep one of the two");
  }
  if (out.errors() > 0) return out.finish({{path, text}});
  return answers;
}

std::string to_text(const Answers& answers) {
  std::string text;
  if (!answers.learner.empty()) text += fmt::format("learner = {}\n", scenario::toml_string(answers.learner));
  for (const Answer& answer : answers.answers) {
    text += fmt::format("\n[[answer]]\nlesson = {}\nstep = {}\n", answer.lesson, scenario::toml_string(answer.step));
    if (answer.choice) text += fmt::format("choice = {}\n", *answer.choice);
    if (answer.confidence) text += fmt::format("confidence = {}\n", *answer.confidence);
    if (answer.point) text += fmt::format("point = {}\n", scenario::toml_string(*answer.point));
    if (answer.edits) text += fmt::format("edits = {}\n", block(*answer.edits));
  }
  return text;
}

}  // namespace twice::lesson
