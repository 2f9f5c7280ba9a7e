#include "check/deliveries.h"

#include <algorithm>

#include <fmt/format.h>

#include "pipeline/stream/stream.h"

namespace twice::check {
namespace {

using namespace pipeline::stream;  // NOLINT: this file speaks of nothing else

/// The parts of a stream in a world that has one.
struct Parts {
  NodeId producer_id, bus_id, sink_id;
  const ProducerNode* producer = nullptr;
  const BusNode* bus = nullptr;
  const SinkNode* sink = nullptr;
  std::vector<std::pair<NodeId, const ConsumerNode*>> consumers;
};

Parts parts_of(const world::World& world) {
  Parts parts;
  for (std::uint16_t i = 0; i < world.size(); ++i) {
    const Node& node = world.node({i});
    if (const auto* producer = state_of<ProducerNode>(node)) parts.producer = producer, parts.producer_id = {i};
    if (const auto* bus = state_of<BusNode>(node)) parts.bus = bus, parts.bus_id = {i};
    if (const auto* sink = state_of<SinkNode>(node)) parts.sink = sink, parts.sink_id = {i};
    if (const auto* consumer = state_of<ConsumerNode>(node)) parts.consumers.emplace_back(NodeId{i}, consumer);
  }
  return parts;
}

std::string why_unsettled(const world::World& world, const Parts& parts) {
  const auto down = [&](NodeId node) { return fmt::format("{} is down", world.name(node)); };
  for (const NodeId node : {parts.producer_id, parts.bus_id, parts.sink_id})
    if (!world.is_up(node)) return down(node);
  if (!parts.producer->idle()) return "the producer is not done";
  for (const auto& [id, consumer] : parts.consumers) {
    if (!world.is_up(id)) return down(id);
    if (!consumer->idle() || consumer->position < parts.bus->end_of(consumer->partition))
      return fmt::format("{} is not done", world.name(id));
  }
  return {};
}

}  // namespace

void Deliveries::event(const world::World& world, const Event& event, const std::vector<Effect>& effects) {
  if (kinds_.size() < world.size()) kinds_.resize(world.size());
  Kind& kind = kinds_[event.node.index];
  const Node& node = world.node(event.node);
  if (kind == Kind::kUnseen)
    kind = node.kind() == ProducerNode::kName ? Kind::kProducer
           : node.kind() == SinkNode::kName   ? Kind::kSink
                                              : Kind::kOther;
  if (kind == Kind::kOther) return;
  saw_ = true;
  if (kind == Kind::kSink) return watch_sink(world, event);
  taken_ = std::max(taken_, static_cast<const NodeOf<ProducerNode>&>(node).state().taken);
  for (const Effect& effect : effects)
    if (const auto* send = std::get_if<Send>(&effect))
      if (const auto* produce = send->body.get<Produce>()) sent_ += produce->records.size();
}

void Deliveries::watch_sink(const world::World& world, const Event& event) {
  const Output* output = event.kind == EventKind::kDeliver ? event.body.get<Output>() : nullptr;
  if (!output) return;
  const SinkNode& sink = static_cast<const NodeOf<SinkNode>&>(world.node(event.node)).state();
  for (const RecordId record : output->records) {
    ++delivered_;
    ++arrivals_[record];
    const auto row = sink.rows.find(record);
    if (!first_doubled_ && row != sink.rows.end() && row->second > 1)
      first_doubled_ = {world.events(), world.now(), fmt::format("record {} is in the sink twice", record)};
  }
}

EffectTally Deliveries::tally(const world::World& world) const {
  EffectTally tally;
  const Parts parts = parts_of(world);
  if (!parts.producer || !parts.bus || !parts.sink) return tally;
  const bool database = parts.producer->parameters.is_database();
  const auto& orders = parts.producer->rows;
  tally.records = database ? orders.size() : taken_;
  const auto is_known = [&](RecordId record) { return database ? orders.count(record) > 0 : record <= taken_; };
  std::uint64_t known = 0;
  for (const auto& [record, copies] : parts.sink->rows) {
    tally.effects += copies;
    tally.doubled += copies - 1;
    is_known(record) ? ++known : ++tally.invented;
  }
  tally.lost = tally.records - known;
  tally.unsettled = why_unsettled(world, parts);
  return tally;
}

std::uint64_t Deliveries::counted(const world::World& world) const {
  std::uint64_t sum = 0;
  for (const auto& consumer : parts_of(world).consumers) sum += consumer.second->counted;
  return sum;
}

}  // namespace twice::check
