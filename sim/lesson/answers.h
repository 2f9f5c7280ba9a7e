#pragma once
// What a learner answered, as a file. It holds answers only: nothing in it says what is right, what was seen or what it
// is worth, so that changing it can change nothing but the answers.
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "scenario/diagnostics.h"
#include "scenario/field.h"
#include "scenario/span.h"

namespace twice::lesson {

/// The answer to one step.
struct Answer {
  std::uint32_t lesson = 0;
  std::string step;                         // "predict", "challenge-2"
  std::optional<std::uint32_t> choice;      // counted from 1, in the order in which this learner sees them
  std::optional<std::uint32_t> confidence;  // percent
  std::optional<std::string> point;         // of explain: "step 1", "message a>b#3"
  std::optional<std::string> edits;         // of challenge: TOML
  std::optional<scenario::Spanned<std::string>> edits_file;  // read into `edits`
  scenario::Span span{};

  template <class Self, class V>
  static void fields(Self& self, V& v) {
    using scenario::Field;
    v(Field{.name = "lesson", .doc = "Its number.", .required = true}, self.lesson);
    v(Field{.name = "step", .doc = "Which step of it.", .required = true, .example = "\"predict\""}, self.step);
    v(Field{.name = "choice",
            .doc = "Which answer, counted from 1 in the order this learner sees.",
            .one_of = "answer",
            .min = 1,
            .max = 100},
      self.choice);
    v(Field{.name = "point", .doc = "The event that is pointed at.", .one_of = "answer", .example = "\"step 1\""},
      self.point);
    v(Field{.name = "edits", .doc = "What is changed in the scenario, as TOML.", .one_of = "answer"}, self.edits);
    v(Field{.name = "edits-file", .doc = "The same in a file beside this one.", .one_of = "answer"}, self.edits_file);
    v(Field{.name = "confidence", .doc = "How sure one is, in percent.", .with = "choice", .max = 100},
      self.confidence);
  }
};

struct Answers {
  std::string learner;
  std::vector<Answer> answers;

  template <class Self, class V>
  static void fields(Self& self, V& v) {
    using scenario::Field;
    v(Field{.name = "learner", .doc = "Whose answers these are."}, self.learner);
    v(Field{.name = "answer", .doc = "The answers: [[answer]]."}, self.answers);
  }
  const Answer* find(std::uint32_t lesson, std::string_view step) const;
  /// Replaces the answer to the same step, or adds it.
  void put(Answer answer);
};

/// All answers, or everything that is wrong with the file. Answering one step twice is an error.
std::variant<Answers, scenario::DiagnosticList> read_answers(const std::string& path, const std::string& text);
/// The file that `read_answers` reads.
std::string to_text(const Answers& answers);

}  // namespace twice::lesson
