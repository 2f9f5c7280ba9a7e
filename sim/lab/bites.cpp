#include "lab/bites.h"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "lab/bites_subjects.h"
#include "lab/report_format.h"
#include "scenario/diagnostics.h"

namespace twice::lab {
namespace {

class FindToothless {
 public:
  FindToothless(const scenario::Scenario& scenario, const BitesOptions& options)
      : scenario_(scenario), options_(options), runs_(scenario, options), seeds_(scenario.variants.size()) {}

  Bites all() {
    as_it_stands();
    expectations_ = expectations_in(scenario_, runs_, seeds_);
    steps_ = steps_in(scenario_, runs_, seeds_);
    runs_.list_mutations();
    std::size_t most = 0;
    for (const auto& seeds : seeds_) most = std::max(most, seeds.size());
    for (std::size_t i = 0; i < most; ++i) try_mutations(i);
    try_pairs();
    for (PlacedStep& step : steps_)
      if (step.acts && !step.missed) try_with_other_designs(step);
    compare_lanes();
    report();
    excuse();
    return std::move(result_);
  }

 private:
  std::size_t lanes() const { return scenario_.variants.size(); }

  // --- as the file stands

  void as_it_stands() {
    std::vector<Mutant> asked;
    for (std::size_t lane = 0; lane < lanes(); ++lane)
      for (const std::uint64_t seed : seeds_[lane] = options_.seeds) asked.push_back({lane, {}, {}, seed});
    runs_.make(asked);
    for (std::size_t lane = 0; lane < lanes(); ++lane) {
      seek_sometimes(lane);
      const bool ran = runs_.find({lane, {}, {}, options_.seeds.front()});
      if (ran && runs_.can_change(lane)) continue;
      result_.open.push_back({lane_name(lane), lane_span(lane),
                              ran ? "it cannot be written as a file of its own" : "it was not run as it stands"});
    }
  }

  // What is seen only sometimes may need other seeds of the file.
  void seek_sometimes(std::size_t lane) {
    const scenario::Seeds& file = scenario_.shared().seeds;
    for (std::uint64_t i = 0; i < std::min<std::uint64_t>(file.count, kSoughtSeeds) && !saw_all(lane); ++i) {
      const std::uint64_t seed = file.first + i;
      if (std::find(seeds_[lane].begin(), seeds_[lane].end(), seed) != seeds_[lane].end()) continue;
      if (!runs_.make({{lane, {}, {}, seed}})) return;
      const Seen* seen = runs_.find({lane, {}, {}, seed});
      const auto shows = [](const Seen::Shown& s) { return s.held == Held::kYes; };
      if (seen && std::any_of(seen->sometimes.begin(), seen->sometimes.end(), shows)) seeds_[lane].push_back(seed);
    }
  }

  bool saw_all(std::size_t lane) const {
    const Seen* first = runs_.find({lane, {}, {}, seeds_[lane].front()});
    for (std::size_t i = 0; first && i < first->sometimes.size(); ++i) {
      bool seen = false;
      for (const std::uint64_t seed : seeds_[lane])
        if (const Seen* run = runs_.find({lane, {}, {}, seed})) seen = seen || run->sometimes[i].held == Held::kYes;
      if (!seen) return false;
    }
    return true;
  }

  // --- mutated

  /// One mutation of one lane with its `nth` seed; in the order of kinds, so that what settles most comes first.
  void try_mutations(std::size_t nth_seed) {
    std::vector<Mutant> order;
    std::size_t most = 0;
    for (std::size_t lane = 0; lane < lanes(); ++lane) most = std::max(most, runs_.mutations(lane).size());
    for (std::size_t m = 0; m < most; ++m)
      for (std::size_t lane = 0; lane < lanes(); ++lane)
        if (m < runs_.mutations(lane).size() && nth_seed < seeds_[lane].size())
          order.push_back({lane, m, {}, seeds_[lane][nth_seed]});
    try_in_order(std::move(order));
  }

