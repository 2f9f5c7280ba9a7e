#pragma once
// What `twice check --bites` found, for people and for programs.
#include <string>

#include "lab/bites.h"
#include "lab/report.h"

namespace twice::lab {

/// What was found, in the order of the file, and one line that sums it up. `quiet`: nothing about a file that bites.
std::string bites_text(const scenario::Scenario& scenario, const Bites& result, const Style& style, bool quiet);
/// One object on one line.
std::string bites_json(const scenario::Scenario& scenario, const Bites& result);

}  // namespace twice::lab
