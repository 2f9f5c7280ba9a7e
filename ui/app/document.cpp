#include "ui/app/document.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <variant>

#include <fmt/format.h>

#include "core/limits.h"
#include "lab/report_format.h"
#include "lab/script.h"
#include "lab/shipped_files.h"
#include "scenario/load.h"
#include "scenario/save.h"
#include "scenario/toml_text.h"
#include "ui/app/kept_files.h"

namespace twice::ui {
namespace {

namespace fs = std::filesystem;

constexpr const char* kScript = "your.sql";
constexpr const char* kSetup = "setup.sql";

Opened opened_from(scenario::Loaded loaded, std::uint64_t seed, std::vector<std::string> lanes) {
  Opened opened;
  opened.problems = render(loaded.diagnostics);
  opened.diagnostics = loaded.diagnostics.shown;
  if (!loaded.scenario) return opened;
  if (!loaded.scenario->sources.empty()) opened.text = loaded.scenario->sources.front().text;
  const std::uint64_t first = loaded.scenario->shared().seeds.first;
  opened.session =
      std::make_unique<playback::Session>(std::move(*loaded.scenario), seed > 0 ? seed : first, std::move(lanes));
  return opened;
}

// A cell as RFC 4180 wants it.
std::string csv_cell(const pipeline::SqlValue& value) {
  if (std::holds_alternative<pipeline::Null>(value)) return {};
  const std::string text = to_text(value);
  if (text.find_first_of(",\"\r\n") == std::string::npos && !text.empty()) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + '"';
}

std::string to_csv(const pipeline::SqlTable& table) {
  std::string text = fmt::format("{}\n", fmt::join(table.columns, ","));
  for (const pipeline::SqlRow& row : table.rows) {
    for (std::size_t c = 0; c < row.size(); ++c) text += (c > 0 ? "," : "") + csv_cell(row[c]);
    text += '\n';
  }
  return text;
}

std::string first_script(const playback::Lane& lane, const std::string& source) {
  const scenario::LoaderSpec& loader = lane.variant->spec.lane.loader;
  const std::string where = loader.slice.empty() ? "" : " WHERE " + loader.slice.text;
  return fmt::format(
      "-- Your load as it stands. {} holds the source's rows; the table is {}.\n"
      "-- Sweep it: it dies between and inside all statements and is run again.\n"
      "DELETE FROM {}{};\nINSERT INTO {} SELECT * FROM {};\n",
      source, loader.table.value, loader.table.value, where, loader.table.value, source);
}

lab::ScriptRequest request_of(const SqlProject& project, const std::string& folder) {
  lab::ScriptRequest request;
  request.script = folder + kScript;
  request.setup = {folder + kSetup};
  request.source = folder + project.source + ".csv";
  request.params = project.params;
  request.table = project.table;
  if (!project.slice.empty()) request.slice = project.slice;
  return request;
}

// Empty when it is neither here nor shipped.
std::string existing(const std::string& path) {
  std::error_code error;
  const std::string found = lab::locate(path).path;
  return fs::exists(found, error) ? found : std::string();
}

// A quick look at the line that begins with "title": a menu does not check forty files.
std::string title_of(const fs::path& path) {
  scenario::FileText read = scenario::read_text_file(path.string(), limits::kScenarioFile);
  const auto* text = std::get_if<std::string>(&read);
  std::istringstream file(text ? *text : std::string());
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("title")) continue;
    const std::size_t first = line.find('"'), last = line.rfind('"');
    if (first != std::string::npos && last > first) return line.substr(first + 1, last - first - 1);
  }
  return path.stem().string();
}

std::string in_one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

bool write_text(const fs::path& path, const std::string& text);

// The project's files in a folder, and how `twice sweep` is told of them; empty when they cannot be written.
std::vector<std::string> write_project(const SqlProject& project, const std::string& folder) {
  const bool written = write_text(folder + kScript, project.sql) && write_text(folder + kSetup, project.setup) &&
                       write_text(folder + project.source + ".csv", project.csv);
  if (!written) return {};
  const lab::ScriptRequest request = request_of(project, folder);
  std::vector<std::string> arguments{request.script,  "--setup", request.setup.front(), "--source",
                                     *request.source, "--table", project.table};
  for (const std::string& param : project.params) arguments.insert(arguments.end(), {"--param", param});
  if (request.slice) arguments.insert(arguments.end(), {"--slice", *request.slice});
  return arguments;
}

bool write_text(const fs::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.flush();
  return static_cast<bool>(file);
}

// The lab is where a file is changed: what has no effect now may have one after the next change.
scenario::LoadOptions open_to_changes() {
  scenario::LoadOptions options;
  options.idle_values = true;
  return options;
}

}  // namespace

Opened open_scenario(const std::string& path, std::uint64_t seed, std::vector<std::string> lanes) {
  return opened_from(scenario::load_scenario(path, open_to_changes()), seed, std::move(lanes));
}

Opened open_text(const std::string& path, const std::string& text, std::uint64_t seed) {
  Opened opened = opened_from(scenario::parse_scenario(path, text, open_to_changes()), seed, {});
  opened.text = text;
  return opened;
}

