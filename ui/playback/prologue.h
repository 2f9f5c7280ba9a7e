#pragma once
// The first screen: one question before anything is shown, then the run, then why. Every number in it comes from the
// runs of the open session; nothing is revealed before it was asked.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ui/playback/session.h"
#include "ui/playback/veil.h"

namespace twice::playback {

enum class Act : std::uint8_t {
  kFirstQuestion,  // one loader that appends: how many rows?
  kFirstRun,
  kFirstAnswer,
  kSecondQuestion,  // beside it, one that deletes first, in one transaction
  kSecondRun,
  kSecondAnswer,
  kEveryCrash,  // the strip, and a crash to move
  kWholeIdea,   // four loaders, three faults
  kSandbox,
};

/// "800", "1,000", "1,800", "2,000": what one could believe, from the run itself.
struct Choices {
  std::vector<std::uint64_t> values;  // ascending
  std::uint64_t right = 0;
};

class Prologue {
 public:
  Act act() const { return act_; }
  bool over() const { return act_ == Act::kSandbox; }

  // What may be on the screen: in short, and in parts.
  Veil veil() const;
  std::size_t lanes_shown() const;
  bool shows_results() const;  // the expected number, the difference
  /// A prediction is asked for or being tested: what has not happened yet stays unseen and out of reach.
  bool hides_future() const;
  bool shows_strip() const { return act_ >= Act::kEveryCrash; }
  bool asks() const { return act_ == Act::kFirstQuestion || act_ == Act::kSecondQuestion; }

  /// Nothing until the session's runs are complete.
  std::optional<Choices> choices(const Session& session) const;
  std::optional<std::uint64_t> chosen() const { return asked_lane() == 0 ? first_ : second_; }
  void choose(std::uint64_t value);

  /// What to read now.
  std::string headline() const;
  std::string story(const Session& session) const;
  /// What the button that goes on says; empty: there is none yet.
  std::string go_on() const;
  /// Goes on: starts the run that was predicted, or opens the next act.
  void next(Session& session);
  /// Moves from a run to its answer once the cursor has reached the end.
  void watch(const Session& session);
  /// The answer once more: 0 = no prediction was made.
  bool predicted_right(const Session& session) const;
  void skip() { act_ = Act::kSandbox; }

 private:
  std::size_t asked_lane() const { return act_ < Act::kSecondQuestion ? 0 : 1; }

  Act act_ = Act::kFirstQuestion;
  std::optional<std::uint64_t> first_, second_;
};

}  // namespace twice::playback
