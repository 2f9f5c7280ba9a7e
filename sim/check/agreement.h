#pragma once
// Agreement of Paxos: what one server has learned to be chosen, no other learns differently, ever.
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/event.h"
#include "world/world.h"

namespace twice::check {

class Agreement {
 public:
  /// To be called after every event of a world; events of other nodes are passed over.
  void event(const world::World& world, const Event& event);

  struct Broken {
    Sequence event = 0;
    Time at{};
    std::string words;  // "n1 has learned another entry 4 than n3"
  };
  const std::optional<Broken>& broken() const { return broken_; }
  bool saw_paxos() const { return saw_; }
  /// Values, or entries of the log, that some server knows to be chosen.
  std::size_t chosen() const { return chosen_.size(); }

 private:
  enum class Kind : std::uint8_t { kUnseen, kSingleDecree, kMulti, kOther };
  struct Chosen {
    std::uint64_t digest = 0;
    NodeId by = kNobody;
  };
  void learned(const world::World& world, NodeId node, std::uint64_t index, std::uint64_t digest);

  std::vector<Kind> kinds_;                 // by node
  std::vector<std::uint64_t> known_;        // by node: entries already compared
  std::map<std::uint64_t, Chosen> chosen_;  // by index
  std::optional<Broken> broken_;
  bool saw_ = false;
};

}  // namespace twice::check