SqlProject sql_project_of(const playback::Lane& lane) {
  SqlProject project;
  const scenario::Spec& spec = lane.variant->spec;
  if (spec.source && spec.source->csv) project.source = fs::path(spec.source->csv->value).stem().string();
  std::replace_if(
      project.source.begin(), project.source.end(), [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); },
      '_');
  if (spec.warehouse) project.setup = spec.warehouse->setup.text;
  if (!lane.variant->source.empty()) project.csv = to_csv(*lane.variant->source.front().table);
  for (const auto& [name, value] : spec.job) project.params.push_back(fmt::format("{}={}", name, to_text(value.value)));
  project.table = spec.lane.loader.table.value;
  project.slice = spec.lane.loader.slice.text;
  project.sql = first_script(lane, project.source);
  return project;
}

Opened open_sql(const SqlProject& project) {
  const lab::ScriptRequest request = request_of(project, "");
  const auto read = [&](const std::string& path, std::size_t) -> scenario::FileText {
    if (path == kScript) return project.sql;
    if (path == kSetup) return project.setup;
    if (path == project.source + ".csv") return project.csv;
    return scenario::FileProblem{"there is no such file", ""};
  };
  Opened opened = opened_from(lab::load_script(request, read).loaded, 1, {});
  opened.text = project.sql;
  return opened;
}

ProjectFiles::ProjectFiles(const SqlProject& project) : folder_("twice-sql-") {
  if (!folder_.path().empty()) arguments_ = write_project(project, folder_.path());
}

SavedProject save_project(const SqlProject& project) {
  for (int n = 1; n < 1'000; ++n) {
    const std::string folder = fmt::format("your-load-{}/", n);
    std::error_code error;
    if (!fs::create_directory(folder, error) && !error) continue;  // it is there already
    if (error) return {{}, fmt::format("the folder {} cannot be made here: {}", folder, error.message())};
    std::vector<std::string> arguments = write_project(project, folder);
    if (!arguments.empty()) return {std::move(arguments), {}};
    fs::remove_all(folder, error);
    return {{}, fmt::format("the files cannot be written to {}", folder)};
  }
  return {{}, "there are a thousand saved loads here already"};
}

namespace {

// Beside the scenario, under the first name that is free: NAME-1.toml, NAME-2.toml, …
Saved save_beside(const playback::Session& session, const std::string& name, const std::string& text) {
  const fs::path folder = fs::path(session.scenario().path).parent_path();
  for (int n = 1; n < 1'000; ++n) {
    const fs::path path = folder / fmt::format("{}-{}.toml", name, n);
    std::error_code error;
    if (fs::exists(path, error)) continue;
    if (auto wrong = write_whole(path.string(), text))
      return {{}, *wrong + "; copy the scenario into a folder of your own and open it there"};
    return {path.string(), {}};
  }
  return {{}, fmt::format("there are a thousand files {}-N.toml already", name)};
}

std::vector<world::Step> whole_timeline(const playback::Session& session, std::size_t lane) {
  std::vector<world::Step> all;
  if (session.branches()[session.branch()].timeline)
    for (const scenario::PlannedStep& planned : session.lanes()[lane].variant->steps) all.push_back(planned.step);
  for (world::Step& step : session.steps(session.branch(), lane)) all.push_back(std::move(step));
  return all;
}

}  // namespace

Saved save_branch(const playback::Session& session, const std::string& text, std::size_t lane) {
  const playback::Branch& branch = session.branches()[session.branch()];
  const std::string full = fmt::format(
      "# Saved from the desktop lab: {}.\n# What the lanes expect below was written for the file's own "
      "faults; numbers may differ with these.\n{}",
      in_one_line(branch.name), scenario::with_steps(text, session.steps(session.branch(), lane), !branch.timeline));
  return save_beside(session, fs::path(session.scenario().path).stem().string() + "-branch", full);
}

std::string schedule_text(const playback::Session& session, std::size_t lane) {
  std::string lines, inline_steps;
  for (const world::Step& step : whole_timeline(session, lane)) {
    const std::string toml = scenario::to_toml(step);
    lines += "  " + toml + ",\n";
    inline_steps += (inline_steps.empty() ? "" : ", ") + toml;
  }
  return fmt::format(
      "# Recorded in the desktop lab: {}.\n# {}, seed {}, lane {}.\n\n"
      "# In a scenario, or in the edits of a challenge that may change the timeline:\ntimeline.steps = [\n{}]\n\n"
      "# Besides the timeline, as `twice run --do` takes it and the edits of a challenge that may add steps:\ndo = "
      "{}\n\n"
      "# In a step of a lesson:\nset = ['''timeline.steps=[{}]''']\n",
      in_one_line(session.branches()[session.branch()].name), session.scenario().path, session.seed(),
      session.lanes()[lane].name(), lines, scenario::toml_string(world::to_text(session.steps(session.branch(), lane))),
      inline_steps);
}

Saved save_schedule(const playback::Session& session, const std::string& text) {
  return save_beside(session, "schedule", text);
}

std::vector<std::pair<std::string, std::string>> shipped_scenarios() {
  std::vector<std::pair<std::string, std::string>> found;
  std::error_code error;
  for (auto at = fs::recursive_directory_iterator(lab::locate("scenarios").path, error);
       !error && at != fs::recursive_directory_iterator(); at.increment(error))
    if (at->path().extension() == ".toml")
      found.emplace_back(at->path().lexically_normal().string(), title_of(at->path()));
  std::sort(found.begin(), found.end());
  return found;
}

std::string shipped_scenario(const std::string& name) { return existing("scenarios/" + name); }

std::string shipped_lessons() { return existing("lessons"); }

}  // namespace twice::ui
