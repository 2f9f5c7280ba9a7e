#pragma once
// From what a person did back to a file: steps as lines of [timeline].
#include <string>
#include <string_view>
#include <vector>

#include "world/step.h"

namespace twice::scenario {

/// One step as it stands in a file: { after-row = 800, attempt = 1, crash = "loader" }.
std::string to_toml(const world::Step& step);

/// The scenario's text with `steps` at the end of its timeline, or instead of it; everything else, comments too,
/// stays as it was. REQUIRES a text that reads without errors.
std::string with_steps(std::string_view text, const std::vector<world::Step>& steps, bool replace);

}  // namespace twice::scenario
