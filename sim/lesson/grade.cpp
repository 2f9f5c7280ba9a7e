#include "lesson/grade.h"

#include <fmt/format.h>

#include "core/overload.h"
#include "lab/report_format.h"

namespace twice::lesson {
namespace {

constexpr std::uint32_t kQuestion = 1, kExplain = 1, kChallenge = 2;

std::string with_value(std::string text, const std::string& value) {
  for (std::size_t at; (at = text.find("{value}")) != std::string::npos;) text.replace(at, 7, value);
  return text;
}

std::string joined(const std::string& a, const std::string& b) { return a.empty() || b.empty() ? a + b : a + " " + b; }

/// An answer that this step does not take, or that names what is not there.
Graded refused(const StepPart& part, std::string why) {
  Graded graded;
  graded.mark = Mark::kFailed;
  graded.of = points_of(part.step);
  graded.why = std::move(why);
  return graded;
}

class Grader {
 public:
  Grader(const Context& context, const StepPart& part, const Answer& answer)
      : context_(context), part_(part), answer_(answer) {}

  std::variant<Graded, Trouble> operator()(const Predict& step) const {
    if (!answer_.confidence) return refused(part_, "say how sure you are, in percent: a prediction has a confidence");
    auto graded = question(step);
    if (auto* g = std::get_if<Graded>(&graded); g && !g->said.empty()) g->points = g->of;
    return graded;
  }
  std::variant<Graded, Trouble> operator()(const Transfer& step) const { return question(step); }
  std::variant<Graded, Trouble> operator()(const Show&) const { return refused(part_, "a run asks for no answer"); }
  std::variant<Graded, Trouble> operator()(const Card&) const { return refused(part_, "a card asks for no answer"); }

  std::variant<Graded, Trouble> operator()(const Explain& step) const {
    const auto candidate = pointed_at(step);
    if (const auto* why = std::get_if<std::string>(&candidate)) return refused(part_, *why);
    const auto& pointed = std::get<Candidate>(candidate);
    const auto wrong = what_went_wrong(context_, step);
    if (const auto* trouble = std::get_if<Trouble>(&wrong)) return *trouble;
    const auto& [seed, seen, steps] = std::get<WentWrong>(wrong);
    const auto without = try_without(context_, step, pointed, seed);
    if (const auto* trouble = std::get_if<Trouble>(&without)) {
      if (!answer_.point) return *trouble;
      return refused(part_, trouble->text);  // the learner named something that the run does not have
    }
    const auto& cause = std::get<Cause>(without);
    Graded graded = marked(cause.is_cause);
    graded.said = pointed.text;
    graded.details = {fmt::format("as it was (seed {}): {}", seed, seen),
                      fmt::format("run again without it: {}", cause.seen)};
    graded.why = joined(verdict_on(cause, seen), pointed.says);
    graded.because = step.because;
    return graded;
  }

  std::variant<Graded, Trouble> operator()(const Challenge& step) const {
    if (!answer_.edits) return refused(part_, "a challenge is answered with edits");
    const Variation edits{.edits = *answer_.edits, .edits_name = "edits"};
    auto tried = contest(context_, step, edits);
    if (const auto* trouble = std::get_if<Trouble>(&tried)) return *trouble;
    auto& result = std::get<Contest>(tried);
    Graded graded = marked(result.mark == Mark::kPassed);
    graded.mark = result.mark;
    graded.said = *answer_.edits;
    graded.details = std::move(result.details);
    graded.why = result.first_failure;
    if (result.mark == Mark::kPassed) graded.because = step.because;
    return graded;
  }

 private:
  // It never says more than the run without it shows: a change that does not mend the run is not "the same".
  static std::string verdict_on(const Cause& cause, const std::string& as_it_was) {
    if (cause.is_cause) return "Without it the run ends well: it is a cause.";
    if (cause.seen == as_it_was) return "Without it the same happens: it is not a cause.";
    return fmt::format("Without it the run changes ({}), but it still does not end well.", cause.seen);
  }

  Graded marked(bool passed) const {
    Graded graded;
    graded.mark = passed ? Mark::kPassed : Mark::kFailed;
    graded.of = points_of(part_.step);
    graded.points = passed ? graded.of : 0;
    return graded;
  }

  std::variant<Graded, Trouble> question(const Question& step) const {
    if (!answer_.choice) return refused(part_, "this is answered with a choice");
    const auto at = chosen(context_, part_, *answer_.choice);
    if (!at) return refused(part_, fmt::format("there is no answer {}", *answer_.choice));
    const auto solved = solve(context_, step);
    if (const auto* trouble = std::get_if<Trouble>(&solved)) return *trouble;
    const auto& [value, right, trials] = std::get<Solved>(solved);
    const std::string seen = step.where ? step.choices[right].text : shown(step.of.value, value);
    Graded graded = marked(*at == right);
    graded.said = step.choices[*at].text;
    graded.right = step.choices[right].text;
    graded.why = with_value(step.choices[*at].says, seen);
    graded.because = with_value(step.because, seen);
    graded.details = {fmt::format("the run shows: {} = {}", step.of.value, seen)};
    return graded;
  }

  std::variant<Candidate, std::string> pointed_at(const Explain& step) const {
    if (answer_.point) {
      Candidate own;
      own.text = *answer_.point;
      own.without = Spanned<std::string>{*answer_.point, {}};
      return own;
    }
    if (!answer_.choice) return std::string("point at an event, or choose one");
    const auto at = chosen(context_, part_, *answer_.choice);
    if (!at) return fmt::format("there is no answer {}", *answer_.choice);
    return step.candidates[*at];
  }

  const Context& context_;
  const StepPart& part_;
  const Answer& answer_;
};

}  // namespace

std::string_view name_of(Mark mark) {
  switch (mark) {
    case Mark::kPassed:
      return "passed";
    case Mark::kFailed:
      return "failed";
    case Mark::kUnknown:
      return "unknown";
  }
  return {};
}

Graded told(Graded graded, const Step& step, bool may_know) {
  const bool once = std::holds_alternative<Predict>(step);
  if (graded.mark == Mark::kPassed || once || may_know) {
    graded.why = joined(graded.why, graded.because);
  } else {
    graded.right.clear();
    if (std::holds_alternative<Transfer>(step)) graded.details.clear();  // what was measured is the answer
  }
  graded.because.clear();
  return graded;
}

std::uint32_t points_of(const Step& step) {
  return std::visit(Overload{[](const Predict&) { return kQuestion; }, [](const Transfer&) { return kQuestion; },
                             [](const Explain&) { return kExplain; }, [](const Challenge&) { return kChallenge; },
                             [](const Show&) { return 0u; }, [](const Card&) { return 0u; }},
                    step);
}

std::optional<std::size_t> chosen(const Context& context, const StepPart& part, std::uint32_t choice) {
  const std::size_t count = std::visit(
      Overload{[](const Predict& s) { return s.choices.size(); }, [](const Transfer& s) { return s.choices.size(); },
               [](const Explain& s) { return s.candidates.size(); }, [](const auto&) { return std::size_t{0}; }},
      part.step);
  if (choice == 0 || choice > count) return std::nullopt;
  return order_for(context.learner, context.lesson.front.number, part.name, count)[choice - 1];
}

std::variant<Graded, Trouble> grade(const Context& context, const StepPart& part, const Answer& answer) {
  return std::visit(Grader(context, part, answer), part.step);
}

}  // namespace twice::lesson
