#pragma once
// How whoever waits for something long ends it early. The clock and the signals are the caller's: below the command
// line nothing knows them.
#include <cstdint>
#include <functional>
#include <string_view>

namespace twice::lab {

enum class StoppedBy : std::uint8_t {
  kNothing,
  kTimeLimit,  // the time that somebody gave is over
  kInterrupt,  // somebody wants it to end: Ctrl-C, SIGTERM, a progress function that says no
};
/// As reports name it: "time-limit", "interrupt"; empty for kNothing.
constexpr std::string_view name_of(StoppedBy by) {
  switch (by) {
    case StoppedBy::kNothing:
      return {};
    case StoppedBy::kTimeLimit:
      return "time-limit";
    case StoppedBy::kInterrupt:
      return "interrupt";
  }
  return {};
}

/// The one of that name; kNothing for every other word.
constexpr StoppedBy stopped_by(std::string_view name) {
  for (const StoppedBy by : {StoppedBy::kTimeLimit, StoppedBy::kInterrupt})
    if (name == name_of(by)) return by;
  return StoppedBy::kNothing;
}

/// Asked now and then, from any thread and in worker processes too; cheap, and once it has said stop it says so for
/// ever. Empty: nothing ever stops the work.
using StopSeam = std::function<StoppedBy()>;
inline StoppedBy asked(const StopSeam& stop) { return stop ? stop() : StoppedBy::kNothing; }

}  // namespace twice::lab
