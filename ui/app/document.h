#pragma once
// A scenario on its way from text to session: what was opened, what is wrong with it, what was written by hand.
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "scenario/load.h"
#include "ui/playback/scratch_folder.h"
#include "ui/playback/session.h"

namespace twice::ui {

/// A session, or why there is none.
struct Opened {
  std::unique_ptr<playback::Session> session;
  std::string text;      // of the file
  std::string problems;  // rendered diagnostics, warnings too
  std::vector<scenario::Diagnostic> diagnostics;
};

/// Reads a scenario file. `seed` 0: the scenario's first.
Opened open_scenario(const std::string& path, std::uint64_t seed, std::vector<std::string> lanes = {});
/// The same for a text that stands in for the file.
Opened open_text(const std::string& path, const std::string& text, std::uint64_t seed);

/// A person's SQL against the tables and the source of an open scenario's lane.
struct SqlProject {
  std::string sql;                    // the script
  std::string setup;                  // SQL that creates the tables
  std::string csv;                    // the source's rows
  std::string source = "stg_orders";  // what they are staged as
  std::vector<std::string> params;    // NAME=VALUE
  std::string table;
  std::string slice;  // with its parameters in place
};
/// What the editor starts with: this lane's tables and source, and a first script.
SqlProject sql_project_of(const playback::Lane& lane);
Opened open_sql(const SqlProject& project);

/// The project as files in a fresh folder of its own, for a sweep in another process; removed with the object.
class ProjectFiles {
 public:
  explicit ProjectFiles(const SqlProject& project);
  /// For `twice sweep`; empty when the files could not be written.
  const std::vector<std::string>& arguments() const { return arguments_; }

 private:
  playback::ScratchFolder folder_;
  std::vector<std::string> arguments_;
};

/// Writes the scenario with the steps of a branch beside its file, under a name that is free. The path, or the error.
struct Saved {
  std::string path, error;
};
Saved save_branch(const playback::Session& session, const std::string& text, std::size_t lane);

/// What was done in the shown branch of a lane, as TOML to paste into a scenario or a lesson.
std::string schedule_text(const playback::Session& session, std::size_t lane);
/// The same as a file beside the scenario.
Saved save_schedule(const playback::Session& session, const std::string& text);

/// The project as a folder of its own where the program runs; `arguments` are those of `twice sweep`.
struct SavedProject {
  std::vector<std::string> arguments;
  std::string error;
};
SavedProject save_project(const SqlProject& project);

/// The shipped scenarios: path and title, by path.
std::vector<std::pair<std::string, std::string>> shipped_scenarios();

/// The folder of the shipped lessons; empty when there is none.
std::string shipped_lessons();

/// A file of the shipped scenarios, e.g. "loaders/crash-at-800.toml": from the folder the program runs in, or from
/// where it was installed or built. Empty when it is nowhere.
std::string shipped_scenario(const std::string& name);

}  // namespace twice::ui
