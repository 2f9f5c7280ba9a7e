#include "lab/search/places.h"

#include <algorithm>
#include <bit>

#include <fmt/format.h>

#include "core/assert.h"
#include "core/overload.h"

namespace twice::lab::search {
namespace {

constexpr std::uint8_t kTimers = 64;
// What a local state and a message take besides their records, roughly: nodes keep their size to themselves.
constexpr std::size_t kLocalBytes = sizeof(Local) + 256, kMessageBytes = sizeof(InFlight) + 32;

bool is_durable(const Local& local, WriteToken token) {
  return local.unsynced.empty() || token < local.unsynced.front().token;
}

void apply(Record record, std::vector<Record>& durable) {
  const auto at = std::lower_bound(durable.begin(), durable.end(), record.key,
                                   [](const Record& r, std::uint64_t key) { return r.key < key; });
  const bool found = at != durable.end() && at->key == record.key;
  if (record.value.empty() && found)
    durable.erase(at);
  else if (found)
    at->value = std::move(record.value);
  else if (!record.value.empty())
    durable.insert(at, std::move(record));
}

NodeId id_of(std::size_t slot) { return {static_cast<std::uint16_t>(slot)}; }

}  // namespace

std::uint64_t digest_of(const Local& local) {
  Hasher h(local.up);
  h.word(local.node->digest());
  h.word(local.timers);
  h.add(local.durable);
  h.word(local.unsynced.size());
  for (const Local::Unsynced& write : local.unsynced) h.word(write.token), h.word(write.batch), h.add(write.record);
  h.word(local.waiting.size());
  for (const Send& send : local.waiting) h.word(send.to.index), h.word(send.after), h.add(send.body);
  return h.value();
}

Places::Places(const Model& model) : model_(model), slots_(model.nodes.size()) { inbox_id_of({}); }

std::vector<std::uint32_t> Places::first() {
  std::vector<Local> locals = model_.locals;
  std::vector<std::uint32_t> sent;
  for (const InFlight& message : model_.in_flight) sent.push_back(message_id(message));
  for (std::size_t slot = 0; slot < locals.size(); ++slot) {
    Outcome outcome;
    outcome.local = std::move(locals[slot]);
    settle_at_once(slot, outcome);
    locals[slot] = std::move(outcome.local);
    sent.insert(sent.end(), outcome.sends.begin(), outcome.sends.end());
  }
  if (locals.empty())
    for (std::size_t slot = 0; slot < slots_.size(); ++slot) {
      Outcome outcome = start(slot, {});
      locals.push_back(std::move(outcome.local));
      sent.insert(sent.end(), outcome.sends.begin(), outcome.sends.end());
    }
  std::vector<std::uint32_t> places;
  for (std::size_t slot = 0; slot < slots_.size(); ++slot)
    places.push_back(place_of(slot, std::move(locals[slot]), {}));
  for (const std::uint32_t message : sent) {
    const std::size_t to = receiver(message);
    places[to] = add(to, places[to], message);
  }
  first_sends_ = std::move(sent);
  return places;
}

// --- what one step of a node does

Places::Outcome Places::start(std::size_t slot, std::vector<Record> durable) {
  Local fresh;
  fresh.node = model_.nodes[slot];
  fresh.durable = std::move(durable);
  fresh.up = true;
  const std::vector<Record> found = fresh.durable;
  const Payload nothing;
  return step(slot, fresh, Start{found, nothing});
}

Places::Outcome Places::step(std::size_t slot, const Local& before, const Input& input) {
  ++steps_;
  Outcome outcome;
  outcome.local = before;
  effects_.begin(before.unsynced.empty() ? 0 : before.unsynced.back().token);
  outcome.local.node->step(model_.local_now.empty() ? Time{} : model_.local_now[slot], input, effects_);
  perform(slot, effects_, outcome);
  settle_at_once(slot, outcome);
  return outcome;
}

void Places::settle_at_once(std::size_t slot, Outcome& outcome) {
  while (model_.options.disk == DiskKind::kAtOnce && !outcome.local.unsynced.empty())
    settle(slot, outcome.local.unsynced.front().batch, outcome);
}

void Places::send(std::size_t slot, const Send& send, Outcome& outcome) {
  outcome.sends.push_back(message_id({id_of(slot), send.to, send.body}));
}

void Places::perform(std::size_t slot, Effects& effects, Outcome& outcome) {
  Local& local = outcome.local;
  const auto refuse = [&](std::string_view what) {
    throw Unsupported(
        fmt::format("node '{}' ({}) {}: a search cannot do that", model_.names[slot], local.node->kind(), what));
  };
  const auto bit = [&](std::uint8_t timer) {
    if (timer >= kTimers) refuse(fmt::format("sets timer {}, beyond {}", timer, kTimers - 1));
    return std::uint64_t{1} << timer;
  };
  const WriteToken last = effects.last_token();
  for (const Effect& effect : effects.list()) {
    outcome.effects = outcome.effects || !std::holds_alternative<Say>(effect);
    std::visit(
        Overload{[&](const Send& e) {
                   if (e.to.index >= slots_.size()) refuse("sends to nobody");
                   if (e.after != 0 && !is_durable(local, e.after))
                     local.waiting.push_back(e);
                   else
                     send(slot, e, outcome);
                 },
                 [&](const SetTimer& e) { local.timers |= bit(e.timer); },
                 [&](const CancelTimer& e) { local.timers &= ~bit(e.timer); },
                 [&](const Write& e) {
                   local.unsynced.push_back({e.token, last, e.record});
                 },
                 [&](const Ask&) { refuse("asks a device"); }, [&](const Spawn&) { refuse("launches a process"); },
                 [&](const Watch&) { refuse("watches another node"); }, [&](const Exit&) { refuse("ends itself"); },
                 [&](const Mark& e) { outcome.marks.push_back(e); }, [](const Say&) {}},
        effect);
  }
}

// Everything up to `token` becomes durable; what waited for it leaves, and the node is told.
void Places::settle(std::size_t slot, WriteToken token, Outcome& outcome) {
  Local& local = outcome.local;
  std::size_t count = 0;
  while (count < local.unsynced.size() && local.unsynced[count].token <= token)
    apply(std::move(local.unsynced[count++].record), local.durable);
  const WriteToken last = local.unsynced.back().token;
  local.unsynced.erase(local.unsynced.begin(), local.unsynced.begin() + static_cast<std::ptrdiff_t>(count));
  // Tokens count from 1 again whenever nothing is pending, so a node may name one of an earlier count: it is durable.
  while (!local.waiting.empty() && (local.unsynced.empty() || local.waiting.front().after <= token)) {
    send(slot, local.waiting.front(), outcome);
    local.waiting.erase(local.waiting.begin());
  }
  outcome.effects = true;
  effects_.begin(last);
  local.node->step(model_.local_now.empty() ? Time{} : model_.local_now[slot], Written{token}, effects_);
  perform(slot, effects_, outcome);
}

// Memory is gone, and with it what was not yet durable.
Local Places::crashed(std::size_t slot, const Local& before) const {
  Local down;
  down.node = model_.nodes[slot];
  down.durable = before.durable;
  return down;
}

Places::Outcome Places::happen(std::size_t slot, const Local& before, const Move& move) {
  Outcome outcome;
  switch (move.kind) {
    case Move::Kind::kDeliver: {
      const InFlight message = messages_[move.message];
      return step(slot, before, Received{message.from, message.body});
    }
    case Move::Kind::kTimer: {
      Local fired = before;
      fired.timers &= ~(std::uint64_t{1} << move.timer);
      return step(slot, fired, TimerFired{move.timer});
    }
    case Move::Kind::kSync:
      outcome.local = before;
      settle(slot, before.unsynced.front().batch, outcome);
      return outcome;
    case Move::Kind::kRestart:
      outcome = start(slot, before.durable);
      outcome.effects = true;
      return outcome;
    case Move::Kind::kCrash:
      outcome.local = crashed(slot, before);
      break;
    case Move::Kind::kIgnore:
    case Move::Kind::kDrop:
      outcome.local = before;
      break;
  }
  outcome.effects = true;
  return outcome;
}

std::vector<Mark> Places::marks_of(std::size_t slot, std::uint32_t place, const Move& move) {
  const Local before = local(slot, place);
  return happen(slot, before, move).marks;
}

// --- what can happen at a place

std::uint64_t Places::judge_marks(std::size_t slot, const std::vector<Mark>& marks) const {
  std::uint64_t bits = 0;
  for (std::size_t p = 0; p < model_.properties.size(); ++p) {
    const Property& property = model_.properties[p];
    if (!property.mark) continue;
    for (const Mark& mark : marks)
      if (property.mark(id_of(slot), mark) == (property.kind == Property::Kind::kSometimes))
        bits |= std::uint64_t{1} << p;
  }
  return bits;
}

// An input that a node ignores altogether is no move.
void Places::offer(std::size_t slot, Place place, Move move, std::uint32_t inbox_after, std::vector<Move>& list) {
  const Local before = slots_[slot].locals[place.local];
  Outcome outcome = happen(slot, before, move);
  const std::uint32_t after = local_id_of(slot, std::move(outcome.local));
  if (after == place.local && inbox_after == place.inbox && !outcome.effects) return;
  move.to = place_id_of(slot, {after, inbox_after});
  move.first_send = static_cast<std::uint32_t>(sends_.size());
  move.sends = static_cast<std::uint32_t>(outcome.sends.size());
  sends_.insert(sends_.end(), outcome.sends.begin(), outcome.sends.end());
  move.marks = judge_marks(slot, outcome.marks);
  list.push_back(move);
}

void Places::find_deliveries(std::size_t slot, Place place, std::vector<Move>& list) {
  const std::vector<std::uint32_t> inbox = *inboxes_[place.inbox];
  const bool up = slots_[slot].locals[place.local].up, stays = model_.options.network == NetworkKind::kSet;
  for (std::size_t i = 0; i < inbox.size(); ++i) {
    const bool fifo = model_.options.network == NetworkKind::kFifo;
    if (i > 0 && (fifo ? messages_[inbox[i]].from == messages_[inbox[i - 1]].from : inbox[i] == inbox[i - 1])) continue;
    Move move;
    move.message = inbox[i];
    const std::uint32_t after = stays ? place.inbox : without(place.inbox, i);
    move.kind = up ? Move::Kind::kDeliver : Move::Kind::kIgnore;
    if (up || !stays) offer(slot, place, move, after, list);
    move.kind = Move::Kind::kDrop;
    if (!stays && model_.options.drops > 0) offer(slot, place, move, after, list);
  }
}

void Places::find_moves(std::size_t slot, std::uint32_t id) {
  const Place place = slots_[slot].places[id];
  std::vector<Move> list;
  find_deliveries(slot, place, list);
  const Local local = slots_[slot].locals[place.local];
  Move move;
  for (std::uint64_t armed = local.timers; armed != 0; armed &= armed - 1) {
    move.kind = Move::Kind::kTimer;
    move.timer = static_cast<std::uint8_t>(std::countr_zero(armed));
    offer(slot, place, move, place.inbox, list);
  }
  const auto may = [&](bool possible, Move::Kind kind) {
    if (!possible) return;
    move.kind = kind;
    offer(slot, place, move, place.inbox, list);
  };
  may(!local.unsynced.empty(), Move::Kind::kSync);
  may(local.up && model_.options.crashes > 0, Move::Kind::kCrash);
  may(!local.up, Move::Kind::kRestart);
  own_bytes_ += list.capacity() * sizeof(Move);
  std::vector<Moves>& moves = slots_[slot].moves;
  if (id >= moves.size()) moves.resize(slots_[slot].places.size());
  moves[id] = {true, std::move(list)};
}

std::uint32_t Places::add_new(std::size_t slot, std::uint32_t id, std::uint32_t message) {
  const Place place = slots_[slot].places[id];
  std::vector<std::uint32_t> inbox = *inboxes_[place.inbox];
  // By number, or in order of arrival for each sender.
  const auto goes_before = [&](std::uint32_t a, std::uint32_t b) {
    return model_.options.network == NetworkKind::kFifo ? messages_[a].from < messages_[b].from : a < b;
  };
  const auto at = std::upper_bound(inbox.begin(), inbox.end(), message, goes_before);
  const bool there = model_.options.network == NetworkKind::kSet && at != inbox.begin() && *(at - 1) == message;
  if (!there) inbox.insert(at, message);
  const std::uint32_t to = place_id_of(slot, {place.local, inbox_id_of(std::move(inbox))});
  slots_[slot].added.add(std::uint64_t{id} << 32 | message, to);
  return to;
}

// --- numbers

std::uint32_t Places::local_id_of(std::size_t slot, Local local) {
  Slot& s = slots_[slot];
  const std::uint64_t key = digest_of(local) >> 1;
  if (const std::uint32_t known = s.local_ids.find(key); known != FlatMap::kNone) return known;
  const auto id = static_cast<std::uint32_t>(s.locals.size());
  s.local_ids.add(key, id);
  own_bytes_ += kLocalBytes + local.durable.size() * sizeof(Record);
  s.locals.push_back(std::move(local));
  return id;
}

std::uint32_t Places::place_id_of(std::size_t slot, Place place) {
  Slot& s = slots_[slot];
  const std::uint64_t key = std::uint64_t{place.local} << 32 | place.inbox;
  if (const std::uint32_t known = s.place_ids.find(key); known != FlatMap::kNone) return known;
  const auto id = static_cast<std::uint32_t>(s.places.size());
  s.place_ids.add(key, id);
  s.places.push_back(place);
  return id;
}

std::uint32_t Places::inbox_id_of(std::vector<std::uint32_t> messages) {
  const auto next = static_cast<std::uint32_t>(inboxes_.size());
  const auto [at, is_new] = inbox_ids_.try_emplace(std::move(messages), next);
  if (is_new) {
    inboxes_.push_back(&at->first);
    own_bytes_ += at->first.size() * sizeof(std::uint32_t) + 80;
  }
  return at->second;
}

std::uint32_t Places::without(std::uint32_t inbox, std::size_t position) {
  std::vector<std::uint32_t> rest = *inboxes_[inbox];
  rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(position));
  return inbox_id_of(std::move(rest));
}

