#include "tidy/source.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <regex>

namespace twice::tidy {
namespace {

namespace fs = std::filesystem;

// Walks C++ text once and blanks comments, string contents and character literals.
class Blanker {
 public:
  explicit Blanker(std::string_view text) : text_(text), out_(text) {}

  std::string run() {
    while (at_ < text_.size()) {
      if (ahead("//"))
        blank_until("\n", 0);
      else if (ahead("/*"))
        blank_until("*/", 2);
      else if (ahead("R\"") && !in_word())
        blank_raw_string();
      else if (text_[at_] == '"' || (text_[at_] == '\'' && !in_word()))
        blank_literal(text_[at_]);
      else
        ++at_;
    }
    return out_;
  }

 private:
  bool ahead(std::string_view what) const { return text_.substr(at_, what.size()) == what; }
  // A quote inside a number (1'000) opens nothing.
  bool in_word() const {
    return at_ > 0 && (std::isalnum(static_cast<unsigned char>(text_[at_ - 1])) || text_[at_ - 1] == '_');
  }

  void blank_to(std::size_t end) {
    for (; at_ < std::min(end, text_.size()); ++at_)
      if (text_[at_] != '\n') out_[at_] = ' ';
  }
  void blank_until(std::string_view terminator, std::size_t also) {
    const std::size_t end = text_.find(terminator, at_ + 2);
    blank_to(end == std::string_view::npos ? text_.size() : end + also);
  }
  void blank_raw_string() {
    const std::size_t open = text_.find('(', at_);
    if (open == std::string_view::npos) return blank_to(text_.size());
    const std::string close = ")" + std::string(text_.substr(at_ + 2, open - at_ - 2)) + "\"";
    const std::size_t end = text_.find(close, open);
    blank_to(end == std::string_view::npos ? text_.size() : end + close.size());
  }
  void blank_literal(char quote) {
    std::size_t end = at_ + 1;
    while (end < text_.size() && text_[end] != quote && text_[end] != '\n') end += text_[end] == '\\' ? 2 : 1;
    ++at_;
    blank_to(end);
    ++at_;
  }

  std::string_view text_;
  std::string out_;
  std::size_t at_ = 0;
};

std::vector<std::string> split_lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

bool is_outside_the_project(const fs::path& folder) {
  const std::string name = folder.filename().string();
  return name == ".git" || name == ".cache" || name == "build" || name.starts_with("build-");
}

bool is_text(const fs::path& file) {
  constexpr std::array kKnown{".h",   ".cpp",  ".c",   ".md", ".toml", ".sql", ".cmake",
                              ".txt", ".json", ".awk", ".sh", ".yml",  ""};
  return std::find(kKnown.begin(), kKnown.end(), file.extension().string()) != kKnown.end();
}

}  // namespace

Source make_source(std::string path, std::string_view text) {
  Source source{std::move(path), split_lines(text), {}};
  source.code = is_cpp(source) ? split_lines(Blanker(text).run()) : source.lines;
  return source;
}

std::vector<Source> read_tree(const fs::path& root) {
  std::vector<Source> sources;
  for (auto it = fs::recursive_directory_iterator(root); it != fs::recursive_directory_iterator(); ++it) {
    if (it->is_directory() && is_outside_the_project(it->path())) it.disable_recursion_pending();
    if (!it->is_regular_file() || !is_text(it->path())) continue;
    std::ifstream file(it->path(), std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    if (text.size() > 1'000'000 || text.find('\0') != std::string::npos) continue;
    sources.push_back(make_source(fs::relative(it->path(), root).generic_string(), text));
  }
  std::sort(sources.begin(), sources.end(), [](const Source& a, const Source& b) { return a.path < b.path; });
  return sources;
}

bool is_header(const Source& source) { return source.path.ends_with(".h"); }
bool is_cpp(const Source& source) { return is_header(source) || source.path.ends_with(".cpp"); }

bool lies_in(std::string_view path, std::string_view folder) {
  return path.starts_with(folder) && path.size() > folder.size() && path[folder.size()] == '/';
}

std::vector<Include> includes_of(const Source& source) {
  static const std::regex kInclude(R"re(^\s*#\s*include\s*([<"])([^">]+)[">])re");
  std::vector<Include> includes;
  std::smatch match;
  for (std::size_t i = 0; i < source.lines.size(); ++i) {
    // A commented include is blank in `code`; the name itself is a literal and stands in `lines` only.
    if (source.code[i].find('#') == std::string::npos || !std::regex_search(source.lines[i], match, kInclude)) continue;
    includes.push_back({i + 1, match[2], match[1] == "\""});
  }
  return includes;
}

}  // namespace twice::tidy
