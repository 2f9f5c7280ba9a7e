#include "lesson/check.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "core/overload.h"
#include "lab/report_format.h"
#include "lesson/grade.h"
#include "lesson/show.h"

namespace twice::lesson {
namespace {

/// Runs everything a lesson says, for one learner.
class Honesty {
 public:
  Honesty(const Context& context, const CheckOptions& options, scenario::Diagnostics& out, Checked& checked)
      : context_(context), options_(options), out_(out), report_(checked.report), limit_(checked.limit) {}

  void check(const StepPart& part) {
    part_ = &part;
    std::visit(Overload{[&](const Predict& step) { question(step); }, [&](const Transfer& step) { question(step); },
                        [&](const Show& step) { run(step); }, [&](const Explain& step) { explain(step); },
                        [&](const Challenge& step) { challenge(step); }, [](const Card&) {}},
               part.step);
  }

 private:
  std::string who() const {
    return context_.learner.named() ? fmt::format(" (for learner '{}')", context_.learner.name) : std::string();
  }
  void error(const std::string& words, const std::string& help = {}) {
    out_.error(part_->span, part_->name + ": " + words + who(), help);
  }
  void note(const std::string& words) { report_.push_back(part_->name + ": " + words + who()); }

  /// The value, or nullptr after saying what went wrong.
  template <class T>
  const T* take(const std::variant<T, Trouble>& from) {
    const auto* trouble = std::get_if<Trouble>(&from);
    if (!trouble) return &std::get<T>(from);
    const std::string line = trouble->text.substr(0, trouble->text.find('\n'));
    // What was cut short is not wrong; nobody knows.
    if (trouble->limit.empty())
      error(line);
    else
      limit_ = trouble->limit, note("undecided: " + line);
    return nullptr;
  }

  // --- the timeline happens

  void steps_act(const std::vector<Trial>& trials) {
    std::vector<std::vector<StepSeen>> runs;
    for (const Trial& trial : trials) runs.push_back(trial.steps);
    steps_act(runs);
  }

  /// Every step of the timeline acts in one of these runs at least. One that never does is not what was asked about.
  void steps_act(const std::vector<std::vector<StepSeen>>& runs) {
    struct Seen {
      std::string text;
      bool fired = false, acted = false;
    };
    std::vector<Seen> all;
    for (const auto& steps : runs)
      for (const StepSeen& step : steps) {
        auto at = std::find_if(all.begin(), all.end(), [&](const Seen& seen) { return seen.text == step.text; });
        if (at == all.end()) at = all.insert(all.end(), Seen{step.text});
        at->fired = at->fired || step.fired, at->acted = at->acted || step.acted();
      }
    for (const Seen& seen : all)
      if (!seen.acted)
        error(seen.fired ? fmt::format("`{}` happens and changes nothing", seen.text)
                         : fmt::format("`{}` never happens: its moment never comes", seen.text),
              "an answer must not rest on a fault that does not act: mend the step, or take it out");
  }

  // --- the step bites: without what it speaks of, its answer is another

  /// The same step with one thing taken away.
  struct Without {
    std::string what;
    Case run;
    Variation variation;
  };

  static bool is_faulty(const scenario::NetworkSpec& network) {
    const Probability none{};
    return network.loss != none || network.duplicate != none || network.reorder.value != none ||
           std::any_of(network.link.begin(), network.link.end(), [&](const scenario::LinkSpec& link) {
             return link.loss.value_or(none) != none || link.duplicate.value_or(none) != none ||
                    (link.reorder && link.reorder->value != none);
           });
  }

  std::vector<Without> all_without(const Case& run) const {
    std::vector<Without> all;
    const auto loaded = scenario_of(context_, run, {});
    const auto* scenario = std::get_if<scenario::Scenario>(&loaded);
    if (!scenario) return all;
    if (!run.set.empty()) {
      all.push_back({"`set`", run, {}});
      all.back().run.set.clear();
    }
    std::optional<std::size_t> shortest;  // every lane must have the step that is taken away
    bool chaos = false, faulty = false;
    for (const scenario::Variant& variant : scenario->variants) {
      if (!run.lane.value.empty() && variant.name != run.lane.value) continue;
      shortest = std::min(shortest.value_or(variant.steps.size()), variant.steps.size());
      chaos = chaos || variant.spec.chaos;
      faulty = faulty || is_faulty(variant.spec.network);
    }
    const std::size_t steps = shortest.value_or(0);
    if (steps > 0 || chaos) all.push_back({"the timeline", run, {.without_timeline = true}});
    if (faulty) all.push_back({"the network's faults", run, {.perfect_network = true}});
    for (std::size_t i = 0; run.set.size() > 1 && i < run.set.size(); ++i) {
      all.push_back({fmt::format("`{}`", run.set[i]), run, {}});
      all.back().run.set.erase(all.back().run.set.begin() + static_cast<std::ptrdiff_t>(i));
    }
    for (std::size_t i = 0; steps > 1 && i < steps; ++i)
      all.push_back({fmt::format("step {}", i + 1), run, {.without_step = i}});
    return all;
  }