  /// A good design survives a fault, and a calm run a mistake: what is still open sees both at once.
  void try_pairs() {
    using enum Mutation::Kind;
    std::vector<Mutant> order;
    for (std::size_t lane = 0; lane < lanes(); ++lane) {
      const std::vector<Mutation>& all = runs_.mutations(lane);
      for (std::size_t fault = 0; fault < all.size(); ++fault)
        for (std::size_t m = 0; all[fault].strong && m < all.size(); ++m)
          if (all[m].kind == kDesign || all[m].kind == kMistake)
            order.push_back({lane, m, fault, seeds_[lane].front()});
    }
    try_in_order(std::move(order));
  }

  void try_in_order(std::vector<Mutant> order) {
    std::stable_sort(order.begin(), order.end(),
                     [&](const Mutant& a, const Mutant& b) { return mutation(a).kind < mutation(b).kind; });
    for (auto next = order.begin(); next != order.end();) {
      std::vector<Mutant> now;
      for (; next != order.end() && now.size() < kAtOnce; ++next)
        if (is_needed(*next)) now.push_back(*next);
      const bool goes_on = runs_.make(now);
      for (const Mutant& asked : now) take(asked);
      if (!goes_on) return;
    }
  }

  const Mutation& mutation(const Mutant& asked) const { return runs_.mutations(asked.lane)[*asked.mutation]; }

  bool is_needed(const Mutant& asked) const {
    if (!runs_.can_change(asked.lane)) return false;
    const Mutation& m = mutation(asked);
    for (const Expected& e : expectations_)
      if (is_open(e, asked.lane)) return true;
    return m.step && std::any_of(steps_.begin(), steps_.end(), [&](const PlacedStep& step) {
             return step.acts && !step.missed && is_step(step, asked.lane, *m.step);
           });
  }

  static bool is_open(const Expected& e, std::size_t lane) {
    return !e.bites && e.why_open.empty() &&
           std::any_of(e.lanes.begin(), e.lanes.end(), [&](const auto& in) { return in.first == lane; });
  }
  static bool is_step(const PlacedStep& step, std::size_t lane, std::size_t nth) {
    return std::find(step.lanes.begin(), step.lanes.end(), std::pair(lane, nth)) != step.lanes.end();
  }

  void take(const Mutant& asked) {
    if (const auto& away = mutation(asked).step)
      for (PlacedStep& step : steps_)
        if (is_step(step, asked.lane, *away)) step.missed = step.missed || is_missed(asked);
    const Seen* seen = runs_.find(asked);
    if (!seen) return;
    for (Expected& e : expectations_)
      for (const auto& [lane, nth] : e.lanes)
        if (lane == asked.lane && is_open(e, lane)) e.bites = breaks(e, asked, *seen, nth);
  }

  // A file that is none without the step needs it.
  bool is_missed(const Mutant& without) const {
    return runs_.is_no_run(without) || differs({without.lane, {}, {}, without.seed}, without);
  }

  bool breaks(const Expected& e, const Mutant& asked, const Seen& seen, std::size_t nth) {
    const Seen::Shown* shown = shown_in(seen, e, nth);
    if (!shown || shown->held != Held::kNo) return false;
    // Something that must be seen sometimes is gone when no seed shows it.
    for (const std::uint64_t seed : e.over_seeds ? seeds_[asked.lane] : std::vector<std::uint64_t>{}) {
      Mutant other = asked;
      other.seed = seed;
      runs_.make({other});
      const Seen* run = runs_.find(other);
      const Seen::Shown* there = run ? shown_in(*run, e, nth) : nullptr;
      if (!there || there->held != Held::kNo) return false;
    }
    return true;
  }

  bool differs(const Mutant& a, const Mutant& b) const {
    const Seen *first = runs_.find(a), *second = runs_.find(b);
    return first && second && judgement_of(*first) != judgement_of(*second);
  }

