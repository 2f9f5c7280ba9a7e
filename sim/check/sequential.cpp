#include "check/sequential.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "check/key_set.h"
#include "check/object.h"
#include "check/session_graph.h"

namespace twice::check {
namespace {

struct Part {
  std::size_t operation = 0;
  bool required = false;
  std::vector<std::uint32_t> later;  // parts that have to wait for it
};

/// Depth first over what may come next. Reads that fit are taken at once: they change nothing.
class SequentialSearch {
 public:
  SequentialSearch(const SessionView& view, const SessionGraph* graph) : view_(view) {
    choose_parts();
    place_.assign(view.history->operations.size(), kNoNode);
    for (std::uint32_t p = 0; p < parts_.size(); ++p) place_[parts_[p].operation] = p;
    waits_.assign(parts_.size(), 0);
    keep_client_order();
    if (graph) keep_graph(*graph);
    make_machines();
    done_.assign(parts_.size(), false);
  }

  Judgement run(std::uint64_t budget) {
    for (std::uint32_t p = 0; p < parts_.size(); ++p)
      if (waits_[p] == 0) ready_.push_back(p);
    if (enter(0)) return Judgement::kHeld;
    while (!frames_.empty()) {
      if (steps_ > budget) return Judgement::kUnknown;
      Frame& frame = frames_.back();
      if (frame.next == frame.candidates.size()) {
        undo_to(frame.mark);
        frames_.pop_back();
        continue;
      }
      const std::uint32_t part = frame.candidates[frame.next++];
      if (!may_follow(part)) continue;
      const std::size_t mark = taken_.size();
      take(part);
      if (enter(mark)) return Judgement::kHeld;
    }
    return Judgement::kViolated;
  }

 private:
  struct Frame {
    std::vector<std::uint32_t> candidates;
    std::size_t next = 0, mark = 0;
  };
  struct Taken {
    std::uint32_t part;
    StateId before;  // of its key
  };

  const Operation& operation(std::uint32_t part) const { return view_.operation(parts_[part].operation); }
  std::uint32_t key(std::uint32_t part) const { return view_.key[parts_[part].operation]; }

  void choose_parts() {
    const auto& all = view_.history->operations;
    const bool traced = !view_.untraceable;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const bool required = must_take_effect(all[i]);
      const bool wanted = may_take_effect(all[i]) && (!traced || view_.effective[i] || view_.failed_compares > 0);
      if (required || wanted) parts_.push_back({i, required || (traced && view_.effective[i]), {}});
    }
    for (const Part& part : parts_) left_ += part.required;
  }

  void keep(std::size_t first, std::size_t second) {
    if (first == kNoOperation || second == kNoOperation || place_[first] == kNoNode || place_[second] == kNoNode)
      return;
    parts_[place_[first]].later.push_back(place_[second]);
    ++waits_[place_[second]];
  }

  void keep_client_order() {
    for (const std::vector<std::size_t>& chain : view_.chains)
      for (std::size_t i = 1; i < chain.size(); ++i) keep(chain[i - 1], chain[i]);
    for (std::size_t i = 0; i < view_.before.size(); ++i) keep(view_.before[i], i);
    for (std::size_t i = 0; i < view_.failures.size(); ++i) {
      keep(view_.failures[i].before, view_.failures[i].operation);
      keep(view_.failures[i].operation, view_.failures[i].after);
    }
  }

  void keep_graph(const SessionGraph& graph) {
    for (const auto& edges : graph.graph().edges())
      for (const Edge& e : edges) keep(graph.operation_of(e.from), graph.operation_of(e.to));
  }

  void make_machines() {
    std::vector<std::vector<const Operation*>> by_key(view_.keys);
    for (std::uint32_t p = 0; p < parts_.size(); ++p) {
      number_.push_back(by_key[key(p)].size());
      by_key[key(p)].push_back(&operation(p));
    }
    for (const auto& operations : by_key) {
      machines_.emplace_back(view_.object, operations);
      states_.push_back(machines_.back().initial());
    }
  }

