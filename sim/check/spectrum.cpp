#include "check/spectrum.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "check/linearizable.h"
#include "check/sequential.h"
#include "check/sessions.h"

namespace twice::check {
namespace {

class Judge {
 public:
  Judge(const History& history, const SpectrumOptions& options)
      : history_(history),
        options_(options),
        object_(options.object.value_or(object_of(history))),
        view_(view_sessions(history, object_)) {}

  std::vector<SpectrumRow> rows() {
    for (const Model model : kModels) {
      Verdict verdict = measures(model) ? judge(model) : settled(model);
      if (verdict.judgement == Judgement::kUnknown) verdict = measures(model) ? settled(model, verdict) : judge(model);
      rows_.push_back({model, verdict.judgement, std::move(verdict.words), verdict.operation});
    }
    settle_stronger();
    return std::move(rows_);
  }

 private:
  // What replicas hold and how far reads lag is measured, whatever is implied.
  bool measures(Model model) const {
    const bool bounds = options_.staleness.versions || options_.staleness.time;
    return (model == Model::kEventual && !options_.replicas.empty()) || (model == Model::kBoundedStaleness && !bounds);
  }

  Verdict settled(Model model, Verdict otherwise = {}) const {
    for (const SpectrumRow& row : rows_)
      if (row.held == Judgement::kHeld && implies(row.model, model))
        return {Judgement::kHeld, fmt::format("follows from {}", name_of(row.model)), std::nullopt};
    return otherwise;
  }

  Verdict judge(Model model) const {
    switch (model) {
      case Model::kLinearizable:
        return linearizable();
      case Model::kSequential:
        return check_sequential(view_, options_.sequential_budget);
      case Model::kCausal:
      case Model::kPram:
      case Model::kWritesFollowReads:
      case Model::kMonotonicWrites:
      case Model::kMonotonicReads:
      case Model::kReadYourWrites:
        return check_session(model, view_, options_.session_budget);
      case Model::kBoundedStaleness:
        return bounded_staleness();
      case Model::kEventual:
        return check_convergence(options_.replicas, object_);
    }
    return {};
  }

  // Without a bound there is nothing to hold the measurement against, unless no read was stale at all.
  Verdict bounded_staleness() const {
    Staleness stale = check_staleness(history_, object_, options_.staleness, options_.times);
    const bool bounds = options_.staleness.versions || options_.staleness.time;
    if (bounds || stale.verdict.judgement != Judgement::kHeld || stale.versions == 0) return stale.verdict;
    return {Judgement::kUnknown, "no bound was given; " + stale.verdict.words, stale.verdict.operation};
  }

  Verdict linearizable() const {
    const LinearizableOptions options{object_, options_.linearizable_budget, true};
    const Linearizability report = check_linearizable(history_, options);
    switch (report.judgement) {
      case Judgement::kHeld:
        return {Judgement::kHeld, {}, std::nullopt};
      case Judgement::kViolated:
        return {Judgement::kViolated, report.explanation, report.impossible};
      case Judgement::kUnknown:
        return {Judgement::kUnknown,
                fmt::format("the budget of {} steps ran out (limit linearizable-steps)", options_.linearizable_budget),
                std::nullopt};
    }
    return {};
  }

  // A weaker model that is violated rules out the stronger ones that nobody could decide.
  void settle_stronger() {
    for (SpectrumRow& strong : rows_)
      for (const SpectrumRow& weak : rows_) {
        if (strong.held != Judgement::kUnknown || weak.held != Judgement::kViolated) continue;
        if (!implies(strong.model, weak.model) || weak.model == Model::kEventual) continue;
        strong.held = Judgement::kViolated;
        strong.witness = fmt::format("not even {}: {}", name_of(weak.model), weak.witness);
        strong.operation = weak.operation;
      }
  }

  const History& history_;
  const SpectrumOptions& options_;
  Object object_;
  SessionView view_;
  std::vector<SpectrumRow> rows_;
};

std::string_view mark_of(Judgement judgement) {
  switch (judgement) {
    case Judgement::kHeld:
      return "✓";
    case Judgement::kViolated:
      return "✗";
    case Judgement::kUnknown:
      return "?";
  }
  return {};
}

}  // namespace

std::vector<SpectrumRow> spectrum(const History& history, const SpectrumOptions& options) {
  return Judge(history, options).rows();
}

std::string to_table(const std::vector<SpectrumRow>& rows) {
  std::size_t width = 0;
  for (const SpectrumRow& row : rows) width = std::max(width, name_of(row.model).size());
  std::string table;
  for (const SpectrumRow& row : rows) {
    std::string line = fmt::format("{} {:<{}}  {:<8}  {}", mark_of(row.held), name_of(row.model), width,
                                   name_of(row.held), row.witness.empty() ? doc_of(row.model) : row.witness);
    table += line + "\n";
  }
  return table;
}

}  // namespace twice::check
