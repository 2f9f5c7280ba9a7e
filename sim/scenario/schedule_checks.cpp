// A forced schedule: nodes that exist, a run long enough for it, and nothing else that decides what happens when.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "core/overload.h"
#include "scenario/checks.h"

namespace twice::scenario {
namespace {

namespace choice = world::choice;

class ScheduleChecks {
 public:
  ScheduleChecks(CheckContext& context, const ScheduleSpec& schedule)
      : c_(context), schedule_(schedule), nodes_(server_names(c_.spec())) {
    for (const ClientSpec& client : c_.spec().client)
      for (std::string& name : numbered(client.name.value, client.count)) nodes_.push_back(std::move(name));
  }

  void run() {
    if (!c_.spec().cluster)
      return c_.out.error(schedule_.span, "a schedule is for a cluster: a load has SQL in it",
                          "'crash' and its like in [timeline] say what happens to a load");
    if (c_.spec().chaos)
      c_.out.error(schedule_.span, "a schedule leaves nothing to chance, and [chaos] is nothing else",
                   "leave out one of them");
    for (const auto& one : schedule_.choices) check(one);
    for (const PlannedStep& step : c_.variant.steps)
      if (std::holds_alternative<world::Delay>(step.step.what) ||
          std::holds_alternative<world::Duplicate>(step.step.what))
        c_.out.error(step.span, "this means nothing beside [schedule], which says when each message arrives",
                     "name the message in 'choices' where it is to arrive, or twice");
    check_length();
  }

 private:
  void check(const Spanned<world::Choice>& one) {
    bool known = true;
    for (const std::string_view name : world::names_in(one.value)) {
      if (std::find(nodes_.begin(), nodes_.end(), name) != nodes_.end()) continue;
      c_.out.error(one.span, fmt::format("there is no node '{}'", name), did_you_mean(name, nodes_));
      known = false;
    }
    if (!known) return;
    std::visit(Overload{[&](const choice::Crash& c) {
                          if (!down_.insert(c.node).second) c_.out.error(one.span, fmt::format("'{}' is down", c.node));
                        },
                        [&](const choice::Restart& r) {
                          if (down_.erase(r.node) == 0)
                            c_.out.error(one.span, fmt::format("'{}' is running", r.node), "crash it first");
                        },
                        [&](const choice::Fire& f) {
                          if (down_.contains(f.node))
                            c_.out.error(one.span, fmt::format("'{}' is down: its timers are gone", f.node));
                        },
                        [&](const choice::Sync& s) {
                          if (schedule_.disk == ScheduledDisk::kAtOnce)
                            c_.out.error(one.span,
                                         fmt::format("'{}' writes at once: there is nothing to wait for", s.node),
                                         "disk = \"later\" lets writes wait");
                        },
                        [](const auto&) {}},
               one.value);
  }

  void check_length() {
    const auto count = static_cast<std::int64_t>(schedule_.choices.size());
    if (count > c_.spec().until.ns / schedule_.every.ns)
      c_.out.error(schedule_.span,
                   fmt::format("{} choices of {} each go past the end of the run at {}", count,
                               to_string(schedule_.every), to_string(c_.spec().until)),
                   "give a later 'until'");
  }

  CheckContext& c_;
  const ScheduleSpec& schedule_;
  std::vector<std::string> nodes_;
  std::set<std::string> down_;
};

}  // namespace

void check_schedule(CheckContext& c) {
  const bool sound = c.sound("cluster") && c.sound("client") && c.sound("schedule") && c.sound("until");
  if (c.spec().schedule && sound) ScheduleChecks(c, *c.spec().schedule).run();
}

}  // namespace twice::scenario