  StateId after(std::uint32_t part) { return machines_[key(part)].step(states_[key(part)], number_[part]); }
  bool is_pure(std::uint32_t part) const { return machines_[key(part)].is_pure(number_[part]); }

  bool may_follow(std::uint32_t part) {
    ++steps_;
    if (is_pure(part)) return false;  // it did not fit, or it would have been taken
    const StateId next = after(part);
    return next != kRefused && (parts_[part].required || next != states_[key(part)]);
  }

  void take(std::uint32_t part) {
    StateId& state = states_[key(part)];
    taken_.push_back({part, state});
    state = after(part);
    done_[part] = true;
    left_ -= parts_[part].required;
    for (const std::uint32_t later : parts_[part].later)
      if (--waits_[later] == 0) ready_.push_back(later);
  }

  void undo_to(std::size_t mark) {
    for (; taken_.size() > mark; taken_.pop_back()) {
      const Taken& t = taken_.back();
      for (const std::uint32_t later : parts_[t.part].later) ++waits_[later];
      left_ += parts_[t.part].required;
      done_[t.part] = false;
      states_[key(t.part)] = t.before;
    }
  }

  // What may come next, in order; first whatever fits and changes nothing.
  std::vector<std::uint32_t> candidates() {
    std::vector<std::uint32_t> open;
    for (std::size_t i = 0; i < ready_.size(); ++i) {
      const std::uint32_t part = ready_[i];
      if (done_[part] || waits_[part] != 0) continue;
      if (is_pure(part) && after(part) != kRefused)
        take(part);
      else
        open.push_back(part);
    }
    return open;
  }

  // True: everything has its place.
  bool enter(std::size_t mark) {
    ready_.clear();
    for (std::uint32_t p = 0; p < parts_.size(); ++p)
      if (!done_[p] && waits_[p] == 0) ready_.push_back(p);
    steps_ += 1 + parts_.size() / 64;
    std::vector<std::uint32_t> open = candidates();
    if (left_ == 0) return true;
    std::sort(open.begin(), open.end());
    seen_.begin();
    for (const std::uint32_t p : open) seen_.push(p);
    seen_.push(kNoNode);
    for (const StateId state : states_) seen_.push(state);
    if (seen_.commit() == KeySet::kSeen) {
      undo_to(mark);
      return false;
    }
    frames_.push_back({std::move(open), 0, mark});
    return false;
  }

  const SessionView& view_;
  std::vector<Part> parts_;
  std::vector<std::uint32_t> place_;  // of operations
  std::vector<std::uint32_t> waits_;  // how many must come before
  std::vector<std::size_t> number_;   // of parts, in the machine of their key
  std::vector<Machine> machines_;     // by key
  std::vector<StateId> states_;       // by key
  std::vector<bool> done_;
  std::vector<std::uint32_t> ready_;
  std::vector<Taken> taken_;
  std::vector<Frame> frames_;
  KeySet seen_;
  std::size_t left_ = 0;  // required and not done
  std::uint64_t steps_ = 0;
};

}  // namespace

Verdict check_sequential(const SessionView& view, std::uint64_t budget) {
  if (view.impossible) return {Judgement::kViolated, view.impossible_words, view.impossible};
  std::optional<SessionGraph> graph;
  if (!view.untraceable) {
    graph.emplace(Model::kSequential, view, kAllClients);
    const Judgement judgement = graph->saturate(budget * 64);
    if (judgement == Judgement::kViolated) return graph->violation();
    if (judgement == Judgement::kUnknown) graph.reset();
  }
  switch (SequentialSearch(view, graph ? &*graph : nullptr).run(budget)) {
    case Judgement::kHeld:
      return {Judgement::kHeld, {}, std::nullopt};
    case Judgement::kViolated:
      return {Judgement::kViolated, "every order that keeps the order of each client contradicts some answer",
              std::nullopt};
    case Judgement::kUnknown:
      return {
          Judgement::kUnknown,
          fmt::format("the budget of {} steps ran out before an order was found or ruled out (limit sequential-steps)",
                      budget),
          std::nullopt};
  }
  return {};
}

}  // namespace twice::check
