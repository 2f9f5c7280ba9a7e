#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "lab/search/places.h"
#include "lab/search/state_store.h"
#include "lab/search/symmetry.h"

namespace twice::lab::search {

/// The scheduler: what can come after a global state, which is one place a node, and what of the bounds is used up.
class Expander {
 public:
  explicit Expander(const Model& model)
      : model_(model), places_(model), spent_(static_cast<std::uint32_t>(model.nodes.size())) {
    if (model.options.symmetry && model.symmetry) canonical_.emplace(model, places_);
  }

  Places& places() { return places_; }
  const Places& places() const { return places_; }
  Row first() {
    Row row = places_.first();
    row.push_back(0);
    return row;
  }
  /// `f(slot, move, next row, slots that changed)` for everything that may happen next, in a fixed order.
  template <class F>
  void for_each_next(const Row& row, F&& f) {
    next_ = row;
    for (std::uint32_t slot = 0; slot < spent_; ++slot)
      for (const Move& move : places_.moves(slot, row[slot])) {
        std::uint32_t spent = row[spent_];
        if (has_bounds() && !pay(move.kind, spent)) continue;
        changed_.clear();
        change(slot, move.to);
        if (spent != row[spent_]) change(spent_, spent);
        for (std::uint32_t i = 0; i < move.sends; ++i) {
          const std::uint32_t message = places_.sends()[move.first_send + i];
          const auto to = static_cast<std::uint32_t>(places_.receiver(message));
          change(to, places_.add(to, next_[to], message));
        }
        f(slot, move, std::as_const(next_), std::as_const(changed_));
        for (const std::uint32_t i : changed_) next_[i] = row[i];
      }
  }
  bool has_symmetry() const { return canonical_.has_value(); }
  /// The state that stands for this one.
  Row canonical(Row row) {
    if (canonical_) canonical_->apply(row.data());
    return row;
  }

 private:
  void change(std::uint32_t slot, std::uint32_t to) {
    next_[slot] = to;
    changed_.push_back(slot);
  }
  bool has_bounds() const {
    return model_.options.crashes > 0 || model_.options.drops > 0 || model_.options.timers.has_value();
  }
  // Crashes, drops and fired timers so far are the digits of one number.
  bool pay(Move::Kind kind, std::uint32_t& spent) const {
    const std::uint32_t c = model_.options.crashes + 1, d = model_.options.drops + 1;
    if (kind == Move::Kind::kCrash) return spent % c < model_.options.crashes && (spent += 1, true);
    if (kind == Move::Kind::kDrop) return spent / c % d < model_.options.drops && (spent += c, true);
    if (kind == Move::Kind::kTimer && model_.options.timers)
      return spent / c / d < *model_.options.timers && (spent += c * d, true);
    return true;
  }

  const Model& model_;
  Places places_;
  std::optional<Canonical> canonical_;
  std::uint32_t spent_;  // the slot behind those of the nodes
  Row next_;
  std::vector<std::uint32_t> changed_;
};

}  // namespace twice::lab::search
