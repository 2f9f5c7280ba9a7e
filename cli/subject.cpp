#include "cli/subject.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "cli/terminal.h"
#include "core/limits.h"
#include "lab/report_format.h"
#include "lab/shipped_files.h"
#include "pipeline/warehouse/sql_check.h"
#include "scenario/text.h"

namespace twice::cli {
namespace {

namespace fs = std::filesystem;

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t n = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  return error == std::errc{} && end == text.data() + text.size() ? std::optional(n) : std::nullopt;
}

std::vector<std::string>& noted_files() {
  static std::vector<std::string> files;
  return files;
}

scenario::FileText read_noted(const std::string& path, const limits::FileLimit& limit) {
  noted_files().push_back(path);
  return scenario::read_text_file(path, limit);
}

std::string arguments_of(const std::string& path, const Choice& choice) {
  std::string text = lab::shell_path(path);
  for (const std::string& set : choice.set) text += " " + lab::shell_option("--set", set);
  return text;
}

// The first option of scripts that was given; empty: none.
std::string_view script_option_of(const lab::ScriptRequest& request) {
  if (!request.setup.empty()) return "--setup";
  if (request.source) return "--source";
  if (!request.params.empty()) return "--param";
  if (request.table) return "--table";
  if (!request.key.empty()) return "--key";
  if (!request.ignore.empty()) return "--ignore";
  return request.slice ? "--slice" : "";
}

std::string name_of_parameter(const std::string& param) { return param.substr(0, param.find('=')); }

std::string repeated_parameter(const lab::ScriptRequest& request) {
  std::vector<std::string> given;
  for (const std::string& param : request.params) {
    const std::string name = name_of_parameter(param);
    if (std::find(given.begin(), given.end(), name) != given.end())
      return fmt::format("--param {} is given twice; leave one out", scenario::printable(name));
    given.push_back(name);
  }
  return {};
}

// No error: whoever sweeps many scripts gives all of them the same parameters.
void note_unused_parameters(const lab::ScriptRequest& request, const scenario::Scenario& scenario) {
  const scenario::LoaderSpec& loader = scenario.variants.front().spec.lane.loader;
  const std::string sql = (loader.script ? loader.script->text : "") + "\n;" + loader.slice.text;
  const std::vector<std::string> used = pipeline::parameters_of(sql);
  for (const std::string& param : request.params) {
    const std::string name = name_of_parameter(param);
    if (std::find(used.begin(), used.end(), name) == used.end())
      tell(scenario::printable(fmt::format("note: --param {}: the script uses no :{}", name, name)) + "\n");
  }
}

}  // namespace

Refused refuse(Exit code, std::string_view sentence) {
  tell(fmt::format("twice: {}\n", sentence));
  return {code, std::string(sentence), {}};
}

std::string here_or_shipped(const std::string& path) {
  static bool told = false;  // one line is enough, also of fifty files
  const lab::Located located = lab::locate(path);
  if (!located.shipped_in.empty() && !std::exchange(told, true))
    tell(fmt::format("note: {} is not in this folder; taken from {}\n", scenario::printable(path),
                     scenario::printable(located.shipped_in)));
  return located.path;
}

std::string where_shipped_files_would_be() {
  if (lab::shipped_folder_of(lab::running_program())) return {};
  return "; those that ship with twice belong into share/twice beside the bin folder of this program";
}

std::vector<std::string> scenario_files(const std::vector<std::string>& paths) {
  std::vector<std::string> files;
  for (const std::string& word : paths) {
    const std::string path = here_or_shipped(word);
    std::error_code error;
    if (!fs::is_directory(path, error)) {
      files.push_back(word);
      continue;
    }
    std::vector<std::string> found;
    for (auto at = fs::recursive_directory_iterator(path, fs::directory_options::skip_permission_denied, error);
         !error && at != fs::recursive_directory_iterator(); at.increment(error))
      if (at->path().extension() == ".toml" && at->is_regular_file(error))
        found.push_back((fs::path(word) / at->path().lexically_relative(path)).string());
    std::sort(found.begin(), found.end());
    files.insert(files.end(), found.begin(), found.end());
  }
  return files;
}

bool is_script(const std::string& path) { return path.ends_with(".sql"); }

const std::vector<std::string>& files_read() { return noted_files(); }

std::variant<Loaded, Refused> load(const std::string& path, const lab::ScriptRequest& script, const Choice& choice,
                                   const Outputs& outputs) {
  Loaded result;
  result.subject = {path, arguments_of(path, choice), choice.steps, !choice.no_timeline, choice.only};
  result.script = is_script(path);
  scenario::Loaded read;
  if (result.script) {
    if (!choice.set.empty()) return refuse(Exit::kUsage, "--set overrides a field of a scenario; a script has none");
    lab::ScriptRequest request = script;
    request.script = path;
    result.subject.arguments = lab::arguments_of(request);
    lab::LoadedScript loaded = lab::load_script(request, read_noted);
    if (!loaded.note.empty() && !outputs.quiet) tell(fmt::format("note: {}\n", scenario::printable(loaded.note)));
    read = std::move(loaded.loaded);
    if (const std::string wrong = repeated_parameter(request); !wrong.empty()) return refuse(Exit::kUsage, wrong);
    if (read.scenario && !outputs.quiet) note_unused_parameters(request, *read.scenario);
  } else {
    if (const std::string_view option = script_option_of(script); !option.empty())
      return refuse(Exit::kUsage, fmt::format("{} is for an SQL script (*.sql), and {} is a scenario, which says it "
                                              "in the file",
                                              option, scenario::printable(path)));
    const std::string file = here_or_shipped(path);
    noted_files().push_back(file);
    scenario::LoadOptions options;
    options.set = choice.set;
    options.read_file = [&](const std::string& name, const limits::FileLimit& limit) {
      scenario::FileText text = read_noted(name, limit);
      if (const auto* whole = std::get_if<std::string>(&text); whole && name != file)
        result.files.emplace_back(name, *whole);
      return text;
    };
    read = scenario::load_scenario(file, options);
  }
  tell(render(read.diagnostics, colour_for_errors(outputs)));
  if (!read.scenario) return Refused{Exit::kBadScenario, {}, read.diagnostics.shown};
  result.scenario = std::move(*read.scenario);
  for (scenario::Variant& variant : result.scenario.variants)
    if (choice.runs > 0) variant.spec.orchestrator.runs = choice.runs;
  if (choice.runs > 0) result.subject.arguments += fmt::format(" --runs {}", choice.runs);
  return result;
}

