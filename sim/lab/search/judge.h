#pragma once
#include <cstdint>
#include <vector>

#include "lab/search/places.h"
#include "lab/search/state_store.h"

namespace twice::lab::search {

/// Asks a model's properties about states; their facts about local states are kept.
class Judge {
 public:
  Judge(const Model& model, const Places& places)
      : model_(model),
        places_(places),
        facts_(model.properties.size(), std::vector<std::vector<Fact>>(model.nodes.size())),
        seen_(model.nodes.size()) {}

  bool holds(std::size_t property, const Row& row) {
    for (std::size_t slot = 0; slot < seen_.size(); ++slot)
      seen_[slot] = {&places_.local(slot, row[slot]), fact(property, slot, row[slot])};
    return model_.properties[property].holds(seen_);
  }
  std::size_t bytes() const {
    std::size_t sum = 0;
    for (const auto& property : facts_)
      for (const auto& slot : property) sum += slot.capacity() * sizeof(Fact);
    return sum;
  }

 private:
  struct Fact {
    std::uint64_t value = 0;
    bool known = false;
  };
  std::uint64_t fact(std::size_t property, std::size_t slot, std::uint32_t place) {
    const auto& of = model_.properties[property].fact;
    if (!of) return 0;
    std::vector<Fact>& facts = facts_[property][slot];
    const std::uint32_t local = places_.local_id(slot, place);
    if (local >= facts.size()) facts.resize(local + std::size_t{1});
    if (!facts[local].known) facts[local] = {of({static_cast<std::uint16_t>(slot)}, places_.local(slot, place)), true};
    return facts[local].value;
  }

  const Model& model_;
  const Places& places_;
  std::vector<std::vector<std::vector<Fact>>> facts_;  // by property, node and local state
  std::vector<Seen> seen_;
};

}  // namespace twice::lab::search
