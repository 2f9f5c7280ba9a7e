#pragma once
// One server and no replica: the baseline every design is measured against. See README.md.
#include <string_view>

#include "core/node.h"
#include "protocols/client/journal.h"
#include "protocols/client/server.h"
#include "world/world.h"

namespace twice::protocols {

struct SingleParameters {
  Persist persist = Persist::kBeforeAnswer;
  bool sessions = true;  // a repeated request is answered as the first time
};

struct SingleNode {
  static constexpr std::string_view kName = "single";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("store", self.store), v("applied", self.applied), v("newest_write", self.newest_write),
        v("journal", self.journal);
  }
  void step(Time now, const Input& input, Effects& effects);

  SingleParameters parameters;
  // Durable.
  Store store;
  Journal journal;
  // Volatile.
  std::uint64_t applied = 0;    // writes since this life began
  WriteToken newest_write = 0;  // a read may tell of it, so its answer waits for it too
};

/// Nodes 0..n-1 of a world, in the order of their names; they know nothing of each other.
std::vector<world::NodeSetup> make_single_servers(const std::vector<std::string>& names,
                                                  const SingleParameters& parameters);

}  // namespace twice::protocols
