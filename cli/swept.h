#pragma once
// A sweep and what it means: of the lanes of a scenario, or of a script, of which it gives advice too.
#include <optional>
#include <string>
#include <vector>

#include "cli/arguments.h"
#include "cli/subject.h"
#include "lab/report_cases.h"
#include "lab/script.h"
#include "lab/sweep.h"

namespace twice::cli {

struct Swept {
  lab::SweepResult result;
  std::uint64_t seed = 1;
  std::optional<lab::ScriptVerdict> verdict;  // of a script
  std::optional<lab::RunReport> smallest;     // of a script: the smallest failing point, run once more for its rows
};
/// Judges what `lab::sweep` found with these options.
Swept swept(const Loaded& loaded, lab::SweepResult result, const lab::SweepOptions& options);

/// What the program ends with.
Exit code_of(const Swept& swept);
std::string text_of(const Loaded& loaded, const Swept& swept, const lab::Style& style);
std::string json_of(const Loaded& loaded, const Swept& swept);
lab::Suite suite_of(const Loaded& loaded, const Swept& swept);
/// Annotations of a script's advice; empty for lanes, whose cases say all.
std::string commands_of(const Loaded& loaded, const Swept& swept);

}  // namespace twice::cli
