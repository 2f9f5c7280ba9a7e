#include "lab/bites_runs.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "lab/live_run.h"

namespace twice::lab {
namespace {

using BitesJson = nlohmann::ordered_json;

std::vector<Seen::Shown> shown_of(const std::vector<Finding>& findings) {
  std::vector<Seen::Shown> all;
  for (const Finding& f : findings) all.push_back({f.name, f.held, f.wanted, f.seen, f.span});
  return all;
}

std::vector<std::pair<std::string, std::int64_t>> figures_expected_of(const RunReport& report) {
  auto all = report.metrics;
  const auto add = [&](const char* name, auto value) { all.emplace_back(name, static_cast<std::int64_t>(value)); };
  if (const auto& load = report.load) {
    add("letter", load->letter), add("rows", load->rows), add("duplicated", load->duplicated);
    add("lost", load->lost), add("changed", load->changed), add("acknowledged", load->acknowledged);
    add("partial", load->partial_seen), add("attempts", load->attempts), add("failed runs", load->runs_failed);
    add("others", load->others_touched);
  }
  if (const auto& clients = report.clients) {
    add("ok", clients->ok), add("failed", clients->failed), add("unknown", clients->unknown);
    add("open", clients->open);
  }
  return all;
}

Seen seen_of(const RunReport& report, const LiveRun& live) {
  Seen seen{true,
            report.load.has_value(),
            shown_of(report.findings),
            shown_of(report.sometimes),
            figures_expected_of(report),
            {},
            {},
            {},
            report.events};
  for (const StepReport& step : report.steps) {
    const bool acted = step.fired && step.effective;
    seen.acted.push_back(acted);
    if (acted && step.at && !step.text.starts_with("note "))
      seen.first_fault = std::min(seen.first_fault.value_or(*step.at), *step.at);
  }
  for (const Answered& operation : live.log().clients().operations()) {
    const bool open = operation.phase == protocols::Asked::Phase::kInvoked;
    const Time end = open ? live.world().now() : operation.returned;
    seen.last_answer = std::max(seen.last_answer.value_or(end), end);
  }
  return seen;
}

// --- between processes

BitesJson json_of(const std::vector<Seen::Shown>& all) {
  auto list = BitesJson::array();
  for (const Seen::Shown& s : all)
    list.push_back({s.name, static_cast<int>(s.held), s.wanted, s.seen, s.span.source, s.span.begin.line,
                    s.span.begin.column, s.span.end.line, s.span.end.column});
  return list;
}

std::vector<Seen::Shown> shown_from(const BitesJson& list) {
  std::vector<Seen::Shown> all;
  for (const auto& s : list)
    all.push_back({s[0], static_cast<Held>(s[1].get<int>()), s[2], s[3], {s[4], {s[5], s[6]}, {s[7], s[8]}}});
  return all;
}

std::string packed(const Seen& seen) {
  const auto time = [](const std::optional<Time>& t) { return t ? BitesJson(t->ns) : BitesJson(); };
  return BitesJson{seen.ran,     seen.loads, json_of(seen.findings), json_of(seen.sometimes),
                   seen.figures, seen.acted, time(seen.first_fault), time(seen.last_answer),
                   seen.events}
      .dump(-1, ' ', false, BitesJson::error_handler_t::replace);
}

Seen unpacked(const std::string& text) {
  const auto json = BitesJson::parse(text);
  const auto time = [](const BitesJson& t) { return t.is_null() ? std::nullopt : std::optional(Time{t}); };
  return {json[0],       json[1], shown_from(json[2]), shown_from(json[3]), json[4], json[5], time(json[6]),
          time(json[7]), json[8]};
}

}  // namespace

BitesRuns::BitesRuns(const scenario::Scenario& scenario, const BitesOptions& options)
    : scenario_(scenario), options_(options), mutations_(scenario.variants.size()) {
  for (const scenario::Variant& variant : scenario.variants) lanes_.push_back(lane_alone(scenario, variant));
}

std::vector<scenario::Span> BitesRuns::steps(std::size_t lane) const {
  if (!lanes_[lane]) return {};
  Candidate copy = *lanes_[lane];
  std::vector<scenario::Span> spans;
  if (const scenario::List* list = list_at(copy, {"timeline", "steps"}))
    for (const scenario::Value& step : *list) spans.push_back(step.span);
  return spans;
}

void BitesRuns::list_mutations() {
  const scenario::FieldInfo fields = scenario::catalogue();
  std::uint64_t most = 0;
  for (const auto& [asked, seen] : seen_) most = std::max(most, seen.events);
  // A change that makes a run go on far beyond the others tells nothing that is worth waiting for.
  most_events_ = most * 3 + 10'000;
  for (std::size_t lane = 0; lane < lanes_.size(); ++lane) {
    const Seen* seen = find({lane, {}, {}, options_.seeds.front()});
    if (lanes_[lane])
      mutations_[lane] =
          mutations_of(*lanes_[lane], scenario_.variants[lane], seen ? seen->events : std::uint64_t{0}, fields);
  }
}

bool BitesRuns::make(const std::vector<Mutant>& asked) {
  std::vector<Mutant> units;
  for (const Mutant& one : asked)
    if (!seen_.contains(one) && std::find(units.begin(), units.end(), one) == units.end()) units.push_back(one);
  if (!limit_.empty()) return units.empty();
  if (made_ + units.size() > options_.runs) {
    units.resize(options_.runs - made_);
    limit_ = fmt::format("--runs {}", options_.runs);
  }
  run_all(units);
  made_ += units.size();
  return limit_.empty();
}

void BitesRuns::run_all(const std::vector<Mutant>& units) {
  WorkerOptions workers = options_.workers;
  if (options_.workers.progress)
    workers.progress = [&](std::size_t done, std::size_t) {
      return options_.workers.progress(made_ + done, options_.runs);
    };
  if (workers.workers > 1 || workers.apart) return run_in_processes(units, workers);
  for (std::size_t i = 0; i < units.size(); ++i) {
    Seen seen = run(units[i], workers.stop);
    const bool goes_on = !workers.progress || workers.progress(i + 1, units.size());
    const StoppedBy by = goes_on ? asked(workers.stop) : StoppedBy::kInterrupt;
    if (by != StoppedBy::kNothing) return stopped(by);
    seen_.insert_or_assign(units[i], std::move(seen));
  }
}

void BitesRuns::run_in_processes(const std::vector<Mutant>& units, WorkerOptions workers) {
  workers.name = [&](std::size_t i) { return words_of(units[i]); };
  const auto loads = [&](const Mutant& unit) { return scenario_.variants[unit.lane].spec.warehouse.has_value(); };
  if (!workers.unit_limit && std::any_of(units.begin(), units.end(), loads))
    workers.unit_limit = workers.sql_unit_limit;
  WorkResult work = in_processes(units.size(), workers, [&](std::size_t i) { return packed(run(units[i], {})); });
  for (std::size_t i = 0; i < units.size(); ++i)
    if (work.finished[i]) seen_.insert_or_assign(units[i], unpacked(work.results[i]));
  // A unit that was lost to a limit is a change that tells nothing: it is not tried again.
  for (const LostUnit& lost : work.lost) {
    seen_.insert_or_assign(units[lost.unit], Seen{});
    reports_.push_back(lost.words);
  }
  reports_.insert(reports_.end(), work.reports.begin(), work.reports.end());
  if (work.stopped) stopped(work.stopped_by);
}

void BitesRuns::stopped(StoppedBy by) {
  limit_ = by == StoppedBy::kTimeLimit ? "--time-limit" : std::string(lab::name_of(by));
}

std::string BitesRuns::words_of(const Mutant& mutant) const {
  std::string words = fmt::format("lane '{}', seed {}", scenario_.variants[mutant.lane].name, mutant.seed);
  for (const auto& change : {mutant.mutation, mutant.also})
    if (change) words += ", " + mutations_[mutant.lane][*change].words;
  return words;
}

const Seen* BitesRuns::find(const Mutant& asked) const {
  const auto at = seen_.find(asked);
  return at != seen_.end() && at->second.ran ? &at->second : nullptr;
}

bool BitesRuns::is_no_run(const Mutant& asked) const {
  const auto at = seen_.find(asked);
  return at != seen_.end() && !at->second.ran;
}

std::optional<scenario::Variant> BitesRuns::variant_of(const Mutant& asked) const {
  auto variant = changed(asked);
  if (!variant || !asked.judged_as) return variant;
  const scenario::Spec& judge = scenario_.variants[*asked.judged_as].spec;
  variant->spec.expect = judge.expect;
  variant->spec.lane.name = judge.lane.name;  // bounds may name a lane
  return variant;
}

std::optional<scenario::Variant> BitesRuns::changed(const Mutant& asked) const {
  const scenario::Variant& whole = scenario_.variants[asked.lane];
  if (!asked.mutation) return whole;
  const Mutation& mutation = mutations_[asked.lane][*asked.mutation];
  if (mutation.kind == Mutation::Kind::kBounds) {
    scenario::Variant harder = whole;
    move_bounds(harder);
    return harder;
  }
  Candidate changed = *lanes_[asked.lane];
  mutation.change(changed);
  if (asked.also) mutations_[asked.lane][*asked.also].change(changed);
  scenario::Loaded loaded = scenario::parse_scenario(scenario_.path, changed.text());
  if (!loaded.scenario || loaded.scenario->variants.size() != 1) return std::nullopt;
  return std::move(loaded.scenario->variants.front());
}

Seen BitesRuns::run(const Mutant& asked, const StopSeam& stop) const {
  const auto variant = variant_of(asked);
  if (!variant) return {};
  const Ready ready = make_ready(*variant);
  RunOptions options;
  options.stop = stop;
  LiveRun live(ready, asked.seed, options);
  if (!live.error().empty() || live.advance(asked.mutation ? most_events_ : ~std::uint64_t{0})) return {};
  return seen_of(live.report(), live);
}

}  // namespace twice::lab
