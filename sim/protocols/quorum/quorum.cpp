#include "protocols/quorum/quorum.h"

#include <algorithm>

#include <fmt/format.h>

namespace twice::protocols {
namespace {

enum : std::uint8_t { kOperationDue, kHandoff, kCompare };
constexpr std::uint64_t kLifeRecord = 1;
constexpr std::uint64_t kHintRecords = std::uint64_t{3} << 40;
constexpr std::size_t kBuckets = 16;
constexpr std::size_t kHintsAtOnce = 64;

std::size_t bucket_of(std::uint32_t key) { return mix(key) % kBuckets; }

}  // namespace

std::string_view name_of(ReadRepair repair) {
  switch (repair) {
    case ReadRepair::kOff:
      return "off";
    case ReadRepair::kAsync:
      return "async";
    case ReadRepair::kBeforeAnswer:
      return "before-answer";
  }
  return {};
}

void QuorumNode::step(Time now, const Input& input, Effects& effects) {
  if (const auto* start = std::get_if<Start>(&input)) return begin(now, *start, effects);
  if (const auto* fired = std::get_if<TimerFired>(&input)) {
    if (fired->timer == kOperationDue) armed = kEndOfTime, due(now, effects);
    if (fired->timer == kHandoff) offer_hints(effects);
    if (fired->timer == kCompare) compare_with_next(effects);
  } else if (const auto* received = std::get_if<Received>(&input)) {
    if (!silent.empty()) std::erase_if(silent, [&](const Silent& s) { return s.node == received->from; });
    on(now, received->from, received->body, effects);
  }
  arm(now, effects);
}

void QuorumNode::on(Time now, NodeId from, const Payload& body, Effects& effects) {
  if (const auto* write = body.get<StoreWrite>()) {
    keep(write->key, *write->state, effects);
    if (write->kept_for != kNobody) keep_hint(write->kept_for, write->key, write->state, effects);
    if (write->op != 0) effects.send(from, Payload(StoreAck{write->op}), after());
  } else if (const auto* ack = body.get<StoreAck>()) {
    heard_ack(from, ack->op, effects);
  } else if (const auto* read = body.get<StoreRead>()) {
    const auto at = keys.find(read->key);
    effects.send(from, Payload(StoreValue{read->op, at == keys.end() ? Block<KeyState>() : at->second}), after());
  } else if (const auto* value = body.get<StoreValue>()) {
    heard_value(now, from, *value, effects);
  } else if (const auto* request = body.get<Request>()) {
    coordinate(now, *request, effects);
  } else if (const auto* handoff = body.get<Handoff>()) {
    keep(handoff->key, *handoff->state, effects);
    effects.send(from, Payload(HandoffTaken{handoff->hint}), after());
  } else if (const auto* taken = body.get<HandoffTaken>()) {
    handed_over(from, taken->hint, effects);
  } else if (const auto* buckets = body.get<CompareBuckets>()) {
    on_compare(from, *buckets, effects);
  } else if (const auto* exchange = body.get<ExchangeKeys>()) {
    on_exchange(from, *exchange, effects);
  }
}

void QuorumNode::begin(Time, const Start& start, Effects& effects) {
  for (const Record& record : start.durable) {
    if (const auto* last = record.value.get<LifeRecord>()) life = last->number;
    if (const auto* kept = record.value.get<KeyRecord>()) keys[kept->key] = kept->state;
    if (const auto* hint = record.value.get<Hint>()) hints.push_back(*hint), last_hint = hint->number;
  }
  ++life;
  // Versions are numbered within a life; a life that is not on the disk could be lived twice.
  newest_write = life_token = effects.write(kLifeRecord, Payload(LifeRecord{life}));
  if (parameters.sloppy) effects.set_timer(kHandoff, parameters.handoff);
  if (parameters.anti_entropy.ns > 0 && !coordinates_only())
    effects.set_timer(kCompare, {parameters.anti_entropy / 2, parameters.anti_entropy});
}

// --- coordinating

void QuorumNode::coordinate(Time now, const Request& request, Effects& effects) {
  Pending op;
  op.op = ++last_op;
  op.id = request.id;
  op.command = request.command;
  op.context = request.context;
  const bool blind = request.command.verb == Verb::kWrite;
  pending.push_back(std::move(op));
  if (!blind) return ask_replicas(now, pending.back(), effects);
  write_phase(now, pending.back(), effects);
}

void QuorumNode::ask_replicas(Time now, Pending& op, Effects& effects) {
  op.phase = Pending::Phase::kReading;
  op.due = now + parameters.timeout;
  for (std::uint32_t place = 0; place < parameters.n; ++place) {
    const NodeId node = placement.preferred(op.command.key, place);
    op.asked.push_back({node});
    effects.send(node, Payload(StoreRead{op.op, op.command.key}));
  }
  op.next_place = parameters.n;
}

void QuorumNode::send_write(Pending& op, NodeId to, NodeId kept_for, Effects& effects) {
  op.asked.push_back({to});
  effects.send(to, Payload(StoreWrite{op.op, op.command.key, op.writing, kept_for}), life_token);
}

// A new version of the key, to all its replicas; where they are silent and the quorum is sloppy, to stand-ins.
void QuorumNode::write_phase(Time now, Pending& op, Effects& effects) {
  Versioned version;
  if (op.command.verb == Verb::kWrite) {
    version.value.assign(1, op.command.value);
  } else {
    version.value = op.found.cell();
    execute(version.value, op.command);  // its condition was checked when the read was done
  }
  // Clocks decide between writers, but no coordinator contradicts itself.
  version.at = last_stamp = std::max(now, last_stamp + nanoseconds(1));
  version.by = self;
  if (parameters.conflict == Conflict::kVectorClocks) {
    version.seen = op.context;
    merge(version.seen, op.found.context());
    count_of(version.seen, self) = std::uint64_t{life} << 40 | ++writes;
  }
  op.phase = Pending::Phase::kWriting;
  op.writing = Block<KeyState>(KeyState{{std::move(version)}});
  op.asked.clear();
  op.answers = 0;
  op.stood_in = false;
  op.due = now + parameters.timeout;
  op.next_place = parameters.n;
  for (std::uint32_t place = 0; place < parameters.n; ++place) {
    const NodeId node = placement.preferred(op.command.key, place);
    if (!parameters.sloppy || !is_silent(now, node)) {
      send_write(op, node, kNobody, effects);
      continue;
    }
    while (op.next_place < placement.members && is_silent(now, placement.preferred(op.command.key, op.next_place)))
      ++op.next_place;
    if (op.next_place < placement.members)
      send_write(op, placement.preferred(op.command.key, op.next_place++), node, effects);
  }
}

void QuorumNode::heard_value(Time now, NodeId from, const StoreValue& value, Effects& effects) {
  const auto at = std::find_if(pending.begin(), pending.end(), [&](const Pending& p) { return p.op == value.op; });
  if (at == pending.end() || (at->phase != Pending::Phase::kReading && at->phase != Pending::Phase::kRepairing)) return;
  Pending& op = *at;
  const auto target = std::find_if(op.asked.begin(), op.asked.end(), [&](const auto& t) { return t.node == from; });
  if (target == op.asked.end() || target->answered) return;
  target->answered = true;
  ++op.answers;
  if (value.state) op.found.merge(*value.state, parameters.conflict);
  if (parameters.repair != ReadRepair::kOff) op.values.emplace_back(from, value.state);
  if (op.phase == Pending::Phase::kReading && op.answers == parameters.r)
    read_done(now, static_cast<std::size_t>(at - pending.begin()), effects);
  else if (op.phase == Pending::Phase::kRepairing && op.answers == op.asked.size()) {
    repair(op, effects);
    pending.erase(at);
  }
}

// R answers are there.
void QuorumNode::read_done(Time now, std::size_t index, Effects& effects) {
  Pending& op = pending[index];
  const auto drop = [&] { pending.erase(pending.begin() + static_cast<std::ptrdiff_t>(index)); };
  if (op.command.writes()) {
    Cell after_it = op.found.cell();
    const Reply reply = execute(after_it, op.command);
    if (reply.status == Status::kOk) return op.values.clear(), write_phase(now, op, effects);
    answer(effects, op.id, reply);
    return drop();
  }
  const bool differ = std::any_of(op.values.begin(), op.values.end(),
                                  [&](const auto& v) { return !v.second || !(*v.second == op.found); });
  if (parameters.repair == ReadRepair::kBeforeAnswer && differ && !op.found.versions.empty()) {
    effects.mark("repair", op.command.key, self.index + 1u);
    op.phase = Pending::Phase::kWritingBack;
    op.writing = Block<KeyState>(op.found);
    op.values.clear();
    op.asked.clear();
    op.answers = 0;
    op.due = now + parameters.timeout;
    for (std::uint32_t place = 0; place < parameters.n; ++place)
      send_write(op, placement.preferred(op.command.key, place), kNobody, effects);
    return;
  }
  answer(effects, op.id, {Status::kOk, op.found.cell()}, 0, op.found.context());
  if (parameters.repair != ReadRepair::kAsync) return drop();
  if (op.answers == op.asked.size()) return repair(op, effects), drop();
  op.phase = Pending::Phase::kRepairing;  // waits for the others, for their sake
}

// Sends everyone who answered with less what was found in the end.
void QuorumNode::repair(Pending& op, Effects& effects) {
  if (op.found.versions.empty()) return;
  Block<KeyState> newest;
  for (const auto& [node, state] : op.values) {
    if (state && *state == op.found) continue;
    if (!newest) {
      newest = Block<KeyState>(op.found);
      effects.mark("repair", op.command.key, self.index + 1u);
    }
    effects.send(node, Payload(StoreWrite{0, op.command.key, newest, kNobody}));
  }
}

void QuorumNode::heard_ack(NodeId from, std::uint32_t number, Effects& effects) {
  const auto at = std::find_if(pending.begin(), pending.end(), [&](const Pending& p) { return p.op == number; });
  if (at == pending.end()) return;
  Pending& op = *at;
  if (op.phase != Pending::Phase::kWriting && op.phase != Pending::Phase::kWritingBack) return;
  const auto target = std::find_if(op.asked.begin(), op.asked.end(), [&](const auto& t) { return t.node == from; });
  if (target == op.asked.end() || target->answered) return;
  target->answered = true;
  if (++op.answers < parameters.w) return;
  if (op.phase == Pending::Phase::kWriting)
    answer(effects, op.id, {}, 0, op.writing->context());
  else
    answer(effects, op.id, {Status::kOk, op.writing->cell()}, 0, op.writing->context());
  pending.erase(at);
}

// --- silence

bool QuorumNode::is_silent(Time now, NodeId node) const {
  return std::any_of(silent.begin(), silent.end(), [&](const Silent& s) { return s.node == node && s.until > now; });
}

void QuorumNode::due(Time now, Effects& effects) {
  for (std::size_t i = 0; i < pending.size();) {
    Pending& op = pending[i];
    if (op.due > now) {
      ++i;
      continue;
    }
    for (const Pending::Target& target : op.asked) {
      if (target.answered) continue;
      std::erase_if(silent, [&](const Silent& s) { return s.node == target.node; });
      silent.push_back({target.node, now + parameters.handoff});
    }
    if (op.phase == Pending::Phase::kRepairing) {
      repair(op, effects);
    } else if (parameters.sloppy && !op.stood_in && stand_ins(now, op, effects)) {
      ++i;
      continue;
    } else if (op.phase == Pending::Phase::kReading) {
      refuse(effects, op.id);  // nothing was written
    }
    // A write that some replicas may have is neither done nor undone: the client is told nothing.
    pending.erase(pending.begin() + static_cast<std::ptrdiff_t>(i));
  }
}

// For every silent one the next node of the list; false when there is none left.
bool QuorumNode::stand_ins(Time now, Pending& op, Effects& effects) {
  std::vector<NodeId> missing;
  for (const Pending::Target& target : op.asked)
    if (!target.answered) missing.push_back(target.node);
  bool any = false;
  for (const NodeId node : missing) {
    while (op.next_place < placement.members && is_silent(now, placement.preferred(op.command.key, op.next_place)))
      ++op.next_place;
    if (op.next_place >= placement.members) break;
    const NodeId next = placement.preferred(op.command.key, op.next_place++);
    any = true;
    if (op.phase == Pending::Phase::kReading) {
      op.asked.push_back({next});
      effects.send(next, Payload(StoreRead{op.op, op.command.key}));
    } else {
      send_write(op, next, node, effects);
    }
  }
  op.stood_in = true;
  op.due = now + parameters.timeout;
  return any;
}

// --- replicas among themselves

bool QuorumNode::holds(std::uint32_t key, NodeId node) const {
  for (std::uint32_t place = 0; place < parameters.n; ++place)
    if (placement.preferred(key, place) == node) return true;
  return false;
}

bool QuorumNode::keep(std::uint32_t key, const KeyState& state, Effects& effects) {
  Block<KeyState>& kept = keys[key];
  KeyState merged = kept ? *kept : KeyState{};
  if (!merged.merge(state, parameters.conflict)) return false;
  kept = Block<KeyState>(std::move(merged));
  if (parameters.persist != Persist::kNever)
    newest_write = effects.write(kCellRecords + key, Payload(KeyRecord{key, kept}));
  return true;
}

void QuorumNode::keep_hint(NodeId node, std::uint32_t key, const Block<KeyState>& state, Effects& effects) {
  hints.push_back({++last_hint, node, key, state});
  effects.mark("hint", node.index + 1u, self.index + 1u);
  if (parameters.persist != Persist::kNever)
    newest_write = effects.write(kHintRecords + last_hint, Payload(hints.back()));
}

void QuorumNode::handed_over(NodeId to, std::uint64_t number, Effects& effects) {
  const auto hint = std::find_if(hints.begin(), hints.end(), [&](const Hint& h) { return h.number == number; });
  if (hint == hints.end()) return;
  effects.mark("handed", to.index + 1u, self.index + 1u);
  if (parameters.persist != Persist::kNever) effects.write(kHintRecords + number, Payload());
  hints.erase(hint);
}

void QuorumNode::offer_hints(Effects& effects) {
  const std::size_t count = std::min(hints.size(), kHintsAtOnce);
  for (std::size_t i = 0; i < count; ++i)
    effects.send(hints[i].node, Payload(Handoff{hints[i].number, hints[i].key, hints[i].state}));
  effects.set_timer(kHandoff, parameters.handoff);
}

std::vector<std::uint64_t> QuorumNode::bucket_hashes() const {
  std::vector<std::uint64_t> hashes(kBuckets);
  for (const auto& [key, state] : keys) hashes[bucket_of(key)] += mix(key, hash_of(*state));
  return hashes;
}

void QuorumNode::compare_with_next(Effects& effects) {
  if (placement.members > 1) {
    sync_with = (sync_with + 1) % static_cast<std::uint32_t>(placement.members);
    if (sync_with == self.index) sync_with = (sync_with + 1) % static_cast<std::uint32_t>(placement.members);
    effects.send({static_cast<std::uint16_t>(sync_with)}, Payload(CompareBuckets{bucket_hashes()}));
  }
  effects.set_timer(kCompare, {parameters.anti_entropy / 2, parameters.anti_entropy});
}

void QuorumNode::on_compare(NodeId from, const CompareBuckets& theirs, Effects& effects) {
  const std::vector<std::uint64_t> mine = bucket_hashes();
  ExchangeKeys differ;
  for (std::uint32_t b = 0; b < kBuckets; ++b)
    if (theirs.hashes.size() == kBuckets && theirs.hashes[b] != mine[b]) differ.buckets.push_back(b);
  if (differ.buckets.empty()) return;
  for (const auto& [key, state] : keys)
    if (std::binary_search(differ.buckets.begin(), differ.buckets.end(), bucket_of(key)) && holds(key, from))
      differ.keys.emplace_back(key, state);
  effects.mark("sync", differ.keys.size(), self.index + 1u);
  effects.send(from, Payload(std::move(differ)), after());
}

void QuorumNode::on_exchange(NodeId from, const ExchangeKeys& theirs, Effects& effects) {
  if (!theirs.reply) {
    // My half of those buckets, as it was before theirs came: what they do not have yet.
    ExchangeKeys mine;
    mine.reply = true;
    for (const auto& entry : keys) {
      const std::uint32_t key = entry.first;
      if (!std::binary_search(theirs.buckets.begin(), theirs.buckets.end(), bucket_of(key)) || !holds(key, from))
        continue;
      const auto same = std::find_if(theirs.keys.begin(), theirs.keys.end(),
                                     [&](const auto& k) { return k.first == key && *k.second == *entry.second; });
      if (same == theirs.keys.end()) mine.keys.emplace_back(key, entry.second);
    }
    if (!mine.keys.empty()) effects.send(from, Payload(std::move(mine)), after());
  }
  for (const auto& [key, state] : theirs.keys)
    if (holds(key, self)) keep(key, *state, effects);
}

void QuorumNode::arm(Time now, Effects& effects) {
  Time first = kEndOfTime;
  for (const Pending& op : pending) first = std::min(first, op.due);
  if (first >= armed) return;
  armed = first;
  effects.set_timer(kOperationDue, std::max(first - now, Duration{0}));
}

std::vector<world::NodeSetup> make_quorum(const std::vector<std::string>& names, std::uint32_t routers,
                                          const QuorumParameters& parameters) {
  std::vector<world::NodeSetup> nodes;
  for (std::size_t i = 0; i < names.size() + routers; ++i) {
    QuorumNode node;
    node.parameters = parameters;
    node.self = {static_cast<std::uint16_t>(i)};
    node.placement = {names.size()};
    node.sync_with = static_cast<std::uint32_t>(i);
    const bool is_router = i >= names.size();
    nodes.push_back({.name = is_router ? fmt::format("router-{}", i - names.size() + 1) : names[i],
                     .group = is_router ? "router" : "",
                     .node = make_node(std::move(node))});
  }
  return nodes;
}

}  // namespace twice::protocols
