// How the steps of a timeline meet a running world.
#include <algorithm>

#include <fmt/format.h>

#include "core/overload.h"

#include "world/world.h"

namespace twice::world {
namespace {

void forget(std::vector<std::size_t>& list, std::size_t step) {
  list.erase(std::remove(list.begin(), list.end(), step), list.end());
}

// Every node name a step mentions.
std::vector<std::string_view> names_in(const Step& step) {
  std::vector<std::string_view> names;
  if (const auto* message = std::get_if<AtMessage>(&step.when)) names = {message->from, message->to};
  const auto all = [&](const std::vector<std::string>& list) { names.insert(names.end(), list.begin(), list.end()); };
  const auto place = [&](const std::string& from, const std::string& to) {
    if (!from.empty()) names.push_back(from);
    if (!to.empty()) names.push_back(to);
  };
  std::visit(Overload{[&](const Partition& p) {
                        for (const auto& group : p.groups) all(group);
                      },
                      [&](const OneWay& o) { all(o.from), all(o.to); },
                      [&](const Bridge& b) { names.push_back(b.node), all(b.among); },
                      [&](const MajoritiesRing& r) { all(r.among); }, [&](const Halves& h) { all(h.among); },
                      [&](const Cut& c) { names.push_back(c.from), names.push_back(c.to); },
                      [&](const Heal& h) { all(h.nodes); }, [&](const Clog& c) { place(c.from, c.to); },
                      [&](const Unclog& u) { place(u.from, u.to); }, [](const Drop&) {}, [](const Duplicate&) {},
                      [](const Delay&) {}, [](const Note&) {}, [&](const auto& one) { names.push_back(one.node); }},
             step.what);
  return names;
}

}  // namespace

std::optional<std::string> World::unknown_node(const Step& step) const {
  for (const std::string_view name : names_in(step)) {
    if (find(name)) continue;
    std::string all;
    for (const Slot& slot : slots_) all += (all.empty() ? "" : ", ") + slot.name;
    return fmt::format("there is no node '{}' (nodes: {})", name, all);
  }
  if (const auto* message = std::get_if<AtMessage>(&step.when))
    for (const std::string& name : {message->from, message->to})
      if (const auto several = meant_by(name); several.size() > 1)
        return fmt::format("'{}' is {} nodes, and a message travels between two: name one of them, such as '{}'", name,
                           several.size(), this->name(several.front()));
  return std::nullopt;
}

std::optional<std::string> World::add(Step step) {
  if (auto error = unknown_node(step)) return error;
  if (plan_ && (std::holds_alternative<Delay>(step.what) || std::holds_alternative<Duplicate>(step.what)))
    return fmt::format("'{}' means nothing here: a schedule says when and how often each message arrives",
                       to_text(step));
  const std::size_t index = steps_.size();
  steps_.push_back(std::move(step));
  fired_.push_back(false);
  effective_.push_back(false);
  std::visit(
      Overload{[&](const AtTime& t) {
                 const auto at = std::find_if(pending_.time.begin(), pending_.time.end(), [&](std::size_t other) {
                   return std::get<AtTime>(steps_[other].when).at > t.at;
                 });
                 pending_.time.insert(at, index);
               },
               [&](const AtEvent&) { pending_.event.push_back(index); },
               [&](const AtMark&) { pending_.mark.push_back(index); },
               [&](const AtIo& io) {
                 const auto* fail = std::get_if<FailDisk>(&steps_[index].what);
                 if (!fail) return pending_.io.push_back(index);
                 // A failing operation is armed in the device itself: it happens inside a statement.
                 Slot& slot = slots_[find(fail->node)->index];
                 if (slot.device)
                   slot.device->arm({io.operation, fail->kind, fail->kind == physics::DiskFault::Kind::kIoError});
                 fired_[index] = effective_[index] = static_cast<bool>(slot.device);
               },
               [&](const AtMessage&) { pending_.message.push_back(index); }},
      steps_[index].when);
  return std::nullopt;
}

std::optional<std::string> World::carry_out_now(Step step) {
  if (auto error = unknown_node(step)) return error;
  steps_.push_back(std::move(step));
  fired_.push_back(false);
  effective_.push_back(false);
  fire(steps_.size() - 1, nullptr);
  return std::nullopt;
}

std::size_t World::pending_steps() const {
  return pending_.time.size() + pending_.event.size() + pending_.mark.size() + pending_.io.size() +
         pending_.message.size();
}

std::optional<Time> World::next_step_time() const {
  if (pending_.time.empty()) return std::nullopt;
  return std::get<AtTime>(steps_[pending_.time.front()].when).at;
}

bool World::names_node(std::string_view name, NodeId node) const {
  return slots_[node.index].name == name || find(name) == node;
}

bool World::fire_due_time_step(Time before, Observer* observer) {
  const std::size_t index = pending_.time.front();
  const Time at = std::max(now_, std::get<AtTime>(steps_[index].when).at);
  if (at > before) return false;
  now_ = at;
  fire(index, observer);
  return true;
}

void World::fire_at_event(Observer* observer) {
  const auto due = [&](std::size_t i) { return std::get<AtEvent>(steps_[i].when).event <= events() + 1; };
  for (auto it = std::find_if(pending_.event.begin(), pending_.event.end(), due); it != pending_.event.end();
       it = std::find_if(pending_.event.begin(), pending_.event.end(), due)) {
    now_ = std::max(now_, queue_.next_time());
    fire(*it, observer);
  }
}

void World::fire_at_mark(const Mark& mark, Observer* observer) {
  const auto matches = [&](std::size_t i) {
    const auto& when = std::get<AtMark>(steps_[i].when);
    return when.mark == mark.label && when.value == mark.value && (when.scope == 0 || when.scope == mark.scope);
  };
  for (auto it = std::find_if(pending_.mark.begin(), pending_.mark.end(), matches); it != pending_.mark.end();
       it = std::find_if(pending_.mark.begin(), pending_.mark.end(), matches))
    fire(*it, observer);
}

bool World::fire_at_io(NodeId node, const physics::Completion& done, Observer* observer) {
  const std::uint16_t epoch = slots_[node.index].epoch;
  const auto matches = [&](std::size_t i) {
    const std::uint64_t operation = std::get<AtIo>(steps_[i].when).operation;
    const auto* what = std::get_if<Crash>(&steps_[i].what);
    return operation >= done.first_io && operation <= done.last_io && (!what || names_node(what->node, node));
  };
  for (auto it = std::find_if(pending_.io.begin(), pending_.io.end(), matches); it != pending_.io.end();
       it = std::find_if(pending_.io.begin(), pending_.io.end(), matches))
    fire(*it, observer);
  return slots_[node.index].epoch != epoch;
}

const Action* World::take_message_step(NodeId from, NodeId to, std::uint32_t ordinal, Observer* observer) {
  const auto matches = [&](std::size_t i) {
    const auto& when = std::get<AtMessage>(steps_[i].when);
    return when.ordinal == ordinal && names_node(when.from, from) && names_node(when.to, to);
  };
  const std::vector<std::size_t>& pending = pending_.message;
  for (auto it = std::find_if(pending.begin(), pending.end(), matches); it != pending.end();
       it = std::find_if(pending.begin(), pending.end(), matches)) {
    const std::size_t index = *it;
    fire(index, observer);
    if (!std::holds_alternative<Note>(steps_[index].what)) return &steps_[index].what;  // words leave it its fate
  }
  return nullptr;
}

void World::fire(std::size_t index, Observer* observer) {
  const Step step = steps_[index];
  fired_[index] = true;
  for (auto* list : {&pending_.time, &pending_.event, &pending_.mark, &pending_.io, &pending_.message})
    forget(*list, index);
  const std::string text = to_text(step);
  TraceRecord record{RecordKind::kStep, now_, trace_.events() + 1, trace_.events(), kNobody};
  record.value = index;
  trace_.event(record, "step", hash_text(text));
  if (observer) observer->record(*this, record, text);
  // The identity is the text's, so that it does not shift with the steps around it; equal steps are told apart by
  // place.
  const auto equal_before =
      static_cast<std::uint64_t>(std::count(steps_.begin(), steps_.begin() + static_cast<std::ptrdiff_t>(index), step));
  const CausalId id = equal_before == 0 ? hash_text(text) : mix(hash_text(text), equal_before);
  effective_[index] = carry_out(step, id, observer);
}

// Members of a group are told apart by their place, so that each has draws of its own.
template <class F>
bool World::at_each(std::string_view name, CausalId id, F&& act) {
  bool any = false;
  std::uint64_t place = 0;
  for (const NodeId node : meant_by(name)) {
    any = act(node, place == 0 ? id : mix(id, place)) || any;
    ++place;
  }
  return any;
}

bool World::carry_out(const Step& step, CausalId id, Observer* observer) {
  return std::visit(
      Overload{
          [&](const Crash& c) {
            std::optional<std::uint64_t> cut;
            if (const auto* io = std::get_if<AtIo>(&step.when)) cut = io->applied ? io->operation : io->operation - 1;
            return at_each(c.node, id,
                           [&](NodeId node, CausalId its) { return crash(node, c.lose, cut, its, observer); });
          },
          [&](const Restart& r) {
            return at_each(r.node, id, [&](NodeId node, CausalId its) { return restart(node, its, events()); });
          },
          [&](const Pause& p) {
            return at_each(p.node, id, [&](NodeId node, CausalId) {
              Slot& slot = slots_[node.index];
              return slot.up && !std::exchange(slot.paused, true);
            });
          },
          [&](const Resume& r) { return at_each(r.node, id, [&](NodeId node, CausalId) { return resume(node); }); },
          [&](const Partition& p) { return partition(p.groups); },
          [&](const OneWay& o) { return one_way(o); },
          [&](const Bridge& b) { return bridge(b); },
          [&](const MajoritiesRing& r) { return majorities_ring(r); },
          [&](const Halves& h) { return halves(h, id, observer); },
          [&](const Isolate& i) { return at_each(i.node, id, [&](NodeId node, CausalId) { return isolate(node); }); },
          [&](const Cut& c) { return cut_between(meant_by(c.from), meant_by(c.to)); },
          [&](const Heal& h) { return heal(h.nodes); },
          [&](const Clog& c) { return clog(c); },
          [&](const Unclog& u) { return unclog(u); },
          [&](const Slow& s) {
            return at_each(s.node, id, [&](NodeId node, CausalId) { return slow_down(node, s.by); });
          },
          [&](const SetClock& c) {
            return at_each(c.node, id, [&](NodeId node, CausalId) { return set_clock(node, c); });
          },
          [](const Drop&) { return true; },
          [](const Duplicate&) { return true; },
          [](const Delay&) { return true; },
          [&](const FailDisk& f) {
            return at_each(f.node, id, [&](NodeId node, CausalId) {
              Slot& slot = slots_[node.index];
              if (!slot.device) slot.disk.fail();
              return !slot.device;
            });
          },
          [&](const Command& c) {
            return at_each(c.node, id, [&](NodeId node, CausalId its) {
              arrive(kNobody, node, Duration{0}, EventKind::kDeliver, Payload(OutsideCommand{c.text}), its, 0,
                     events());
              return slots_[node.index].up;
            });
          },
          [](const Note&) { return true; }},
      step.what);
}

bool World::crash(NodeId node, physics::Lose lose, std::optional<std::uint64_t> cut_after, CausalId id,
                  Observer* observer) {
  Slot& slot = slots_[node.index];
  if (!slot.up) return false;
  physics::DiskCrash how;
  how.lose = lose;
  how.cut_after = cut_after;
  // A statement that was still running at this moment got only as far as its I/O had come.
  if (!cut_after && !slot.asks.empty()) how.elapsed = now_ - slot.device_busy_since;
  how.draw = mix(seed_, id);
  end_process(node, how, true, id, observer);
  if (!slot.restart_after || plan_) return true;  // a schedule alone says who starts again
  Event event;
  event.at = now_ + *slot.restart_after;
  event.id = mix(id, 0x72657374617274);
  event.cause = events();
  event.node = node;
  queue_.push(std::move(event));
  return true;
}

void World::end_process(NodeId node, const physics::DiskCrash& how, bool crashed, CausalId id, Observer* observer) {
  Slot& slot = slots_[node.index];
  slot.up = slot.paused = false;
  ++slot.epoch;
  slot.disk.crash(how.lose, seed_, id);
  slot.disk_free = now_;
  slot.waiting.clear();
  slot.held.clear();
  slot.busy_until = {};
  slot.has_turn = false;
  slot.asks.clear();
  if (slot.device) slot.device->crash(how);
  if (crashed) record_between(RecordKind::kCrash, node, {}, static_cast<std::uint64_t>(how.lose), kNobody, 0, observer);
  // The operating system closes a dead process's connections; a machine without power tells nobody.
  std::uint64_t place = 1;
  if (how.lose == physics::Lose::kNothing)
    for (const Watcher& w : watchers_)
      if (w.whom == node && slots_[w.who.index].epoch == w.epoch)
        travel(node, w.who, EventKind::kDown, {}, mix(id, place++), events(), observer);
  watchers_.erase(std::remove_if(watchers_.begin(), watchers_.end(),
                                 [&](const Watcher& w) { return w.whom == node || w.who == node; }),
                  watchers_.end());
}

bool World::restart(NodeId node, CausalId id, Sequence cause) {
  if (slots_[node.index].up) return false;
  Event event;
  event.at = now_;
  event.id = mix(id, 1);
  event.cause = cause;
  event.node = node;
  queue_.push(std::move(event));
  return true;
}

bool World::resume(NodeId node) {
  Slot& slot = slots_[node.index];
  if (!std::exchange(slot.paused, false)) return false;
  for (Event& event : slot.held) {
    event.at = now_;
    event.stage = Stage::kArrived;
    queue_.push(std::move(event));
  }
  slot.held.clear();
  return true;
}

}  // namespace twice::world
