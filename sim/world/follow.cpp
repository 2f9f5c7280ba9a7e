// How a forced schedule meets a running world: it says when messages arrive, timers end and writes are durable, where
// otherwise the network, the clocks and the disks would. Everything else goes its ordinary way.
#include <algorithm>

#include <fmt/format.h>

#include "core/assert.h"
#include "core/overload.h"
#include "world/world.h"

namespace twice::world {
namespace {

constexpr std::uint64_t kAgain = 0x616761696e;  // places of a message's further arrivals
constexpr std::int64_t kStandsStill = -1'000'000'000;

}  // namespace

std::optional<std::string> World::follow(Schedule schedule) {
  TWICE_ASSERT(events() == 0 && !plan_, "a schedule is followed from the first event on");
  TWICE_ASSERT(schedule.every.ns > 0, "the choices of a schedule take time");
  const auto named = [&](std::string_view name) -> std::optional<NodeId> {
    const auto node = find(name);
    return node && this->name(*node) == name ? node : std::nullopt;
  };
  std::vector<Plan::Entry> entries;
  std::vector<Step> steps;
  for (std::size_t i = 0; i < schedule.choices.size(); ++i) {
    const Choice& what = schedule.choices[i];
    for (const std::string_view name : names_in(what))
      if (!named(name)) return fmt::format("the schedule says '{}': there is no node '{}'", to_text(what), name);
    const auto concerns = [&](Plan::Key key) { entries.emplace_back(key, i); };
    const auto message = [&](Plan::Kind kind, const auto& m) {
      concerns({kind, *named(m.to), *named(m.from), m.ordinal});
    };
    std::visit(Overload{[&](const choice::Deliver& d) { message(Plan::Kind::kDeliver, d); },
                        [&](const choice::Drop& d) { message(Plan::Kind::kDrop, d); },
                        [&](const choice::Fire& f) {
                          concerns({Plan::Kind::kFire, *named(f.node), kNobody, f.timer});
                        },
                        [&](const choice::Sync& s) {
                          concerns({Plan::Kind::kSync, *named(s.node)});
                        },
                        [&](const choice::Crash& c) {
                          steps.push_back({AtTime{schedule.at(i)}, Crash{c.node, physics::Lose::kUnsynced}});
                        },
                        [&](const choice::Restart& r) {
                          steps.push_back({AtTime{schedule.at(i)}, Restart{r.node}});
                        }},
               what);
    carried_out_.push_back(std::holds_alternative<choice::Crash>(what) ||
                           std::holds_alternative<choice::Restart>(what));
  }
  for (Slot& slot : slots_) slot.clock = {slot.clock.local(now_) - now_, kStandsStill, now_};
  plan_ = Block<Plan>(Plan(std::move(schedule), std::move(entries)));
  for (Step& step : steps) add(std::move(step));
  return std::nullopt;
}

void World::travel_as_planned(Event&& event, Observer* observer) {
  const auto of = [&](Plan::Kind kind) { return Plan::Key{kind, event.node, event.from, event.token}; };
  const std::vector<std::size_t> arrivals = plan_->after(of(Plan::Kind::kDeliver), now_);
  const std::optional<std::size_t> lost = plan_->next(of(Plan::Kind::kDrop), now_);
  if (arrivals.size() > 1)
    record_between(RecordKind::kDuplicated, event.from, event.body.name(), event.token, event.node, 0, observer);
  const auto push = [&](std::size_t choice, Stage stage, CausalId id) {
    Event copy = event;
    copy.at = plan_->schedule().at(choice);
    copy.stage = stage;
    copy.id = id;
    carried_out_[choice] = true;
    queue_.push(std::move(copy));
  };
  for (std::size_t i = 0; i < arrivals.size(); ++i)
    push(arrivals[i], Stage::kOnItsWay, i == 0 ? event.id : mix(event.id, kAgain + i));
  if (lost) push(*lost, Stage::kGetsLost, event.id);
  if (!lost && arrivals.empty()) {
    event.at = kEndOfTime;
    unplanned_.push_back(std::move(event));
  }
}

// A disk writes one step's records after the other's.
Time World::planned_write(NodeId node) const {
  if (!plan_->schedule().disks_wait) return now_;
  return plan_->time_of_next({Plan::Kind::kSync, node}, std::max(slots_[node.index].disk_free, now_));
}

void World::note_planned(const Event& event) {
  const bool timer = event.kind == EventKind::kTimer;
  if (!timer && event.kind != EventKind::kWritten) return;
  const Plan::Key key{timer ? Plan::Kind::kFire : Plan::Kind::kSync, event.node, kNobody,
                      timer ? std::uint32_t{event.timer} : 0};
  const auto choice = plan_->next(key, now_ - nanoseconds(1));
  if (choice && plan_->schedule().at(*choice) == now_) carried_out_[*choice] = true;
}

}  // namespace twice::world
