#pragma once
// A user's SQL script as it stands, without a scenario file: the script, the tables it meets and the rows it loads
// become a scenario with one lane.
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "lab/report.h"
#include "lab/report_cases.h"
#include "lab/sweep.h"
#include "scenario/load.h"

namespace twice::lab {

struct ScriptRequest {
  std::string script;                 // path
  std::vector<std::string> setup;     // paths of SQL that creates the tables, run in this order
  std::optional<std::string> source;  // a CSV or JSON Lines file; staged as a table with the file's name
  std::vector<std::string> params;    // NAME=VALUE, bound as :NAME
  std::optional<std::string> table;   // what is loaded; without it, the one table the script writes
  std::vector<std::string> key, ignore;
  std::optional<std::string> slice;  // a condition: rows outside must stay as they are
};

/// The path of the repro line: "load.sql --setup schema.sql …", ready for a shell.
std::string arguments_of(const ScriptRequest& request);

/// Reads and checks everything; problems point into the .sql and .csv files themselves. Without --table, a note says
/// which one was taken.
struct LoadedScript {
  scenario::Loaded loaded;
  std::string note;
};
LoadedScript load_script(const ScriptRequest& request,
                         const std::function<scenario::FileText(const std::string&, const limits::FileLimit&)>&
                             read_file = scenario::read_text_file);

/// Safe to run again, or not and why.
struct ScriptVerdict {
  enum class Kind : std::uint8_t { kSafe, kUnsafe, kUndecided, kCannotRun };
  Kind kind = Kind::kUndecided;
  std::vector<scenario::Diagnostic> diagnostics;  // the verdict first, at the SQL line it is about, with a likely fix
};
/// `smallest`: the smallest failing point, run once more; its rows are shown.
ScriptVerdict judge_script(const scenario::Scenario& scenario, const LaneSweep& lane,
                           const std::optional<RunReport>& smallest, std::uint64_t seed);

/// What a verdict rests on, for its reports.
struct ScriptResult {
  Subject subject;
  const scenario::Scenario& scenario;
  const SweepResult& sweep;  // of the script's one lane
  const ScriptVerdict& verdict;
  const std::optional<RunReport>& smallest;
  std::uint64_t seed = 1;
};
std::string script_text(const ScriptResult& result, const Style& style);
/// JSON Lines: those of the sweep, then one with the verdict and its diagnostics.
std::string script_json(const ScriptResult& result);
/// One case: safe to run again? At the line of the advice.
Suite script_suite(const ScriptResult& result);
/// GitHub workflow commands at the SQL lines that the verdict and its warnings speak of.
std::string script_github(const ScriptResult& result);

}  // namespace twice::lab
