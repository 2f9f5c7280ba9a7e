#include "lesson/measure.h"

#include <algorithm>

#include <fmt/format.h>

#include "lab/report.h"
#include "lab/report_clients.h"
#include "lab/report_format.h"
#include "lab/run.h"
#include "lab/sweep.h"
#include "scenario/registry.h"

namespace twice::lesson {
namespace {

using scenario::Variant;

constexpr std::string_view kAlways = "always ", kFinally = "finally ", kSweep = "sweep.";

std::optional<Value> number(std::uint64_t n) { return Value{static_cast<std::int64_t>(n)}; }

// What a lane can be meant to show, in the words of `verdict`.
std::string verdict_of(char letter) {
  switch (letter) {
    case '=':
      return "exactly-once";
    case '~':
      return "partial-state";
    case 'D':
      return "duplicates";
    case 'L':
      return "lost";
    case 'W':
      return "wrong-values";
    case 'C':
      return "corrupt";
    default:
      return "fails";
  }
}

bool is_check(const Variant& variant, const std::string& name) {
  if (variant.spec.expect.define.count(name) > 0) return true;
  const auto& known = scenario::builtin_checks();
  return std::any_of(known.begin(), known.end(), [&](const auto& check) { return check.name == name; });
}

// An expectation that the file does not have is judged all the same.
void expect(Variant& variant, const std::string& of) {
  const bool always = of.starts_with(kAlways);
  std::string name = always ? of.substr(kAlways.size()) : of;
  if (!always && name.starts_with(kFinally)) name = name.substr(kFinally.size());
  if (!is_check(variant, name)) return;
  auto& list = always ? variant.spec.expect.always : variant.spec.expect.finally;
  const bool there = std::any_of(list.begin(), list.end(), [&](const auto& n) { return n.value == name; });
  if (!there) list.push_back({std::move(name), {}});
}

std::optional<Value> column_of(const lab::LoadReport& load, std::string_view of) {
  const std::size_t blank = of.rfind(' ');
  if (blank == std::string_view::npos) return std::nullopt;
  const std::string_view column = of.substr(0, blank), when = of.substr(blank + 1);
  const auto series = std::find(load.series.begin(), load.series.end(), column);
  if (series == load.series.end()) return std::nullopt;
  const auto at = static_cast<std::size_t>(series - load.series.begin());
  const auto cell = [&](const std::optional<pipeline::SqlRow>& row) {
    return row && at < row->size() ? std::optional((*row)[at]) : std::nullopt;
  };
  if (when == "finally") return cell(load.finally);
  if (when == "after-crash") return cell(load.after_fault);
  if (when == "before-crash") return cell(load.before_fault);
  std::optional<std::int64_t> best;
  for (const lab::Reading& reading : load.readings) {
    const auto* seen =
        reading.ok && at < reading.values.size() ? std::get_if<std::int64_t>(&reading.values[at]) : nullptr;
    if (!seen) continue;
    if (!best || (when == "highest" ? *seen > *best : *seen < *best)) best = *seen;
  }
  const bool known = when == "lowest" || when == "highest";
  return known && best ? std::optional(Value{*best}) : std::nullopt;
}

std::optional<Value> value_of(const lab::RunReport& report, const std::string& of) {
  const bool is_whole = of.starts_with(kAlways) || of.starts_with(kFinally);
  const std::string expected = is_whole ? of : std::string(kFinally) + of;
  for (const lab::Finding& finding : report.findings)
    if (finding.name == expected) return Value{std::string(name_of(finding.held))};
  for (const auto& [name, value] : report.metrics)
    if (name == of) return Value{value};
  if (!report.load) return std::nullopt;
  if (of == "verdict" && report.load->letter == '?') return std::nullopt;
  if (of == "verdict") return Value{verdict_of(report.load->letter)};
  return column_of(*report.load, of);
}

std::optional<Value> value_of(const lab::LaneSweep& lane, std::string_view of) {
  if (!lane.error.empty()) return std::nullopt;
  const auto count = [&](auto&& wanted) {
    return number(static_cast<std::uint64_t>(std::count_if(lane.points.begin(), lane.points.end(), wanted)));
  };
  if (of == "sweep.points") return number(lane.points.size());
  if (of == "sweep.wrong") return count([](const auto& p) { return lab::is_bad(p.letter) || p.others_touched; });
  if (of == "sweep.partial") return count([](const auto& p) { return p.letter == '~'; });
  return std::nullopt;
}

std::vector<StepSeen> steps_of(const lab::RunReport& report) {
  std::vector<StepSeen> steps;
  for (const lab::StepReport& step : report.steps)
    if (!step.drawn) steps.push_back({step.text, step.fired, step.effective});
  return steps;
}

void add_known_words(const Variant& variant, std::vector<std::string>& words) {
  std::vector<std::string> checks;
  for (const auto& check : scenario::builtin_checks()) checks.emplace_back(check.name);
  for (const auto& [name, define] : variant.spec.expect.define) checks.push_back(name);
  for (const std::string& name : checks) words.insert(words.end(), {name, std::string(kAlways) + name});
  if (!variant.spec.warehouse) return;
  words.insert(words.end(), {"verdict", "sweep.points", "sweep.wrong", "sweep.partial"});
}

void add_measured_words(const lab::RunReport& report, std::vector<std::string>& words) {
  for (const auto& [name, value] : report.metrics) words.push_back(name);
  if (!report.load) return;
  for (const std::string& column : report.load->series)
    for (const char* when : {"finally", "after-crash", "before-crash", "lowest", "highest"})
      words.push_back(fmt::format("{} {}", column, when));
}

void make_perfect(scenario::NetworkSpec& network) {
  network.loss = network.duplicate = {};
  network.reorder.value = {};
  for (scenario::LinkSpec& link : network.link) {
    if (link.loss) link.loss = Probability{};
    if (link.duplicate) link.duplicate = Probability{};
    if (link.reorder) link.reorder->value = {};
  }
}

// Diagnostics of an override name what the learner calls it.
std::string rendered(scenario::DiagnosticList list, const std::string& edits_name) {
  for (scenario::Diagnostic& diagnostic : list.shown)
    if (diagnostic.file == "--set") diagnostic.file = edits_name;
  return render(list);
}

class TryOut {
 public:
  TryOut(const Context& context, const Case& what, const std::vector<std::string>& of)
      : context_(context), what_(what), of_(of) {}

