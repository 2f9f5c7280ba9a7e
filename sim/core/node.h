#pragma once
// A node is pure: one input and its local time in, effects out. It reads no clock, draws nothing, does no I/O; the
// host performs the effects, and every fault is injected there.
#include <concepts>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/ids.h"
#include "core/payload.h"
#include "core/time.h"
#include "core/visit.h"

namespace twice {

/// A durable value of the record disk: what a node finds again after a crash.
struct Record {
  static constexpr std::string_view kName = "record";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("key", self.key), v("value", self.value);
  }
  std::uint64_t key = 0;
  Payload value;
};

// --- inputs
/// The process begins: first start, restart after a crash, or launched by another node with an argument.
struct Start {
  const std::vector<Record>& durable;
  const Payload& argument;
  bool new_disk = false;  // the machine lost its disk, and whoever gave it an empty one says so
};
struct Received {
  NodeId from;
  const Payload& body;
};
struct TimerFired {
  std::uint8_t timer;
};
/// All writes up to this token are durable; or some `failed` and are lost. A node that goes on all the same is taken at
/// its word: what waited for them leaves.
struct Written {
  WriteToken token;
  bool failed = false;
};
/// The node's device finished `request`.
struct Done {
  std::uint32_t request;
  const Payload& result;
};
/// A watched node's process died.
struct PeerDown {
  NodeId peer;
};
using Input = std::variant<Start, Received, TimerFired, Written, Done, PeerDown>;

// --- effects
/// `after` != 0: leaves the node only when that write is durable ("persist before you answer").
struct Send {
  NodeId to;
  WriteToken after;
  Payload body;
};
/// Replaces an earlier timer of the same number; the wait is drawn by the host, in the node's local time.
struct SetTimer {
  std::uint8_t timer;
  DurationRange wait;
};
struct CancelTimer {
  std::uint8_t timer;
};
/// Durable later; an empty value erases the key.
struct Write {
  WriteToken token;
  Record record;
};
/// A request to the node's own device.
struct Ask {
  std::uint32_t request;
  Payload body;
};
/// Launches the process of another node if it is down; travels over the link like a message.
struct Spawn {
  NodeId node;
  Payload argument;
};
/// From now on news of this node's death is sent here, over the link; at once when it is already down.
struct Watch {
  NodeId peer;
};
/// The process ends by itself, after all other effects of this step; watchers learn of it as of a death.
struct Exit {};
/// Progress a person or a trigger can name: "row" 800 of attempt `scope`. The label is a string literal.
struct Mark {
  std::string_view label;
  std::uint64_t value;
  std::uint32_t scope;
};
/// Words for the narration.
struct Say {
  std::string text;
};
using Effect = std::variant<Send, SetTimer, CancelTimer, Write, Ask, Spawn, Watch, Exit, Mark, Say>;

/// Collects the effects of one step, in order. The order is part of the behaviour: an effect's place in it names its
/// causal id.
class Effects {
 public:
  void send(NodeId to, Payload body, WriteToken after = 0) { list_.emplace_back(Send{to, after, std::move(body)}); }
  void set_timer(std::uint8_t timer, DurationRange wait) { list_.emplace_back(SetTimer{timer, wait}); }
  void set_timer(std::uint8_t timer, Duration wait) { set_timer(timer, DurationRange{wait, wait}); }
  void cancel_timer(std::uint8_t timer) { list_.emplace_back(CancelTimer{timer}); }
  WriteToken write(std::uint64_t key, Payload value) {
    list_.emplace_back(Write{++last_token_, Record{key, std::move(value)}});
    return last_token_;
  }
  void ask(std::uint32_t request, Payload body) { list_.emplace_back(Ask{request, std::move(body)}); }
  void spawn(NodeId node, Payload argument) { list_.emplace_back(Spawn{node, std::move(argument)}); }
  void watch(NodeId peer) { list_.emplace_back(Watch{peer}); }
  void exit() { list_.emplace_back(Exit{}); }
  void mark(std::string_view label, std::uint64_t value, std::uint32_t scope = 0) {
    list_.emplace_back(Mark{label, value, scope});
  }
  void say(std::string text) { list_.emplace_back(Say{std::move(text)}); }

  // For the host.
  void begin(WriteToken last_token) { list_.clear(), last_token_ = last_token; }
  std::vector<Effect>& list() { return list_; }
  WriteToken last_token() const { return last_token_; }

 private:
  std::vector<Effect> list_;
  WriteToken last_token_ = 0;
};

/// The open set of node kinds. Implement through NodeOf below.
class Node {
 public:
  virtual ~Node() = default;
  virtual std::unique_ptr<Node> clone() const = 0;
  virtual void step(Time local_now, const Input& input, Effects& effects) = 0;
  virtual std::string_view kind() const = 0;
  virtual std::uint64_t digest() const = 0;
  virtual void describe(FieldSink& sink, std::string_view name) const = 0;
};

/// Makes a Node of a described value with `void step(Time, const Input&, Effects&)`. After a crash the value is
/// reset to `initial`: what survives is on the disk and nowhere else.
template <class State>
concept NodeState = Described<State> && std::copyable<State> && requires(State s, const Input& in, Effects& out) {
  s.step(Time{}, in, out);
};

template <NodeState State>
class NodeOf final : public Node {
 public:
  explicit NodeOf(State initial) : state_(initial), initial_(std::move(initial)) {}
  std::unique_ptr<Node> clone() const override { return std::make_unique<NodeOf>(*this); }
  void step(Time now, const Input& input, Effects& effects) override {
    if (std::holds_alternative<Start>(input)) state_ = initial_;
    state_.step(now, input, effects);
  }
  std::string_view kind() const override { return State::kName; }
  std::uint64_t digest() const override { return hash_of(state_); }
  void describe(FieldSink& sink, std::string_view name) const override { twice::describe(sink, name, state_); }
  const State& state() const { return state_; }

 private:
  State state_, initial_;  // the state first: beside the vtable, in its cache line
};

template <NodeState State>
std::unique_ptr<Node> make_node(State initial) {
  return std::make_unique<NodeOf<State>>(std::move(initial));
}

/// The state of a node known to be a State; nullptr when it is of another kind.
template <NodeState State>
const State* state_of(const Node& node) {
  const auto* typed = dynamic_cast<const NodeOf<State>*>(&node);
  return typed ? &typed->state() : nullptr;
}

/// Owner of a polymorphic value: copying it clones.
template <class T>
class Cloned {
 public:
  Cloned() = default;
  Cloned(std::unique_ptr<T> value) : value_(std::move(value)) {}
  Cloned(const Cloned& other) : value_(other.value_ ? other.value_->clone() : nullptr) {}
  Cloned(Cloned&&) noexcept = default;
  Cloned& operator=(Cloned other) noexcept { return value_ = std::move(other.value_), *this; }
  T* operator->() { return value_.get(); }
  const T* operator->() const { return value_.get(); }
  T& operator*() { return *value_; }
  const T& operator*() const { return *value_; }
  explicit operator bool() const { return value_ != nullptr; }

 private:
  std::unique_ptr<T> value_;
};

}  // namespace twice
