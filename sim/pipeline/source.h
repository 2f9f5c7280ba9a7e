#pragma once
#include <string_view>
#include <utility>
#include <vector>

#include "core/node.h"
#include "pipeline/messages.h"

namespace twice::pipeline {

/// Answers every ReadRows with the rows that hold from that attempt on.
struct SourceNode {
  static constexpr std::string_view kName = "source";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("reads", self.reads);
  }
  void step(Time now, const Input& input, Effects& effects);

  /// (from attempt, rows), ordered by attempt; the first holds from attempt 1.
  std::vector<std::pair<std::uint32_t, Rows>> versions;
  std::uint64_t reads = 0;
};

}  // namespace twice::pipeline