  /// `differs(run, variation)`: is the answer another one there?
  template <class Differs>
  void bites(const Case& run, const std::string& answer, Differs differs) {
    const std::vector<Without> all = all_without(run);
    for (const Without& without : all) {
      if (std::holds_alternative<Trouble>(scenario_of(context_, without.run, without.variation))) continue;
      if (differs(without.run, without.variation)) return note(fmt::format("another answer without {}", without.what));
    }
    if (all.empty()) return note("no `set` and no fault to take away");
    std::vector<std::string> tried;
    for (const Without& without : all) tried.push_back(without.what);
    error(fmt::format("it does not bite: {} whatever is taken away ({})", answer, fmt::join(tried, ", ")),
          "what the step speaks of must matter to its answer");
  }

  void question(const Question& step) {
    const auto solved = solve(context_, step);
    const Solved* s = take(solved);
    if (!s) return;
    const std::string& right = step.choices[s->right].text;
    note(fmt::format("{} = {}: \"{}\"", step.of.value, shown(step.of.value, s->value), right));
    steps_act(s->trials);
    if (step.where) return;  // its lanes are what differs
    bites(step.run, fmt::format("\"{}\" is right", right), [&](const Case& run, const Variation& variation) {
      Question changed = step;
      changed.run = run;
      const auto other = solve(context_, changed, variation);
      const auto* there = std::get_if<Solved>(&other);
      return !there || there->right != s->right;
    });
  }

  std::optional<std::vector<Trial>> trials_of(const Show& step, const Case& run, const Variation& variation) const {
    std::vector<std::string> lanes;
    if (!run.lane.value.empty()) lanes.push_back(run.lane.value);
    auto tried = try_out(context_, run, variation, lanes, step.shows);
    auto* trials = std::get_if<Trials>(&tried);
    return trials ? std::optional(std::move(trials->all)) : std::nullopt;
  }

  void run(const Show& step) {
    if (!take(show(context_, step))) return;
    const auto as_it_is = trials_of(step, step.run, {});
    if (!as_it_is) return;
    steps_act(*as_it_is);
    bites(step.run, "it shows the same", [&](const Case& run, const Variation& variation) {
      const auto other = trials_of(step, run, variation);
      return !other || !std::equal(other->begin(), other->end(), as_it_is->begin(), as_it_is->end(),
                                   [](const Trial& a, const Trial& b) { return a.values == b.values; });
    });
  }

  void explain(const Explain& step) {
    const auto wrong = what_went_wrong(context_, step);
    const WentWrong* as_it_was = take(wrong);
    if (!as_it_was) return;
    note(fmt::format("as it was, seed {}: {}", as_it_was->seed, as_it_was->seen));
    steps_act({as_it_was->steps});
    std::size_t causes = 0;
    for (const Candidate& candidate : step.candidates) {
      const auto tried = try_without(context_, step, candidate, as_it_was->seed);
      const Cause* cause = take(tried);
      if (!cause) return;
      causes += cause->is_cause;
      note(fmt::format("{} \"{}\": {}", cause->is_cause ? "cause" : "no cause", candidate.text, cause->seen));
    }
    if (causes == 0) error("none of the candidates is a cause", "without one of them the run must meet the goal");
    if (causes == step.candidates.size()) error("every candidate is a cause", "add something that is none");
  }

  /// nullopt: there was trouble, and it has been told.
  std::optional<Mark> try_edits(const Challenge& step, const std::string& name, const std::string& edits) {
    const auto tried = contest(context_, step, {.edits = edits, .edits_name = name});
    const Contest* result = take(tried);
    if (!result) return std::nullopt;
    const std::string failure = result->first_failure.empty() ? std::string() : " " + result->first_failure;
    note(fmt::format("{}: {}, the goal holds in {} of {} runs, the witness fails in {}.{}", name, name_of(result->mark),
                     result->held, result->runs, result->bites, failure));
    return result->mark;
  }

  std::optional<Mark> try_file(const Challenge& step, const std::string& file) {
    const auto edits = edits_in(context_, file);
    const std::string* text = take(edits);
    return text ? try_edits(step, file, *text) : std::nullopt;
  }

