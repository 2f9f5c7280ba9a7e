#pragma once
#include <cstdint>
#include <string_view>

namespace twice::heartbeat {

/// "I am alive", every interval, to everybody.
struct Heartbeat {
  static constexpr std::string_view kName = "Heartbeat";
  template <class Self, class V>
  static void visit(Self& self, V& v) { v("round", self.round), v("incarnation", self.incarnation); }
  std::uint32_t round = 0;        // from 1 within an incarnation
  std::uint32_t incarnation = 0;  // of the sender: how many times it has started
};

/// What a node keeps on its disk, and all it keeps: the number of its last start.
struct Incarnation {
  static constexpr std::string_view kName = "Incarnation";
  template <class Self, class V>
  static void visit(Self& self, V& v) { v("number", self.number); }
  static constexpr std::uint64_t kKey = 1;
  std::uint32_t number = 0;
};

}  // namespace twice::heartbeat
