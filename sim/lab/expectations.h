#pragma once
// What a file expects of a run, held against what the run showed.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lab/outcome.h"
#include "lab/run.h"
#include "lab/run_log.h"

namespace twice::lab {

/// Everything an expectation can be judged by.
struct Evidence {
  const scenario::Variant& variant;
  const world::World& world;
  const RunLog& log;
  const Pipeline* pipeline = nullptr;       // of a load
  const LoadOutcome* outcome = nullptr;     // of a load
  std::optional<pipeline::SqlRow> finally;  // the dashboard's query at the end
  std::vector<std::string> columns;         // of that query
  std::vector<Reading> readings;
  const ClientsReport* clients = nullptr;  // of a cluster with clients
};

/// What clients saw; nullopt without clients. `spectrum`: with every consistency model judged, within `budget` steps
/// (0: as core/limits.h has it).
std::optional<ClientsReport> report_clients(const Evidence& evidence, bool spectrum, std::uint64_t budget = 0);
/// True when the file expects something of a consistency model.
bool names_a_model(const scenario::ExpectSpec& expect);

/// All metrics of this kind of scenario, in the registry's order.
std::vector<std::pair<std::string, std::int64_t>> measure(const Evidence& evidence);

/// Fills findings and sometimes.
void judge_expectations(const Evidence& evidence, RunReport& report);
/// Of a run that was cut short: adds what was already broken for good, where that costs nothing to know.
void judge_what_broke(const Evidence& evidence, RunReport& report);

}  // namespace twice::lab
