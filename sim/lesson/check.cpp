#include "lesson/check.h"

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
    std::visit(
        Overload{[&](const Predict& step) { question(step); }, [&](const Transfer& step) { question(step); },
                 [&](const Show& step) { take(show(context_, step)); }, [&](const Explain& step) { explain(step); },
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

  void question(const Question& step) {
    const auto solved = solve(context_, step);
    if (const Solved* s = take(solved))
      note(fmt::format("{} = {}: \"{}\"", step.of.value, shown(step.of.value, s->value), step.choices[s->right].text));
  }

  void explain(const Explain& step) {
    const auto wrong = what_went_wrong(context_, step);
    const WentWrong* as_it_was = take(wrong);
    if (!as_it_was) return;
    note(fmt::format("as it was, seed {}: {}", as_it_was->seed, as_it_was->seen));
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

  void challenge(const Challenge& step) {
    Challenge tried = step;
    if (options_.seeds > 0) tried.run.seeds = options_.seeds;
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
