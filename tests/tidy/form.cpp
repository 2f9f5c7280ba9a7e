#include <algorithm>
#include <regex>

#include <fmt/format.h>

#include "tidy/rules.h"

namespace twice::tidy {
namespace {

constexpr std::size_t kLongestLine = 160;
constexpr std::size_t kLongestFile = 600;

struct LongFile {
  std::string_view path;
  std::size_t lines;  // may shrink, never grow
  std::string_view reason;
};
const std::vector<LongFile>& long_files() {
  static const std::vector<LongFile> kLongFiles{};
  return kLongFiles;
}

// UTF-8 continuation bytes take no place on the screen.
std::size_t width(std::string_view line) {
  return static_cast<std::size_t>(std::count_if(line.begin(), line.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

Findings search(const Source& source, const std::regex& pattern, std::string_view message) {
  Findings findings;
  std::smatch match;
  for (std::size_t i = 0; i < source.lines.size(); ++i)
    if (std::regex_search(source.lines[i], match, pattern))
      findings.push_back({source.path, i + 1, fmt::format("{}: '{}'", message, match.str())});
  return findings;
}

}  // namespace

Findings check_pragma_once(const Source& source) {
  if (!is_header(source)) return {};
  const auto directive = std::find_if(source.code.begin(), source.code.end(), [](const std::string& line) {
    return line.find_first_not_of(" \t") != std::string::npos;
  });
  if (directive != source.code.end() && *directive == "#pragma once") return {};
  return {{source.path, 1, "a header begins with #pragma once"}};
}

Findings check_line_length(const Source& source) {
  Findings findings;
  if (!is_cpp(source)) return findings;
  for (std::size_t i = 0; i < source.lines.size(); ++i)
    if (width(source.lines[i]) > kLongestLine)
      findings.push_back(
          {source.path, i + 1, fmt::format("{} characters, at most {}", width(source.lines[i]), kLongestLine)});
  return findings;
}

Findings check_file_length(const Source& source) {
  if (!is_cpp(source)) return {};
  std::size_t limit = kLongestFile;
  for (const LongFile& file : long_files())
    if (file.path == source.path) limit = file.lines;
  if (source.lines.size() <= limit) return {};
  return {{source.path, 0, fmt::format("{} lines, at most {}: split it by subject", source.lines.size(), limit)}};
}

Findings check_unfinished(const Source& source) {
  static const std::regex kWords(R"(\b(TODO|FIXME|XXX|HACK)\b)");
  return search(source, kWords, "unfinished");
}

Findings check_machine_paths(const Source& source) {
  static const std::regex kPaths(R"((^|[^\w.$}])(/home/|/root/|/work/|/Users/|/mnt/|[A-Za-z]:\\Users))");
  return search(source, kPaths, "a path of one machine");
}

Findings check_file_name(const Source& source) {
  static const std::regex kName(R"([a-z0-9_]+(\.\w+)*)");
  const std::string name = source.path.substr(source.path.rfind('/') + 1);
  if (!is_cpp(source) || std::regex_match(name, kName)) return {};
  return {{source.path, 0, "files are named in snake_case"}};
}

}  // namespace twice::tidy
