#pragma once
// A run on disk: scenario text, variant, seed, steps, versions and every hash; enough to run it again anywhere and to
// tell where it differs. Truncated or altered files are recognised, never half-read.
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "lab/run.h"

namespace twice::lab {

struct TraceFile {
  std::string twice_version, engine_version;
  std::string scenario_path, scenario_text;  // the text as it was
  std::vector<std::string> set;
  std::string variant;
  std::uint64_t seed = 0;
  std::string steps;  // `--do`
  Sequence events = 0;
  std::uint64_t hash = 0;
  std::vector<std::uint64_t> block_hashes;
  std::vector<std::string> labels;
  std::string records;  // compact bytes of the trace, compressed
};

std::string encode(const TraceFile& trace);
/// The file, or what is wrong with it.
std::variant<TraceFile, std::string> decode_trace(const std::string& bytes);

}  // namespace twice::lab
