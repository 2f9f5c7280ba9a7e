#pragma once
// What of a scenario can fail to bite: its expectations and the steps of its timeline, each as it is written, with the
// lanes that it is for; and what of two runs is compared.
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "lab/bites_runs.h"

namespace twice::lab {

/// One expectation as it is written, in all lanes that it is for.
struct Expected {
  std::string name;  // "finally converged", "metric ops.ok >= 500"
  std::string finding;
  scenario::Span span{};
  bool over_seeds = false;                                   // `sometimes`
  std::vector<std::pair<std::size_t, std::size_t>> lanes{};  // lane, and which of the findings of that name
  bool bites = false;
  std::string why_open{};
};

/// One step as it is written.
struct PlacedStep {
  scenario::Span span{};
  std::vector<std::pair<std::size_t, std::size_t>> lanes{};  // lane, and which step of its timeline
  bool acts = false, missed = false;
};

/// The seeds that each lane is run with.
using LaneSeeds = std::vector<std::vector<std::uint64_t>>;

/// REQUIRES that the lanes were run as they stand.
std::vector<Expected> expectations_in(const scenario::Scenario& scenario, const BitesRuns& runs,
                                      const LaneSeeds& seeds);
std::vector<PlacedStep> steps_in(const scenario::Scenario& scenario, const BitesRuns& runs, const LaneSeeds& seeds);

/// How the `nth` finding of that name ended; nullptr when the run has none.
const Seen::Shown* shown_in(const Seen& seen, const Expected& e, std::size_t nth);
/// A figure that is held against a number: when it changes, so does what the file speaks of.
bool is_figure(const Seen::Shown& shown);
/// Expectations that look at what clients were told, and nothing else.
bool is_about_answers(const std::string& finding);

/// What a file can see of a run: how each expectation ended, and the figures that they use.
std::string judgement_of(const Seen& seen);
/// True when two lanes, each with the same seeds, show the same: every expectation ends alike, the figures of loads are
/// equal, and no figure of a cluster differs by more than chance would move it (a fifth, or two of a count that is not
/// zero). Messages count only where the file speaks of them.
bool look_alike(const std::vector<const Seen*>& one, const std::vector<const Seen*>& other);

}  // namespace twice::lab
