// How a diagnostic looks in a terminal.
#include <algorithm>

#include <fmt/format.h>

#include "scenario/diagnostics.h"
#include "scenario/text.h"

namespace twice::scenario {
namespace {

struct Style {
  std::string_view strong, severity, mark, plain;
};
constexpr Style kPlain{"", "", "", ""};

Style style_for(Severity severity, bool colour) {
  if (!colour) return kPlain;
  return {"\x1b[1m", severity == Severity::kError ? "\x1b[1;31m" : "\x1b[1;35m", "\x1b[1;32m", "\x1b[0m"};
}

std::string heading(const Diagnostic& d, const Style& s) {
  std::string where = printable(d.file);
  if (d.span.begin.line > 0) where += fmt::format(":{}:{}", d.span.begin.line, d.span.begin.column);
  return fmt::format("{}{}:{} {}{}:{} {}\n", s.strong, where, s.plain, s.severity, name_of(d.severity), s.plain,
                     printable(d.message));
}

// Carets under the part of the span that lies on its first line, at least one.
std::string underline(const Diagnostic& d) {
  const std::size_t length = code_points(d.source_line);
  const std::size_t from = std::min<std::size_t>(d.span.begin.column - 1 - d.clipped_columns, length);
  std::size_t to = length;
  if (d.span.end.line == d.span.begin.line && d.span.end.column > d.span.begin.column)
    to = std::min<std::size_t>(d.span.end.column - 1 - d.clipped_columns, length);
  return std::string(from, ' ') + std::string(std::max<std::size_t>(to > from ? to - from : 0, 1), '^');
}

std::string excerpt(const Diagnostic& d, const Style& s) {
  const std::string number = fmt::format("{:2}", d.span.begin.line);
  const std::string gutter(number.size(), ' ');
  const std::string more = d.clipped_columns > 0 ? "…" : "";
  return fmt::format("{} | {}{}\n{} | {}{}{}{}\n", number, more, d.source_line, gutter,
                     d.clipped_columns > 0 ? " " : "", s.mark, underline(d), s.plain);
}

// Help may have several lines: the first after "= help:", the others aligned below it.
std::string help_lines(const Diagnostic& d) {
  const std::string gutter(std::max<std::size_t>(fmt::format("{:2}", d.span.begin.line).size(), 2), ' ');
  std::string result;
  std::string_view rest = d.help;
  for (bool first = true; !rest.empty(); first = false) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    result += fmt::format("{} {} {}\n", gutter, first ? "= help:" : "       ", printable(rest.substr(0, end)));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return result;
}

}  // namespace

std::string render(const Diagnostic& d, bool colour) {
  const Style style = style_for(d.severity, colour);
  std::string text = heading(d, style);
  if (d.span.begin.line > 0 && d.span.begin.column > 0) text += excerpt(d, style);
  return text + help_lines(d);
}

std::string render(const DiagnosticList& list, bool colour) {
  std::string text;
  for (const Diagnostic& d : list.shown) text += render(d, colour);
  if (list.more > 0) text += fmt::format("… and {} more\n", list.more);
  return text;
}

}  // namespace twice::scenario
