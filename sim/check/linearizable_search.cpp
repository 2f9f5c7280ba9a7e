#include "check/linearizable_search.h"

#include <algorithm>
#include <utility>

namespace twice::check {

LinearizableSearch::LinearizableSearch(Object object, std::vector<const Operation*> operations)
    : operations_(std::move(operations)), machine_(object, operations_) {
  const std::size_t count = operations_.size();
  call_node_.assign(count, 0);
  return_node_.assign(count, 0);
  twin_.resize(count);
  lifted_.assign(count, false);
  struct Moment {
    std::uint64_t at;
    std::uint32_t operation;
    bool is_return;
  };
  std::vector<Moment> moments;
  moments.reserve(2 * count);
  std::vector<std::uint32_t> open;
  for (std::uint32_t i = 0; i < count; ++i) {
    const Operation& o = *operations_[i];
    twin_[i] = i;
    const bool must = must_take_effect(o);
    if (!must && !may_take_effect(o)) continue;
    moments.push_back({o.call, i, false});
    if (must) {
      moments.push_back({o.ret, i, true});
      ++required_;
      continue;
    }
    for (const std::uint32_t other : open)
      if (machine_.same(i, other)) twin_[i] = other;
    open.push_back(i);
  }
  std::sort(moments.begin(), moments.end(), [](const Moment& a, const Moment& b) { return a.at < b.at; });
  nodes_.resize(moments.size() + 1);
  for (std::uint32_t i = 0; i < moments.size(); ++i) {
    nodes_[i + 1] = {i, i + 2 == nodes_.size() ? 0 : i + 2, moments[i].operation, moments[i].is_return};
    (moments[i].is_return ? return_node_ : call_node_)[moments[i].operation] = i + 1;
  }
  nodes_[0].next = moments.empty() ? 0 : 1;
  nodes_[0].previous = static_cast<std::uint32_t>(moments.size());
  enter(machine_.initial(), 0);
}

Judgement LinearizableSearch::run(std::uint64_t steps) {
  const std::uint64_t until = steps_ + steps;
  while (judgement_ == Judgement::kUnknown && steps_ < until) advance();
  return judgement_;
}

// A read that fits is taken at once: it changes nothing, so whatever order works without it works with it here.
bool LinearizableSearch::enter(StateId state, std::size_t mark) {
  ++steps_;
  seen_.begin();
  seen_.push(state);
  seen_.push(0);
  std::uint32_t at = nodes_[0].next;
  while (at != 0 && !nodes_[at].is_return) {
    const std::uint32_t operation = nodes_[at].operation;
    if (machine_.is_pure(operation) && machine_.step(state, operation) != kRefused)
      lift(operation);
    else
      seen_.push(operation);
    at = nodes_[at].next;
  }
  if (required_ == 0) {
    seen_.abandon();
    judgement_ = Judgement::kHeld;
    return true;
  }
  seen_.set_second(at);
  const std::size_t place = seen_.commit();
  if (place == KeySet::kSeen) {
    unlift_to(mark);
    return false;
  }
  frames_.push_back({place + 2, seen_.end(), mark, state, at});
  return true;
}

void LinearizableSearch::advance() {
  Frame& frame = frames_.back();
  while (frame.candidate < frame.end) {
    const std::uint32_t operation = seen_.word(frame.candidate++);
    if (machine_.is_pure(operation) || is_tried_elsewhere(operation)) continue;
    ++steps_;
    const StateId next = machine_.step(frame.state, operation);
    if (next == kRefused || (next == frame.state && may_take_effect(*operations_[operation]))) continue;
    const std::size_t mark = path_.size();
    lift(operation);
    if (enter(next, mark)) return;
  }
  leave();
}

void LinearizableSearch::leave() {
  const Frame frame = frames_.back();
  note_stuck(frame);
  unlift_to(frame.mark);
  frames_.pop_back();
  if (frames_.empty()) judgement_ = Judgement::kViolated;
}

void LinearizableSearch::note_stuck(const Frame& frame) {
  if (frame.first_return < furthest_) return;
  if (frame.first_return > furthest_) {
    furthest_ = frame.first_return;
    impossible_ = nodes_[furthest_].operation;
    furthest_path_ = path_;
    furthest_states_.clear();
  }
  if (furthest_states_.size() < kMostValues &&
      std::find(furthest_states_.begin(), furthest_states_.end(), frame.state) == furthest_states_.end())
    furthest_states_.push_back(frame.state);
}

// Of equal operations that may take effect at any time, the first that was called stands for all.
bool LinearizableSearch::is_tried_elsewhere(std::uint32_t operation) const {
  return twin_[operation] != operation && !lifted_[twin_[operation]];
}

void LinearizableSearch::lift(std::uint32_t operation) {
  if (return_node_[operation] != 0) {  // first, so that the call keeps a neighbour that is in the list
    unlink(return_node_[operation]);
    --required_;
  }
  unlink(call_node_[operation]);
  lifted_[operation] = true;
  path_.push_back(operation);
}

void LinearizableSearch::unlift_to(std::size_t mark) {
  while (path_.size() > mark) {
    const std::uint32_t operation = path_.back();
    path_.pop_back();
    lifted_[operation] = false;
    relink(call_node_[operation]);
    if (return_node_[operation] != 0) {
      relink(return_node_[operation]);
      ++required_;
    }
  }
}

void LinearizableSearch::unlink(std::uint32_t node) {
  const Node& n = nodes_[node];
  nodes_[n.previous].next = n.next;
  nodes_[n.next].previous = n.previous;
}

void LinearizableSearch::relink(std::uint32_t node) {
  const Node& n = nodes_[node];
  nodes_[n.previous].next = node;
  nodes_[n.next].previous = node;
}

std::vector<std::size_t> LinearizableSearch::order() const {
  const auto& from = judgement_ == Judgement::kHeld ? path_ : furthest_path_;
  return {from.begin(), from.end()};
}

std::vector<Value> LinearizableSearch::possible_values() const {
  std::vector<Value> values;
  for (const StateId state : furthest_states_) values.push_back(machine_.value(state));
  return values;
}

}  // namespace twice::check