std::uint32_t Places::message_id(InFlight message) {
  Hasher h(std::uint64_t{message.from.index} << 16 | message.to.index);
  h.add(message.body);
  const std::uint64_t key = h.value() >> 1;
  if (const std::uint32_t known = message_ids_.find(key); known != FlatMap::kNone) return known;
  const auto id = static_cast<std::uint32_t>(messages_.size());
  message_ids_.add(key, id);
  own_bytes_ += kMessageBytes;
  messages_.push_back(std::move(message));
  return id;
}

std::uint32_t Places::place_of(std::size_t slot, Local local, const std::vector<std::uint32_t>& messages) {
  const std::uint32_t id = local_id_of(slot, std::move(local));
  std::uint32_t place = place_id_of(slot, {id, 0});
  for (const std::uint32_t message : messages) place = add(slot, place, message);
  return place;
}

std::size_t Places::bytes() const {
  std::size_t sum = own_bytes_ + sends_.capacity() * sizeof(std::uint32_t) + message_ids_.bytes();
  for (const Slot& slot : slots_)
    sum += slot.local_ids.bytes() + slot.place_ids.bytes() + slot.added.bytes() +
           slot.places.capacity() * sizeof(Place) + slot.moves.capacity() * sizeof(Moves);
  return sum;
}

}  // namespace twice::lab::search
