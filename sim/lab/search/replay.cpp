#include "lab/search/replay.h"

namespace twice::lab::search {
namespace {

/// Looks whether a step of a node sets a mark that a property is about.
class MarkWatch final : public world::Observer {
 public:
  explicit MarkWatch(const Property& property) : property_(property) {}
  void event(const world::World&, const Event& event, const std::vector<Effect>& effects) override {
    for (const Effect& effect : effects)
      if (const auto* mark = std::get_if<Mark>(&effect))
        seen_ = seen_ || property_.mark(event.node, *mark) == (property_.kind == Property::Kind::kSometimes);
  }
  bool seen() const { return seen_; }

 private:
  const Property& property_;
  bool seen_ = false;
};

}  // namespace

world::Schedule schedule_of(const std::vector<StoryStep>& story, const Options& options) {
  world::Schedule schedule;
  schedule.disks_wait = options.disk == DiskKind::kLater;
  for (const StoryStep& step : story) schedule.choices.push_back(step.choice);
  return schedule;
}

bool shows(world::World world, const world::Schedule& schedule, const Property& property, Model model) {
  if (world.follow(schedule)) return false;
  MarkWatch watch(property);
  world.run(schedule.at(schedule.choices.size()), ~Sequence{0}, property.mark ? &watch : nullptr);
  for (std::size_t i = 0; i < schedule.choices.size(); ++i)
    if (!world.carried_out(i)) return false;
  for (std::size_t i = 0; i < world.steps().size(); ++i)
    if (!world.took_effect(i)) return false;
  if (property.mark) return watch.seen();
  lift(world, model);
  std::vector<Seen> seen;
  for (std::uint16_t i = 0; i < model.locals.size(); ++i)
    seen.push_back({&model.locals[i], property.fact ? property.fact({i}, model.locals[i]) : 0});
  return property.holds(seen) == (property.kind == Property::Kind::kSometimes);
}

}  // namespace twice::lab::search
