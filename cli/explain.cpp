#include "cli/commands.h"
#include "cli/terminal.h"
#include "scenario/catalogue.h"
#include "scenario/text.h"

namespace twice::cli {

Exit execute(const ExplainArguments& arguments) {
  if (arguments.markdown) {
    print(scenario::reference_page());
    return Exit::kMet;
  }
  const scenario::Explanation explanation = scenario::explain(arguments.path);
  if (explanation.found)
    print(explanation.text);
  else
    tell("twice: " + explanation.text);
  return explanation.found ? Exit::kMet : Exit::kNothingMatched;
}

Exit execute(const SchemaArguments&) {
  const std::string schema = scenario::json_schema();
  print(schema + (schema.ends_with('\n') ? "" : "\n"));
  return Exit::kMet;
}

}  // namespace twice::cli