  /// A good design may survive a step: then some worse one must not.
  void try_with_other_designs(PlacedStep& step) {
    for (const auto& [lane, nth] : step.lanes) {
      const std::vector<Mutation>& all = runs_.mutations(lane);
      const auto away =
          std::find_if(all.begin(), all.end(), [&, nth = nth](const Mutation& m) { return m.step == nth; });
      for (std::size_t m = 0; away != all.end() && m < all.size() && !step.missed && runs_.limit().empty();
           m += kAtOnce)
        try_with(step, lane, static_cast<std::size_t>(away - all.begin()), m);
    }
  }

  void try_with(PlacedStep& step, std::size_t lane, std::size_t away, std::size_t from) {
    using enum Mutation::Kind;
    const std::vector<Mutation>& all = runs_.mutations(lane);
    std::vector<Mutant> pairs;
    for (std::size_t m = from; m < std::min(from + kAtOnce, all.size()); ++m)
      if (all[m].kind == kDesign || all[m].kind == kMistake || all[m].kind == kNumber ||
          (all[m].step && all[m].step != all[away].step))
        for (const std::optional<std::size_t> also : {std::optional<std::size_t>(), std::optional(away)})
          pairs.push_back(in_order(lane, m, also));
    runs_.make(pairs);
    for (std::size_t i = 0; i + 1 < pairs.size(); i += 2) step.missed = step.missed || differs(pairs[i], pairs[i + 1]);
  }

  // Two steps go from the end, so that the first one's place stays what it was.
  Mutant in_order(std::size_t lane, std::size_t m, std::optional<std::size_t> also) const {
    const std::uint64_t seed = seeds_[lane].front();
    const bool swapped = also && runs_.mutations(lane)[m].step && *also > m;
    return swapped ? Mutant{lane, also, m, seed} : Mutant{lane, m, also, seed};
  }

  // --- lanes

  void compare_lanes() {
    for (std::size_t b = 1; b < lanes(); ++b)
      for (std::size_t a = 0; a < b; ++a)
        if (scenario_.variants[a].cell == scenario_.variants[b].cell && are_alike(a, b)) {
          add_alike(a, b);
          break;
        }
  }

  bool are_alike(std::size_t a, std::size_t b) {
    if (!runs_.find({a, {}, {}, options_.seeds.front()})) return false;  // nothing is known of it
    // Most lanes differ at once, in runs that were made already.
    std::vector<const Seen*> sides[2];
    for (const std::uint64_t seed : options_.seeds) {
      sides[0].push_back(runs_.find({a, {}, {}, seed}));
      sides[1].push_back(runs_.find({b, {}, {}, seed}));
    }
    if (!look_alike(sides[0], sides[1])) return false;
    if (!alike_with(a, {}, b, {})) return false;
    const std::vector<Mutation>& all = runs_.mutations(a);
    const std::vector<Mutation>& others = runs_.mutations(b);
    for (std::size_t m = 0; m < all.size(); ++m) {
      if (!all[m].is_surrounding()) continue;
      const auto same =
          std::find_if(others.begin(), others.end(), [&](const Mutation& o) { return o.words == all[m].words; });
      if (same == others.end()) continue;
      const auto there = static_cast<std::size_t>(same - others.begin());
      if (!alike_with(a, m, b, there)) return false;
    }
    return true;
  }

  using Change = std::optional<std::size_t>;

  /// Both lanes are held against the expectations of the one, then against those of the other. The SQL of loads is
  /// about each lane's own table; there the figures must be equal instead.
  bool alike_with(std::size_t a, Change of_a, std::size_t b, Change of_b) {
    const bool loads = scenario_.variants[a].spec.warehouse.has_value();
    for (const Change judge : {Change(a), Change(b)})
      if (!alike_as(loads ? Change() : judge, {a, of_a}, {b, of_b})) return false;
    return true;
  }

