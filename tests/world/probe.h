#pragma once
// A node whose behaviour a test writes down, and an observer that keeps what happened as lines of text.
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "support/catch.h"
#include "world/world.h"

namespace twice::world {

struct Number {
  static constexpr std::string_view kName = "Number";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("value", self.value);
  }
  std::uint64_t value = 0;
};

inline Payload number(std::uint64_t value) { return Payload(Number{value}); }
inline std::uint64_t number_in(const Payload& payload) {
  return payload.get<Number>() ? payload.get<Number>()->value : 0;
}

/// `count` is the node's volatile state; `react` says what it does.
struct Probe {
  static constexpr std::string_view kName = "probe";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("self", self.self), v("count", self.count);
  }
  using React = void (*)(Probe&, Time, const Input&, Effects&);
  void step(Time now, const Input& input, Effects& effects) {
    if (react) react(*this, now, input, effects);
  }
  NodeId self;
  React react = nullptr;
  std::uint64_t count = 0;
};

inline constexpr NodeId n1{0}, n2{1}, n3{2};
inline bool is_start(const Input& input) { return std::holds_alternative<Start>(input); }
inline void silent(Probe&, Time, const Input&, Effects&) {}

/// n1, n2, … with one behaviour each.
inline std::vector<NodeSetup> probes(const std::vector<Probe::React>& reactions) {
  std::vector<NodeSetup> nodes;
  for (const Probe::React react : reactions) {
    const NodeId self{static_cast<std::uint16_t>(nodes.size())};
    NodeSetup setup;
    setup.name = fmt::format("n{}", self.index + 1);
    setup.node = make_node(Probe{self, react});
    nodes.push_back(std::move(setup));
  }
  return nodes;
}

inline physics::LinkProfile constant_latency(Duration latency) {
  physics::LinkProfile profile;
  profile.latency = {latency, latency};
  return profile;
}

inline void add_steps(World& world, std::string_view text) {
  auto steps = std::get<std::vector<Step>>(parse_steps(text));
  for (Step& step : steps) REQUIRE_FALSE(world.add(std::move(step)));
}

inline const Probe& probe(const World& world, std::uint16_t node) { return *state_of<Probe>(world.node(NodeId{node})); }

/// "10ms n2 deliver 7 from n1", "12ms n1 timer 3", "2ms n1 written 1", "5ms n1 crash".
class Log final : public Observer {
 public:
  void event(const World& world, const Event& event, const std::vector<Effect>&) override {
    std::string line =
        fmt::format("{} {} {}", to_string(Duration{world.now().ns}), world.name(event.node), name_of(event.kind));
    if (event.kind == EventKind::kDeliver) line += fmt::format(" {}", number_in(event.body));
    if (event.kind == EventKind::kTimer) line += fmt::format(" {}", event.timer);
    if (event.kind == EventKind::kWritten) line += fmt::format(" {}", event.token);
    if (event.from != kNobody) line += " from " + world.name(event.from);
    lines.push_back(std::move(line));
  }
  void record(const World& world, const TraceRecord& record, std::string_view label) override {
    const std::string who = record.node == kNobody ? std::string("-") : world.name(record.node);
    std::string line = fmt::format("{} {} {}", to_string(Duration{world.now().ns}), who, name_of(record.kind));
    if (!label.empty()) line += fmt::format(" {}", label);
    lines.push_back(std::move(line));
  }

  bool has(std::string_view line) const { return count(line) > 0; }
  std::size_t count(std::string_view line) const {
    std::size_t found = 0;
    for (const std::string& one : lines) found += one == line;
    return found;
  }
  /// Lines that contain `part`, in order.
  std::vector<std::string> with(std::string_view part) const {
    std::vector<std::string> found;
    for (const std::string& one : lines)
      if (one.find(part) != std::string::npos) found.push_back(one);
    return found;
  }

  std::vector<std::string> lines;
};

using Lines = std::vector<std::string>;

}  // namespace twice::world
