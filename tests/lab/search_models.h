#pragma once
// Small questions for the search, whose answers can be counted by hand.
#include <optional>
#include <string>
#include <vector>

#include "lab/search/models.h"
#include "lab/search/renaming.h"
#include "lab/search/search.h"

namespace twice::lab::search {

inline scenario::Spec commit_spec(std::size_t participants,
                                  const protocols::TwoPhaseCommitParameters& parameters = {}) {
  scenario::Spec spec;
  scenario::TwoPhaseCommitSpec protocol;
  protocol.p = parameters;
  spec.cluster.emplace().protocol = protocol;
  for (std::size_t i = 1; i <= participants; ++i) spec.cluster->nodes.push_back({"n" + std::to_string(i)});
  return spec;
}

inline Result search_commit(std::size_t participants, const Options& options = {},
                            const protocols::TwoPhaseCommitParameters& parameters = {}) {
  return explore(model_of(commit_spec(participants, parameters), 1, options));
}

inline const Finding& finding(const Result& result, std::string_view name) {
  for (const Finding& f : result.findings)
    if (f.name == name) return f;
  TWICE_ASSERT(false, "no property of that name");
}

template <class... State>
Model model_with(State... states) {
  Model model;
  (model.nodes.emplace_back(make_node(std::move(states))), ...);
  for (std::size_t i = 0; i < model.nodes.size(); ++i) model.names.push_back("n" + std::to_string(i + 1));
  return model;
}

struct Ping {
  static constexpr std::string_view kName = "Ping";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("number", self.number);
  }
  std::uint32_t number = 0;
};

/// The first sends two pings at its start; the second remembers the first two it gets.
struct Pinger {
  static constexpr std::string_view kName = "pinger";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("got", self.got);
  }
  void step(Time, const Input& input, Effects& effects) {
    if (std::holds_alternative<Start>(input) && sends)
      for (std::uint32_t i = 1; i <= 2; ++i) effects.send({1}, Payload(Ping{i}));
    const auto* received = std::get_if<Received>(&input);
    if (received && got.size() < 2) got.push_back(received->body.get<Ping>()->number);
  }
  bool sends = false;
  std::vector<std::uint32_t> got;
};

inline Model pings(const Options& options) {
  Model model = model_with(Pinger{true, {}}, Pinger{});
  model.options = options;
  return model;
}

/// Everybody greets everybody, and likes whose greeting comes first.
struct Admirer {
  static constexpr std::string_view kName = "admirer";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("likes", self.likes);
  }
  void step(Time, const Input& input, Effects& effects) {
    if (std::holds_alternative<Start>(input))
      for (std::uint16_t i = 0; i < nodes; ++i)
        if (i != self.index) effects.send({i}, Payload(Ping{}));
    const auto* received = std::get_if<Received>(&input);
    if (received && !likes) likes = received->from;
  }
  NodeId self;
  std::uint16_t nodes = 0;
  std::optional<NodeId> likes;
};

inline Model admirers(std::uint16_t count, bool symmetry) {
  Model model;
  std::vector<NodeId> members;
  for (std::uint16_t i = 0; i < count; ++i) {
    model.nodes.emplace_back(make_node(Admirer{{i}, count, {}}));
    model.names.push_back("n" + std::to_string(i + 1));
    members.push_back({i});
  }
  model.symmetry = make_symmetry(members, States<Admirer>{}, Bodies<Ping>{});
  model.options.symmetry = symmetry;
  return model;
}

/// A lamp that a timer switches, and another timer breaks for good.
struct Lamp {
  static constexpr std::string_view kName = "lamp";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("lit", self.lit), v("broken", self.broken);
  }
  void step(Time, const Input& input, Effects& effects) {
    if (const auto* fired = std::get_if<TimerFired>(&input)) {
      if (fired->timer == 1) broken = true;
      if (fired->timer == 0) lit = !lit;
    }
    if (broken) return effects.cancel_timer(0);
    effects.set_timer(0, seconds(1));
    if (breaks) effects.set_timer(1, seconds(9));
    if (lit) effects.mark("lit", 1);
  }
  bool breaks = false;
  bool lit = false, broken = false;
};

}  // namespace twice::lab::search
