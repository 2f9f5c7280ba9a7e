#pragma once
// What a person asks for. Panels return these; only the session carries them out.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/ids.h"
#include "core/time.h"
#include "lab/sweep.h"
#include "world/step.h"

namespace twice::playback {

/// What is marked in every view at once.
struct Selection {
  std::optional<NodeId> node;
  std::optional<Sequence> event;
  std::optional<std::size_t> row;  // of the wanted table, from 0
  bool operator==(const Selection&) const = default;
};

// --- time
struct Play {};
struct Pause {};
struct TogglePlay {};
struct StepEvents {
  std::int64_t by = 1;
};
struct StepInteresting {
  int by = 1;
};
struct SeekTime {
  Time at;
};
struct SeekEvent {
  std::size_t lane;
  Sequence event;
};
struct SeekStart {};
struct SeekEnd {};
struct ChangeSpeed {
  int by = 1;  // doublings
};

// --- looking
struct FocusLane {
  std::size_t lane;
};
struct Select {
  Selection what;
};

// --- acting: a fork at the cursor
/// In one lane, or (nullopt) in all of them.
struct Intervene {
  std::optional<std::size_t> lane;
  world::Step step;
  std::vector<world::Step> more{};  // done at the same moment
  std::string name{};               // of the branch; empty: the step's
};
struct ShowBranch {
  std::size_t branch;
};
struct RenameBranch {
  std::size_t branch;
  std::string name;
};
/// The loads of all lanes with this one crash and no other fault.
struct CrashAt {
  lab::Point point;
};
struct SetSeed {
  std::uint64_t seed;
};

using Command =
    std::variant<Play, Pause, TogglePlay, StepEvents, StepInteresting, SeekTime, SeekEvent, SeekStart, SeekEnd,
                 ChangeSpeed, FocusLane, Select, Intervene, ShowBranch, RenameBranch, CrashAt, SetSeed>;
using Commands = std::vector<Command>;

}  // namespace twice::playback
