// A batch of runs for people.
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "core/limits.h"
#include "lab/report_clients.h"
#include "lab/report_format.h"
#include "scenario/registry.h"
#include "scenario/text.h"

namespace twice::lab {
namespace {

// More would scroll away what matters.
constexpr std::size_t kMaxFailures = limits::kShownFailures;

Paint paint_for(Held held) {
  switch (held) {
    case Held::kYes:
      return Paint::kGood;
    case Held::kNo:
      return Paint::kBad;
    case Held::kUnknown:
      return Paint::kUnsure;
  }
  return Paint::kUnsure;
}

std::string_view icon_of(char letter) { return letter == '?' ? "?" : is_bad(letter) ? "✗" : "✓"; }

const Finding* verdict_of(const RunReport& run) {
  const auto at =
      std::find_if(run.findings.begin(), run.findings.end(), [](const Finding& f) { return f.name == "verdict"; });
  return at == run.findings.end() ? nullptr : &*at;
}

std::string heading(const RunResult& result, const Style& style) {
  const scenario::Spec& spec = result.scenario.shared();
  std::string text = painted(scenario::printable(spec.title), Paint::kStrong, style) + "\n";
  for (const std::string& line : wrapped(spec.story, style.width)) text += line + "\n";
  return text;
}

std::string reason_line(const RunResult& result, const Finding& finding) {
  return fmt::format("{}: {}: {}", scenario::printable(place_of(result.scenario, finding.span)),
                     scenario::printable(finding.name), to_text(finding));
}

class LaneText {
 public:
  LaneText(const RunResult& result, const RunReport& run, const RunText& options)
      : result_(result), run_(run), style_(options.style), options_(options) {}

  std::string text() {
    out_ = "\n" + painted(scenario::printable(run_.variant.empty() ? "run" : run_.variant), Paint::kStrong, style_) +
           verdict() + "\n";
    if (!run_.error.empty()) return out_ + "  " + painted(scenario::printable(run_.error), Paint::kBad, style_) + "\n";
    if (run_.load)
      load(*run_.load);
    else if (run_.clients)
      for (const std::string& line : clients_lines(*run_.clients)) out_ += "  " + line + "\n";
    else
      metrics();
    figures();
    steps();
    findings();
    if (options_.narrate) narration();
    out_ += fmt::format(
        "  {}\n", painted(fmt::format("hash {:016x}   {}", run_.hash, repro(result_.subject, run_.seed, run_.variant)),
                          Paint::kFaint, style_));
    return std::move(out_);
  }

 private:
  std::string verdict() const {
    const Finding* finding = verdict_of(run_);
    if (!run_.load || !finding) return {};
    if (run_.load->letter == '?') return "  " + painted("? undecided", paint_for(Held::kUnknown), style_);
    const std::string meant = finding->held == Held::kYes
                                  ? (is_bad(run_.load->letter) ? ", as this lane is meant to show" : "")
                                  : ", and this lane is meant to show " + finding->wanted;
    return "  " + painted(fmt::format("{} {}{}", icon_of(run_.load->letter), words_of(run_.load->letter), meant),
                          paint_for(finding->held), style_);
  }

  void load(const LoadReport& load) {
    readings(load);
    std::vector<std::string> facts{counted(load.attempts, "attempt")};
    if (load.runs_ok + load.runs_failed > 1) facts.push_back(counted(load.runs_ok, "run") + " ended ok");
    facts.push_back(fmt::format("{} of {} wanted", counted(load.rows, "row"), grouped(load.wanted_rows)));
    if (load.acknowledged_lost) facts.push_back("an acknowledged commit vanished");
    if (load.others_touched) facts.push_back("rows outside the slice changed");
    if (load.integrity != "ok") facts.push_back("integrity check: " + scenario::printable(load.integrity));
    if (!load.acknowledged) facts.push_back("never acknowledged: " + scenario::printable(load.last_error));
    out_ += fmt::format("  {}\n", fmt::join(facts, "; "));
    if (!verdict_of(run_))
      out_ += fmt::format(
          "  one run without a fault: nothing was shown about running it again; `twice sweep {}` tries every crash "
          "point\n",
          result_.subject.arguments);
    samples("too many", load.duplicated, load.duplicated_samples);
    samples("lost", load.lost, load.lost_samples);
    samples("with wrong values", load.changed, load.changed_samples);
  }

  void samples(std::string_view what, std::uint64_t count, const std::vector<pipeline::SqlRow>& rows) {
    if (count == 0) return;
    out_ += fmt::format("  {} {}{}\n", counted(count, "row"), what,
                        rows.empty() ? "" : ", the first: " + shown(rows.front()));
  }