  bool alike_as(Change judge, const Mutant& a, const Mutant& b) {
    std::set<std::uint64_t> seeds(seeds_[a.lane].begin(), seeds_[a.lane].end());
    seeds.insert(seeds_[b.lane].begin(), seeds_[b.lane].end());
    std::vector<Mutant> both;
    for (const std::uint64_t seed : seeds)
      for (Mutant one : {a, b}) {
        one.seed = seed;
        if (judge != one.lane) one.judged_as = judge;
        both.push_back(one);
      }
    if (!runs_.make(both)) return cut(lane_name(b.lane), lane_span(b.lane)), false;
    std::vector<const Seen*> sides[2];
    for (std::size_t i = 0; i < both.size(); ++i) sides[i % 2].push_back(runs_.find(both[i]));
    return look_alike(sides[0], sides[1]);
  }

  // --- in words

  std::string lane_name(std::size_t lane) const { return "lane " + scenario_.variants[lane].name; }
  scenario::Span lane_span(std::size_t lane) const { return scenario_.variants[lane].spec.lane.name.span; }

  std::string with_seeds() const { return counted(options_.seeds.size(), "seed"); }

  void add_alike(std::size_t a, std::size_t b) {
    found(Toothless::Kind::kLane, lane_name(b), lane_span(b),
          fmt::format("lane '{}' cannot be told apart from lane '{}': the same findings, and the same figures but for "
                      "chance, with {}, as the file stands and with its faults away or moved",
                      scenario_.variants[b].name, scenario_.variants[a].name, with_seeds()),
          "give it a fault, a size or a load under which the two differ, or take it away");
  }

  void found(Toothless::Kind kind, std::string name, const scenario::Span& span, std::string message,
             std::string help) {
    result_.found.push_back({kind, std::move(name), span, std::move(message), std::move(help)});
  }

  void report() {
    result_.lanes = lanes(), result_.steps = steps_.size(), result_.expectations = expectations_.size();
    for (const PlacedStep& step : steps_) report_step(step);
    for (const Expected& e : expectations_) report_expectation(e);
    result_.runs = runs_.made();
    result_.limit = runs_.limit();
    result_.reports = runs_.reports();
  }

  std::string name_of(const PlacedStep& step) const {
    const auto& [lane, nth] = step.lanes.front();
    const bool own = step.lanes.size() == 1 && lanes() > 1;
    return fmt::format("{}step {}", own ? scenario_.variants[lane].name + ": " : std::string(), nth + 1);
  }

  void report_step(const PlacedStep& step) {
    if (!step.acts) {
      if (runs_.limit().empty())
        found(Toothless::Kind::kIdleStep, name_of(step), step.span,
              fmt::format("this step never acts, with {} in any lane", with_seeds()),
              "give it a moment that comes and a target that is there, or take it away");
    } else if (!step.missed) {
      if (!runs_.limit().empty()) return cut(name_of(step), step.span);
      found(Toothless::Kind::kMissedStep, name_of(step), step.span,
            "nothing would miss this step: without it every expectation ends the same, and every figure that one uses "
            "is the same, also with each change of the design",
            "let it happen while something is judged, or expect something that it changes");
    }
  }

  void cut(std::string name, const scenario::Span& span) {
    const auto same = [&](const Bites::Open& o) { return o.name == name; };
    if (std::any_of(result_.open.begin(), result_.open.end(), same)) return;
    result_.open.push_back({std::move(name), span, runs_.hit()});
  }

  void report_expectation(const Expected& e) {
    if (!e.why_open.empty()) {
      result_.open.push_back({e.name, e.span, e.why_open});
      return;
    }
    if (const auto early = only_before_faults(e))
      found(Toothless::Kind::kTooEarly, e.name, e.span,
            fmt::format("'{}' judges only what was before the first fault: the last answer came at {}, the first step "
                        "acts at {}",
                        e.finding, in_seconds(early->first), in_seconds(early->second)),
            "let clients ask on until after the last step, or let the steps come earlier");
    if (e.bites) return;
    if (!runs_.limit().empty()) return cut(e.name, e.span);
    found(Toothless::Kind::kExpectation, e.name, e.span,
          fmt::format("nothing breaks '{}'{}", e.finding, bound_words(e)),
          "expect what a mistake in the design or a fault would change, or a bound nearer to what runs show");
  }

