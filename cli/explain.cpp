#include <algorithm>

#include "cli/commands.h"
#include "cli/terminal.h"
#include "lesson/catalogue.h"
#include "scenario/catalogue.h"
#include "scenario/text.h"

namespace twice::cli {

Exit execute(const ExplainArguments& arguments) {
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
