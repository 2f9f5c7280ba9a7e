#include "lab/bites_subjects.h"

#include <algorithm>
#include <cstdlib>
#include <map>

#include <fmt/format.h>

#include "lab/report_format.h"
#include "scenario/registry.h"

namespace twice::lab {
namespace {

bool is_about_a_step(const Seen::Shown& shown) { return shown.name.starts_with("the step bites"); }

using Figures = std::map<std::string, std::int64_t>;

// What never happens and what happens are never near.
bool is_near(std::int64_t a, std::int64_t b) {
  const std::int64_t apart = a > b ? a - b : b - a;
  if ((a == 0) != (b == 0)) return false;
  return apart <= 2 || apart <= std::max(std::abs(a), std::abs(b)) / 5;
}

bool end_alike(const std::vector<Seen::Shown>& one, const std::vector<Seen::Shown>& other) {
  for (const Seen::Shown& a : one)
    for (const Seen::Shown& b : other)
      if (!is_about_a_step(a) && a.name == b.name && a.wanted == b.wanted && a.held != b.held) return false;
  return true;
}

bool about_messages(const Seen& seen) {
  return std::any_of(seen.findings.begin(), seen.findings.end(),
                     [](const Seen::Shown& shown) { return shown.name.starts_with("metric messages."); });
}

class Collect {
 public:
  Collect(const scenario::Scenario& scenario, const BitesRuns& runs, const LaneSeeds& seeds)
      : scenario_(scenario), runs_(runs), seeds_(seeds) {}

  std::vector<Expected> expectations() {
    for (std::size_t lane = 0; lane < seeds_.size(); ++lane) {
      const Seen* seen = runs_.find({lane, {}, {}, seeds_[lane].front()});
      for (const bool over_seeds : {false, true}) {
        std::map<std::string, std::size_t> nth;
        if (seen)
          for (const Seen::Shown& shown : over_seeds ? seen->sometimes : seen->findings)
            add(lane, shown, nth[shown.name]++, over_seeds);
      }
    }
    for (Expected& e : expected_) {
      if (e.lanes.size() == 1 && seeds_.size() > 1)
        e.name = scenario_.variants[e.lanes.front().first].name + ": " + e.name;
      e.why_open = not_as_it_stands(e);
    }
    return std::move(expected_);
  }

  std::vector<PlacedStep> steps() {
    for (std::size_t lane = 0; lane < seeds_.size(); ++lane) {
      const std::vector<scenario::Span> spans = runs_.steps(lane);
      for (std::size_t nth = 0; nth < spans.size(); ++nth) {
        if (is_note(lane, spans[nth])) continue;
        const auto same = [&](const PlacedStep& s) { return s.span == spans[nth]; };
        auto at = std::find_if(steps_.begin(), steps_.end(), same);
        if (at == steps_.end()) at = steps_.insert(at, {spans[nth]});
        at->lanes.emplace_back(lane, nth);
        at->acts = at->acts || acts(lane, spans[nth]);
      }
    }
    return std::move(steps_);
  }

 private:
  void add(std::size_t lane, const Seen::Shown& shown, std::size_t nth, bool over_seeds) {
    if (shown.span.begin.line == 0 || is_about_a_step(shown)) return;  // the file does not say it
    const auto same = [&](const Expected& e) { return e.span == shown.span && e.finding == shown.name; };
    auto at = std::find_if(expected_.begin(), expected_.end(), same);
    if (at == expected_.end()) {
      const std::string bound = is_figure(shown) ? " " + shown.wanted : "";
      at = expected_.insert(at, {shown.name + bound, shown.name, shown.span, over_seeds});
    }
    at->lanes.emplace_back(lane, nth);
  }

  std::string not_as_it_stands(const Expected& e) const {
    for (const auto& [lane, nth] : e.lanes) {
      bool seen = false;
      for (const std::uint64_t seed : seeds_[lane]) {
        const Seen* run = runs_.find({lane, {}, {}, seed});
        const Seen::Shown* shown = run ? shown_in(*run, e, nth) : nullptr;
        if (!shown) return runs_.limit().empty() ? fmt::format("seed {} gave no run", seed) : runs_.hit();
        const Held held = shown->held;
        seen = seen || held == Held::kYes;
        if (e.over_seeds || held == Held::kYes) continue;
        return fmt::format("with seed {} it {} as the file stands; `twice run` says why", seed,
                           held == Held::kNo ? "fails" : "is undecided");
      }
      if (!seen) return fmt::format("it is not seen with {}", counted(seeds_[lane].size(), "seed"));
    }
    return {};
  }