  std::string bound_words(const Expected& e) const {
    const auto& [lane, nth] = e.lanes.front();
    const Seen* seen = runs_.find({lane, {}, {}, options_.seeds.front()});
    const Seen::Shown* shown = seen ? shown_in(*seen, e, nth) : nullptr;
    const std::string tried =
        fmt::format("no fault away, moved or added, no switch and no number of the design ({})", with_seeds());
    if (!shown || !is_figure(*shown)) return ": " + tried;
    return fmt::format(" {}: a run shows {}; {}", shown->wanted, shown->seen, tried);
  }

  /// The last answer and the first fault, when the faults come too late for it in every run.
  std::optional<std::pair<Time, Time>> only_before_faults(const Expected& e) const {
    if (!is_about_answers(e.finding)) return std::nullopt;
    std::optional<std::pair<Time, Time>> early;
    for (const auto& [lane, nth] : e.lanes)
      for (const std::uint64_t seed : seeds_[lane]) {
        const Seen* seen = runs_.find({lane, {}, {}, seed});
        if (!seen || !seen->first_fault || !seen->last_answer || *seen->last_answer >= *seen->first_fault)
          return std::nullopt;
        early = {*seen->last_answer, *seen->first_fault};
      }
    return early;
  }

  // --- excuses

  void excuse() {
    const auto& excuses = scenario_.shared().bites;
    std::vector<std::string> names;
    for (Toothless& f : result_.found) {
      names.push_back(f.name);
      if (const auto at = excuses.find(f.name); at != excuses.end())
        f.reason = at->second.value;
      else
        f.help += fmt::format("; or say why under [bites]: \"{}\" = \"…\"", f.name);
    }
    for (const auto& excuse : excuses) {
      const std::string& name = excuse.first;
      const auto open = [&](const Bites::Open& o) { return o.name == name; };
      if (std::find(names.begin(), names.end(), name) != names.end() || !runs_.limit().empty() ||
          std::any_of(result_.open.begin(), result_.open.end(), open))
        continue;
      found(Toothless::Kind::kExcuse, name, excuse.second.span, fmt::format("'bites' excuses nothing with '{}'", name),
            help_for_excuse(name));
    }
    std::stable_sort(result_.found.begin(), result_.found.end(),
                     [](const Toothless& a, const Toothless& b) { return a.span < b.span; });
  }

  std::string help_for_excuse(const std::string& name) const {
    std::vector<std::string> all;
    for (std::size_t lane = 0; lane < lanes(); ++lane) all.push_back(lane_name(lane));
    for (const PlacedStep& step : steps_) all.push_back(name_of(step));
    for (const Expected& e : expectations_) all.push_back(e.name);
    if (std::find(all.begin(), all.end(), name) != all.end()) return "it bites: take the line away";
    return scenario::did_you_mean(name, all, "there is no such thing here: take the line away");
  }

  static constexpr std::uint64_t kSoughtSeeds = 60;
  static constexpr std::size_t kAtOnce = 16;

  const scenario::Scenario& scenario_;
  const BitesOptions& options_;
  BitesRuns runs_;
  std::vector<std::vector<std::uint64_t>> seeds_;  // by lane
  std::vector<Expected> expectations_;
  std::vector<PlacedStep> steps_;
  Bites result_;
};

}  // namespace

std::string_view name_of(Toothless::Kind kind) {
  switch (kind) {
    case Toothless::Kind::kLane:
      return "lane";
    case Toothless::Kind::kIdleStep:
      return "idle-step";
    case Toothless::Kind::kMissedStep:
      return "missed-step";
    case Toothless::Kind::kExpectation:
      return "expectation";
    case Toothless::Kind::kTooEarly:
      return "too-early";
    case Toothless::Kind::kExcuse:
      return "excuse";
  }
  return {};
}

bool Bites::any() const {
  return std::any_of(found.begin(), found.end(), [](const Toothless& f) { return f.reason.empty(); });
}

Bites find_toothless(const scenario::Scenario& scenario, const BitesOptions& options) {
  return FindToothless(scenario, options).all();
}

}  // namespace twice::lab
