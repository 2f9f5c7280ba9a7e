#pragma once
// What shrinking found, and where a run's failure became inevitable: for people and for programs.
#include <string>
#include <utility>
#include <vector>

#include "lab/inevitable.h"
#include "lab/report.h"
#include "lab/shrink.h"

namespace twice::lab {

/// Before, after, and how much smaller.
std::string shrink_text(const Shrunk& result, const Style& style);
/// One line a lane, the middle factors below.
std::string shrink_table(const std::vector<std::pair<std::string, Shrunk>>& by_file, const Style& style);
/// One object; the file's text is in it.
std::string shrink_json(const std::string& file, const Shrunk& result);

/// The share of re-runs that failed, from each moment, as bars; then the moment from which on all did.
std::string inevitable_text(const Inevitable& result, const Style& style);
std::string inevitable_json(const Inevitable& result);

}  // namespace twice::lab
