#include "ui/playback/lesson_map.h"

#include <algorithm>
#include <filesystem>

#include <nlohmann/json.hpp>

namespace twice::playback {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
using lesson::Status;

Status status_named(const std::string& word) {
  for (const Status status : {Status::kOpen, Status::kPassed, Status::kSkippedAhead, Status::kNotYet, Status::kUnknown})
    if (name_of(status) == word) return status;
  return Status::kNotBegun;
}

MapEntry entry_of(const lesson::ListedLesson& listed, const KeptScores& scores) {
  MapEntry entry;
  entry.path = listed.path;
  entry.key = lesson_key(listed.path);
  if (!listed.loaded.lesson) {
    entry.title = entry.key;
    entry.error =
        listed.loaded.diagnostics.shown.empty() ? "it has errors" : listed.loaded.diagnostics.shown.front().message;
    return entry;
  }
  const lesson::FrontMatter& front = listed.loaded.lesson->front;
  entry.title = front.title, entry.number = front.number, entry.minutes = front.minutes, entry.needs = front.needs;
  for (const lesson::StepPart* part : listed.loaded.lesson->steps()) entry.score.of += points_of(part->step);
  if (const auto score = scores.find(entry.key); score != scores.end()) entry.score = score->second;
  return entry;
}

}  // namespace

std::string lesson_key(const std::string& path) {
  fs::path at = fs::path(path).lexically_normal();
  if (at.extension() == ".md" || !at.has_filename()) at = at.parent_path();
  return at.filename().string();
}

KeptScores read_scores(const std::string& json) {
  KeptScores scores;
  try {
    const Json all = Json::parse(json);
    for (const auto& [key, score] : all.items())
      scores[key] = {status_named(score.at("status")), score.at("points"), score.at("of")};
  } catch (const Json::exception&) {
    return {};
  }
  return scores;
}

std::string to_json(const KeptScores& scores) {
  Json json = Json::object();
  for (const auto& [key, score] : scores)
    json[key] = {{"status", name_of(score.status)}, {"points", score.points}, {"of", score.of}};
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

LessonMap::LessonMap(const std::vector<lesson::ListedLesson>& listed, const KeptScores& scores) {
  for (const lesson::ListedLesson& one : listed) entries_.push_back(entry_of(one, scores));
  for (MapEntry& entry : entries_)
    for (const std::uint32_t number : entry.needs) {
      const bool passed = std::any_of(entries_.begin(), entries_.end(), [&](const MapEntry& e) {
        return e.error.empty() && e.number == number && e.passed();
      });
      if (!passed) entry.missing.push_back(number);
    }
  const auto next = std::find_if(entries_.begin(), entries_.end(),
                                 [](const MapEntry& e) { return e.error.empty() && !e.passed() && e.missing.empty(); });
  if (next != entries_.end()) next_ = chosen_ = static_cast<std::size_t>(next - entries_.begin());
}

void LessonMap::move(int by) {
  if (entries_.empty()) return;
  const auto last = static_cast<long>(entries_.size()) - 1;
  chosen_ = static_cast<std::size_t>(std::clamp(static_cast<long>(chosen_) + by, 0L, last));
}

std::uint32_t LessonMap::passed() const {
  return static_cast<std::uint32_t>(
      std::count_if(entries_.begin(), entries_.end(), [](const MapEntry& e) { return e.passed(); }));
}

}  // namespace twice::playback
