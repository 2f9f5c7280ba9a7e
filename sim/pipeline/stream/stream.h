#pragma once
// Producer, bus, consumers, sink: see README.md.
#include <string>
#include <vector>

#include "pipeline/stream/bus.h"
#include "pipeline/stream/consumer.h"
#include "pipeline/stream/producer.h"
#include "pipeline/stream/sink.h"
#include "world/world.h"

namespace twice::pipeline::stream {

/// Consumers are nodes 0..n-1 of a world, in the order of their names, each with a partition of its own; "producer",
/// "bus" and "sink" come after them.
std::vector<world::NodeSetup> make_stream(const std::vector<std::string>& consumers, const Parameters& parameters);

}  // namespace twice::pipeline::stream
