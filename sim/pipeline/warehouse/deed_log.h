#pragma once
#include <memory>
#include <variant>
#include <vector>

#include "core/block.h"
#include "pipeline/warehouse/engine.h"

namespace twice::pipeline {

// What happened to an engine since its last quiet point, so that a fork can live it again.
struct Opened {
  SessionId session;
};
struct Executed {
  SessionId session;
  Statement statement;
  SqlMoment moment;
};
struct Killed {
  SessionId session;
};
struct Closed {
  SessionId session;
};
struct Armed {
  physics::DiskFault fault;
};
using Deed = std::variant<Opened, Executed, Killed, Closed, Armed>;

/// A list that grows at its end; copies share all but the last few entries.
class DeedLog {
 public:
  void add(Deed deed) {
    if (tail_.empty()) tail_.reserve(kChunk);
    tail_.push_back(std::move(deed));
    if (tail_.size() < kChunk) return;
    full_.emplace_back(std::move(tail_));
    tail_ = {};
  }
  void clear() { full_.clear(), tail_.clear(); }
  bool is_empty() const { return full_.empty() && tail_.empty(); }

  template <class Visitor>
  void for_each(const Visitor& visitor) const {
    for (const auto& chunk : full_) {
      for (const Deed& deed : *chunk) std::visit(visitor, deed);
    }
    for (const Deed& deed : tail_) std::visit(visitor, deed);
  }

 private:
  static constexpr std::size_t kChunk = 64;
  std::vector<Block<std::vector<Deed>>> full_;
  std::vector<Deed> tail_;
};

}  // namespace twice::pipeline