  // What the dashboard's query gives at the three moments that tell the story.
  void readings(const LoadReport& load) {
    if (load.series.empty()) return;
    std::size_t name = 10;
    for (const std::string& series : load.series) name = std::max(name, scenario::code_points(series) + 2);
    const auto line = [&](std::string_view first, std::string_view a, std::string_view b, std::string_view c) {
      return fmt::format("  {}{}{}{}\n", left(first, name), right(a, 18), right(b, 20), right(c, 14));
    };
    const bool crashed = load.before_fault.has_value();
    out_ += painted(line("", crashed ? "before the fault" : "", crashed ? "between the tries" : "", "at the end"),
                    Paint::kFaint, style_);
    for (std::size_t i = 0; i < load.series.size(); ++i) {
      const auto cell = [&](const std::optional<pipeline::SqlRow>& row) {
        return row && i < row->size() ? shown((*row)[i]) : std::string(crashed ? "–" : "");
      };
      out_ += line(scenario::printable(load.series[i]), cell(load.before_fault), cell(load.after_fault),
                   cell(load.finally));
    }
  }

  void metrics() {
    std::string line = fmt::format("{} events, {}", grouped(run_.events), in_seconds(run_.end));
    for (const auto& [name, value] : run_.metrics) line += fmt::format(" · {} {}", name, metric(name, value));
    for (const std::string& part : wrapped(line, style_.width - 2)) out_ += "  " + part + "\n";
  }

  // What the scenario expects something of is told, whether it came out as wanted or not.
  void figures() {
    const std::string text = figures_of(run_);
    if (text.empty()) return;
    for (const std::string& part : wrapped("measured: " + text, style_.width - 2)) out_ += "  " + part + "\n";
  }

  static std::string metric(std::string_view name, std::int64_t value) {
    for (const scenario::NamedMetric& known : scenario::builtin_metrics())
      if (known.name == name && known.unit == "duration") return to_string(Duration{value});
    return shown(pipeline::SqlValue{value});
  }

  void steps() {
    for (const StepReport& step : run_.steps) {
      const std::string when = !step.fired ? "never happened"
                                           : fmt::format("{}{}", step.at ? "at " + in_seconds(*step.at) : "happened",
                                                         step.effective ? "" : ", and changed nothing");
      out_ += fmt::format("  {} {}\n", painted(scenario::printable(step.text), Paint::kFaint, style_),
                          painted(when, step.effective ? Paint::kFaint : Paint::kUnsure, style_));
    }
  }

  void findings() {
    for (const Finding& finding : run_.findings) {
      if (finding.held == Held::kYes) continue;
      const std::string words = reason_line(result_, finding);
      out_ += "  " + painted(words, paint_for(finding.held), style_) + "\n";
    }
  }

  void narration() {
    for (const Narrated& line : run_.narration)
      out_ += fmt::format("  {}  {}\n", right(in_seconds(line.at), 12), scenario::printable(line.text));
  }

