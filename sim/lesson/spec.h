#pragma once
// A lesson as values: front matter, screens of text, and steps. Each struct lists its own fields, read by the same
// machinery as scenarios (scenario/field.h), so that a wrong lesson is refused with line, column and a hint.
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "scenario/field.h"
#include "scenario/words.h"

namespace twice::lesson {

using scenario::Comparison;
using scenario::Field;
using scenario::Span;
using scenario::Spanned;

/// A number that differs between learners: from, from + step, …, to. Without a learner's name it is `first`.
struct DrawSpec {
  std::int64_t first = 0, from = 0, to = 0, step = 1;
  Span span{};

  template <class Self, class V>
  static void fields(Self& self, V& v) {
    v(Field{.name = "first", .doc = "The value for somebody without a name.", .required = true}, self.first);
    v(Field{.name = "from", .doc = "The smallest.", .required = true}, self.from);
    v(Field{.name = "to", .doc = "The largest.", .required = true}, self.to);
    v(Field{.name = "step", .doc = "From one value to the next.", .min = 1}, self.step);
  }
};

/// What stands between the two lines "+++".
struct FrontMatter {
  std::string title, misconception, leaves_out;
  std::uint32_t number = 0, minutes = 10;
  std::vector<std::uint32_t> needs;
  std::vector<std::string> goals, discuss;
  std::map<std::string, DrawSpec> draw;
  Span span{};

  template <class Self, class V>
  static void fields(Self& self, V& v) {
    v(Field{.name = "title", .doc = "One line.", .required = true}, self.title);
    v(Field{.name = "number", .doc = "Its place in the course.", .required = true, .max = 999}, self.number);
    v(Field{.name = "minutes", .doc = "How long it takes.", .min = 1, .max = 240}, self.minutes);
    v(Field{.name = "needs", .doc = "Numbers of the lessons that come before it."}, self.needs);
    v(Field{.name = "goals",
            .doc = "What one can do afterwards.",
            .required = true,
            .example = "[\"Say what a retry reads\"]"},
      self.goals);
    v(Field{.name = "misconception", .doc = "What many believe and this lesson refutes.", .required = true},
      self.misconception);
    v(Field{.name = "leaves-out", .doc = "What nobody may conclude from it.", .required = true}, self.leaves_out);
    v(Field{.name = "discuss",
            .doc = "Questions for a class, without an answer here: the instructor's guide lists them.",
            .example = "[\"Where would you look first?\"]"},
      self.discuss);
    v(Field{.name = "draw",
            .doc = "Numbers that differ between learners; {name} in the text stands for one.",
            .example = "{ crash = { first = 800, from = 600, to = 900, step = 100 } }"},
      self.draw);
  }
};

/// What is run: a scenario with some fields changed, for one seed or several.
struct Case {
  Spanned<std::string> scenario;  // relative to the lesson's folder
  Spanned<std::string> lane;      // empty: the only one
  std::vector<std::string> set;
  std::uint32_t seeds = 1;
  std::optional<std::uint64_t> seed;