  std::variant<Trials, Trouble> run(scenario::Scenario scenario, const Variation& variation,
                                    const std::vector<std::string>& lanes) {
    if (auto trouble = choose(scenario, lanes)) return *trouble;
    if (auto trouble = prepare(variation)) return *trouble;
    const std::uint64_t first = first_seed(context_, what_, scenario);
    for (std::uint64_t i = 0; i < what_.seeds; ++i) seeds_.push_back(first + i);
    if (variation.seed) seeds_ = {*variation.seed};
    if (auto trouble = run_all(variation)) return *trouble;
    if (std::any_of(of_.begin(), of_.end(), [](const auto& o) { return o.starts_with(kSweep); }))
      if (auto trouble = sweep_all()) return *trouble;
    return std::move(trials_);
  }

 private:
  std::optional<Trouble> choose(const scenario::Scenario& scenario, const std::vector<std::string>& lanes) {
    std::vector<std::string> names;
    for (const Variant& variant : scenario.variants) names.push_back(variant.name);
    if (lanes.empty()) variants_ = scenario.variants;
    for (const std::string& lane : lanes) {
      const auto at = std::find(names.begin(), names.end(), lane);
      if (at == names.end())
        return Trouble{
            fmt::format("{} has no lane '{}'; {}", what_.scenario.value, lane,
                        scenario::did_you_mean(lane, names, fmt::format("it has {}", fmt::join(names, ", "))))};
      variants_.push_back(scenario.variants[static_cast<std::size_t>(at - names.begin())]);
    }
    return std::nullopt;
  }

  std::optional<Trouble> prepare(const Variation& variation) {
    for (Variant& variant : variants_) {
      for (const std::string& of : of_) expect(variant, of);
      if (variation.without_timeline) variant.steps.clear(), variant.spec.chaos.reset();
      if (variation.perfect_network) make_perfect(variant.spec.network);
      if (!variation.without_step) continue;
      if (*variation.without_step >= variant.steps.size())
        return Trouble{fmt::format("the timeline has no step {}", *variation.without_step + 1)};
      variant.steps.erase(variant.steps.begin() + static_cast<std::ptrdiff_t>(*variation.without_step));
    }
    return std::nullopt;
  }

  std::optional<Trouble> run_all(const Variation& variation) {
    std::vector<const Variant*> lanes;
    for (const Variant& variant : variants_) lanes.push_back(&variant);
    const lab::RunOptions options{.steps = variation.steps};
    lab::WorkerOptions workers = context_.workers;
    if (lanes.size() * seeds_.size() == 1) workers.workers = 1;
    const lab::Batch batch = lab::run_batch(lanes, seeds_, options, workers);
    if (batch.stopped)
      return Trouble{fmt::format("it was stopped ({})", name_of(batch.stopped_by)),
                     std::string(name_of(batch.stopped_by))};
    for (const lab::RunReport& report : batch.runs) {
      if (!report.limit.empty())
        return Trouble{fmt::format("{}: {}", report.limit, report.findings.front().seen), report.limit};
      if (!report.error.empty()) return Trouble{fmt::format("{}: {}", report.variant, report.error)};
      Trial trial{report.variant, report.seed, {}, steps_of(report), report.hash};
      for (const std::string& of : of_) trial.values.push_back(value_of(report, of));
      trials_.all.push_back(std::move(trial));
    }
    for (const Variant& variant : variants_) add_known_words(variant, trials_.words);
    for (const lab::RunReport& report : batch.runs) add_measured_words(report, trials_.words);
    return std::nullopt;
  }

