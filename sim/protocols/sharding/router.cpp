#include <algorithm>
#include <charconv>
#include <optional>

#include "protocols/sharding/sharding.h"
#include "world/step.h"

namespace twice::protocols {
namespace {

std::optional<RouterJob> job_of(std::string_view text) {
  if (text == "add-shard") return RouterJob{RouterJob::Kind::kAddShard};
  if (text == "remove-shard") return RouterJob{RouterJob::Kind::kRemoveShard};
  constexpr std::string_view kScan = "scan ";
  if (text.substr(0, kScan.size()) != kScan) return std::nullopt;
  RouterJob job;
  const char* const end = text.data() + text.size();
  const auto from = std::from_chars(text.data() + kScan.size(), end, job.from);
  if (from.ec != std::errc() || from.ptr == end || *from.ptr != ' ') return std::nullopt;
  const auto to = std::from_chars(from.ptr + 1, end, job.to);
  if (to.ec != std::errc() || to.ptr != end) return std::nullopt;
  return job;
}

bool contains(const std::vector<NodeId>& nodes, NodeId node) {
  return std::find(nodes.begin(), nodes.end(), node) != nodes.end();
}

}  // namespace

bool router_understands(std::string_view words) { return job_of(words).has_value(); }

void RouterNode::step(Time now, const Input& input, Effects& effects) {
  if (const auto* start = std::get_if<Start>(&input)) {
    scan.number = static_cast<std::uint64_t>(now.ns);  // an answer to an earlier life's scan fits none of this one's
    return begin(*start, effects);
  }
  if (std::holds_alternative<TimerFired>(input)) {
    effects.set_timer(0, parameters.resend);
    return ask_again(effects);
  }
  const auto* received = std::get_if<Received>(&input);
  if (!received) return;
  const Payload& body = received->body;
  if (const auto* m = body.get<Request>()) {
    // While rows move, who had them knows where they are.
    const std::uint32_t key = m->command.key;
    const NodeId shard = (moves ? before : after)->owner(key, parameters.table.date_of(key));
    return effects.send(shard, Payload(Routed{Block<Request>(*m)}));
  }
  if (const auto* m = body.get<Resharded>()) return on(*m, received->from, effects);
  if (const auto* m = body.get<Scanned>()) return on(*m, received->from, effects);
  const auto* command = body.get<world::OutsideCommand>();
  if (!command) return;
  const auto job = job_of(command->text);
  if (!job) return effects.say("does not know the command \"" + command->text + "\"");
  jobs.push_back(*job);
  if (jobs.size() == 1 && !moves) next_job(effects);
}

void RouterNode::begin(const Start& start, Effects& effects) {
  for (const Record& record : start.durable)
    if (const auto* plan = record.value.get<ShardingRecord>())
      epoch = plan->epoch, before = plan->before, after = plan->after, moves = plan->moves;
  effects.set_timer(0, parameters.resend);
  ask_again(effects);
}

void RouterNode::save(Effects& effects) {
  newest_write = effects.write(kPlanRecord, Payload(ShardingRecord{epoch, before, after, moves}));
}

void RouterNode::next_job(Effects& effects) {
  while (!jobs.empty()) {
    const RouterJob job = jobs.front();
    if (job.kind == RouterJob::Kind::kScan) {
      scan = {scan.number + 1, job.from, job.to};
      parts.clear();
      asked = parameters.pruning ? after->owners(job.from, job.to) : after->shards();
      return ask_again(effects);
    }
    reshard(job.kind == RouterJob::Kind::kAddShard, effects);
    if (moves) return;
    jobs.erase(jobs.begin());  // no shard is left to add or to remove
  }
}

void RouterNode::reshard(bool adds, Effects& effects) {
  const std::vector<NodeId> present = after->shards();
  Placement next = *after;
  if (adds) {
    const auto at = std::find_if(shards.begin(), shards.end(), [&](NodeId node) { return !contains(present, node); });
    if (at == shards.end()) return;
    next.add(*at);
  } else {
    if (present.size() < 2) return;
    const auto at = std::find_if(shards.rbegin(), shards.rend(), [&](NodeId node) { return contains(present, node); });
    next.remove(*at);
  }
  ++epoch;
  moves = job_moves = true;
  done.clear();
  rows_moved = bytes_moved = 0;
  effects.mark("resharding", epoch, static_cast<std::uint32_t>(next.shards().size()));
  before = after;
  after = Block<Placement>(std::move(next));
  save(effects);
  ask_again(effects);
}

// Whatever has not been answered yet.
void RouterNode::ask_again(Effects& effects) {
  if (moves) {
    for (const NodeId shard : shards)
      if (!done.count(shard) && (contains(before->shards(), shard) || contains(after->shards(), shard)))
        effects.send(shard, Payload(Reshard{epoch, before, after}), newest_write);
    return;
  }
  if (jobs.empty()) return;
  for (const NodeId shard : asked)
    if (!parts.count(shard)) effects.send(shard, Payload(scan));
}

void RouterNode::on(const Resharded& message, NodeId from, Effects& effects) {
  if (!moves || message.epoch != epoch || !done.emplace(from, message).second) return;
  for (const NodeId shard : shards)
    if (!done.count(shard) && (contains(before->shards(), shard) || contains(after->shards(), shard))) return;
  for (const auto& [shard, what] : done) rows_moved += what.rows, bytes_moved += what.bytes;
  moves = false;
  before = after;
  save(effects);
  effects.mark("resharded", rows_moved, static_cast<std::uint32_t>(epoch));
  if (std::exchange(job_moves, false)) jobs.erase(jobs.begin());
  next_job(effects);
}

void RouterNode::on(const Scanned& message, NodeId from, Effects& effects) {
  if (moves || jobs.empty() || jobs.front().kind != RouterJob::Kind::kScan || message.number != scan.number) return;
  if (!contains(asked, from) || !parts.emplace(from, message).second || parts.size() < asked.size()) return;
  last_scan = {scan.number};
  for (const auto& [shard, part] : parts) {
    last_scan.rows += part.rows, last_scan.bytes += part.bytes;
    last_scan.partitions += part.partitions, last_scan.bytes_scanned += part.bytes_scanned;
  }
  effects.mark("scanned", last_scan.bytes_scanned, static_cast<std::uint32_t>(asked.size()));
  jobs.erase(jobs.begin());
  next_job(effects);
}

std::vector<world::NodeSetup> make_sharding(const std::vector<std::string>& names, const ShardingParameters& parameters,
                                            Duration sync_cost) {
  std::vector<NodeId> shards;
  for (std::uint16_t i = 0; i < names.size(); ++i) shards.push_back({i});
  const std::size_t active = parameters.active == 0 ? shards.size() : std::min(parameters.active, shards.size());
  const Block<Placement> initial(Placement(parameters.partitioning,
                                           {shards.begin(), shards.begin() + static_cast<std::ptrdiff_t>(active)},
                                           parameters.table, parameters.virtual_nodes));
  std::vector<world::NodeSetup> nodes;
  const NodeId router_id{static_cast<std::uint16_t>(names.size())};
  for (std::uint16_t i = 0; i < names.size(); ++i) {
    ShardNode shard;
    shard.parameters = parameters;
    shard.self = {i};
    shard.router = router_id;
    shard.initial = initial;
    nodes.push_back({.name = names[i], .node = make_node(std::move(shard)), .sync_cost = sync_cost});
  }
  RouterNode router;
  router.parameters = parameters;
  router.shards = shards;
  router.before = router.after = initial;
  nodes.push_back({.name = "router", .node = make_node(std::move(router)), .sync_cost = sync_cost});
  return nodes;
}

}  // namespace twice::protocols
