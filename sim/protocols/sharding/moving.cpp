// Rows on their way from shard to shard. At any moment one shard answers for a row, or none while the row travels:
// the sender gives it up on its disk before it leaves, the receiver has it on its disk before it says so.
#include <algorithm>

#include "protocols/sharding/sharding.h"

namespace twice::protocols {

std::pair<ShardNode::Whose, NodeId> ShardNode::whose(std::uint32_t key, const Partition& partition) const {
  if (partition.rows.count(key)) return {Whose::kMine, self};
  const NodeId old_owner = owner_before(key), new_owner = owner_after(key);
  if (new_owner == self) {
    if (old_owner == self) return {Whose::kMine, self};
    const auto at = partition.arrived.find(old_owner);
    const bool came = at != partition.arrived.end() && at->second.epoch == epoch && key < at->second.up_to;
    return came ? std::pair{Whose::kMine, self} : std::pair{Whose::kOther, old_owner};
  }
  if (old_owner != self) return {Whose::kOther, new_owner};
  if (partition.epoch != epoch) return {Whose::kMine, self};
  const bool is_closed =
      std::find(partition.closed.begin(), partition.closed.end(), new_owner) != partition.closed.end();
  if (is_closed || (partition.to == new_owner && key < partition.arrived_up_to)) return {Whose::kOther, new_owner};
  if (partition.to == new_owner && partition.in_flight && key < partition.up_to) return {Whose::kOnItsWay, new_owner};
  return {Whose::kMine, self};
}

const Partition* ShardNode::moving() const {
  for (auto at = partitions.lower_bound(settled_dates); at != partitions.end(); ++at)
    if (at->second.epoch == epoch && at->second.in_flight) return &at->second;
  return nullptr;
}

// One batch at a time; the next one when this one has arrived.
void ShardNode::move_on(Effects& effects) {
  if (const Partition* partition = moving()) return send_batch(*partition, effects);
  for (auto at = partitions.lower_bound(settled_dates); at != partitions.end(); ++at) {
    if (start_batch(at->second, effects)) return;
    settled_dates = at->first + 1;
  }
  Resharded done{epoch};
  for (const auto& [date, partition] : partitions) {
    done.rows += partition.rows_sent;
    done.bytes += partition.bytes_sent;
  }
  effects.mark("rows", row_count(), self.index + 1u);
  effects.send(router, Payload(done), newest_write);
}

bool ShardNode::start_batch(Partition& partition, Effects& effects) {
  if (partition.epoch != epoch) {
    partition.epoch = epoch;
    partition.to = kNobody;
    partition.in_flight = false;
    partition.closed.clear();
    partition.rows_sent = partition.bytes_sent = 0;
  }
  if (partition.to == kNobody) {
    for (const NodeId shard : after->shards())
      if (partition.to == kNobody && may_move(*before, *after, self, shard, partition.date) &&
          std::find(partition.closed.begin(), partition.closed.end(), shard) == partition.closed.end())
        partition.to = shard;
    partition.arrived_up_to = 0;
  }
  if (partition.to == kNobody) return false;
  partition.up_to = kAllKeys;
  for (auto at = partition.rows.begin(); at != partition.rows.end();) {
    if (owner_after(at->first) != partition.to) {
      ++at;
      continue;
    }
    if (partition.leaving.size() == parameters.batch) {
      partition.up_to = partition.leaving.rbegin()->first + 1ull;
      break;
    }
    ++partition.rows_sent;
    partition.bytes_sent += parameters.table.bytes_of(at->second);
    partition.leaving.insert(partition.rows.extract(at++));
  }
  ++partition.number;
  partition.in_flight = true;
  save(partition, effects);
  send_batch(partition, effects);
  return true;
}

void ShardNode::send_batch(const Partition& partition, Effects& effects) {
  MoveRows batch{epoch, partition.number, partition.date, partition.leaving, partition.sessions, partition.up_to};
  effects.send(partition.to, Payload(std::move(batch)), newest_write);
}

void ShardNode::on(NodeId from, const MoveRows& message, Effects& effects) {
  if (message.epoch > epoch) return;  // the plan is still on its way; the batch will come again
  Partition& partition = partitions[message.date];
  Partition::Arrived& arrived = partition.arrived[from];
  if (message.epoch == epoch && std::pair{arrived.epoch, arrived.number} < std::pair{message.epoch, message.number}) {
    arrived = {message.epoch, message.number, message.up_to};
    for (const auto& [key, cell] : message.rows) partition.rows[key] = cell;
    merge(partition.sessions, message.sessions);
    save(partition, effects);
  }
  effects.send(from, Payload(RowsMoved{message.epoch, message.number, message.date}), newest_write);
}

void ShardNode::on(NodeId from, const RowsMoved& message, Effects& effects) {
  Partition& partition = partitions[message.date];
  if (message.epoch != epoch || partition.epoch != epoch || !partition.in_flight || from != partition.to ||
      message.number != partition.number)
    return;
  partition.leaving.clear();
  partition.in_flight = false;
  partition.arrived_up_to = partition.up_to;
  if (partition.up_to == kAllKeys) partition.closed.push_back(partition.to), partition.to = kNobody;
  save(partition, effects);
  std::vector<Routed> waiting;
  waiting.swap(held);
  for (const Routed& request : waiting) on(self, request, effects);
  move_on(effects);
}

}  // namespace twice::protocols