  std::optional<Trouble> sweep_all() {
    for (Trial& trial : trials_.all) {
      const auto variant =
          std::find_if(variants_.begin(), variants_.end(), [&](const Variant& v) { return v.name == trial.lane; });
      lab::SweepOptions options;
      options.seed = trial.seed;
      options.workers = context_.workers;
      const lab::SweepResult result = lab::sweep({&*variant}, options);
      if (result.stopped)
        return Trouble{fmt::format("it was stopped ({})", name_of(result.stopped_by)),
                       std::string(name_of(result.stopped_by))};
      if (!result.lost.empty())
        return Trouble{fmt::format("{}: {}", result.lost.front().limit, result.lost.front().words),
                       result.lost.front().limit};
      for (std::size_t i = 0; i < of_.size(); ++i)
        if (of_[i].starts_with(kSweep)) trial.values[i] = value_of(result.lanes.front(), of_[i]);
    }
    return std::nullopt;
  }

  const Context& context_;
  const Case& what_;
  const std::vector<std::string>& of_;
  std::vector<Variant> variants_;
  std::vector<std::uint64_t> seeds_;
  Trials trials_;
};

}  // namespace

const Trial* Trials::find(std::string_view lane, std::uint64_t seed) const {
  for (const Trial& trial : all)
    if (trial.lane == lane && trial.seed == seed) return &trial;
  return nullptr;
}

std::variant<scenario::Scenario, Trouble> scenario_of(const Context& context, const Case& what,
                                                      const Variation& variation) {
  scenario::LoadOptions options;
  options.idle_values = true;
  options.set = what.set;
  if (!variation.edits.empty()) options.set.push_back(variation.edits);
  options.set.insert(options.set.end(), variation.set.begin(), variation.set.end());
  scenario::Loaded loaded = scenario::load_scenario(beside(context.lesson, what.scenario.value), options);
  if (!loaded.scenario) return Trouble{rendered(std::move(loaded.diagnostics), variation.edits_name)};
  return std::move(*loaded.scenario);
}

std::uint64_t first_seed(const Context& context, const Case& what, const scenario::Scenario& scenario) {
  if (what.seed) return *what.seed;
  return seed_for(context.learner, context.lesson.front.number).value_or(scenario.shared().seeds.first);
}

std::variant<std::string, Trouble> lane_of(const Context& context, const Case& what) {
  if (!what.lane.value.empty()) return what.lane.value;
  const auto loaded = scenario_of(context, what, {});
  if (const auto* trouble = std::get_if<Trouble>(&loaded)) return *trouble;
  const auto& scenario = std::get<scenario::Scenario>(loaded);
  if (scenario.variants.size() == 1) return scenario.variants.front().name;
  return Trouble{fmt::format("{} has several lanes: say which one is meant", what.scenario.value)};
}

std::variant<Trials, Trouble> try_out(const Context& context, const Case& what, const Variation& variation,
                                      const std::vector<std::string>& lanes, const std::vector<std::string>& of) {
  auto loaded = scenario_of(context, what, variation);
  if (const auto* trouble = std::get_if<Trouble>(&loaded)) return *trouble;
  return TryOut(context, what, of).run(std::get<scenario::Scenario>(std::move(loaded)), variation, lanes);
}

std::string measured_instead(const std::string& of, const Trials& trials) {
  return scenario::did_you_mean(of, trials.words,
                                "a metric, an expectation, \"verdict\", \"COLUMN finally\", \"sweep.wrong\"");
}

std::string shown(std::string_view of, const Value& value) {
  const auto& metrics = scenario::builtin_metrics();
  const auto metric = std::find_if(metrics.begin(), metrics.end(), [&](const auto& m) { return m.name == of; });
  const auto* amount = std::get_if<std::int64_t>(&value);
  if (amount && metric != metrics.end() && metric->unit == "duration") return lab::readable(Duration{*amount});
  return lab::shown(value);
}

bool meets(const Condition& condition, const std::optional<Value>& value) {
  return value && holds(condition.is, *value);
}

}  // namespace twice::lesson