  const RunResult& result_;
  const RunReport& run_;
  const Style& style_;
  const RunText& options_;
  std::string out_;
};

std::string metric_text(std::string_view name, std::int64_t value) {
  for (const scenario::NamedMetric& known : scenario::builtin_metrics())
    if (known.name == name && known.unit == "duration") return readable(Duration{value});
  return shown(pipeline::SqlValue{value});
}

// From the least to the most over all seeds, of what the scenario expects something of.
std::string ranges(const Batch& batch, const std::string& variant) {
  std::map<std::string, std::pair<std::int64_t, std::int64_t>> all;
  for (const RunReport& run : batch.runs) {
    if (run.variant != variant) continue;
    for (const auto& metric : run.metrics) {
      const auto expected = [&](const Finding& f) { return f.name == "metric " + metric.first; };
      if (std::none_of(run.findings.begin(), run.findings.end(), expected)) continue;
      auto& range = all.try_emplace(metric.first, metric.second, metric.second).first->second;
      range = {std::min(range.first, metric.second), std::max(range.second, metric.second)};
    }
  }
  std::vector<std::string> parts;
  for (const auto& [name, range] : all) {
    const std::string low = metric_text(name, range.first), high = metric_text(name, range.second);
    parts.push_back(low == high ? fmt::format("{} {}", name, low) : fmt::format("{} {} to {}", name, low, high));
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

// Many seeds: how often each lane ended how.
std::string tally(const RunResult& result, const Style& style) {
  std::string text;
  for (const scenario::Variant& variant : result.scenario.variants) {
    std::map<std::string, std::uint64_t> ends;
    std::uint64_t runs = 0;
    Held worst = Held::kYes;
    for (const RunReport& run : result.batch.runs) {
      if (run.variant != variant.name) continue;
      ++runs;
      ++ends[run.load ? fmt::format("{} {}", icon_of(run.load->letter), shown_by(run)) : std::string(outcome_of(run))];
      if (run.held() == Held::kNo || worst == Held::kYes) worst = run.held();
    }
    if (runs == 0) continue;
    std::vector<std::string> parts;
    for (const auto& [words, count] : ends) parts.push_back(fmt::format("{}: {}", words, grouped(count)));
    text += fmt::format("  {}  {}  {}\n", left(variant.name.empty() ? "run" : scenario::printable(variant.name), 24),
                        right(counted(runs, "seed"), 11),
                        painted(fmt::format("{}", fmt::join(parts, ", ")), paint_for(worst), style));
    if (const std::string range = ranges(result.batch, variant.name); !range.empty())
      text += fmt::format("  {}  measured: {}\n", left("", 24), range);
  }
  return text + "  " + painted("the same again: " + repro(result), Paint::kFaint, style) + "\n";
}

/// Runs of one lane that failed alike.
struct Alike {
  const Failure* first = nullptr;
  std::vector<std::uint64_t> seeds;
};

std::vector<Alike> grouped_by_reason(const std::vector<Failure>& failures) {
  std::vector<Alike> groups;
  for (const Failure& f : failures) {
    const auto same = [&](const Alike& group) {
      const Failure& g = *group.first;
      return g.run && f.run && g.run->variant == f.run->variant && g.finding.name == f.finding.name &&
             g.finding.span == f.finding.span && g.finding.held == f.finding.held;
    };
    auto at = std::find_if(groups.begin(), groups.end(), same);
    if (at == groups.end()) at = groups.insert(at, {&f, {}});
    if (f.run) at->seeds.push_back(f.run->seed);
  }
  return groups;
}

std::string seeds_text(const std::vector<std::uint64_t>& seeds) {
  constexpr std::size_t kFew = 8;
  std::vector<std::string> few;
  for (std::size_t i = 0; i < seeds.size() && i < kFew; ++i) few.push_back(fmt::format("{}", seeds[i]));
  return fmt::format("{}: {}{}", counted(seeds.size(), "seed"), fmt::join(few, ", "), seeds.size() > kFew ? ", …" : "");
}

// `told`: the reasons stand above already.
std::string fail_lines(const RunResult& result, const std::vector<Failure>& failures, bool told, const Style& style) {
  const std::vector<Alike> groups = grouped_by_reason(failures);
  std::string text;
  const std::size_t shown_now = std::min(groups.size(), kMaxFailures);
  if (groups.size() > shown_now) text += fmt::format("… {} more, and:\n", groups.size() - shown_now);
  // The last line is the first failure's: what a person should look at first, and what tools read.
  for (std::size_t i = shown_now; i-- > 0;) {
    const Failure& f = *groups[i].first;
    const bool many = groups[i].seeds.size() > 1;
    if (!told || !f.run) {
      text += reason_line(result, f.finding);
      text += many ? fmt::format(" ({})\n", seeds_text(groups[i].seeds)) : "\n";
    }
    text += painted(fail_line(result, f), paint_for(f.finding.held), style) + "\n";
  }
  return text;
}

std::string summary(const RunResult& result, std::size_t failures, const Style& style) {
  std::size_t findings = result.batch.over_seeds.size();
  for (const RunReport& run : result.batch.runs) findings += run.findings.size();
  if (!result.stopped_by.empty())
    return painted(fmt::format("{}: {} of {} not met, the others are not known", what_is_missing(result),
                               grouped(failures), counted(findings, "expectation")),
                   Paint::kUnsure, style) +
           "\n";
  const std::string runs = counted(result.batch.runs.size(), "run");
  if (findings == 0 && failures == 0) return fmt::format("{}: no expectations, so nothing was judged\n", runs);
  if (failures == 0)
    return painted(findings == 1 ? fmt::format("{}: its expectation is met", runs)
                                 : fmt::format("{}: all {} expectations met", runs, grouped(findings)),
                   Paint::kGood, style) +
           "\n";
  return fmt::format("{}: {} of {} not met\n", runs, grouped(failures), counted(findings, "expectation"));
}

}  // namespace

std::string run_text(const RunResult& result, const RunText& options) {
  const std::vector<Failure> failures = failures_of(result.batch);
  if (options.quiet) return options.sweep_failures + fail_lines(result, failures, false, options.style);
  std::string text = heading(result, options.style);
  const bool one_seed = result.first_seed == result.last_seed, lanes = one_seed || options.narrate;
  if (lanes)
    for (const RunReport& run : result.batch.runs) text += LaneText(result, run, options).text();
  else
    text += "\n" + tally(result, options.style);
  if (one_seed)
    if (const std::string table = spectrum_text(result.batch.runs, options.style); !table.empty()) text += "\n" + table;
  if (!options.sweep.empty()) text += "\n" + options.sweep;
  for (const std::string& line : result.batch.reports) text += "note: " + scenario::printable(line) + "\n";
  return text + "\n" + summary(result, failures.size(), options.style) + options.sweep_failures +
         fail_lines(result, failures, lanes, options.style);
}

}  // namespace twice::lab