std::variant<std::vector<const scenario::Variant*>, Refused> chosen_lanes(const scenario::Scenario& scenario,
                                                                          const std::string& only) {
  std::vector<const scenario::Variant*> lanes;
  std::vector<std::string> names;
  for (const scenario::Variant& variant : scenario.variants) {
    names.push_back(variant.name);
    if (only.empty() || variant.name == only || variant.spec.lane.name.value == only) lanes.push_back(&variant);
  }
  if (!lanes.empty()) return lanes;
  const std::string help = scenario::did_you_mean(only, names, fmt::format("its lanes: {}", fmt::join(names, ", ")));
  return refuse(Exit::kNothingMatched,
                scenario::printable(fmt::format("{} has no lane '{}'; {}", scenario.path, only, help)));
}

std::variant<std::vector<std::uint64_t>, Refused> chosen_seeds(const scenario::Scenario& scenario,
                                                               const Choice& choice) {
  scenario::Seeds seeds = scenario.shared().seeds;
  if (choice.seed) seeds = {*choice.seed, 1};
  if (!choice.seeds.empty()) {
    const std::size_t dots = choice.seeds.find("..");
    const auto first = number(std::string_view(choice.seeds).substr(0, dots));
    const auto last = dots == std::string::npos ? first : number(std::string_view(choice.seeds).substr(dots + 2));
    if (!first || !last || *last < *first || *last - *first >= limits::kSeeds)
      return refuse(Exit::kUsage, fmt::format("--seeds '{}' is no range of seeds: 1..1000 (at most {}, limit seeds)",
                                              scenario::printable(choice.seeds), lab::grouped(limits::kSeeds)));
    seeds = {*first, *last - *first + 1};
  }
  std::vector<std::uint64_t> list;
  for (std::uint64_t i = 0; i < seeds.count; ++i) list.push_back(seeds.first + i);
  return list;
}

std::variant<std::optional<lab::FailingRun>, Refused> chosen_failing(const Loaded& loaded, const Choice& choice,
                                                                     const lab::FailingOptions& options) {
  const auto lanes = chosen_lanes(loaded.scenario, choice.only);
  if (const auto* refused = std::get_if<Refused>(&lanes)) return *refused;
  const auto seeds = chosen_seeds(loaded.scenario, choice);
  if (const auto* refused = std::get_if<Refused>(&seeds)) return *refused;
  const lab::RunOptions run{.steps = options.steps, .timeline = options.timeline};
  for (const scenario::Variant* lane : std::get<0>(lanes))
    if (const std::string error = lab::build_world(*lane, std::get<0>(seeds).front(), run).error; !error.empty())
      return refuse(Exit::kBadScenario, scenario::printable(fmt::format("{}: {}", lane->name, error)));
  return lab::find_failing(std::get<0>(lanes), std::get<0>(seeds), options);
}

std::variant<std::vector<world::Step>, Refused> chosen_steps(const std::string& text) {
  if (text.empty()) return std::vector<world::Step>{};
  auto steps = world::parse_steps(text);
  if (auto* list = std::get_if<std::vector<world::Step>>(&steps)) return std::move(*list);
  const auto& error = std::get<world::StepError>(steps);
  scenario::Diagnostic d;
  d.file = "--do";
  d.message = error.message, d.help = error.help;
  d.source_line = scenario::printable_columns(text);
  d.span = {0, scenario::position_of(text, error.offset), scenario::position_of(text, error.offset + error.length)};
  tell(render(d));
  return Refused{Exit::kUsage, "--do: " + error.message, {}};
}

std::variant<std::optional<std::chrono::nanoseconds>, Refused> chosen_limit(const std::string& text,
                                                                            std::string_view option) {
  if (text.empty()) return std::optional<std::chrono::nanoseconds>{};
  const auto limit = parse_duration(text);
  if (!limit || limit->ns <= 0)
    return refuse(Exit::kUsage, fmt::format("{} '{}' is not a time: 60s, 10m", option, scenario::printable(text)));
  return std::optional(std::chrono::nanoseconds(limit->ns));
}

unsigned chosen_jobs(unsigned jobs) { return jobs > 0 ? jobs : std::max(1u, std::thread::hardware_concurrency()); }

bool annotates(const Outputs& outputs) {
  const char* actions = std::getenv("GITHUB_ACTIONS");
  return outputs.github || (actions && std::string_view(actions) == "true");
}

}  // namespace twice::cli
