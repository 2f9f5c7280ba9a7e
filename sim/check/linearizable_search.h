#pragma once
// The search behind check_linearizable, for one key. Can be stopped and taken up again.
#include <cstddef>
#include <cstdint>
#include <vector>

#include "check/history.h"
#include "check/key_set.h"
#include "check/object.h"

namespace twice::check {

class LinearizableSearch {
 public:
  /// `operations` of one key; they must outlive the search.
  LinearizableSearch(Object object, std::vector<const Operation*> operations);

  /// Goes on for about `steps` steps. Unknown: not settled yet.
  Judgement run(std::uint64_t steps);
  Judgement judgement() const { return judgement_; }
  std::uint64_t steps() const { return steps_; }

  /// The order of effects found (held), or that of the longest prefix (violated), as places in the list.
  std::vector<std::size_t> order() const;
  /// Of a violation: place of the operation whose answer no order explains.
  std::size_t impossible() const { return impossible_; }
  /// Values that the key could have when it was to take effect, in order of discovery; at most kMostValues.
  static constexpr std::size_t kMostValues = 8;
  std::vector<Value> possible_values() const;

 private:
  // Calls and returns that are not lifted, a doubly linked list in real-time order. Node 0 is head and end.
  struct Node {
    std::uint32_t previous = 0, next = 0, operation = 0;
    bool is_return = false;
  };
  // A configuration on the path: its undecided calls lie in the key set. What was lifted to come here starts at `mark`.
  struct Frame {
    std::size_t candidate, end;
    std::size_t mark;
    StateId state;
    std::uint32_t first_return;
  };

  bool enter(StateId state, std::size_t mark);
  void advance();
  void leave();
  bool is_tried_elsewhere(std::uint32_t operation) const;
  void lift(std::uint32_t operation);
  void unlift_to(std::size_t mark);
  void unlink(std::uint32_t node);
  void relink(std::uint32_t node);
  void note_stuck(const Frame& frame);

  std::vector<const Operation*> operations_;
  Machine machine_;
  std::vector<Node> nodes_;
  std::vector<std::uint32_t> call_node_, return_node_;  // 0: none
  std::vector<std::uint32_t> twin_;  // of an operation that may take effect: the one before that is equal; else itself
  std::vector<bool> lifted_;
  std::vector<std::uint32_t> path_;  // what is lifted, in order
  std::vector<Frame> frames_;
  KeySet seen_;
  std::size_t required_ = 0;  // operations that must still take effect
  std::uint64_t steps_ = 0;
  Judgement judgement_ = Judgement::kUnknown;
  // The furthest return that was reached.
  std::uint32_t furthest_ = 0;
  std::size_t impossible_ = 0;
  std::vector<std::uint32_t> furthest_path_;
  std::vector<StateId> furthest_states_;
};

}  // namespace twice::check
