#include "lesson/show.h"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "lab/report.h"
#include "lab/report_format.h"
#include "lab/shipped_files.h"
#include "lab/sweep.h"

namespace twice::lesson {
namespace {

constexpr std::size_t kFew = 4;

/// One value; of several seeds how often each was seen, or of many different numbers the smallest, the middle and the
/// largest.
std::string summary(const std::string& of, const std::vector<Value>& values) {
  if (values.size() == 1) return shown(of, values.front());
  std::vector<std::int64_t> numbers;
  std::map<std::pair<std::int64_t, std::string>, std::size_t> seen;  // numbers in their order, words in theirs
  for (const Value& value : values) {
    const auto* number = std::get_if<std::int64_t>(&value);
    if (number) numbers.push_back(*number);
    ++seen[{number ? *number : 0, shown(of, value)}];
  }
  if (numbers.size() == values.size() && seen.size() > kFew) {
    std::sort(numbers.begin(), numbers.end());
    return fmt::format("{} to {}, half at most {}", shown(of, Value{numbers.front()}), shown(of, Value{numbers.back()}),
                       shown(of, Value{numbers[(numbers.size() - 1) / 2]}));
  }
  std::vector<std::string> parts;
  for (const auto& [what, count] : seen) parts.push_back(fmt::format("{} in {}", what.second, count));
  return fmt::format("{} of {}", fmt::join(parts, ", "), values.size());
}

lab::Subject subject_of(const Context& context, const Case& what) {
  const std::string path = lab::short_name(beside(context.lesson, what.scenario.value));
  std::string arguments = lab::shell_path(path);
  for (const std::string& set : what.set) arguments += " " + lab::shell_option("--set", set);
  return {path, arguments, {}, true};
}

std::string strips_of(const Context& context, const scenario::Scenario& scenario, const std::vector<std::string>& lanes,
                      std::uint64_t seed) {
  std::vector<const scenario::Variant*> variants;
  for (const scenario::Variant& variant : scenario.variants)
    if (lanes.empty() || variant.name == lanes.front()) variants.push_back(&variant);
  lab::SweepOptions options;
  options.seed = seed;
  options.workers = context.workers;
  return lab::strips_text(lab::sweep(variants, options), {});
}

}  // namespace

std::variant<ShownRun, Trouble> show(const Context& context, const Show& step) {
  std::vector<std::string> lanes;
  if (!step.run.lane.value.empty()) lanes.push_back(step.run.lane.value);
  const auto loaded = scenario_of(context, step.run, {});
  if (const auto* trouble = std::get_if<Trouble>(&loaded)) return *trouble;
  const auto& scenario = std::get<scenario::Scenario>(loaded);
  const auto tried = try_out(context, step.run, {}, lanes, step.shows);
  if (const auto* trouble = std::get_if<Trouble>(&tried)) return *trouble;
  ShownRun shown_run;
  std::map<std::string, std::vector<std::vector<Value>>> by_lane;
  for (const Trial& trial : std::get<Trials>(tried).all) {
    auto& columns = by_lane[trial.lane];
    if (columns.empty()) {
      columns.resize(step.shows.size());
      shown_run.rows.push_back({trial.lane, {}});
    }
    for (std::size_t i = 0; i < step.shows.size(); ++i) {
      if (!trial.values[i])
        return Trouble{fmt::format("no run here measures '{}': {}", step.shows[i],
                                   measured_instead(step.shows[i], std::get<Trials>(tried)))};
      columns[i].push_back(*trial.values[i]);
    }
  }
  for (ShownRun::Row& row : shown_run.rows)
    for (std::size_t i = 0; i < step.shows.size(); ++i)
      row.cells.push_back(summary(step.shows[i], by_lane[row.lane][i]));
  const std::uint64_t seed = first_seed(context, step.run, scenario);
  const std::string_view lane = lanes.empty() ? std::string_view() : std::string_view(lanes.front());
  const std::uint64_t last = seed + std::max<std::uint64_t>(step.run.seeds, 1) - 1;
  shown_run.repro = lab::repro(subject_of(context, step.run), seed, last, lane);
  if (step.sweep) shown_run.strips = strips_of(context, scenario, lanes, seed);
  return shown_run;
}

}  // namespace twice::lesson
