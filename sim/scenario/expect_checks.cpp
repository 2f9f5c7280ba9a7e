#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "scenario/checks.h"
#include "scenario/registry.h"
#include "scenario/text.h"

namespace twice::scenario {
namespace {

class ExpectChecks {
 public:
  explicit ExpectChecks(CheckContext& context) : c_(context), spec_(context.spec()), expect_(context.spec().expect) {
    for (const NamedCheck& check : builtin_checks())
      if (judges(check) && has(spec_, check.needs)) known_.emplace_back(check.name);
    for (const auto& define : expect_.define) known_.push_back(define.first);
  }

  void run() {
    for (const auto* list : {&expect_.always, &expect_.finally, &expect_.sometimes, &expect_.eventually})
      for (const auto& name : *list) check_name(name);
    for (const auto& name : expect_.always) check_always(name);
    for (const MetricSpec& metric : expect_.metrics) check_metric(metric);
    for (auto& [name, define] : expect_.define) check_define(name, define);
    for (const auto& [name, column] : expect_.columns) check_column(name, column);
  }

 private:
  void check_name(const Spanned<std::string>& name) {
    const std::string plain = plain_name(name.value);
    used_.insert(plain);
    if (std::find(known_.begin(), known_.end(), plain) != known_.end()) return;
    if (const NamedCheck* check = builtin(plain)) return cannot_judge(name.span, plain, check->needs);
    c_.out.error(name.span, fmt::format("no expectation is called '{}'", plain),
                 did_you_mean(plain, known_,
                              fmt::format("define it as [expect.define.\"{}\"], or use one of: {}", plain,
                                          fmt::join(known_, ", "))));
  }

  bool judges(const NamedCheck& check) const {
    return check.applies == (spec_.lane.loads() ? Applies::kLoad : Applies::kCluster);
  }

  const NamedCheck* builtin(const std::string& name) const {
    const auto& all = builtin_checks();
    const auto at = std::find_if(all.begin(), all.end(), [&](const auto& c) { return c.name == name && judges(c); });
    return at == all.end() ? nullptr : &*at;
  }

  // Every run would be undecided: better said before the first.
  void cannot_judge(const Span& span, std::string_view name, Needs needs) {
    c_.out.error(span, fmt::format("'{}' cannot be judged here: this scenario lacks what it is about", name),
                 fmt::format("it needs {}", words_of(needs)));
  }

  // A promise for every moment that is looked at once would say more than was judged.
  void check_always(const Spanned<std::string>& name) {
    const std::string plain = plain_name(name.value);
    const auto define = expect_.define.find(plain);
    const NamedCheck* check = define == expect_.define.end() ? builtin(plain) : nullptr;
    const bool at_end = check ? check->looks == Looks::kAtTheEnd : define != expect_.define.end() && !define->second.is;
    if (at_end)
      c_.out.error(name.span, fmt::format("'{}' is judged at the end of a run, not at every moment", plain),
                   check ? fmt::format("finally = [\"{}\"]", name.value)
                         : "finally, or compare one cell with 'is': that is looked at after every commit");
  }

  void check_metric(const MetricSpec& metric) {
    if (metric.lane && metric.lane->value != spec_.lane.name.value &&
        std::find(c_.lanes.begin(), c_.lanes.end(), metric.lane->value) != c_.lanes.end())
      return;  // of another lane, and looked at there
    const auto& metrics = builtin_metrics();
    const auto known =
        std::find_if(metrics.begin(), metrics.end(), [&](const NamedMetric& m) { return m.name == metric.of.value; });
    if (known == metrics.end()) {
      const auto names = names_of([](const NamedMetric&) { return true; });
      c_.out.error(metric.of.span, fmt::format("no metric is called '{}'", metric.of.value),
                   did_you_mean(metric.of.value, names, fmt::format("metrics: {}", fmt::join(names, ", "))));
    } else {
      check_unit(metric, *known);
      check_measured(metric, *known);
      if (metric.during) check_may_have_window(metric, *known);
    }
    if (metric.lane && std::find(c_.lanes.begin(), c_.lanes.end(), metric.lane->value) == c_.lanes.end())
      c_.out.error(metric.lane->span, fmt::format("there is no lane '{}'", metric.lane->value),
                   did_you_mean(metric.lane->value, c_.lanes));
    if (metric.during) check_window(*metric.during);
  }

  template <class Wanted>
  static std::vector<std::string_view> names_of(const Wanted& wanted) {
    std::vector<std::string_view> names;
    for (const NamedMetric& m : builtin_metrics())
      if (wanted(m)) names.push_back(m.name);
    return names;
  }

