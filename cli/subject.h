#pragma once
// From words of the command line to what is run: files to scenarios, names to lanes, numbers to seeds.
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "cli/arguments.h"
#include "lab/report.h"
#include "lab/shrink.h"
#include "scenario/load.h"
#include "world/step.h"

namespace twice::cli {

/// Why nothing can be run; it was said already, and reports say it again.
struct Refused {
  Exit code = Exit::kUsage;
  std::string words{};
  std::vector<scenario::Diagnostic> diagnostics{};
};
/// Says it, and gives the code back.
Refused refuse(Exit code, std::string_view words);

/// Where a path of the command line leads: a file or folder here, else one of those that ship with the program, which
/// is said on the standard error.
std::string here_or_shipped(const std::string& path);
/// Ends a message that something is not here: empty, unless this program stands alone, without the files that ship with
/// it.
std::string where_shipped_files_would_be();

/// Scenario files by the paths given, as a person calls them; folders are searched for *.toml, in order of their paths.
std::vector<std::string> scenario_files(const std::vector<std::string>& paths);
bool is_script(const std::string& path);

/// A scenario that may run, how it was called, and the files it was read from.
struct Loaded {
  lab::Subject subject;
  scenario::Scenario scenario;
  std::vector<std::pair<std::string, std::string>> files;  // data files, by path
  bool script = false;
};
/// Reads and checks; diagnostics go to the standard error.
std::variant<Loaded, Refused> load(const std::string& path, const lab::ScriptRequest& script, const Choice& choice,
                                   const Outputs& outputs);

/// Every file that load() read, also of a scenario or script that was refused.
const std::vector<std::string>& files_read();

/// The lanes that --only names; refused when there is none of that name.
std::variant<std::vector<const scenario::Variant*>, Refused> chosen_lanes(const scenario::Scenario& scenario,
                                                                          const std::string& only);
std::variant<std::vector<std::uint64_t>, Refused> chosen_seeds(const scenario::Scenario& scenario,
                                                               const Choice& choice);
/// The first failing run among the chosen lanes and seeds; nullopt inside: none fails.
std::variant<std::optional<lab::FailingRun>, Refused> chosen_failing(const Loaded& loaded, const Choice& choice,
                                                                     const lab::FailingOptions& options);
std::variant<std::vector<world::Step>, Refused> chosen_steps(const std::string& text);
/// nullopt inside: no limit. `option` is named when the text is not a time.
std::variant<std::optional<std::chrono::nanoseconds>, Refused> chosen_limit(const std::string& text,
                                                                            std::string_view option = "--time-limit");
unsigned chosen_jobs(unsigned jobs);

/// True for --github, and on GitHub's own machines.
bool annotates(const Outputs& outputs);

}  // namespace twice::cli
