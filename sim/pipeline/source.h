#pragma once
#include <string_view>
#include <utility>
#include <vector>

#include "core/node.h"
#include "pipeline/formats/contract.h"
#include "pipeline/messages.h"

namespace twice::pipeline {

/// Answers every ReadRows with the rows that hold from that attempt on: as they are, or written as was agreed.
struct SourceNode {
  static constexpr std::string_view kName = "source";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("reads", self.reads);
  }
  void step(Time now, const Input& input, Effects& effects);

  /// (from attempt, rows), ordered by attempt; the first holds from attempt 1.
  std::vector<std::pair<std::uint32_t, Rows>> versions;
  Block<formats::Contract> contract;  // null: rows travel as they are
  std::uint64_t reads = 0;

 private:
  Payload written(const Rows& rows) const;
};

}  // namespace twice::pipeline
