#include "protocols/primary_backup/primary_backup.h"

#include <algorithm>

#include <fmt/format.h>

namespace twice::protocols {
namespace {

enum : std::uint8_t { kBeat, kSilence };
constexpr std::uint64_t kViewRecord = 1, kSnapshotRecord = 2;
constexpr std::size_t kLogKept = 512;       // writes that can be sent again one by one
constexpr std::size_t kResendPerBeat = 64;  // at most, to one follower with one heartbeat
constexpr std::uint64_t kEarly = 1024;      // how far ahead a write may be that waits for those before it

}  // namespace

std::string_view name_of(Acknowledge acknowledge) {
  switch (acknowledge) {
    case Acknowledge::kAsync:
      return "async";
    case Acknowledge::kSemiSync:
      return "semi-sync";
    case Acknowledge::kSync:
      return "sync";
  }
  return {};
}

std::string_view name_of(ReadFrom reads) {
  switch (reads) {
    case ReadFrom::kPrimary:
      return "primary";
    case ReadFrom::kConfirmed:
      return "confirmed";
    case ReadFrom::kAny:
      return "any";
  }
  return {};
}

void PrimaryBackupNode::step(Time, const Input& input, Effects& effects) {
  if (const auto* start = std::get_if<Start>(&input)) return begin(*start, effects);
  if (const auto* fired = std::get_if<TimerFired>(&input)) {
    if (fired->timer == kBeat && reigns) beat(effects);
    if (fired->timer == kSilence && !reigns) take_over(effects);
    return;
  }
  if (const auto* written = std::get_if<Written>(&input)) return journal.written(written->token, effects);
  const auto* received = std::get_if<Received>(&input);
  if (!received) return;
  const Payload& body = received->body;
  if (const auto* command = body.get<world::OutsideCommand>()) return obey(command->text, effects);
  if (const auto* m = body.get<Request>()) return on(received->from, *m, effects);
  if (const auto* m = body.get<Replicate>()) return on(received->from, *m, effects);
  if (const auto* m = body.get<Replicated>()) return on(received->from, *m, effects);
  if (const auto* m = body.get<PrimaryAlive>()) return on(received->from, *m, effects);
  if (const auto* m = body.get<StoreCopy>()) return on(received->from, *m, effects);
}

void PrimaryBackupNode::begin(const Start& start, Effects& effects) {
  journal.recover(start.durable, parameters.sessions, store, effects);
  index = journal.index;
  view = data_view = journal.history;
  for (const Record& record : start.durable)
    if (const auto* newest = record.value.get<ViewRecord>()) view = std::max(view, newest->view);
  for (const Record& record : start.durable)
    if (const auto* kept = record.value.get<SnapshotRecord>()) snapshot = kept->store;
  const bool is_new = start.durable.empty();
  for (Peer& peer : peers) peer.joined = is_new;
  // A replica that keeps nothing else knows by this that it has lived before.
  if (is_new) save_view(effects);
  const bool was_primary = primary_of(view) == self;
  if (was_primary && is_new) return reign(effects);
  // A primary that was down may have been replaced, and its followers may know writes it has forgotten: it begins a
  // new reign, and where others may take over, only after they had the time to.
  if (was_primary && !parameters.failover) return take_over(effects);
  watch_primary(effects);
}

void PrimaryBackupNode::save_view(Effects& effects) {
  newest_write = view_token = effects.write(kViewRecord, Payload(ViewRecord{view}));
}

// The next in line waits `detect`, the one after it twice as long, so that they do not all stand up at once.
void PrimaryBackupNode::watch_primary(Effects& effects) {
  if (!parameters.failover) return;
  const std::uint64_t me = self.index - first.index;
  const std::uint64_t place = (me + members - view % members - 1) % members + 1;
  effects.set_timer(kSilence, parameters.detect * static_cast<std::int64_t>(place));
}

void PrimaryBackupNode::take_over(Effects& effects) {
  do ++view;
  while (primary_of(view) != self);
  data_view = view;
  log.clear();
  early.clear();
  save_view(effects);
  for (Peer& peer : peers) peer = {peer.node, false, 0, 0};
  reign(effects);
}

void PrimaryBackupNode::reign(Effects& effects) {
  reigns = true;
  effects.mark("primary", view, self.index + 1u);
  effects.cancel_timer(kSilence);
  beat(effects);
}

// Whoever hears of a later view is no primary any more. Clients that wait here will not be answered: what became of
// their writes is the new primary's to say.
void PrimaryBackupNode::follow(std::uint64_t new_view, Effects& effects) {
  if (new_view > view) {
    reigns = false;
    waiting.clear();
    log.clear();
    view = new_view;
    heard_round = 0;
    early.clear();
    save_view(effects);
  }
  if (!reigns) watch_primary(effects);
}

std::size_t PrimaryBackupNode::needed() const {
  switch (parameters.acknowledge) {
    case Acknowledge::kAsync:
      return 0;
    case Acknowledge::kSemiSync:
      return peers.empty() ? 0 : 1;
    case Acknowledge::kSync:
      return peers.size();
  }
  return 0;
}

void PrimaryBackupNode::on(NodeId, const Request& request, Effects& effects) {
  if (!request.command.writes() && parameters.reads == ReadFrom::kAny) {
    const WriteToken after = parameters.persist == Persist::kBeforeAnswer ? newest_write : 0;
    return answer(effects, request.id, store.apply(request, false), after);
  }
  if (!reigns) return refuse(effects, request.id, primary_of(view) == self ? kNobody : primary_of(view));
  request.command.writes() ? accept_write(request, effects) : accept_read(request, effects);
}

void PrimaryBackupNode::accept_write(const Request& request, Effects& effects) {
  Reply reply = store.apply(request, parameters.sessions);
  log.emplace_back(request);
  if (log.size() > kLogKept) log.pop_front();
  ++index;
  if (parameters.persist != Persist::kNever) newest_write = journal.append(view, index, log.back(), store, effects);
  for (const Peer& peer : peers)
    if (peer.joined) effects.send(peer.node, Payload(Replicate{view, index, log.back()}), view_token);
  waiting.push_back({request.id, index, 0, std::move(reply), newest_write});
  answer_ready(effects);
}

void PrimaryBackupNode::own_write(Verb verb, std::uint32_t key, std::int64_t value, Effects& effects) {
  // An earlier life may have been told things as well.
  if (const auto mine = store.sessions.find(self); mine != store.sessions.end())
    told = std::max(told, mine->second.settled);
  ++told;
  accept_write({{self, told}, told, {verb, key, value}, {}}, effects);
}

// What an operator does goes the way of all writes: to every replica, at once and for good. Only the snapshot does not.
void PrimaryBackupNode::obey(std::string_view words, Effects& effects) {
  if (!reigns) return effects.say(fmt::format("only the primary does as an operator says: \"{}\" is not done", words));
  effects.mark("operator", store.cells.size(), self.index + 1u);
  if (words == "snapshot") {
    snapshot = Block<Store>(store);
    effects.write(kSnapshotRecord, Payload(SnapshotRecord{snapshot}));
  }
  const bool restores = words == "restore" && snapshot;
  if (words == "restore" && !snapshot) effects.say("there is no snapshot to restore");
  if (words != "delete" && !restores) return;
  const std::map<std::uint32_t, Cell> before = store.cells;
  for (const auto& entry : before) own_write(Verb::kErase, entry.first, 0, effects);
  if (!restores) return;
  for (const auto& [key, cell] : snapshot->cells)
    for (const std::int64_t value : cell) own_write(Verb::kAppend, key, value, effects);
}

void PrimaryBackupNode::accept_read(const Request& request, Effects& effects) {
  Reply reply = store.apply(request, false);
  const bool confirm = parameters.reads == ReadFrom::kConfirmed && !peers.empty();
  // What it tells of must not vanish with this primary, and nobody may have taken over before it was asked.
  waiting.push_back({request.id, confirm ? index : 0, confirm ? round + 1 : 0, std::move(reply), newest_write});
  if (confirm) beat(effects);
  answer_ready(effects);
}

void PrimaryBackupNode::answer_ready(Effects& effects) {
  const auto followers = [&](auto&& enough) {
    return static_cast<std::size_t>(
        std::count_if(peers.begin(), peers.end(), [&](const Peer& p) { return p.joined && enough(p); }));
  };
  // Anyone may take over alone, so a read is confirmed by all or not at all.
  const auto is_ready = [&](const Waiting& w) {
    return (w.index == 0 || followers([&](const Peer& p) { return p.index >= w.index; }) >= needed()) &&
           (w.round == 0 || followers([&](const Peer& p) { return p.round >= w.round; }) == peers.size());
  };
  const bool before_answer = parameters.persist == Persist::kBeforeAnswer;
  std::erase_if(waiting, [&](Waiting& w) {
    if (!is_ready(w)) return false;
    answer(effects, w.id, std::move(w.reply), before_answer ? w.token : 0);
    return true;
  });
}

void PrimaryBackupNode::beat(Effects& effects) {
  ++round;
  for (Peer& peer : peers) {
    effects.send(peer.node, Payload(PrimaryAlive{view, index, round}), newest_write);
    if (!peer.joined || peer.index < index) catch_up(peer, effects);
  }
  effects.set_timer(kBeat, parameters.heartbeat);
}

// What a follower lacks, one by one while the log reaches back, else everything. A write on its way is sent again: a
// follower keeps it once.
void PrimaryBackupNode::catch_up(Peer& peer, Effects& effects) {
  const std::uint64_t oldest = index - log.size() + 1;
  if (!peer.joined || peer.index + 1 < oldest) {
    // Sent anew with every heartbeat until it is acknowledged.
    effects.send(peer.node, Payload(StoreCopy{view, index, Block<Store>(store)}), newest_write);
    effects.mark("behind", index - peer.index, peer.node.index + 1u);
    return;
  }
  const std::uint64_t last = std::min(index, peer.index + kResendPerBeat);
  for (std::uint64_t i = peer.index + 1; i <= last; ++i)
    effects.send(peer.node, Payload(Replicate{view, i, log[static_cast<std::size_t>(i - oldest)]}));
}

void PrimaryBackupNode::acknowledge(NodeId to, Effects& effects) {
  const WriteToken after = parameters.persist == Persist::kBeforeAnswer ? newest_write : 0;
  effects.send(to, Payload(Replicated{view, data_view == view, data_view == view ? index : 0, heard_round}), after);
}

void PrimaryBackupNode::apply(const Block<Request>& request, Effects& effects) {
  store.apply(*request, parameters.sessions);
  ++index;
  if (parameters.persist != Persist::kNever) newest_write = journal.append(view, index, request, store, effects);
}

void PrimaryBackupNode::on(NodeId from, const Replicate& message, Effects& effects) {
  if (message.view < view) return acknowledge(from, effects);  // tells an old primary of the new view
  follow(message.view, effects);
  if (data_view != view || message.index > index + kEarly) return;  // the next heartbeat brings what is missing
  if (message.index > index + 1) {
    early[message.index] = message.request;
    return;
  }
  if (message.index == index + 1) apply(message.request, effects);
  early.erase(early.begin(), early.upper_bound(index));
  for (auto next = early.begin(); next != early.end() && next->first == index + 1; next = early.erase(next))
    apply(next->second, effects);
  acknowledge(from, effects);
}

void PrimaryBackupNode::on(NodeId from, const StoreCopy& message, Effects& effects) {
  if (message.view < view) return acknowledge(from, effects);
  follow(message.view, effects);
  if (data_view != view || message.index > index) {
    store = *message.store;
    index = message.index;
    data_view = view;
    early.erase(early.begin(), early.upper_bound(index));
    if (parameters.persist != Persist::kNever) newest_write = journal.replace(view, index, message.store, effects);
  }
  acknowledge(from, effects);
}

void PrimaryBackupNode::on(NodeId from, const PrimaryAlive& message, Effects& effects) {
  if (message.view < view) return acknowledge(from, effects);
  follow(message.view, effects);
  heard_round = std::max(heard_round, message.round);
  acknowledge(from, effects);
}

void PrimaryBackupNode::on(NodeId from, const Replicated& message, Effects& effects) {
  if (message.view > view) return follow(message.view, effects);
  if (message.view < view || !reigns) return;
  for (Peer& peer : peers) {
    if (peer.node != from) continue;
    // Acknowledgements overtake each other; what is on a disk stays true. A follower without one may have forgotten:
    // there the newest word counts, not the highest.
    const bool stays_true = parameters.persist == Persist::kBeforeAnswer || message.round == peer.round;
    if (message.joined == peer.joined && message.joined && stays_true)
      peer.index = std::max(peer.index, message.index), peer.round = std::max(peer.round, message.round);
    else if (message.round >= peer.round)
      peer = {peer.node, message.joined, message.index, message.round};
  }
  answer_ready(effects);
}

std::vector<world::NodeSetup> make_primary_backup(const std::vector<std::string>& names,
                                                  const PrimaryBackupParameters& parameters) {
  std::vector<world::NodeSetup> nodes;
  for (std::uint16_t i = 0; i < names.size(); ++i) {
    PrimaryBackupNode node;
    node.parameters = parameters;
    node.self = {i};
    node.first = {0};
    node.members = names.size();
    for (std::uint16_t peer = 0; peer < names.size(); ++peer)
      if (peer != i) node.peers.push_back({NodeId{peer}});
    nodes.push_back({.name = names[i], .node = make_node(std::move(node))});
  }
  return nodes;
}

}  // namespace twice::protocols
