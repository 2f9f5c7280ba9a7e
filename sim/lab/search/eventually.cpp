#include "lab/search/eventually.h"

#include <algorithm>

namespace twice::lab::search {
namespace {

/// The part of the graph in which the property has not held yet, breadth first.
class Region {
 public:
  Region(Expander& expander, StateStore& store, Judge& judge, std::size_t property)
      : expander_(expander), store_(store), judge_(judge), property_(property), place_(store.size(), kOutside) {}

  Escape search(std::uint32_t expanded) {
    Escape escape;
    enter(0, 0);
    for (std::uint32_t at = 0; at < states_.size(); ++at) {
      first_edge_.push_back(edges_.size());
      if (states_[at] >= expanded) {
        escape.cut_short = true;
      } else if (!leave(at)) {
        escape.path = path_to(at);
        return escape;
      }
    }
    first_edge_.push_back(edges_.size());
    find_circle(escape);
    return escape;
  }

 private:
  static constexpr std::uint32_t kOutside = ~std::uint32_t{0};

  Row row_of(std::uint32_t state) const {
    Row row;
    store_.read(state, row);
    return row;
  }

  void enter(std::uint32_t state, std::uint32_t from) {
    if (place_[state] == kOutside && !judge_.holds(property_, row_of(state))) {
      place_[state] = static_cast<std::uint32_t>(states_.size());
      states_.push_back(state);
      from_.push_back(from);
    }
  }

  // False when nothing can happen there that changes anything.
  bool leave(std::uint32_t at) {
    bool moves = false;
    expander_.for_each_next(row_of(states_[at]), [&](std::size_t, const Move&, const Row& next, const auto&) {
      const std::uint32_t to = store_.find(expander_.canonical(next));
      if (to == StateStore::kNone || to == states_[at]) return;
      moves = true;
      enter(to, at);
      if (place_[to] != kOutside) edges_.push_back(place_[to]);
    });
    return moves;
  }

  std::vector<std::uint32_t> path_to(std::uint32_t at) const {
    std::vector<std::uint32_t> path{states_[at]};
    for (; at != 0; at = from_[at]) path.push_back(states_[from_[at]]);
    std::reverse(path.begin(), path.end());
    return path;
  }

  // Depth first; an edge to a state that is still open closes a circle.
  void find_circle(Escape& escape) {
    enum : std::uint8_t { kNew, kOpen, kDone };
    std::vector<std::uint8_t> colour(states_.size(), kNew);
    struct Frame {
      std::uint32_t at;
      std::size_t edge;
    };
    std::vector<Frame> stack;
    if (!states_.empty()) stack.push_back({0, first_edge_[0]}), colour[0] = kOpen;
    while (!stack.empty()) {
      Frame& top = stack.back();
      if (top.edge == first_edge_[top.at + 1]) {
        colour[top.at] = kDone;
        stack.pop_back();
        continue;
      }
      const std::uint32_t to = edges_[top.edge++];
      if (colour[to] == kNew) {
        colour[to] = kOpen;
        stack.push_back({to, first_edge_[to]});
      } else if (colour[to] == kOpen) {
        return close_circle(escape, to, top.at);
      }
    }
  }

  // The shortest way to where the circle is entered, and the shortest way around it.
  void close_circle(Escape& escape, std::uint32_t entry, std::uint32_t last) {
    escape.path = path_to(entry);
    escape.back_to = escape.path.size() - 1;
    std::vector<std::uint32_t> from(states_.size(), kOutside), queue{entry};
    for (std::size_t i = 0; i < queue.size() && from[last] == kOutside; ++i)
      for (std::size_t e = first_edge_[queue[i]]; e < first_edge_[queue[i] + 1]; ++e)
        if (from[edges_[e]] == kOutside) from[edges_[e]] = queue[i], queue.push_back(edges_[e]);
    std::vector<std::uint32_t> round{states_[entry]};
    for (std::uint32_t at = last; at != entry; at = from[at]) round.push_back(states_[at]);
    escape.path.insert(escape.path.end(), round.rbegin(), round.rend());
  }

  Expander& expander_;
  StateStore& store_;
  Judge& judge_;
  std::size_t property_;
  std::vector<std::uint32_t> place_;  // of each state in this region, or kOutside
  std::vector<std::uint32_t> states_, from_, edges_;
  std::vector<std::size_t> first_edge_;
};

}  // namespace

Escape find_escape(Expander& expander, StateStore& store, Judge& judge, std::size_t property, std::uint32_t expanded) {
  return Region(expander, store, judge, property).search(expanded);
}

}  // namespace twice::lab::search