  template <class Self, class V>
  static void fields(Self& self, V& v) {
    v(Field{.name = "scenario",
            .doc = "A scenario file, relative to the lesson.",
            .required = true,
            .example = "\"crash.toml\""},
      self.scenario);
    v(Field{.name = "lane", .doc = "The lane that is meant, where the scenario has several."}, self.lane);
    v(Field{.name = "set", .doc = "Fields of the scenario with other values: \"network.loss=0.1\"."}, self.set);
    v(Field{.name = "seeds", .doc = "How many seeds are run.", .min = 1, .max = 10'000}, self.seeds);
    v(Field{.name = "seed", .doc = "This very seed for everybody; without it, each learner has their own."}, self.seed);
  }
};

/// Something measured in a run, and what it must be.
struct Condition {
  Spanned<std::string> of;
  Comparison is;
  std::string lane;  // empty: the step's
  Span span{};

  template <class Self, class V>
  static void fields(Self& self, V& v) {
    v(Field{.name = "of",
            .doc = "What is measured: a metric, \"verdict\", \"COLUMN finally\", an expectation.",
            .required = true,
            .example = "\"orders finally\""},
      self.of);
    v(Field{.name = "is", .doc = "What it must be.", .required = true, .example = "\"== 1000\""}, self.is);
    v(Field{.name = "lane", .doc = "In this lane instead of the step's."}, self.lane);
  }
};

/// One of the answers a learner chooses from. Which is right is computed, never written down.
struct Choice {
  std::string text, says;
  std::optional<Comparison> is, as_well;
  std::optional<std::string> lane;
  Span span{};

  template <class Self, class V>
  static void fields(Self& self, V& v) {
    v(Field{.name = "text", .doc = "The answer as the learner reads it.", .required = true}, self.text);
    v(Field{.name = "is", .doc = "It is right when what was measured is this.", .one_of = "right"}, self.is);
    v(Field{.name = "and", .doc = "… and also this, for a choice between two bounds.", .with = "is"}, self.as_well);
    v(Field{.name = "lane", .doc = "It is right when this lane is the one that is asked for.", .one_of = "right"},
      self.lane);
    v(Field{.name = "says", .doc = "What to tell somebody who chose it; {value} is what was measured."}, self.says);
  }
};

/// ```predict and ```transfer: a question whose answer a run gives.
struct Question {
  std::string question, because;
  Case run;
  Spanned<std::string> of;
  std::optional<Comparison> counts;  // over seeds: the value is how many seeds satisfy this
  std::optional<Comparison> where;   // of choices that name lanes: the one in which this holds
  std::vector<Choice> choices;

  template <class Self, class V>
  static void fields(Self& self, V& v) {
    v(Field{.name = "question", .doc = "What is asked.", .required = true}, self.question);
    Case::fields(self.run, v);
    v(Field{.name = "of", .doc = "What is measured.", .required = true, .example = "\"orders finally\""}, self.of);
    v(Field{.name = "counts", .doc = "Measured is in how many of the seeds it is this.", .with = "seeds"}, self.counts);
    v(Field{.name = "where", .doc = "Which lane is asked for: the one where this holds."}, self.where);
    v(Field{.name = "choices",
            .doc = "The answers: [[choices]].",
            .required = true,
            .example = "[{ text = \"1,800\", is = \"== 1800\" }]"},
      self.choices);
    v(Field{.name = "because", .doc = "What everybody is told afterwards; {value} is what was measured."},
      self.because);
  }
};

/// ```run: a run to look at.
struct Show {
  static constexpr std::string_view kName = "run", kDoc = "A run to look at: what each lane shows.";
  std::string text;
  Case run;
  std::vector<std::string> shows;
  bool sweep = false;

  template <class Self, class V>
  static void fields(Self& self, V& v) {
    v(Field{.name = "text", .doc = "What to look at."}, self.text);
    Case::fields(self.run, v);
    v(Field{.name = "shows", .doc = "What is measured and shown, for each lane.", .required = true}, self.shows);
    v(Field{.name = "sweep", .doc = "Also the strip of all crash points."}, self.sweep);
  }
};

/// Something that may have caused what was seen: taken away, does the run end well?
struct Candidate {
  std::string text, says;
  std::optional<Spanned<std::string>> without;
  std::optional<std::vector<std::string>> set;
  Span span{};

  template <class Self, class V>
  static void fields(Self& self, V& v) {
    v(Field{.name = "text", .doc = "What the learner points at.", .required = true}, self.text);
    v(Field{.name = "without",
            .doc = "The run in which this did not happen: \"step 1\" of the timeline, or \"message a>b#3\".",
            .one_of = "undone",
            .example = "\"step 1\""},
      self.without);
    v(Field{.name = "set", .doc = "The run in which this was otherwise: fields with other values.", .one_of = "undone"},
      self.set);
    v(Field{.name = "says", .doc = "What to tell somebody who chose it."}, self.says);
  }
};

/// ```explain: point at what caused it. Graded by running again without it.
struct Explain {
  static constexpr std::string_view kName = "explain", kDoc = "Point at a cause; graded by the run without it.";
  std::string question, because;
  Case run;
  std::vector<Condition> goal;
  std::vector<Candidate> candidates;
  std::vector<std::string> hints;

  template <class Self, class V>
  static void fields(Self& self, V& v) {
    v(Field{.name = "question", .doc = "What is asked.", .required = true}, self.question);
    Case::fields(self.run, v);
    v(Field{.name = "goal", .doc = "What is true of the run that had gone well.", .required = true}, self.goal);
    v(Field{.name = "candidates", .doc = "What can be pointed at: [[candidates]].", .required = true}, self.candidates);
    v(Field{.name = "hints", .doc = "Shown one by one when asked for."}, self.hints);
    v(Field{.name = "because", .doc = "What everybody is told afterwards."}, self.because);
  }
};

/// The same challenge under other circumstances, which the learner does not see before.
struct Hidden {
  std::string name;
  std::vector<std::string> set;
  std::vector<Condition> goal;  // empty: the challenge's
  Span span{};

  template <class Self, class V>
  static void fields(Self& self, V& v) {
    v(Field{.name = "goal", .doc = "What must be true there; without it, the challenge's goal."}, self.goal);
    v(Field{.name = "name", .doc = "What is different, in a few words.", .required = true}, self.name);
    v(Field{.name = "set", .doc = "Fields of the scenario with other values.", .required = true}, self.set);
  }
};

/// ```challenge: change a design until it holds. A contract: goal, witness that the faults bite, and "unknown".
struct Challenge {
  static constexpr std::string_view kName = "challenge", kDoc = "Change a design until it holds in every seed.";
  std::string question, because;
  Case run;
  std::vector<std::string> edit;
  std::vector<Condition> goal;
  std::vector<Hidden> hidden;
  Spanned<std::string> solution;
  std::vector<Spanned<std::string>> wrong;
  std::vector<std::string> hints;

  template <class Self, class V>
  static void fields(Self& self, V& v) {
    v(Field{.name = "question", .doc = "What is to be reached.", .required = true}, self.question);
    Case::fields(self.run, v);
    v(Field{.name = "edit",
            .doc = "The fields a learner may change, and everything below them; \"do\": steps may be added.",
            .required = true,
            .example = "[\"lane.mine.commit\"]"},
      self.edit);
    v(Field{.name = "goal", .doc = "What must be true in every seed.", .required = true}, self.goal);
    v(Field{.name = "hidden", .doc = "Other circumstances under which the goal must hold as well: [[hidden]]."},
      self.hidden);
    v(Field{.name = "solution",
            .doc = "A file with edits that reach the goal.",
            .required = true,
            .example = "\"solution.toml\""},
      self.solution);
    v(Field{.name = "wrong",
            .doc = "Files with plausible edits that do not; the first is the witness: it must fail on the same seeds.",
            .required = true,
            .example = "[\"wrong-append.toml\"]"},
      self.wrong);
    v(Field{.name = "hints", .doc = "Shown one by one when asked for."}, self.hints);
    v(Field{.name = "because", .doc = "What everybody is told afterwards."}, self.because);
  }
};

/// ```card: how it is in a tool people use, as of a date.
struct Card {
  static constexpr std::string_view kName = "card", kDoc = "How it is in a tool, as of a date.";
  std::string title, text, dated, source;

  template <class Self, class V>
  static void fields(Self& self, V& v) {
    v(Field{.name = "title", .doc = "The tool.", .required = true}, self.title);
    v(Field{.name = "text", .doc = "A few sentences.", .required = true}, self.text);
    v(Field{.name = "dated", .doc = "When this was true: year and month.", .required = true, .example = "\"2026-06\""},
      self.dated);
    v(Field{.name = "source", .doc = "Where it is written.", .required = true, .example = "\"https://…\""},
      self.source);
  }
};

struct Predict : Question {
  static constexpr std::string_view kName = "predict", kDoc = "A question before the run, with a confidence.";
};
struct Transfer : Question {
  static constexpr std::string_view kName = "transfer", kDoc = "A question about another setting, at the end.";
};

using Step = std::variant<Predict, Show, Explain, Challenge, Transfer, Card>;

/// A step and where it stands. Answers name it: "predict", "predict-2".
struct StepPart {
  std::string name;
  Step step;
  Span span{};
};
struct TextPart {
  std::string markdown;
  Span span{};
};
using Part = std::variant<TextPart, StepPart>;

/// One idea: from a "## heading" to the next.
struct Screen {
  std::string title;
  std::vector<Part> parts;
  Span span{};
};

struct Lesson {
  std::string path, folder;
  FrontMatter front;
  std::vector<Screen> screens;
  std::vector<const StepPart*> steps() const;
  const StepPart* step(std::string_view name) const;
};

}  // namespace twice::lesson
