#pragma once
// A run on disk: scenario and data files, variant, seed, steps, versions, every hash and every record; enough to run it
// again anywhere and to tell where it differs. Truncated or altered files are recognised, never half-read.
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/trace.h"
#include "lab/run.h"

namespace twice::lab {

struct TraceFile {
  std::string twice_version, engine_version;
  std::string scenario_path, scenario_text;                // the text as it was
  std::vector<std::pair<std::string, std::string>> files;  // data files by the path they were opened with
  std::vector<std::string> set;                            // PATH=VALUE, in order
  std::string variant;
  std::uint64_t seed = 0;
  bool timeline = true;    // false: the scenario's own faults were left out
  std::uint32_t runs = 0;  // of the load; 0 = as the scenario says
  std::string steps;       // `--do`
  Sequence events = 0;
  std::uint64_t hash = 0;
  std::vector<std::uint64_t> block_hashes;
  std::vector<std::string> labels;
  std::string records;  // every record of the trace, compact

  bool operator==(const TraceFile&) const = default;
};

/// Fills in what the run itself says. REQUIRES a trace that kept everything.
void record_run(TraceFile& file, const Trace& trace);

std::string encode(const TraceFile& trace);
/// The file, or what is wrong with it.
std::variant<TraceFile, std::string> decode_trace(const std::string& bytes);

/// Where a repeated run leaves the recorded one.
struct TraceDifference {
  Sequence event = 0;         // the first that differs; for a difference inside a payload, the first of its block
  std::string recorded, now;  // both sides in words; equal when only the payload differs
};
/// nullopt: the same run.
std::optional<TraceDifference> first_difference(const TraceFile& recorded, const Trace& now);

}  // namespace twice::lab
