#pragma once
#include <cstdint>
#include <vector>

#include "lab/search/places.h"
#include "lab/search/state_store.h"

namespace twice::lab::search {

/// Turns a state into the one that stands for all states which differ from it in the names of members only. Exact: two
/// states get the same representative if and only if one is the other renamed.
///
/// Each member has a signature that no renaming changes. Members are put in the order of their signatures, so only the
/// order among equal ones is open. Where swapping equal neighbours changes nothing, no order of them does; where it
/// does, all orders are tried and the smallest state is taken.
class Canonical {
 public:
  Canonical(const Model& model, Places& places);
  /// `row` holds a place for every node; changed in place.
  void apply(std::uint32_t* row);

 private:
  struct Signatures {
    bool known = false;
    std::vector<std::uint64_t> of;  // what a place says of each member
  };

  const std::vector<std::uint64_t>& signatures(std::size_t slot, std::uint32_t place);
  std::uint64_t inbox_digest(std::size_t slot, std::uint32_t place, NodeId self) const;
  std::vector<std::uint64_t> all_signatures(const std::uint32_t* row);
  void swap(std::uint32_t* row, std::size_t a, std::size_t b);
  std::uint32_t renamed(std::size_t slot, std::uint32_t place, std::size_t a, std::size_t b);
  void smallest_order(Row& row, const std::vector<std::uint64_t>& sorted, std::size_t at, Row& best);

  const Model& model_;
  const Symmetry& symmetry_;
  Places& places_;
  std::vector<bool> is_member_;
  std::vector<std::vector<Signatures>> signatures_;  // by slot and place
  std::vector<FlatMap> renamed_;                     // by slot: (place, members swapped) -> place in its new slot
};

}  // namespace twice::lab::search
