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

/// Of one lane of the shown branch.
std::vector<CheckLine> look_at_checks(const Session& session, std::size_t lane);

/// The event at which a load went wrong for the first time: a row there twice, or else the end. nullopt while the run
/// is being recorded, or when nothing is wrong.
std::optional<Sequence> where_it_went_wrong(const Session& session, std::size_t lane);

}  // namespace twice::playback
