#pragma once
#include <string>
#include <vector>

#include "lab/report.h"

namespace twice::lab {

/// "709.33ms" says enough for a person.
std::string readable(Duration d);
/// Answers, latencies, staleness: a line each.
std::vector<std::string> clients_lines(const ClientsReport& clients);
/// One table of all runs that were judged: a row a model, a column a lane, and below it why not. Empty without any.
std::string spectrum_text(const std::vector<RunReport>& runs, const Style& style);

}  // namespace twice::lab
