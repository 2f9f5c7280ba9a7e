#include <algorithm>

#include "protocols/sharding/sharding.h"

namespace twice::protocols {
namespace {

constexpr std::uint64_t kPartitions = std::uint64_t{4} << 40;  // + date
constexpr std::uint32_t kMostHops = 8;

}  // namespace

std::string_view name_of(WhileMoving moving) {
  switch (moving) {
    case WhileMoving::kForward:
      return "forward";
    case WhileMoving::kRefuse:
      return "refuse";
    case WhileMoving::kCareless:
      return "careless";
  }
  return {};
}

void ShardNode::step(Time, const Input& input, Effects& effects) {
  if (const auto* start = std::get_if<Start>(&input)) return begin(*start, effects);
  if (std::holds_alternative<TimerFired>(input)) {
    effects.set_timer(0, parameters.resend);
    if (const Partition* partition = moving()) send_batch(*partition, effects);
    return;
  }
  const auto* received = std::get_if<Received>(&input);
  if (!received) return;
  const Payload& body = received->body;
  if (const auto* m = body.get<Request>()) return on(received->from, Routed{Block<Request>(*m)}, effects);
  if (const auto* m = body.get<Routed>()) return on(received->from, *m, effects);
  if (const auto* m = body.get<Reshard>()) return on(received->from, *m, effects);
  if (const auto* m = body.get<MoveRows>()) return on(received->from, *m, effects);
  if (const auto* m = body.get<RowsMoved>()) return on(received->from, *m, effects);
  if (const auto* m = body.get<Scan>()) return on(received->from, *m, effects);
}

void ShardNode::begin(const Start& start, Effects& effects) {
  before = after = initial;
  settled_dates = 0;
  for (std::uint32_t date = 0; date < parameters.table.dates; ++date) partitions[date].date = date;
  for (std::uint32_t key = 0; key < parameters.table.rows; ++key) {
    const std::uint32_t date = parameters.table.date_of(key);
    if (initial->owner(key, date) == self) partitions[date].rows[key];
  }
  for (const Record& record : start.durable) {
    if (const auto* plan = record.value.get<ShardingRecord>())
      epoch = plan->epoch, before = plan->before, after = plan->after;
    if (const auto* partition = record.value.get<Partition>()) partitions[partition->date] = *partition;
  }
  // The crash took the plan and left a batch that was never sent: it is undone.
  for (auto& [date, partition] : partitions)
    if (partition.epoch > epoch) {
      partition.rows.merge(partition.leaving);
      partition.leaving.clear();
      partition.in_flight = false;
      partition.epoch = 0;
    }
  effects.set_timer(0, parameters.resend);
  if (epoch > 0) move_on(effects);
}

void ShardNode::save(const Partition& partition, Effects& effects) {
  if (parameters.persist != Persist::kNever)
    newest_write = effects.write(kPartitions + partition.date, Payload(partition));
}

std::uint64_t ShardNode::row_count() const {
  std::uint64_t count = 0;
  for (const auto& [date, partition] : partitions) count += partition.rows.size();
  return count;
}

std::uint64_t ShardNode::byte_count() const {
  std::uint64_t bytes = 0;
  for (const auto& [date, partition] : partitions)
    for (const auto& [key, cell] : partition.rows) bytes += parameters.table.bytes_of(cell);
  return bytes;
}

void ShardNode::on(NodeId, const Routed& message, Effects& effects) {
  const Request& request = *message.request;
  const std::uint32_t key = request.command.key;
  Partition& partition = partitions[parameters.table.date_of(key)];
  const auto [whose_row, other] = whose(key, partition);
  if (whose_row == Whose::kMine) return serve(request, partition, effects);
  if (whose_row == Whose::kOther) {
    if (message.hops >= kMostHops) return refuse(effects, request.id);
    return effects.send(other, Payload(Routed{message.request, message.hops + 1}));
  }
  switch (parameters.moving) {
    case WhileMoving::kForward:
      held.push_back(message);
      return;
    case WhileMoving::kRefuse:
      return refuse(effects, request.id);
    case WhileMoving::kCareless: {
      Cell& copy = partition.leaving[key];
      return answer(effects, request.id, execute(copy, request.command), after_write());
    }
  }
}

void ShardNode::serve(const Request& request, Partition& partition, Effects& effects) {
  const auto run = [&] { return execute(partition.rows[request.command.key], request.command); };
  if (!request.command.writes()) {
    const auto at = partition.rows.find(request.command.key);
    Reply reply{Status::kOk, at == partition.rows.end() ? Cell{} : at->second};
    return answer(effects, request.id, std::move(reply), after_write());
  }
  auto [reply, is_new] =
      parameters.sessions ? once(partition.sessions, request, run) : std::pair<Reply, bool>{run(), true};
  if (is_new) save(partition, effects);
  answer(effects, request.id, std::move(reply), after_write());
}

void ShardNode::on(NodeId from, const Scan& message, Effects& effects) {
  Scanned found{message.number};
  for (const auto& [date, partition] : partitions) {
    std::uint64_t bytes = 0;
    for (const auto& [key, cell] : partition.rows) bytes += parameters.table.bytes_of(cell);
    const bool wanted = message.from <= date && date <= message.to;
    bytes_unpruned += bytes;
    if (wanted) found.rows += partition.rows.size(), found.bytes += bytes;
    if (wanted || !parameters.pruning) ++found.partitions, found.bytes_scanned += bytes;
  }
  bytes_scanned += found.bytes_scanned;
  effects.send(from, Payload(found), after_write());
}

void ShardNode::on(NodeId from, const Reshard& message, Effects& effects) {
  if (message.epoch < epoch) return;
  if (message.epoch > epoch) {
    epoch = message.epoch;
    settled_dates = 0;
    before = message.before;
    after = message.after;
    if (parameters.persist != Persist::kNever)
      newest_write = effects.write(kPlanRecord, Payload(ShardingRecord{epoch, before, after, true}));
    return move_on(effects);
  }
  if (moving()) return;
  Resharded done{epoch};
  for (const auto& [date, partition] : partitions)
    if (partition.epoch == epoch) done.rows += partition.rows_sent, done.bytes += partition.bytes_sent;
  effects.send(from, Payload(done), newest_write);
}

}  // namespace twice::protocols
