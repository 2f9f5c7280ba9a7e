#include <algorithm>
#include <filesystem>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/subject.h"
#include "cli/terminal.h"
#include "lab/report_format.h"
#include "scenario/text.h"

namespace twice::cli {
namespace {

std::string entry_json(const std::string& file, const scenario::Spec& spec, const std::vector<std::string>& lanes) {
  const nlohmann::ordered_json entry = {{"path", file}, {"title", spec.title}, {"tags", spec.tags}, {"lanes", lanes}};
  return entry.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

std::string entry_text(const std::string& file, const scenario::Spec& spec, const lab::Style& style) {
  const std::string tags = scenario::printable(fmt::format("{}", fmt::join(spec.tags, ", ")));
  return fmt::format("{}\n  {}{}\n", lab::painted(scenario::printable(file), lab::Paint::kStrong, style),
                     scenario::printable(spec.title),
                     tags.empty() ? "" : "  " + lab::painted("[" + tags + "]", lab::Paint::kFaint, style));
}

std::vector<std::string> folders_of(const ListArguments& arguments) {
  return arguments.folders.empty() ? std::vector<std::string>{"scenarios"} : arguments.folders;
}

}  // namespace

Exit execute(const ListArguments& arguments) {
  const lab::Style style = style_for(arguments.outputs);
  std::size_t listed = 0;
  for (const std::string& folder : folders_of(arguments)) {
    if (std::error_code error; !std::filesystem::exists(here_or_shipped(folder), error))
      return refuse(Exit::kNothingMatched,
                    fmt::format("there is no '{}'{}", scenario::printable(folder), where_shipped_files_would_be()))
          .code;
  }
  for (const std::string& file : scenario_files(folders_of(arguments))) {
    const scenario::Loaded loaded = scenario::load_scenario(here_or_shipped(file));
    if (!loaded.scenario) {
      tell(fmt::format("{}: has errors; `twice check {}` shows them\n", scenario::printable(file),
                       lab::shell_path(file)));
      continue;
    }
    const scenario::Spec& spec = loaded.scenario->shared();
    if (!arguments.tag.empty() && std::find(spec.tags.begin(), spec.tags.end(), arguments.tag) == spec.tags.end())
      continue;
    ++listed;
    std::vector<std::string> lanes;
    for (const scenario::Variant& variant : loaded.scenario->variants) lanes.push_back(variant.name);
    print(arguments.outputs.json ? entry_json(file, spec, lanes) : entry_text(file, spec, style));
  }
  if (listed > 0) return Exit::kMet;
  return refuse(Exit::kNothingMatched,
                arguments.tag.empty() ? "there is no scenario (*.toml) here"
                                      : fmt::format("no scenario has the tag '{}'", scenario::printable(arguments.tag)))
      .code;
}

}  // namespace twice::cli
