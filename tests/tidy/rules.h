#pragma once
// What the tree promises, one function a rule. Each takes one file and returns what is wrong with it.
#include <string>
#include <string_view>
#include <vector>

#include "tidy/source.h"

namespace twice::tidy {

using Findings = std::vector<Finding>;

/// Arrows point down: a layer of sim/ includes itself and those below, by paths rooted at sim/.
Findings check_layering(const Source& source);
/// Third-party headers stay in the folder that wraps them: imgui in ui/, SQLite in the warehouse, TOML in scenario.
Findings check_third_party(const Source& source);
/// Nothing in sim/ may differ between machines or runs; see docs/decisions/0002-keyed-randomness.md.
Findings check_determinism(const Source& source);
/// Headers are guarded by `#pragma once`, and nothing else.
Findings check_pragma_once(const Source& source);
/// Lines of code are at most 160 characters long.
Findings check_line_length(const Source& source);
/// Files of code are at most 600 lines long; longer ones are listed with their reason and may not grow.
Findings check_file_length(const Source& source);
/// Nothing is left for later in the text.
Findings check_unfinished(const Source& source);
/// No path of somebody's machine.
Findings check_machine_paths(const Source& source);
/// snake_case.cpp, snake_case.h.
Findings check_file_name(const Source& source);

using Rule = Findings (*)(const Source&);

/// A place where a rule does not hold, and why. An exception that excuses nothing fails the test.
struct Exception {
  std::string_view path;  // a file, or a folder that ends with '/'
  Rule rule;
  std::string_view reason;
};
const std::vector<Exception>& exceptions();

/// Names of libm among the undefined symbols that `nm -u` printed.
std::vector<std::string> libm_symbols(std::string_view nm_output);

}  // namespace twice::tidy
