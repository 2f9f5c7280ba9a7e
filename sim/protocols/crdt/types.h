#pragma once
// The data types themselves: pure values with a merge that is commutative, associative and idempotent. See README.md.
#include <compare>
#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

#include "core/ids.h"
#include "core/visit.h"
#include "protocols/client/operation.h"

namespace twice::protocols {

/// One life of one replica: whoever forgot what it did writes under a new name.
struct Actor {
  static constexpr std::string_view kName = "actor";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("node", self.node), v("incarnation", self.incarnation);
  }
  auto operator<=>(const Actor&) const = default;
  NodeId node;
  std::uint32_t incarnation = 0;
};

/// A counter that goes up and down: what each actor added and took away. Only the actor itself changes its entry, and
/// both sums only grow, so the larger one is the newer one.
struct PnCounter {
  static constexpr std::string_view kName = "PN-counter";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("added", self.added), v("taken", self.taken);
  }
  bool operator==(const PnCounter&) const = default;
  bool empty() const { return added.empty() && taken.empty(); }
  std::int64_t value() const;
  void add(Actor actor, std::int64_t amount);
  void merge(const PnCounter& from);

  std::map<Actor, std::uint64_t> added, taken;
};

/// One insertion: the `count`-th of its actor.
struct Dot {
  static constexpr std::string_view kName = "dot";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("actor", self.actor), v("count", self.count);
  }
  auto operator<=>(const Dot&) const = default;
  Actor actor;
  std::uint32_t count = 0;
};

/// An observed-remove set without tombstones: each element with the insertions that keep it in, and of every actor how
/// many insertions were ever seen. An insertion that was seen and is not there was removed.
struct OrSet {
  static constexpr std::string_view kName = "OR-set";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("elements", self.elements), v("seen", self.seen);
  }
  bool operator==(const OrSet&) const = default;
  bool has_seen(const Dot& dot) const;
  void insert(Actor actor, std::int64_t element);
  /// Takes away the insertions seen here, and no others. False when there is none.
  bool remove(std::int64_t element);
  /// Without `contexts` a merge is a union, and what was removed comes back.
  void merge(const OrSet& from, bool contexts = true);
  Cell values() const;  // ascending

  std::map<std::int64_t, std::vector<Dot>> elements;  // dots ascending, never empty
  std::map<Actor, std::uint32_t> seen;
};

/// What a key holds: a counter or a set, by what is done to it first.
struct CrdtCell {
  static constexpr std::string_view kName = "cell";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("counter", self.counter), v("set", self.set);
  }
  bool operator==(const CrdtCell&) const = default;
  void merge(const CrdtCell& from, bool contexts = true);
  Cell read() const;  // the number; else the elements, ascending

  PnCounter counter;
  OrSet set;
};

/// Add and its inverse on a counter, append (insert) and remove on a set. Refused: write and cas, which have no
/// meaning that survives concurrency here; an add below its limit as far as this replica knows; removing what is not
/// there; treating a set as a counter or the other way round.
Reply execute(CrdtCell& cell, Actor actor, const Command& command);

}  // namespace twice::protocols
