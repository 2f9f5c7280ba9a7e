#pragma once
// Latencies as a file writes them: "10ms", "1ms..10ms", "2ms + exponential 5ms", "pareto 0.235ms 10",
// "table 1ms*90 5ms*9 40ms", "91.22% pareto 0.235ms 10 | 8.78% exponential 0.602ms + 75ms", "lnkd-disk-write + 75ms".
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "physics/latency.h"

namespace twice::scenario {

/// How long a message travels.
using Latency = physics::LatencyModel;

/// A latency that was measured somewhere and published, by the name a file may use for it.
struct PublishedLatency {
  std::string_view name;
  std::string_view text;  // in the grammar above
  std::string_view source;
};
const std::vector<PublishedLatency>& published_latencies();

/// What is wrong, as the end of a sentence about the field ("is upside down: …"); empty when nothing of the text was
/// understood.
struct LatencyError {
  std::string message, help;
};
std::variant<Latency, LatencyError> read_latency(std::string_view text);

/// Reads back as the same model; a published one is written out.
std::string to_text(const Latency& latency);
std::optional<Latency> parse_latency(std::string_view text);

}  // namespace twice::scenario
