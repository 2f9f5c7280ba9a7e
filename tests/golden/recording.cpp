#include <algorithm>
#include <charconv>
#include <sstream>

#include <fmt/format.h>

#include "suite.h"

namespace twice::golden {
namespace {

constexpr std::string_view kKey = "# key: ";

const Line* find(const Recording& recording, std::string_view name) {
  const auto at =
      std::find_if(recording.lines.begin(), recording.lines.end(), [&](const Line& line) { return line.name == name; });
  return at == recording.lines.end() ? nullptr : &*at;
}

}  // namespace

std::string to_text(const Recording& recording) {
  std::string text = "# Trace hashes and outcomes; `./dev golden --record` rewrites this file.\n";
  if (!recording.key.empty()) text += fmt::format("{}{}\n", kKey, recording.key);
  for (const Line& line : recording.lines)
    text += fmt::format("{} {:016x} {}\n", line.name, line.result.hash, line.result.outcome);
  return text;
}

Recording parse_recording(std::string_view text) {
  Recording recording;
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(kKey)) recording.key = line.substr(kKey.size());
    if (line.empty() || line.front() == '#') continue;
    std::istringstream words{line};
    Line read;
    std::string hash;
    words >> read.name >> hash >> std::ws;
    std::getline(words, read.result.outcome);
    const auto end = std::from_chars(hash.data(), hash.data() + hash.size(), read.result.hash, 16);
    if (hash.size() == 16 && end.ptr == hash.data() + hash.size()) recording.lines.push_back(std::move(read));
  }
  return recording;
}

std::vector<std::string> differences(const Recording& recorded, const Recording& fresh) {
  const bool same_key = recorded.key == fresh.key;
  std::vector<std::string> found;
  for (const Line& line : fresh.lines) {
    const Line* old = find(recorded, line.name);
    if (!old)
      found.push_back(fmt::format("{} is not recorded", line.name));
    else if (old->result.outcome != line.result.outcome)
      found.push_back(fmt::format("{}: recorded '{}', now '{}'", line.name, old->result.outcome, line.result.outcome));
    else if (same_key && old->result.hash != line.result.hash)
      found.push_back(
          fmt::format("{}: recorded hash {:016x}, now {:016x}", line.name, old->result.hash, line.result.hash));
  }
  for (const Line& line : recorded.lines)
    if (!find(fresh, line.name)) found.push_back(fmt::format("{} is recorded but no longer run", line.name));
  return found;
}

}  // namespace twice::golden