  bool is_note(std::size_t lane, const scenario::Span& span) const {
    const auto& planned = scenario_.variants[lane].steps;
    return std::all_of(planned.begin(), planned.end(), [&](const scenario::PlannedStep& p) {
      return p.span != span || std::holds_alternative<world::Note>(p.step.what);
    });
  }

  bool acts(std::size_t lane, const scenario::Span& span) const {
    const auto& planned = scenario_.variants[lane].steps;
    for (const std::uint64_t seed : seeds_[lane])
      if (const Seen* seen = runs_.find({lane, {}, {}, seed}))
        for (std::size_t i = 0; i < planned.size() && i < seen->acted.size(); ++i)
          if (planned[i].span == span && seen->acted[i]) return true;
    return false;
  }

  const scenario::Scenario& scenario_;
  const BitesRuns& runs_;
  const LaneSeeds& seeds_;
  std::vector<Expected> expected_;
  std::vector<PlacedStep> steps_;
};

}  // namespace

const Seen::Shown* shown_in(const Seen& seen, const Expected& e, std::size_t nth) {
  for (const Seen::Shown& shown : e.over_seeds ? seen.sometimes : seen.findings)
    if (shown.name == e.finding && nth-- == 0) return &shown;
  return nullptr;
}

bool is_figure(const Seen::Shown& shown) { return shown.wanted.find_first_of("=<>!") == 0; }

bool is_about_answers(const std::string& finding) {
  const std::size_t blank = finding.find(' ');
  const std::string name = scenario::plain_name(finding.substr(blank + 1));
  if (finding.starts_with("metric "))
    return name.starts_with("ops.") || name.starts_with("latency.") || name.starts_with("staleness.");
  return std::any_of(check::kModels.begin(), check::kModels.end(), [&](check::Model model) {
    return model != check::Model::kEventual && scenario::check_name_of(model) == name;
  });
}

std::string judgement_of(const Seen& seen) {
  std::string text;
  for (const auto* list : {&seen.findings, &seen.sometimes})
    for (const Seen::Shown& shown : *list)
      if (!is_about_a_step(shown))
        text += fmt::format("{} {} {}\n", shown.name, name_of(shown.held), is_figure(shown) ? shown.seen : "");
  return text;
}

bool look_alike(const std::vector<const Seen*>& one, const std::vector<const Seen*>& other) {
  Figures sums[2];
  bool speaks_of_messages = false;
  for (std::size_t i = 0; i < one.size(); ++i) {
    const Seen *a = one[i], *b = other[i];
    if (!a || !b) {
      if (a != b) return false;
      continue;
    }
    if (!end_alike(a->findings, b->findings) || !end_alike(a->sometimes, b->sometimes)) return false;
    if (a->loads && a->figures != b->figures) return false;
    speaks_of_messages = speaks_of_messages || about_messages(*a) || about_messages(*b);
    for (const auto& [name, value] : a->figures) sums[0][name] += value;
    for (const auto& [name, value] : b->figures) sums[1][name] += value;
  }
  if (!speaks_of_messages)
    for (Figures& side : sums)
      std::erase_if(side, [](const auto& figure) { return figure.first.starts_with("messages."); });
  return std::equal(sums[0].begin(), sums[0].end(), sums[1].begin(), sums[1].end(),
                    [](const auto& a, const auto& b) { return a.first == b.first && is_near(a.second, b.second); });
}

std::vector<Expected> expectations_in(const scenario::Scenario& scenario, const BitesRuns& runs,
                                      const LaneSeeds& seeds) {
  return Collect(scenario, runs, seeds).expectations();
}

std::vector<PlacedStep> steps_in(const scenario::Scenario& scenario, const BitesRuns& runs, const LaneSeeds& seeds) {
  return Collect(scenario, runs, seeds).steps();
}

}  // namespace twice::lab
