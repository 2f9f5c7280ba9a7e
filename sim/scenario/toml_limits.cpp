#include "scenario/toml_limits.h"

#include <algorithm>

#include <fmt/format.h>

#include "scenario/text.h"

namespace twice::scenario {
namespace {

/// Walks over TOML far enough to tell brackets and dots from those inside strings and comments.
class NestingScan {
 public:
  NestingScan(std::string_view text, std::size_t limit) : text_(text), limit_(limit) {}

  /// Offset of the first bracket or dot beyond the limit.
  std::optional<std::size_t> too_deep() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '"' || c == '\'') {
        skip_string(c);
        continue;
      }
      if (c == '#') {
        at_ = std::min(text_.find('\n', at_), text_.size());
        continue;
      }
      if (count(c)) return at_;
      ++at_;
    }
    return std::nullopt;
  }

 private:
  bool count(char c) {
    if (c == '[' || c == '{') ++depth_;
    if ((c == ']' || c == '}') && depth_ > 0) --depth_;
    if (c == '.') ++dots_;
    if (c == '\n' || c == '=' || c == ',') dots_ = 0;
    return depth_ > limit_ || dots_ > limit_;
  }

  void skip_string(char quote) {
    const std::string triple(3, quote);
    const bool multi_line = text_.substr(at_, 3) == triple;
    const std::string_view end = multi_line ? std::string_view(triple) : std::string_view(triple).substr(0, 1);
    at_ += end.size();
    while (at_ < text_.size()) {
      if (quote == '"' && text_[at_] == '\\')
        at_ += 2;
      else if (text_.substr(at_, end.size()) == end || (!multi_line && text_[at_] == '\n'))
        break;
      else
        ++at_;
    }
    at_ = std::min(at_ + end.size(), text_.size());
  }

  std::string_view text_;
  std::size_t limit_;
  std::size_t at_ = 0, depth_ = 0, dots_ = 0;
};

Span span_at(std::string_view text, std::uint32_t source, std::size_t offset, std::uint32_t lines_before) {
  Position p = position_of(text, offset);
  p.line += lines_before;
  return {source, p, {p.line, p.column + 1}};
}

}  // namespace

bool within_limits(std::string_view text, std::uint32_t source, const ReadLimits& limits, Diagnostics& out) {
  if (text.size() > limits.bytes) {
    out.error({source, {}, {}},
              fmt::format("the file has {}; a scenario may have up to {} (limit scenario-file)",
                          limits::in_megabytes(text.size()), limits::in_megabytes(limits.bytes)),
              "keep data in a CSV or JSON Lines file and name it in [source]");
    return false;
  }
  if (const auto at = first_invalid_utf8(text)) {
    out.error(span_at(text, source, *at, limits.lines_before), "this byte is not UTF-8", "save the file as UTF-8");
    return false;
  }
  if (const std::size_t at = text.find('\0'); at != std::string_view::npos) {
    out.error(span_at(text, source, at, limits.lines_before), "a NUL byte cannot stand in a scenario",
              "this may be no text file");
    return false;
  }
  if (const auto at = NestingScan(text, limits.nesting).too_deep()) {
    out.error(span_at(text, source, *at, limits.lines_before),
              fmt::format("nested deeper than {} levels (limit nesting)", limits.nesting));
    return false;
  }
  return true;
}

}  // namespace twice::scenario
