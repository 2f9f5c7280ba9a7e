#include "lab/followed.h"

#include <fmt/format.h>

#include "core/overload.h"
#include "lab/report_format.h"

namespace twice::lab {
namespace {

namespace choice = world::choice;

std::string why_not(const world::World& world, const world::Choice& what, Time at) {
  const auto message = [&](const auto& m) {
    const std::uint32_t sent = world.network().sent(*world.find(m.from), *world.find(m.to));
    if (sent < m.ordinal) return fmt::format("{} sent {} to {} in all", m.from, counted(sent, "message"), m.to);
    return fmt::format("this message was not on its way at {}", in_seconds(at));
  };
  return std::visit(
      Overload{
          [&](const choice::Deliver& d) { return message(d); }, [&](const choice::Drop& d) { return message(d); },
          [&](const choice::Fire& f) {
            return fmt::format("timer {} of {} was not set at {}", f.timer, f.node, in_seconds(at));
          },
          [&](const choice::Sync& s) { return fmt::format("no write of {} waited at {}", s.node, in_seconds(at)); },
          [](const choice::Crash& c) { return c.node + " was down"; },
          [](const choice::Restart& r) { return r.node + " was running"; }},
      what);
}

}  // namespace

world::Schedule schedule_of(const scenario::ScheduleSpec& spec) {
  world::Schedule schedule{{}, spec.every, spec.disk == scenario::ScheduledDisk::kLater};
  for (const auto& choice : spec.choices) schedule.choices.push_back(choice.value);
  return schedule;
}

std::optional<Finding> first_not_followed(const world::World& world, const scenario::Spec& spec) {
  const world::Schedule* schedule = world.schedule();
  for (std::size_t i = 0; schedule && i < schedule->choices.size(); ++i) {
    if (world.carried_out(i)) continue;
    const world::Choice& what = schedule->choices[i];
    const Time at = schedule->at(i);
    return Finding{fmt::format("choice {} of the schedule: {}", i + 1, world::to_text(what)),
                   Held::kUnknown,
                   "it happens",
                   why_not(world, what, at),
                   spec.schedule ? spec.schedule->choices[i].span : scenario::Span{},
                   at};
  }
  return std::nullopt;
}

}  // namespace twice::lab
