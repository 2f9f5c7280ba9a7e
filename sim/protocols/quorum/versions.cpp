#include "protocols/quorum/versions.h"

#include <algorithm>
#include <tuple>

namespace twice::protocols {
namespace {

bool is_newer(const Versioned& a, const Versioned& b) { return std::tie(a.at, a.by) > std::tie(b.at, b.by); }

bool keep_newest(std::vector<Versioned>& versions, const Versioned& other) {
  if (versions.empty()) return versions.push_back(other), true;
  if (!is_newer(other, versions.front())) return false;
  versions.front() = other;
  return true;
}

bool keep_siblings(std::vector<Versioned>& versions, const Versioned& other) {
  for (const Versioned& mine : versions) {
    const Order order = compare(other.seen, mine.seen);
    if (order == Order::kBefore || order == Order::kEqual) return false;
  }
  std::erase_if(versions, [&](const Versioned& mine) { return compare(mine.seen, other.seen) == Order::kBefore; });
  // One order on all replicas, so that equal siblings are equal states.
  versions.insert(std::upper_bound(versions.begin(), versions.end(), other,
                                   [](const Versioned& a, const Versioned& b) { return a.seen < b.seen; }),
                  other);
  return true;
}

}  // namespace

std::string_view name_of(Conflict conflict) {
  switch (conflict) {
    case Conflict::kLastWriterWins:
      return "last-writer-wins";
    case Conflict::kVectorClocks:
      return "vector-clocks";
  }
  return {};
}

bool KeyState::merge(const KeyState& other, Conflict conflict) {
  bool changed = false;
  for (const Versioned& version : other.versions) {
    const bool is_new =
        conflict == Conflict::kLastWriterWins ? keep_newest(versions, version) : keep_siblings(versions, version);
    changed = changed || is_new;
  }
  return changed;
}

Cell KeyState::cell() const {
  Cell all;
  for (const Versioned& version : versions) all.insert(all.end(), version.value.begin(), version.value.end());
  return all;
}

VersionVector KeyState::context() const {
  VersionVector all;
  for (const Versioned& version : versions) twice::protocols::merge(all, version.seen);
  return all;
}

}  // namespace twice::protocols
