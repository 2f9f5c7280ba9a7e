#include "lab/search/symmetry.h"

#include <algorithm>

namespace twice::lab::search {

Canonical::Canonical(const Model& model, Places& places)
    : model_(model),
      symmetry_(*model.symmetry),
      places_(places),
      is_member_(model.nodes.size()),
      signatures_(model.nodes.size()),
      renamed_(model.nodes.size()) {
  for (const NodeId member : symmetry_.members) is_member_[member.index] = true;
}

// --- signatures

std::uint64_t Canonical::inbox_digest(std::size_t slot, std::uint32_t place, NodeId self) const {
  const bool fifo = model_.options.network == NetworkKind::kFifo;
  std::uint64_t sum = 0, queue = 0;
  NodeId sender = kNobody;
  const auto class_of = [&](NodeId node) { return node == self ? 1u : is_member_[node.index] ? 2u : 3u + node.index; };
  for (const std::uint32_t id : places_.inbox(slot, place)) {
    const InFlight& message = places_.message(id);
    const std::uint64_t digest =
        mix(symmetry_.body_digest(message.body, is_member_, self) ^ mix(class_of(message.from)));
    queue = fifo && message.from == sender ? mix(queue ^ digest) : digest;
    sender = message.from;
    sum += mix(queue);
  }
  return sum;
}

const std::vector<std::uint64_t>& Canonical::signatures(std::size_t slot, std::uint32_t place) {
  std::vector<Signatures>& known = signatures_[slot];
  if (place >= known.size()) known.resize(place + std::size_t{1});
  if (known[place].known) return known[place].of;
  const Local& local = places_.local(slot, place);
  std::vector<std::uint64_t> of;
  for (const NodeId member : symmetry_.members) {
    Hasher h(local.up);
    h.word(local.timers);
    h.word(symmetry_.node_digest(*local.node, is_member_, member));
    for (const Record& r : local.durable) h.word(r.key), h.word(symmetry_.body_digest(r.value, is_member_, member));
    h.word(local.unsynced.size());
    for (const Local::Unsynced& write : local.unsynced)
      h.word(write.token), h.word(write.batch), h.word(symmetry_.body_digest(write.record.value, is_member_, member));
    for (const Send& send : local.waiting) h.word(symmetry_.body_digest(send.body, is_member_, member));
    h.word(inbox_digest(slot, place, member));
    of.push_back(h.value());
  }
  known[place] = {true, std::move(of)};
  return known[place].of;
}

// What a member is itself, what each outsider says of it, and what the other members say of it, in no order.
std::vector<std::uint64_t> Canonical::all_signatures(const std::uint32_t* row) {
  std::vector<std::uint64_t> sum(symmetry_.members.size());
  for (std::size_t slot = 0; slot < places_.nodes(); ++slot) {
    const std::vector<std::uint64_t>& of = signatures(slot, row[slot]);
    for (std::size_t m = 0; m < sum.size(); ++m) {
      const bool itself = symmetry_.members[m].index == slot;
      sum[m] += mix(of[m] ^ mix(itself ? 1 : is_member_[slot] ? 2 : 3 + slot));
    }
  }
  return sum;
}

// --- renaming

std::uint32_t Canonical::renamed(std::size_t slot, std::uint32_t place, std::size_t a, std::size_t b) {
  const std::uint64_t key = std::uint64_t{place} << 32 | a << 16 | b;
  if (const std::uint32_t known = renamed_[slot].find(key); known != FlatMap::kNone) return known;
  Renaming renaming;
  for (std::uint16_t i = 0; i < places_.nodes(); ++i) renaming.to.push_back({i});
  std::swap(renaming.to[a], renaming.to[b]);
  const std::size_t target = renaming.to[slot].index;
  Local local = places_.local(slot, place);
  local.node = symmetry_.rename_node(*local.node, *model_.nodes[target], renaming);
  for (Record& record : local.durable) record.value = symmetry_.rename_body(record.value, renaming);
  for (Local::Unsynced& write : local.unsynced)
    write.record.value = symmetry_.rename_body(write.record.value, renaming);
  for (Send& send : local.waiting) send = {renaming(send.to), send.after, symmetry_.rename_body(send.body, renaming)};
  std::vector<std::uint32_t> messages;
  for (const std::uint32_t id : places_.inbox(slot, place)) {
    const InFlight message = places_.message(id);
    messages.push_back(places_.message_id(
        {renaming(message.from), renaming(message.to), symmetry_.rename_body(message.body, renaming)}));
  }
  const std::uint32_t to = places_.place_of(target, std::move(local), messages);
  renamed_[slot].add(key, to);
  return to;
}

void Canonical::swap(std::uint32_t* row, std::size_t a, std::size_t b) {
  for (std::size_t slot = 0; slot < places_.nodes(); ++slot) row[slot] = renamed(slot, row[slot], a, b);
  std::swap(row[a], row[b]);
}

void Canonical::apply(std::uint32_t* row) {
  std::vector<std::uint64_t> order = all_signatures(row);
  const auto slot_of = [&](std::size_t m) { return symmetry_.members[m].index; };
  for (std::size_t m = 0; m < order.size(); ++m) {
    const auto least = static_cast<std::size_t>(
        std::min_element(order.begin() + static_cast<std::ptrdiff_t>(m), order.end()) - order.begin());
    if (order[least] == order[m]) continue;
    swap(row, slot_of(m), slot_of(least));
    std::swap(order[m], order[least]);
  }
  Row state(row, row + places_.nodes());
  bool settled = true;
  for (std::size_t m = 0; m + 1 < order.size() && settled; ++m) {
    if (order[m] != order[m + 1]) continue;
    Row other = state;
    swap(other.data(), slot_of(m), slot_of(m + 1));
    settled = other == state;
  }
  if (settled) return;
  Row best = state;
  smallest_order(state, order, 0, best);
  std::copy(best.begin(), best.end(), row);
}

// Every order of equal signatures: each member's position is taken by each of those equal to it that are left.
void Canonical::smallest_order(Row& row, const std::vector<std::uint64_t>& sorted, std::size_t at, Row& best) {
  if (at == sorted.size()) {
    best = std::min(best, row);
    return;
  }
  for (std::size_t m = at; m < sorted.size() && sorted[m] == sorted[at]; ++m) {
    Row next = row;
    if (m != at) swap(next.data(), symmetry_.members[at].index, symmetry_.members[m].index);
    smallest_order(next, sorted, at + 1, best);
  }
}

}  // namespace twice::lab::search
