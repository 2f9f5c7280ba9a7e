// Random search for the mistakes of the zoo.
#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "check/linearizable.h"
#include "check/raft_invariants.h"
#include "core/assert.h"
#include "core/limits.h"
#include "core/random.h"
#include "core/visit.h"
#include "lab/live_run.h"
#include "lab/zoo.h"
#include "scenario/checks.h"
#include "scenario/registry.h"

namespace twice::lab::zoo {
namespace {

constexpr std::uint32_t kSeedsAtOnce = 10;  // of a trial, by one worker
constexpr Sequence kEventsAtOnce = 500;     // between two looks at the invariants
constexpr std::uint64_t kBudget =
    limits::kLinearizableStepsOfZoo;           // of the check for linearizability; beyond it nothing is held
constexpr Duration kSlot = milliseconds(700);  // at most one command in each
constexpr Probability kChance{500'000'000};

// What a slot's draws are for; the numbers are part of the draws.
enum class Ask : std::uint64_t { kAny = 1, kMoment, kNode, kVerb, kArgument, kDisk };

Draw ask(std::uint64_t seed, std::uint64_t slot, Ask what, std::uint64_t place = 0) {
  return draw(seed, Purpose::kChaos, mix(mix(hash_text("operator"), slot), static_cast<std::uint64_t>(what), place));
}

template <class T>
const T* action(const scenario::PlannedStep& planned) {
  return std::get_if<T>(&planned.step.what);
}

bool loses_machines(const scenario::Variant& variant) {
  return std::any_of(variant.steps.begin(), variant.steps.end(), [](const scenario::PlannedStep& planned) {
    const auto* crash = action<world::Crash>(planned);
    return crash && crash->lose == physics::Lose::kEverything;
  });
}

/// Who adds servers removes some, too. That servers stand for election needs nobody's command.
std::vector<std::string> verbs_of(const scenario::Variant& variant) {
  std::set<std::string> verbs;
  for (const scenario::PlannedStep& planned : variant.steps) {
    const auto* command = action<world::Command>(planned);
    if (!command) continue;
    const std::string verb = command->text.substr(0, command->text.find(' '));
    if (verb == "add" || verb == "remove" || verb == "learn") verbs.insert({"add", "remove"});
    if (verb == "members" || verb == "transfer" || verb == "snapshot") verbs.insert(verb);
  }
  return {verbs.begin(), verbs.end()};
}

bool changes_members(const std::vector<std::string>& verbs) {
  return std::any_of(verbs.begin(), verbs.end(),
                     [](const std::string& verb) { return verb == "add" || verb == "members"; });
}

class Operator {
 public:
  Operator(const scenario::Variant& wrong, const scenario::Spec& mix, std::uint64_t seed)
      : verbs_(verbs_of(wrong)), chaos_(*mix.chaos), seed_(seed) {
    for (const auto& name : wrong.spec.cluster->nodes) names_.push_back(name.value);
    fails_ = std::any_of(wrong.steps.begin(), wrong.steps.end(),
                         [](const scenario::PlannedStep& planned) { return action<world::FailDisk>(planned); });
  }

  std::vector<world::Step> steps() const {
    std::vector<world::Step> steps;
    const Duration from = chaos_.from.value, to = chaos_.to.value;
    const auto slots = static_cast<std::uint64_t>((to - from).ns / kSlot.ns);
    for (std::uint64_t slot = 0; slot < slots && !verbs_.empty(); ++slot)
      if (kChance.hit(ask(seed_, slot, Ask::kAny)))
        steps.push_back({at(slot, Ask::kMoment), world::Command{node(slot, Ask::kNode), words(slot)}});
    if (fails_) {
      const std::uint64_t slot = ask(seed_, 0, Ask::kDisk).below(slots);
      steps.push_back({at(slot, Ask::kDisk), world::FailDisk{node(slot, Ask::kDisk)}});
    }
    return steps;
  }

 private:
  world::AtTime at(std::uint64_t slot, Ask what) const {
    const auto within = ask(seed_, slot, what, 1).below(static_cast<std::uint64_t>(kSlot.ns / 1'000'000));
    return {Time{} + chaos_.from.value + kSlot * static_cast<std::int64_t>(slot) +
            milliseconds(static_cast<std::int64_t>(within))};
  }
  std::string node(std::uint64_t slot, Ask what) const {
    return names_[ask(seed_, slot, what, 2).below(names_.size())];
  }

