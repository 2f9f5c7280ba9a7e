#pragma once
// What a run was expected to show, and whether it did: held, failed, or unknown with the reason.
#include <optional>
#include <string>
#include <vector>

#include "ui/playback/session.h"

namespace twice::playback {

struct CheckLine {
  std::string name;
  lab::Held held = lab::Held::kUnknown;
  std::string reason;                // "wanted 1,000, saw 1,800"; "the run is not over"
  std::optional<Sequence> event;     // where it was broken first, to jump to
  std::optional<std::string> place;  // "crash-at-800.toml:62"
};

/// The story of a run of a cluster that went wrong, oldest first: invariants it broke, then what clients were told that
/// no history explains, then what is missing at its end. The first is the cause, the others are the harm it did. Empty
/// when nothing went wrong, and for loads.
std::vector<Broken> what_went_wrong(const Session& session, std::size_t lane);

/// Of one lane of the shown branch.
std::vector<CheckLine> look_at_checks(const Session& session, std::size_t lane);

/// Where a cluster's run went wrong first: in the first lane that broke an invariant, or else in the first with a story
/// of what went wrong. REQUIRES complete().
struct Failure {
  std::size_t lane = 0;
  Sequence event = 0;
};
std::optional<Failure> first_failure(const Session& session);

/// The event at which a lane went wrong for the first time: an invariant broken, or a row of a load there twice, or
/// else the load's end. nullopt while the run is being recorded, or when nothing is wrong.
std::optional<Sequence> where_it_went_wrong(const Session& session, std::size_t lane);

}  // namespace twice::playback
