#include "lab/report_bites.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "lab/report_format.h"
#include "scenario/text.h"

namespace twice::lab {
namespace {

std::string_view word_of(const Bites& result) {
  if (result.any()) return "something does not bite";
  return result.open.empty() && result.limit.empty() ? "everything bites" : "undecided";
}

std::string toothless_text(const scenario::Scenario& scenario, const Toothless& f, const Style& style) {
  const std::string place = scenario::printable(place_of(scenario, f.span));
  if (!f.reason.empty())
    return fmt::format("{}: {} {}: {}\n", place, painted("excused:", Paint::kFaint, style), scenario::printable(f.name),
                       scenario::printable(f.reason));
  return fmt::format("{}: {} {}\n    {}\n", place, painted("does not bite:", Paint::kBad, style),
                     scenario::printable(f.message), scenario::printable(f.help));
}

}  // namespace

std::string bites_text(const scenario::Scenario& scenario, const Bites& result, const Style& style, bool quiet) {
  std::string text;
  for (const Toothless& f : result.found)
    if (!quiet || f.reason.empty()) text += toothless_text(scenario, f, style);
  for (const Bites::Open& o : result.open)
    text += fmt::format("{}: {} {}: {}\n", scenario::printable(place_of(scenario, o.span)),
                        painted("undecided:", Paint::kUnsure, style), scenario::printable(o.name),
                        scenario::printable(o.why));
  for (const std::string& report : result.reports) text += scenario::printable(report) + "\n";
  if (quiet && text.empty() && result.limit.empty()) return {};
  text += fmt::format("{}: {} ({}, {}, {}; {}{})\n", scenario::printable(scenario.path), word_of(result),
                      counted(result.lanes, "lane"), counted(result.steps, "step"),
                      counted(result.expectations, "expectation"), counted(result.runs, "run"),
                      result.limit.empty() ? "" : "; stopped at " + result.limit);
  return text;
}

std::string bites_json(const scenario::Scenario& scenario, const Bites& result) {
  using Object = nlohmann::ordered_json;
  const auto placed = [&](const std::string& name, const scenario::Span& span) {
    return Object{{"name", name},
                  {"file", span.source < scenario.sources.size() ? scenario.sources[span.source].name : scenario.path},
                  {"line", span.begin.line},
                  {"column", span.begin.column}};
  };
  auto found = Object::array(), open = Object::array();
  for (const Toothless& f : result.found) {
    Object one{{"kind", name_of(f.kind)}};
    one.update(placed(f.name, f.span));
    one["message"] = f.message, one["help"] = f.help;
    one["excuse"] = f.reason.empty() ? Object() : Object(f.reason);
    found.push_back(std::move(one));
  }
  for (const Bites::Open& o : result.open) {
    Object one = placed(o.name, o.span);
    one["why"] = o.why;
    open.push_back(std::move(one));
  }
  const Object all{{"file", scenario.path},
                   {"result", word_of(result)},
                   {"found", std::move(found)},
                   {"undecided", std::move(open)},
                   {"lanes", result.lanes},
                   {"steps", result.steps},
                   {"expectations", result.expectations},
                   {"runs", result.runs},
                   {"limit", result.limit.empty() ? Object() : Object(result.limit)}};
  return all.dump(-1, ' ', false, Object::error_handler_t::replace) + "\n";
}

}  // namespace twice::lab