  /// The words of a goal are measured in the solution's run. A typo would read as a solution that does not pass.
  void goal_is_measured(const Challenge& step, const std::vector<Condition>& goal,
                        const std::vector<std::string>& set) {
    const auto lane = lane_of(context_, step.run);
    const std::string* own = take(lane);
    const auto edits = edits_in(context_, step.solution.value);
    const std::string* text = own ? take(edits) : nullptr;
    if (!text) return;
    Variation solution{.set = set, .edits = *text, .edits_name = step.solution.value};
    if (const std::string refused = read_edits(step, solution); !refused.empty()) return;  // told when it is tried
    Case once = step.run;
    once.seeds = 1;
    for (const Condition& condition : goal) {
      // A sweep is long; its words are three.
      const bool sweeps = condition.of.value.starts_with("sweep.");
      const auto tried = try_out(context_, once, solution, {condition.lane.empty() ? *own : condition.lane},
                                 {sweeps ? "verdict" : condition.of.value});
      const auto* trials = std::get_if<Trials>(&tried);
      if (!trials) return;
      const auto& words = trials->words;
      const bool known = std::find(words.begin(), words.end(), condition.of.value) != words.end();
      if (sweeps ? known : trials->all.front().values.front().has_value()) continue;
      out_.error(condition.of.span,
                 known ? fmt::format("goal: no run here measures '{}'", condition.of.value)
                       : fmt::format("goal: unknown word '{}'", condition.of.value),
                 measured_instead(condition.of.value, *trials));
    }
  }

  void challenge(const Challenge& step) {
    Challenge tried = step;
    if (options_.seeds > 0) tried.run.seeds = options_.seeds;
    const std::size_t before = out_.errors();
    goal_is_measured(tried, tried.goal, {});
    for (const Hidden& hidden : tried.hidden) goal_is_measured(tried, hidden.goal, hidden.set);
    if (out_.errors() > before) return;
    const auto solved = try_file(tried, step.solution.value);
    if (!solved) return;
    if (*solved != Mark::kPassed) error(fmt::format("the solution {} does not pass", step.solution.value));
    for (const auto& wrong : step.wrong)
      if (try_file(tried, wrong.value).value_or(Mark::kFailed) != Mark::kFailed)
        error(fmt::format("{} does not fail", wrong.value));
    if (try_edits(tried, "doing nothing", {}) == Mark::kPassed) error("doing nothing passes");
  }

  const Context& context_;
  const CheckOptions& options_;
  scenario::Diagnostics& out_;
  std::vector<std::string>& report_;
  std::string& limit_;
  const StepPart* part_ = nullptr;
};

/// A lesson without these teaches nothing that can be graded.
void check_form(const Lesson& lesson, scenario::Diagnostics& out) {
  bool predicts = false, explains = false, challenges = false, transfers = false;
  for (const StepPart* part : lesson.steps()) {
    predicts = predicts || std::holds_alternative<Predict>(part->step);
    explains = explains || std::holds_alternative<Explain>(part->step);
    challenges = challenges || std::holds_alternative<Challenge>(part->step);
    transfers = transfers || std::holds_alternative<Transfer>(part->step);
  }
  const auto need = [&](bool there, const char* word) {
    if (!there)
      out.warning(lesson.front.span, fmt::format("the lesson has no {}", word),
                  "predict, run, explain, challenge, transfer");
  };
  need(predicts, "predict"), need(explains, "explain"), need(challenges, "challenge"), need(transfers, "transfer");
}

}  // namespace

Checked check_lesson(const std::string& path, const CheckOptions& options) {
  LoadedLesson first = load_lesson(path, {});
  if (!first.lesson) return {first.diagnostics, {}, {}};
  Checked checked;
  scenario::Diagnostics out;
  check_form(*first.lesson, out);
  check_links(*first.lesson, out);
  check_spelling(*first.lesson, options.words, out);
  for (std::uint32_t i = 0; i <= options.learners; ++i) {
    const Learner learner{i == 0 ? std::string() : fmt::format("learner {}", i)};
    const LoadedLesson own = load_lesson(path, learner);
    if (!own.lesson) {
      out.error(first.lesson->front.span, fmt::format("it has errors for learner '{}'", learner.name),
                render(own.diagnostics));
      break;
    }
    const Context context{*own.lesson, learner, options.workers};
    Honesty honesty(context, options, out, checked);
    for (const StepPart* part : own.lesson->steps())
      if (lab::stopped_by(checked.limit) == lab::StoppedBy::kNothing) honesty.check(*part);
    if (out.errors() > 0 || !checked.limit.empty()) break;  // others would hear the same
  }
  checked.diagnostics = out.finish(first.sources);
  return checked;
}

}  // namespace twice::lesson
