#pragma once
// What a run did not put to the test. A promise that nothing in the run could have broken is not kept, it is undecided:
// no read was answered, nobody asked, no node crashed.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lab/expectations.h"
#include "lab/run.h"

namespace twice::lab {

/// Why a check of the registry that found nothing wrong says nothing about this run; nullopt: it was put to the test.
std::optional<std::string> not_tested(const std::string& check, const Evidence& evidence);

/// The same of a metric whose value is 0: there was nothing to be counted.
std::optional<std::string> nothing_to_count(const scenario::MetricSpec& metric, const Evidence& evidence,
                                            const std::vector<std::pair<std::string, std::int64_t>>& metrics);
/// Why this run has no figure of that name.
std::string not_measured(std::string_view metric, const Evidence& evidence);

/// What stands in the file and did nothing in this run: clients that asked nothing, link rules that no message met.
std::vector<Finding> inert_parts(const Evidence& evidence);

/// Why a step never happened, or changed nothing when it did; nullopt: it happened.
std::optional<std::string> did_nothing(std::size_t step, const StepReport& report, const Evidence& evidence);

}  // namespace twice::lab
