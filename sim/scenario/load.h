#pragma once
// The one way into a scenario: text in, resolved variants or a list of what is wrong out. A bad file never yields a
// scenario, so it never starts a run.
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/limits.h"
#include "scenario/diagnostics.h"
#include "scenario/spec.h"
#include "scenario/sql_tools.h"

namespace twice::scenario {

struct FileProblem {
  std::string message, help;
};
/// A whole file, or why it cannot be read.
using FileText = std::variant<std::string, FileProblem>;
/// Reads a regular file of at most `limit` bytes, the one way in which this program reads files. Too large a file, a
/// folder, a pipe, a device, a loop of links and a missing file are problems; nothing of them is read.
FileText read_text_file(const std::string& path, const limits::FileLimit& limit);

struct LoadOptions {
  std::vector<std::string> set;  // PATH=VALUE, in order
  /// Values without effect are no error: the file is not the last word. Answers to a lesson complete it, a search for a
  /// smaller one takes parts away, and what an old trace holds has already run.
  bool idle_values = false;
  SqlTools sql = engine_tools();
  std::function<FileText(const std::string& path, const limits::FileLimit& limit)> read_file = read_text_file;
  bool reads_disk = true;  // false: `read_file` has texts of its own, and no link on the disk matters
};

struct Loaded {
  std::optional<Scenario> scenario;  // only without errors
  DiagnosticList diagnostics;        // warnings too
};

/// Reads and checks a scenario file.
Loaded load_scenario(const std::string& path, const LoadOptions& options = {});
/// The same for a text; `path` names it in diagnostics, and relative paths in it start from its folder.
Loaded parse_scenario(const std::string& path, std::string text, const LoadOptions& options = {});

}  // namespace twice::scenario
