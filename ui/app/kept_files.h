#pragma once
// What the lab writes for itself: whole files or none, and a learner's answers to each lesson.
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "lesson/answers.h"
#include "ui/playback/lesson_map.h"

namespace twice::ui {

/// Writes beside the file first and then takes its place; makes the folder. The error says why not.
std::optional<std::string> write_whole(const std::string& path, std::string_view text);

/// One file for each learner and lesson, as `twice lesson run -o` writes it, and what they were worth when graded last.
class KeptAnswers {
 public:
  /// Empty: nothing is kept, and nothing was.
  explicit KeptAnswers(std::string folder) : folder_(std::move(folder)) {}

  /// "03-two-ideas" -> FOLDER/ada/03-two-ideas.toml; empty when nothing is kept.
  std::string path(const std::string& learner, const std::string& lesson) const;
  /// None is no error; a damaged file is one, and is left alone.
  std::variant<lesson::Answers, std::string> read(const std::string& learner, const std::string& lesson) const;
  playback::KeptScores scores(const std::string& learner) const;
  /// `score`: once everything is graded.
  std::optional<std::string> keep(const lesson::Answers& answers, const std::string& lesson,
                                  const std::optional<playback::KeptScore>& score) const;

 private:
  std::string folder_;
};

}  // namespace twice::ui
