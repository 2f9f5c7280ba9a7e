#pragma once
// What a learner asks of the open lesson. Panels return these; only the card carries them out.
#include <cstdint>
#include <string>
#include <variant>

namespace twice::playback {

struct NextScreen {};
struct PreviousScreen {};
/// "I know this": to the last question.
struct SkipAhead {};
/// One of the answers of a step, from 1 in the order this learner sees.
struct Choose {
  std::string step;
  std::uint32_t choice;
};
struct SetConfidence {
  std::string step;
  std::uint32_t percent;
};
/// The edits of a challenge as they are being written.
struct WriteEdits {
  std::string step, text;
};
/// Grades what is chosen or written.
struct SendAnswer {
  std::string step;
};
struct AskHint {
  std::string step;
};
/// Goes on without an answer.
struct GiveUp {
  std::string step;
};
/// The edits of a challenge with many more seeds than it asks for.
struct TrySeeds {
  std::string step;
};
struct StopWork {};
/// Shows the run of this step in the views; of a challenge, with its edits.
struct ShowBeside {
  std::string step;
};

using LessonCommand = std::variant<NextScreen, PreviousScreen, SkipAhead, Choose, SetConfidence, WriteEdits, SendAnswer,
                                   AskHint, GiveUp, TrySeeds, StopWork, ShowBeside>;

}  // namespace twice::playback
