#include "scenario/diagnostics.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "scenario/text.h"

namespace twice::scenario {
namespace {

// Longer lines are cut to a window around the span, so that one huge line cannot flood a terminal.
constexpr std::size_t kWidestLine = 160;
constexpr std::size_t kBeforeSpan = 60;

void quote_line(Diagnostic& d, const std::string& text) {
  const std::string_view line = line_of(text, d.span.begin.line);
  const std::size_t from = d.span.begin.column > kBeforeSpan + 1 ? d.span.begin.column - kBeforeSpan - 1 : 0;
  const std::string clean = printable_columns(line.substr(0, byte_of_column(line, from + kWidestLine + 1)));
  const bool clip = code_points(clean) >= kWidestLine || from > kWidestLine;
  d.clipped_columns = clip ? static_cast<std::uint32_t>(from) : 0;
  d.source_line = clean.substr(clip ? byte_of_column(clean, from + 1) : 0);
}

}  // namespace

std::string_view name_of(Severity severity) {
  switch (severity) {
    case Severity::kError:
      return "error";
    case Severity::kWarning:
      return "warning";
  }
  return "error";
}

bool DiagnosticList::has_errors() const {
  return more > 0 ||
         std::any_of(shown.begin(), shown.end(), [](const Diagnostic& d) { return d.severity == Severity::kError; });
}

void Diagnostics::add(Severity severity, const Span& span, std::string message, std::string help) {
  if (severity == Severity::kError) ++reports_;
  if (full()) return;
  const bool is_new = findings_.insert({span, severity, std::move(message), std::move(help)}).second;
  if (is_new && severity == Severity::kError) ++errors_;
}

DiagnosticList Diagnostics::finish(const Sources& sources) const {
  DiagnosticList list;
  for (const Finding& f : findings_) {
    if (list.shown.size() == kMaxShown) break;
    Diagnostic d{f.severity, {}, f.span, f.message, f.help, {}, 0};
    if (f.span.source < sources.size()) {
      d.file = sources[f.span.source].name;
      if (f.span.begin.line > 0) quote_line(d, sources[f.span.source].text);
    }
    list.shown.push_back(std::move(d));
  }
  list.more = findings_.size() - list.shown.size();
  return list;
}

std::string to_json(const DiagnosticList& list) {
  auto array = nlohmann::ordered_json::array();
  for (const Diagnostic& d : list.shown) {
    array.push_back({{"file", d.file},
                     {"line", d.span.begin.line},
                     {"column", d.span.begin.column},
                     {"end_line", d.span.end.line},
                     {"end_column", d.span.end.column},
                     {"severity", std::string(name_of(d.severity))},
                     {"message", d.message},
                     {"help", d.help}});
  }
  return array.dump(2, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace twice::scenario
