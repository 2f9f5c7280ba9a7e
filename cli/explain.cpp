#include <algorithm>

#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/terminal.h"
#include "core/limits.h"
#include "lesson/catalogue.h"
#include "scenario/catalogue.h"
#include "scenario/text.h"

namespace twice::cli {

namespace {

std::string limits_text() {
  std::size_t name = 0, value = 0;
  // Values that take a paragraph stand on a line of their own.
  constexpr std::size_t kWidestValue = 44;
  for (const limits::Limit& limit : limits::all_limits()) {
    name = std::max(name, limit.name.size());
    if (limit.value.size() <= kWidestValue) value = std::max(value, limit.value.size());
  }
  std::string text;
  for (const limits::Limit& limit : limits::all_limits()) {
    const bool wide = limit.value.size() > value;
    text += fmt::format("{:<{}}  {:<{}}  {}; {}{}\n", limit.name, name, wide ? std::string_view() : limit.value, value,
                        limit.bounds, name_of(limit.when),
                        limit.option.empty() ? std::string() : fmt::format(" ({})", limit.option));
    if (wide) text += fmt::format("{:<{}}  {}\n", "", name, limit.value);
  }
  return text;
}

}  // namespace

Exit execute(const ExplainArguments& arguments) {
  if (arguments.path == "limits") {
    print(arguments.markdown ? limits::page() : limits_text());
    return Exit::kMet;
  }
  const bool of_lessons = arguments.path == "lesson" || arguments.path.starts_with("lesson.");
  if (arguments.markdown) {
    print(of_lessons ? lesson::reference_page() : scenario::reference_page());
    return Exit::kMet;
  }
  const std::string_view in_lesson =
      std::string_view(arguments.path).substr(of_lessons ? std::min<std::size_t>(7, arguments.path.size()) : 0);
  const scenario::Explanation explanation = of_lessons ? lesson::explain(in_lesson) : scenario::explain(arguments.path);
  if (explanation.found)
    print(explanation.text);
  else
    tell("twice: " + explanation.text);
  return explanation.found ? Exit::kMet : Exit::kNothingMatched;
}

Exit execute(const SchemaArguments& arguments) {
  const std::string schema = arguments.of_lessons ? lesson::json_schema() : scenario::json_schema();
  print(schema + (schema.ends_with('\n') ? "" : "\n"));
  return Exit::kMet;
}

}  // namespace twice::cli
