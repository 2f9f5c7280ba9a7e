#include "pipeline/stream/stream.h"

namespace twice::pipeline::stream {

std::vector<world::NodeSetup> make_stream(const std::vector<std::string>& consumers, const Parameters& parameters) {
  const auto count = static_cast<std::uint16_t>(consumers.size());
  const NodeId bus_id{static_cast<std::uint16_t>(count + 1)}, sink_id{static_cast<std::uint16_t>(count + 2)};
  std::vector<world::NodeSetup> nodes;
  for (std::uint16_t i = 0; i < count; ++i) {
    ConsumerNode consumer;
    consumer.parameters = parameters;
    consumer.partition = i;
    consumer.bus = bus_id;
    consumer.sink = sink_id;
    nodes.push_back({.name = consumers[i], .node = make_node(std::move(consumer))});
  }
  ProducerNode producer;
  producer.parameters = parameters;
  producer.bus = bus_id;
  nodes.push_back({.name = "producer", .node = make_node(std::move(producer))});
  BusNode bus;
  bus.parameters = parameters;
  bus.partitions.resize(count);
  bus.offsets.resize(count);
  bus.readable.resize(count);
  nodes.push_back({.name = "bus", .node = make_node(std::move(bus))});
  SinkNode sink;
  sink.parameters = parameters;
  sink.offsets.resize(count);
  sink.held.resize(count);
  nodes.push_back({.name = "sink", .node = make_node(std::move(sink))});
  return nodes;
}

}  // namespace twice::pipeline::stream
