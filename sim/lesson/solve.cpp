// Right answers and causes, computed by running.
#include <algorithm>

#include <fmt/format.h>

#include "lab/report_format.h"
#include "lesson/grade.h"
#include "world/step.h"

namespace twice::lesson {
namespace {

bool is_right(const Choice& choice, const Value& value) {
  return choice.is && holds(*choice.is, value) && (!choice.as_well || holds(*choice.as_well, value));
}

/// The choices whose condition holds; one of them must.
std::variant<Solved, Trouble> only_one(const Question& question, Solved solved, const std::vector<std::size_t>& right,
                                       const std::string& seen) {
  if (right.size() == 1) return solved.right = right.front(), solved;
  const std::string all = question.where ? "lanes" : "choices";
  if (right.empty()) return Trouble{fmt::format("no choice is right: {} = {}", question.of.value, seen)};
  std::vector<std::string> texts;
  for (const std::size_t at : right) texts.push_back(question.choices[at].text);
  return Trouble{fmt::format("several {} are right: {}", all, fmt::join(texts, ", "))};
}

Trouble not_measured(const std::string& of, const Trials& trials) {
  return {fmt::format("no run here measures '{}': {}", of, measured_instead(of, trials))};
}

/// What one lane shows: its value, or in how many seeds it is what is counted.
std::variant<Value, Trouble> value_in(const Question& question, const Trials& trials, std::string_view lane) {
  std::int64_t count = 0;
  const Trial* first = nullptr;
  for (const Trial& trial : trials.all) {
    if (trial.lane != lane) continue;
    if (!trial.values.front()) return not_measured(question.of.value, trials);
    if (!first) first = &trial;
    count += question.counts && holds(*question.counts, *trial.values.front());
  }
  return question.counts ? Value{count} : *first->values.front();
}

std::variant<Solved, Trouble> solve_lanes(const Context& context, const Question& question,
                                          const Variation& variation) {
  std::vector<std::string> lanes;
  for (const Choice& choice : question.choices) lanes.push_back(choice.lane.value_or(""));
  auto tried = try_out(context, question.run, variation, lanes, {question.of.value});
  if (const auto* trouble = std::get_if<Trouble>(&tried)) return *trouble;
  Solved solved{{}, 0, std::get<Trials>(tried).all};
  std::vector<std::size_t> right;
  std::string seen;
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    const auto value = value_in(question, std::get<Trials>(tried), lanes[i]);
    if (const auto* trouble = std::get_if<Trouble>(&value)) return *trouble;
    const Value& here = std::get<Value>(value);
    seen += fmt::format("{}{}: {}", i > 0 ? ", " : "", lanes[i], shown(question.of.value, here));
    if (!holds(*question.where, here)) continue;
    right.push_back(i);
    solved.value = here;
  }
  return only_one(question, std::move(solved), right, seen);
}

/// "step 2" or "message a>b#3" as the run without it.
std::variant<Variation, Trouble> without(const std::string& point) {
  if (point.starts_with("step ")) {
    const auto number = scenario::parse_comparison("== " + point.substr(5));
    const auto* n = number ? std::get_if<std::int64_t>(&number->value) : nullptr;
    if (n && *n >= 1 && *n < 10'000) return Variation{.without_step = static_cast<std::size_t>(*n - 1)};
  }
  if (point.starts_with("message ")) {
    auto steps = world::parse_steps("drop " + point.substr(8));
    if (auto* list = std::get_if<std::vector<world::Step>>(&steps)) return Variation{.steps = std::move(*list)};
  }
  return Trouble{fmt::format("'{}' is nothing one can point at: \"step 1\", \"message a>b#3\"", point)};
}

/// What is measured in one seed, and whether that meets the goal.
std::variant<Cause, Trouble> judge(const Context& context, const Explain& explain, const Variation& variation) {
  const auto lane = lane_of(context, explain.run);
  if (const auto* trouble = std::get_if<Trouble>(&lane)) return *trouble;
  std::vector<std::string> of;
  for (const Condition& condition : explain.goal) of.push_back(condition.of.value);
  const auto tried = try_out(context, explain.run, variation, {std::get<std::string>(lane)}, of);
  if (const auto* trouble = std::get_if<Trouble>(&tried)) return *trouble;
  const auto& trials = std::get<Trials>(tried);
  const Trial& trial = trials.all.front();
  Cause cause{true, {}, trial.steps};
  for (std::size_t i = 0; i < of.size(); ++i) {
    if (!trial.values[i]) return not_measured(of[i], trials);
    cause.is_cause = cause.is_cause && meets(explain.goal[i], trial.values[i]);
    cause.seen += fmt::format("{}{} = {}", i > 0 ? ", " : "", of[i], shown(of[i], *trial.values[i]));
  }
  return cause;
}

}  // namespace

std::variant<Solved, Trouble> solve(const Context& context, const Question& question, const Variation& variation) {
  if (question.where) return solve_lanes(context, question, variation);
  const auto lane = lane_of(context, question.run);
  if (const auto* trouble = std::get_if<Trouble>(&lane)) return *trouble;
  auto tried = try_out(context, question.run, variation, {std::get<std::string>(lane)}, {question.of.value});
  if (const auto* trouble = std::get_if<Trouble>(&tried)) return *trouble;
  const auto value = value_in(question, std::get<Trials>(tried), std::get<std::string>(lane));
  if (const auto* trouble = std::get_if<Trouble>(&value)) return *trouble;
  Solved solved{std::get<Value>(value), 0, std::get<Trials>(tried).all};
  std::vector<std::size_t> right;
  for (std::size_t i = 0; i < question.choices.size(); ++i)
    if (is_right(question.choices[i], solved.value)) right.push_back(i);
  const std::string seen = shown(question.of.value, solved.value);
  return only_one(question, std::move(solved), right, seen);
}

std::variant<WentWrong, Trouble> what_went_wrong(const Context& context, const Explain& explain) {
  const auto loaded = scenario_of(context, explain.run, {});
  if (const auto* trouble = std::get_if<Trouble>(&loaded)) return *trouble;
  const std::uint64_t first = first_seed(context, explain.run, std::get<scenario::Scenario>(loaded));
  std::string seen;
  for (std::uint64_t seed = first; seed < first + explain.run.seeds; ++seed) {
    const auto judged = judge(context, explain, {.seed = seed});
    if (const auto* trouble = std::get_if<Trouble>(&judged)) return *trouble;
    seen = std::get<Cause>(judged).seen;
    if (!std::get<Cause>(judged).is_cause) return WentWrong{seed, std::move(seen), std::get<Cause>(judged).steps};
  }
  return Trouble{fmt::format("nothing went wrong here: {}", seen)};
}

std::variant<Cause, Trouble> try_without(const Context& context, const Explain& explain, const Candidate& candidate,
                                         std::uint64_t seed) {
  Variation variation{.set = candidate.set.value_or(std::vector<std::string>{})};
  if (candidate.without) {
    auto undone = without(candidate.without->value);
    if (const auto* trouble = std::get_if<Trouble>(&undone)) return *trouble;
    variation = std::get<Variation>(std::move(undone));
  }
  variation.seed = seed;
  return judge(context, explain, variation);
}

}  // namespace twice::lesson
