#pragma once
// Versions of a value, and how two replicas agree on what a key holds.
#include <cstdint>
#include <string_view>
#include <vector>

#include "core/time.h"
#include "protocols/client/operation.h"

namespace twice::protocols {

/// How writes that do not know of each other are settled.
enum class Conflict : std::uint8_t {
  kLastWriterWins,  // by the coordinator's clock: the other write vanishes
  kVectorClocks,    // both stay as siblings until a write that has seen both
};
std::string_view name_of(Conflict conflict);  // last-writer-wins, vector-clocks

/// One write as replicas keep it.
struct Versioned {
  static constexpr std::string_view kName = "version";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("value", self.value), v("at", self.at), v("by", self.by), v("seen", self.seen);
  }
  bool operator==(const Versioned&) const = default;
  Cell value;
  Time at{};             // last-writer-wins: the coordinator's local time
  NodeId by = kNobody;   // … and who breaks a tie
  VersionVector seen{};  // vector clocks: this write and all it knew of
};

/// What a key holds: one version, or siblings that do not know of each other. Empty: never written.
struct KeyState {
  static constexpr std::string_view kName = "key";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("versions", self.versions);
  }
  bool operator==(const KeyState&) const = default;
  std::vector<Versioned> versions;

  /// Takes in what another replica has; true when this changed anything. Order, repetition and grouping do not matter.
  bool merge(const KeyState& other, Conflict conflict);
  /// Everything a client is told: the value, or all siblings' values one after the other.
  Cell cell() const;
  /// All writes known here.
  VersionVector context() const;
};

}  // namespace twice::protocols
