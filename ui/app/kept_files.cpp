#include "ui/app/kept_files.h"

#include <filesystem>
#include <fstream>

#include <fmt/format.h>

#include "core/limits.h"
#include "scenario/load.h"

namespace twice::ui {
namespace {

namespace fs = std::filesystem;
constexpr const limits::FileLimit& kLargest = limits::kAnswersFile;

// A name that every file system takes, another one for each learner; nobody has "_", which no name becomes.
std::string file_name(const std::string& learner) {
  std::string name;
  for (const char c : learner) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    name += plain ? std::string(1, c) : fmt::format("={:02x}", static_cast<unsigned char>(c));
  }
  return name.empty() ? "_" : name;
}

}  // namespace

std::optional<std::string> write_whole(const std::string& path, std::string_view text) {
  std::error_code error;
  fs::create_directories(fs::path(path).parent_path(), error);
  const std::string beside = path + ".new";
  {
    std::ofstream file(beside, std::ios::binary | std::ios::trunc);
    file << text;
    file.flush();
    if (!file) return fmt::format("{} cannot be written", path);
  }
  fs::rename(beside, path, error);
  if (!error) return std::nullopt;
  fs::remove(beside, error);
  return fmt::format("{} cannot be written", path);
}

std::string KeptAnswers::path(const std::string& learner, const std::string& lesson) const {
  return folder_.empty() ? std::string() : (fs::path(folder_) / file_name(learner) / (lesson + ".toml")).string();
}

std::variant<lesson::Answers, std::string> KeptAnswers::read(const std::string& learner,
                                                             const std::string& lesson) const {
  const std::string from = path(learner, lesson);
  std::error_code error;
  if (from.empty() || !fs::exists(from, error)) return lesson::Answers{learner, {}};
  const scenario::FileText text = scenario::read_text_file(from, kLargest);
  if (const auto* problem = std::get_if<scenario::FileProblem>(&text)) return problem->message;
  auto answers = lesson::read_answers(from, std::get<std::string>(text));
  if (const auto* wrong = std::get_if<scenario::DiagnosticList>(&answers)) return render(*wrong);
  return std::get<lesson::Answers>(std::move(answers));
}

playback::KeptScores KeptAnswers::scores(const std::string& learner) const {
  if (folder_.empty()) return {};
  const scenario::FileText text =
      scenario::read_text_file((fs::path(folder_) / file_name(learner) / "scores.json").string(), kLargest);
  const auto* json = std::get_if<std::string>(&text);
  return json ? playback::read_scores(*json) : playback::KeptScores{};
}

std::optional<std::string> KeptAnswers::keep(const lesson::Answers& answers, const std::string& lesson,
                                             const std::optional<playback::KeptScore>& score) const {
  const std::string to = path(answers.learner, lesson);
  if (to.empty()) return std::nullopt;
  if (auto error = write_whole(to, to_text(answers))) return error;
  if (!score) return std::nullopt;
  playback::KeptScores all = scores(answers.learner);
  all[lesson] = *score;
  return write_whole((fs::path(to).parent_path() / "scores.json").string(), playback::to_json(all));
}

}  // namespace twice::ui
