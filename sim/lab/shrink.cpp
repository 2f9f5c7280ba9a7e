#include "lab/shrink.h"

#include <algorithm>

#include <fmt/format.h>

#include "lab/shrink_candidate.h"
#include "lab/shrink_trial.h"
#include "scenario/registry.h"
#include "scenario/text.h"

namespace twice::lab {
namespace {

// More single clients than this stay a number.
constexpr std::size_t kMostClients = 32;
// More lost messages than this stay a matter of chance.
constexpr std::size_t kMostMessages = 2000;

bool is_known_name(const std::string& name) {
  const std::string plain = scenario::plain_name(name);
  const auto& checks = scenario::builtin_checks();
  return std::any_of(checks.begin(), checks.end(), [&](const auto& check) { return check.name == plain; });
}

bool is_judged(const scenario::Variant& variant, const std::string& name) {
  const scenario::ExpectSpec& expect = variant.spec.expect;
  for (const auto* list : {&expect.always, &expect.finally, &expect.sometimes, &expect.eventually})
    for (const auto& spanned : *list)
      if (scenario::plain_name(spanned.value) == name) return true;
  return false;
}

// The variant with one more expectation, when it does not have it.
scenario::Variant with_expectation(scenario::Variant variant, const std::string& name) {
  variant.spec.expect.finally.push_back({name, {}});
  return variant;
}

std::string comment(const Shrunk& result, const scenario::Scenario& scenario, const ShrinkOptions& options) {
  const auto line = [](const std::string& words) { return fmt::format("# {}\n", scenario::printable(words)); };
  std::string text = line(fmt::format("Shrunk from {}, lane '{}', seed {}.", scenario.path, result.lane, result.seed));
  text += line(fmt::format("It still shows: {}", result.goal.words));
  if (!options.command.empty()) text += line(options.command);
  const auto part = [](const char* name, std::uint64_t from, std::uint64_t to) {
    return fmt::format("{} {} -> {}", name, from, to);
  };
  const RunSize &b = result.before, &a = result.after;
  text += line(fmt::format("{}, {}, {}, {}, {}", part("steps", b.steps, a.steps), part("nodes", b.nodes, a.nodes),
                           part("operations", b.operations, a.operations), part("rows", b.rows, a.rows),
                           part("events", b.events, a.events)));
  return text;
}

std::uint64_t factor(std::uint64_t before, std::uint64_t after) {
  return before * 10 / std::max<std::uint64_t>(after, 1);
}

}  // namespace

std::uint64_t Shrunk::fewer_events() const { return factor(before.events, after.events); }
std::uint64_t Shrunk::fewer_parts() const { return factor(before.parts(), after.parts()); }

std::uint64_t median(std::vector<std::uint64_t> factors) {
  if (factors.empty()) return 0;
  std::sort(factors.begin(), factors.end());
  return factors[(factors.size() - 1) / 2];
}

std::optional<FailingRun> failing_run(const scenario::Variant& variant, std::uint64_t seed,
                                      const FailingOptions& options) {
  const RunOptions run_options{.steps = options.steps, .timeline = options.timeline, .stop = options.stop};
  const bool adds = is_known_name(options.expect) && !is_judged(variant, scenario::plain_name(options.expect));
  const RunReport report =
      adds ? run(with_expectation(variant, options.expect), seed, run_options) : run(variant, seed, run_options);
  auto goal = goal_of(report, variant, options.expect);
  if (!goal) return std::nullopt;
  return FailingRun{&variant, seed, std::move(*goal), adds ? options.expect : std::string()};
}

std::optional<FailingRun> find_failing(const std::vector<const scenario::Variant*>& variants,
                                       const std::vector<std::uint64_t>& seeds, const FailingOptions& options) {
  std::optional<FailingRun> meant;
  for (const scenario::Variant* variant : variants)
    for (const std::uint64_t seed : seeds) {
      if (asked(options.stop) != StoppedBy::kNothing) return meant;
      auto failing = failing_run(*variant, seed, options);
      if (!failing) continue;
      if (!failing->goal.meant) return failing;
      if (!meant) meant = std::move(failing);
      break;  // a lane that fails as its file asks for does so with one seed after the other
    }
  return meant;
}

Shrunk shrink(const scenario::Scenario& scenario, const FailingRun& failing, const ShrinkOptions& options) {
  Shrunk result;
  result.goal = failing.goal;
  result.lane = failing.variant->name;
  result.seed = failing.seed;
  auto whole = candidate_of(scenario, *failing.variant, failing.seed, options.steps, options.timeline);
  if (!whole) {
    result.error = "this lane cannot be written out as a file of its own";
    return result;
  }
  keep_expectation(*whole, failing.goal, failing.added);
  Trial trial(scenario.path, failing.goal, options);
  if (!trial.start(*whole)) {
    result.error = trial.out_of_budget() ? "it was stopped before anything could be taken away"
                                         : "written out as a file of its own, the run does not fail";
    return result;
  }
  Candidate spelled = *whole;
  make_messages_explicit(spelled, trial.shown().lost);
  if (!trial.shown().lost.empty() && trial.shown().lost.size() <= kMostMessages) trial.start(spelled);
  if (trial.shown().clients.size() <= kMostClients) {
    Candidate split = trial.best();
    split_clients(split);
    trial.start(std::move(split));
  }
  result.before = trial.shown().size;
  while (shrink_round(trial) && !trial.out_of_budget()) {
  }
  result.after = trial.shown().size;
  result.hash = trial.shown().hash;
  result.runs = trial.runs();
  result.complete = !trial.out_of_budget();
  result.text = comment(result, scenario, options) + trial.best().text();
  return result;
}

}  // namespace twice::lab
