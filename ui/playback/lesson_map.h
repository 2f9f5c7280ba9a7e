#pragma once
// All lessons of a folder at a glance: which come first, which are done. Knows no ImGui.
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lesson/gradebook.h"
#include "lesson/load.h"

namespace twice::playback {

/// What is remembered of a lesson between two starts: what its answers were worth when they were graded last.
struct KeptScore {
  lesson::Status status = lesson::Status::kNotBegun;
  std::uint32_t points = 0, of = 0;
  bool operator==(const KeptScore&) const = default;
};
/// By the name of the lesson's folder.
using KeptScores = std::map<std::string, KeptScore>;

KeptScores read_scores(const std::string& json);
std::string to_json(const KeptScores& scores);

/// "lessons/03-two-ideas" and "lessons/03-two-ideas/lesson.md" -> "03-two-ideas".
std::string lesson_key(const std::string& path);

struct MapEntry {
  std::string path, key, title;
  std::uint32_t number = 0, minutes = 0;
  std::vector<std::uint32_t> needs, missing;  // `missing`: those of them that are not passed
  KeptScore score;
  std::string error;  // it cannot be opened
  bool passed() const {
    return score.status == lesson::Status::kPassed || score.status == lesson::Status::kSkippedAhead;
  }
};

class LessonMap {
 public:
  LessonMap() = default;
  LessonMap(const std::vector<lesson::ListedLesson>& listed, const KeptScores& scores);

  const std::vector<MapEntry>& entries() const { return entries_; }
  /// The first that is not passed and misses nothing; the keys begin there.
  std::optional<std::size_t> next() const { return next_; }
  std::size_t chosen() const { return chosen_; }
  void move(int by);
  void choose(std::size_t entry) { chosen_ = entry; }
  std::uint32_t passed() const;

 private:
  std::vector<MapEntry> entries_;
  std::optional<std::size_t> next_;
  std::size_t chosen_ = 0;
};

}  // namespace twice::playback
