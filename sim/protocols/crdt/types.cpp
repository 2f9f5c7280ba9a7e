#include "protocols/crdt/types.h"

#include <algorithm>

namespace twice::protocols {
namespace {

template <class Counts>
void take_larger(Counts& into, const Counts& from) {
  for (const auto& [actor, count] : from) {
    auto& mine = into[actor];
    mine = std::max(mine, count);
  }
}

}  // namespace

std::int64_t PnCounter::value() const {
  std::uint64_t sum = 0;
  for (const auto& [actor, amount] : added) sum += amount;
  for (const auto& [actor, amount] : taken) sum -= amount;
  return static_cast<std::int64_t>(sum);
}

void PnCounter::add(Actor actor, std::int64_t amount) {
  if (amount >= 0)
    added[actor] += static_cast<std::uint64_t>(amount);
  else
    taken[actor] += std::uint64_t{0} - static_cast<std::uint64_t>(amount);
}

void PnCounter::merge(const PnCounter& from) {
  take_larger(added, from.added);
  take_larger(taken, from.taken);
}

bool OrSet::has_seen(const Dot& dot) const {
  const auto at = seen.find(dot.actor);
  return at != seen.end() && dot.count <= at->second;
}

// The new insertion stands for all earlier ones of the element that were seen here.
void OrSet::insert(Actor actor, std::int64_t element) { elements[element].assign(1, Dot{actor, ++seen[actor]}); }

bool OrSet::remove(std::int64_t element) { return elements.erase(element) > 0; }

void OrSet::merge(const OrSet& from, bool contexts) {
  const auto keep = [contexts](const std::vector<Dot>& dots, const std::vector<Dot>* others, const OrSet& other,
                               std::vector<Dot>& kept) {
    for (const Dot& dot : dots) {
      const bool there = others && std::find(others->begin(), others->end(), dot) != others->end();
      // Seen there and gone: it was removed there.
      if (there || !contexts || !other.has_seen(dot)) kept.push_back(dot);
    }
  };
  std::map<std::int64_t, std::vector<Dot>> merged;
  const auto gather = [&](const OrSet& one, const OrSet& other) {
    for (const auto& [element, dots] : one.elements) {
      const auto at = other.elements.find(element);
      keep(dots, at == other.elements.end() ? nullptr : &at->second, other, merged[element]);
    }
  };
  gather(*this, from);
  gather(from, *this);
  std::erase_if(merged, [](const auto& entry) { return entry.second.empty(); });
  for (auto& [element, dots] : merged) {
    std::sort(dots.begin(), dots.end());
    dots.erase(std::unique(dots.begin(), dots.end()), dots.end());
  }
  elements = std::move(merged);
  take_larger(seen, from.seen);
}

Cell OrSet::values() const {
  Cell found;
  for (const auto& [element, dots] : elements) found.push_back(element);
  return found;
}

void CrdtCell::merge(const CrdtCell& from, bool contexts) {
  counter.merge(from.counter);
  set.merge(from.set, contexts);
}

Cell CrdtCell::read() const { return counter.empty() ? set.values() : Cell{counter.value()}; }

Reply execute(CrdtCell& cell, Actor actor, const Command& command) {
  const Reply refused{Status::kRefused, {}};
  switch (command.verb) {
    case Verb::kRead:
      return {Status::kOk, cell.read()};
    case Verb::kWrite:
    case Verb::kCas:
      return refused;
    case Verb::kAdd: {
      std::int64_t sum = 0;
      if (!cell.set.seen.empty() || __builtin_add_overflow(cell.counter.value(), command.value, &sum)) return refused;
      if (command.value < 0 && sum < command.expected) return refused;
      cell.counter.add(actor, command.value);
      return {};
    }
    case Verb::kAppend:
      if (!cell.counter.empty()) return refused;
      cell.set.insert(actor, command.value);
      return {};
    case Verb::kRemove:
      return cell.set.remove(command.value) ? Reply{} : refused;
    case Verb::kErase:
      return refused;
  }
  return {};
}

}  // namespace twice::protocols
