#pragma once
// Grades one answer to one step. Everything is run again; nothing is believed.
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "lesson/answers.h"
#include "lesson/measure.h"

namespace twice::lesson {

enum class Mark : std::uint8_t {
  kPassed,
  kFailed,
  kUnknown,  // it proves nothing: a fault never happened
};
std::string_view name_of(Mark mark);

struct Graded {
  Mark mark = Mark::kUnknown;
  std::uint32_t points = 0, of = 0;
  std::string said;     // the answer in words
  std::string right;    // what would have been right
  std::string why;      // for the learner: what became of this answer
  std::string because;  // for the learner who has passed or has had a second try: it gives away what is right
  std::vector<std::string> details;  // what was run, and what it showed
};

/// What a step is worth; 0: it asks for nothing. A prediction is worth its point whether or not it comes true: it is
/// there to be made.
std::uint32_t points_of(const Step& step);

/// As a learner may read it: before the second try at something that can be tried again, nothing that says what is
/// right; afterwards `why` with all its reasons.
Graded told(Graded graded, const Step& step, bool may_know);

/// Trouble is the lesson's own fault, never the learner's.
std::variant<Graded, Trouble> grade(const Context& context, const StepPart& part, const Answer& answer);

/// What was measured for a question, and the position (from 0, as the author wrote them) of the one right choice.
struct Solved {
  Value value;
  std::size_t right = 0;
  std::vector<Trial> trials;
};
/// `variation`: the same question of another run.
std::variant<Solved, Trouble> solve(const Context& context, const Question& question, const Variation& variation = {});

/// The run that went wrong: the first of the learner's seeds in which the goal is not met; trouble when all meet it.
struct WentWrong {
  std::uint64_t seed = 0;
  std::string seen;
  std::vector<StepSeen> steps{};  // of the timeline
};
std::variant<WentWrong, Trouble> what_went_wrong(const Context& context, const Explain& explain);
/// Is this a cause? True when the same run without it meets the goal.
struct Cause {
  bool is_cause = false;
  std::string seen;               // in the run without it
  std::vector<StepSeen> steps{};  // of its timeline
};
std::variant<Cause, Trouble> try_without(const Context& context, const Explain& explain, const Candidate& candidate,
                                         std::uint64_t seed);

/// Edits against the contract of a challenge.
struct Contest {
  Mark mark = Mark::kUnknown;
  std::uint64_t runs = 0, held = 0, failed = 0, unbitten = 0;  // seeds, the hidden circumstances included
  std::uint64_t bites = 0;                                     // seeds in which the witness fails
  std::string first_failure;
  std::vector<std::string> details;
};
/// Takes the steps of `do` out of a learner's edits. Says what is wrong with the edits before anything runs, with line
/// and column; empty: nothing.
std::string read_edits(const Challenge& challenge, Variation& edits);
std::variant<Contest, Trouble> contest(const Context& context, const Challenge& challenge, const Variation& edits);
/// The edits in a file of the lesson's folder, with this learner's numbers.
std::variant<std::string, Trouble> edits_in(const Context& context, const std::string& file);

/// The position as the author wrote it, of the n-th answer (from 1) that this learner sees; nullopt: there is none.
std::optional<std::size_t> chosen(const Context& context, const StepPart& part, std::uint32_t choice);

}  // namespace twice::lesson
