#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/subject.h"
#include "cli/terminal.h"
#include "scenario/text.h"

namespace twice::cli {

Exit execute(const CheckArguments& arguments) {
  const std::vector<std::string> files = scenario_files(arguments.files);
  if (files.empty()) return refuse(Exit::kNothingMatched, "there is no scenario (*.toml) here").code;
  const bool colour = style_for(arguments.outputs).colour;
  Exit code = Exit::kMet;
  auto all = nlohmann::ordered_json::array();
  for (const std::string& file : files) {
    scenario::LoadOptions options;
    options.set = arguments.set;
    const scenario::Loaded loaded = scenario::load_scenario(here_or_shipped(file), options);
    if (!loaded.scenario) code = Exit::kBadScenario;
    if (arguments.outputs.json) {
      for (auto& diagnostic : nlohmann::ordered_json::parse(to_json(loaded.diagnostics)))
        all.push_back(std::move(diagnostic));
      continue;
    }
    print(render(loaded.diagnostics, colour));
    if (loaded.scenario && !arguments.outputs.quiet) print(fmt::format("{}: ok\n", scenario::printable(file)));
  }
  if (arguments.outputs.json) print(all.dump(2) + "\n");
  return code;
}

}  // namespace twice::cli