  void check_may_have_window(const MetricSpec& metric, const NamedMetric& known) {
    if (known.in_windows) return;
    const auto able = names_of([&](const NamedMetric& m) { return m.in_windows && m.applies == known.applies; });
    c_.out.error(metric.during->span, fmt::format("'{}' is known of a whole run only", known.name),
                 fmt::format("'during' is possible with: {}", fmt::join(able, ", ")));
  }

  void check_measured(const MetricSpec& metric, const NamedMetric& known) {
    const bool load = spec_.lane.loads();
    if (known.applies != (load ? Applies::kLoad : Applies::kCluster))
      c_.out.error(metric.of.span, fmt::format("no run of this lane has a figure '{}'", known.name),
                   load ? "it is one of clusters, and this lane loads a table"
                        : "it is one of loads, and this lane runs a cluster");
    else if (!has(spec_, known.needs))
      cannot_judge(metric.of.span, known.name, known.needs);
  }

  void check_unit(const MetricSpec& metric, const NamedMetric& known) {
    const bool is_time = std::holds_alternative<Duration>(metric.is.value);
    if (is_time == (known.unit == "duration")) return;
    c_.out.error(metric.is.span,
                 is_time ? fmt::format("'{}' counts {}, not time", known.name, known.unit)
                         : fmt::format("'{}' is a time and needs a unit", known.name),
                 is_time ? "" : "for example \"<= 2s\"");
  }

  void check_window(const Spanned<TimeWindow>& window) {
    if (window.value.from >= window.value.to)
      c_.out.error(window.span, "this window is upside down", "the earlier time comes first");
    else if (window.value.from > Time{} + spec_.until)
      c_.out.error(window.span,
                   fmt::format("this window begins past the end of the run at {}", to_string(spec_.until)));
  }

  void check_define(const std::string& name, DefineSpec& define) {
    c_.inert.saw(define.span, used_.contains(name),
                 fmt::format("the expectation '{}' is defined and never asked for", name),
                 "name it in always, finally, sometimes or eventually");
    if (define.csv) {
      if (auto rows = c_.data.csv(*define.csv)) define.wanted = **rows;
    } else if (define.rows) {
      check_rows(define);
    }
  }

  void check_rows(DefineSpec& define) {
    define.wanted.rows = *define.rows;
    for (const auto& row : *define.rows)
      if (row.size() != define.rows->front().size())
        return c_.out.error(define.span, fmt::format("the rows of 'rows' have {} and {} values",
                                                     define.rows->front().size(), row.size()));
  }

  bool has_crash() const {
    return std::any_of(c_.variant.steps.begin(), c_.variant.steps.end(), [](const PlannedStep& s) {
      return std::holds_alternative<world::Crash>(s.step.what) ||
             std::holds_alternative<world::FailDisk>(s.step.what) || std::holds_alternative<world::AtIo>(s.step.when);
    });
  }

  void check_column(const std::string& name, const ColumnExpect& column) {
    if (!spec_.dashboard && c_.sound("dashboard"))
      return c_.out.error(column.span, fmt::format("'{}' speaks of the dashboard, and there is none", name),
                          "add a section [dashboard] with a query");
    for (const auto* at : {&column.before_crash, &column.after_crash})
      if (*at && c_.sound("timeline") && !has_crash())
        return c_.out.error((*at)->span, "nothing crashes in this lane, so this can never be met",
                            "add a crash to the timeline, or use 'finally'");
    if (column.always && column.finally) check_contradiction(*column.always, *column.finally);
  }

  // The last answer is one of all answers.
  void check_contradiction(const Comparison& always, const Comparison& finally) {
    if (finally.how != Compare::kEqual) return;
    const auto* number = std::get_if<std::int64_t>(&finally.value);
    if (number && !holds(always, pipeline::SqlValue{*number}))
      c_.out.error(finally.span, fmt::format("no run can meet this: 'always' asks for {}", to_text(always)),
                   "the last answer is one of all answers");
  }

  CheckContext& c_;
  const Spec& spec_;
  ExpectSpec& expect_;
  std::vector<std::string> known_;
  std::set<std::string> used_;
};

}  // namespace

void check_expectations(CheckContext& c) {
  for (const auto& [name, reason] : c.spec().bites)
    if (reason.value.find_first_not_of(" \t\n") == std::string::npos)
      c.out.error(reason.span, fmt::format("'bites' gives no reason for '{}'", printable(name)),
                  "say in a sentence why this is meant not to bite");
  const bool parts = c.sound("expect") && c.sound("lane") && c.sound("cluster") && c.sound("warehouse");
  if (parts) ExpectChecks(c).run();
}

}  // namespace twice::scenario