  std::string words(std::uint64_t slot) const {
    const std::string& verb = verbs_[ask(seed_, slot, Ask::kVerb).below(verbs_.size())];
    if (verb == "snapshot") return verb;
    if (verb == "members") return fmt::format("{} {}", verb, fmt::join(members(slot), " "));
    return fmt::format("{} {}", verb, node(slot, Ask::kArgument));
  }
  /// Two servers at least.
  std::vector<std::string> members(std::uint64_t slot) const {
    std::vector<std::string> chosen;
    for (std::size_t i = 0; i < names_.size(); ++i)
      if (ask(seed_, slot, Ask::kArgument, 10 + i).below(2) == 1) chosen.push_back(names_[i]);
    return chosen.size() < 2 ? names_ : chosen;
  }

  std::vector<std::string> verbs_, names_;
  const scenario::ChaosSpec& chaos_;
  std::uint64_t seed_;
  bool fails_ = false;
};

bool is_model(const std::string& name) {
  return std::any_of(check::kModels.begin(), check::kModels.end(),
                     [&](check::Model model) { return name == scenario::check_name_of(model); });
}

/// What broke first in this run; nullopt: nothing.
std::optional<std::string> broken_by(const Ready& ready, std::uint64_t seed, const std::vector<world::Step>& steps,
                                     const StopSeam& stop) {
  RunOptions options;
  options.steps = steps;
  options.keep = Trace::Keep::kNothing;
  options.stop = stop;
  LiveRun run(ready, seed, options);
  TWICE_ASSERT(run.error().empty(), run.error());
  const auto& violations = run.log().raft().violations();
  while (violations.empty() && run.advance(kEventsAtOnce)) {
  }
  if (!violations.empty()) return std::string(name_of(violations.front().invariant));
  if (run.stopped_by() != StoppedBy::kNothing) return std::nullopt;
  const check::Object object = object_of(ready.variant->spec.client.front().workload);
  const auto judged =
      check::check_linearizable(run.log().clients().history(), {.object = object, .budget = kBudget, .explain = false});
  if (judged.judgement == check::Judgement::kViolated) return "linearizable";
  for (const Finding& finding : run.report().findings)
    if (finding.held == Held::kNo) return finding.name.substr(finding.name.find(' ') + 1);
  return std::nullopt;
}

/// One mistake, ready to be looked for.
struct Prey {
  Prey(const scenario::Variant& lane, const scenario::Variant& mix_lane)
      : own(lane), mix(mix_lane), wrong(at_random(lane, mix_lane)), right(without_mistake(wrong)) {}
  const scenario::Variant &own, &mix;
  scenario::Variant wrong, right;
};

/// Goes on with a trial for the next seeds.
void go_on(const Prey& prey, std::uint64_t first_seed, std::uint32_t from, std::uint32_t to, const StopSeam& stop,
           Trial& trial) {
  const Ready wrong = make_ready(prey.wrong), right = make_ready(prey.right);
  for (std::uint32_t i = from; i < to && !trial.seeds && asked(stop) == StoppedBy::kNothing; ++i) {
    const std::uint64_t seed = first_seed + i;
    const std::vector<world::Step> steps = operator_steps(prey.own, prey.mix, seed);
    const auto broken = broken_by(wrong, seed, steps, stop);
    if (!broken) continue;
    if (const auto unfair = broken_by(right, seed, steps, stop)) {
      trial.unfair.emplace_back(seed, *unfair);
    } else {
      trial.seeds = i + 1;
      trial.check = *broken;
    }
  }
}

}  // namespace

std::uint32_t Hunt::found() const {
  return static_cast<std::uint32_t>(
      std::count_if(trials.begin(), trials.end(), [](const Trial& trial) { return trial.seeds.has_value(); }));
}

std::size_t Hunt::unfair() const {
  std::size_t sum = 0;
  for (const Trial& trial : trials) sum += trial.unfair.size();
  return sum;
}

std::string Hunt::check() const {
  std::map<std::string, std::uint32_t> times;
  for (const Trial& trial : trials)
    if (trial.seeds) ++times[trial.check];
  const auto most =
      std::max_element(times.begin(), times.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  return most == times.end() ? std::string() : most->first;
}

std::optional<std::uint32_t> Hunt::median() const {
  std::vector<std::optional<std::uint32_t>> seeds;
  for (const Trial& trial : trials) seeds.push_back(trial.seeds);
  return median_of(std::move(seeds));
}

std::optional<std::uint32_t> median_of(std::vector<std::optional<std::uint32_t>> numbers) {
  TWICE_ASSERT(!numbers.empty(), "the median of nothing");
  std::sort(numbers.begin(), numbers.end(), [](const auto& a, const auto& b) { return a && (!b || *a < *b); });
  return numbers[numbers.size() / 2];
}

scenario::Variant at_random(const scenario::Variant& wrong, const scenario::Variant& mix) {
  scenario::Variant variant = wrong;
  scenario::Spec& spec = variant.spec;
  spec.until = mix.spec.until;
  spec.network.loss = mix.spec.network.loss;
  spec.network.duplicate = mix.spec.network.duplicate;
  spec.network.reorder = mix.spec.network.reorder;
  spec.network.reorder_by = mix.spec.network.reorder_by;
  spec.client = mix.spec.client;
  if (!wrong.spec.client.empty())
    for (scenario::ClientSpec& client : spec.client) client.workload = wrong.spec.client.front().workload;
  spec.chaos = mix.spec.chaos;
  if (loses_machines(wrong)) spec.chaos->lose = physics::Lose::kEverything, spec.chaos->max_crashes = 1;
  // Without it, a server that does not know of its removal unseats every leader (thesis §4.2.3).
  if (changes_members(verbs_of(wrong))) std::get<scenario::RaftSpec>(spec.cluster->protocol).p.check_quorum = true;
  // Linearizability is judged by itself: all models together cost more than the run.
  spec.expect = mix.spec.expect;
  for (auto* list : {&spec.expect.always, &spec.expect.finally})
    std::erase_if(*list, [](const auto& name) { return is_model(name.value); });
  if (object_of(spec.client.front().workload) == check::Object::kCounter) spec.expect.finally.push_back({"totals", {}});
  spec.timeline = {};
  variant.steps.clear();
  return variant;
}

std::vector<world::Step> operator_steps(const scenario::Variant& wrong, const scenario::Variant& mix,
                                        std::uint64_t seed) {
  return Operator(wrong, mix.spec, seed).steps();
}

scenario::Variant without_mistake(const scenario::Variant& wrong) {
  scenario::Variant right = wrong;
  std::get<scenario::RaftSpec>(right.spec.cluster->protocol).p.bug = Bug::kNone;
  return right;
}

namespace {

/// Raft trusts its disks, and a leader that answers reads by itself may be one no longer.
bool promises_everything(const scenario::Variant& lane) {
  const auto& raft = std::get<scenario::RaftSpec>(lane.spec.cluster->protocol).p;
  return raft.reads != protocols::raft::Reads::kLocal && !loses_machines(lane);
}

}  // namespace

// A hunt for nothing: every seed that breaks something is one that breaks it without a mistake as well.
Control control(const std::vector<const scenario::Variant*>& wrong, const scenario::Variant& mix,
                const HuntOptions& options) {
  Control control;
  std::vector<scenario::Variant> right;
  for (const scenario::Variant* lane : wrong)
    if (promises_everything(*lane))
      right.push_back(without_mistake(*lane));
    else
      control.left_out.push_back(lane->name);
  std::vector<const scenario::Variant*> lanes;
  for (const scenario::Variant& lane : right) lanes.push_back(&lane);
  HuntOptions once = options;
  once.trials = 1;
  const Hunts hunts = hunt(lanes, mix, once);
  control.runs = std::uint64_t{lanes.size()} * options.limit;
  control.stopped = hunts.stopped;
  for (std::size_t i = 0; i < lanes.size(); ++i)
    for (const auto& [seed, breaks] : hunts.of[i].trials.front().unfair)
      control.broken.push_back(fmt::format("{}, seed {}: {}", lanes[i]->name, seed, breaks));
  return control;
}

Hunts hunt(const std::vector<const scenario::Variant*>& wrong, const scenario::Variant& mix,
           const HuntOptions& options) {
  std::vector<Prey> preys;
  preys.reserve(wrong.size());
  for (const scenario::Variant* lane : wrong) preys.emplace_back(*lane, mix);
  Hunts hunts;
  hunts.of.assign(wrong.size(), Hunt{std::vector<Trial>(options.trials)});
  // All trials that go on get a few seeds in turn; each writes to its own place.
  for (std::uint32_t from = 0; from < options.limit && !hunts.stopped; from += kSeedsAtOnce) {
    std::vector<std::pair<std::size_t, std::uint32_t>> open;
    for (std::size_t prey = 0; prey < preys.size(); ++prey)
      for (std::uint32_t trial = 0; trial < options.trials; ++trial)
        if (!hunts.of[prey].trials[trial].seeds) open.emplace_back(prey, trial);
    WorkerOptions workers = options.workers;
    const std::size_t all = preys.size() * options.trials;
    if (options.workers.progress)
      workers.progress = [&](std::size_t done, std::size_t) {
        const std::size_t closed = all - open.size() + done;
        return options.workers.progress(closed * kSeedsAtOnce + all * from, all * options.limit);
      };
    const WorkResult work = in_threads(open.size(), workers, [&](std::size_t unit) {
      const auto [prey, trial] = open[unit];
      go_on(preys[prey], options.first_seed + std::uint64_t{trial} * options.limit, from,
            std::min(from + kSeedsAtOnce, options.limit), options.workers.stop, hunts.of[prey].trials[trial]);
      return std::string();
    });
    hunts.stopped = work.stopped;
  }
  return hunts;
}

}  // namespace twice::lab::zoo
