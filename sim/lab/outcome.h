#pragma once
// What a load did to its table: the oracles' findings and the verdict they add up to.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "check/table_difference.h"
#include "lab/pipeline_world.h"
#include "lab/stop.h"
#include "pipeline/sql_value.h"
#include "scenario/words.h"

namespace twice::lab {

using scenario::Verdict;

/// What a run of this variant is held against: the table before, and after a run without faults.
struct Reference {
  pipeline::SqlTable before_slice, wanted_slice, others;
  pipeline::Visible before, after;       // what readers may see: the old state or the new one
  std::uint64_t statements = 0, io = 0;  // of the attempt without faults
  bool idle = false;                     // that attempt had nothing to load: see `idle` of an outcome
  bool uses_clock_or_random = false;
  std::string version;                         // of the engine
  std::string error;                           // the loader fails even without faults; everything else is void then
  StoppedBy stopped_by = StoppedBy::kNothing;  // so here
  std::optional<pipeline::SqlLimit> limit;     // it met a limit of this program: so here
};

struct LoadOutcome {
  Verdict verdict = Verdict::kExactlyOnce;
  check::TableDifference difference;  // oracle 1, of the slice
  bool acknowledged = false;          // the orchestrator was told ok
  bool acknowledged_lost = false;     // oracle 2: a commit the loader knew of vanished
  bool partial_seen = false;          // oracle 3: some reader could have seen neither the old nor the new state
  bool others_touched = false;        // oracle 4
  bool others_lost = false;           // … and rows of them are gone
  bool idle = false;                  // no row was wanted that was not there, and no attempt wrote any
  std::string integrity = "ok";       // oracle 5
  std::string error;                  // of the last failed attempt
};

/// One letter of a strip, and its words: '=' exactly once · '~' exactly once, partial state seen · 'D' duplicates …
char letter_of(const LoadOutcome& outcome);
std::string_view words_of(char letter);
constexpr std::string_view kLetters = "=~DLWCF";
/// Why an idle load that looks right says nothing about running it again.
constexpr std::string_view kNothingLoaded = "no row was wanted and none was written, so nothing was shown";
/// True when the outcome is one of those that a lane is meant to show.
bool shows(const LoadOutcome& outcome, const scenario::VerdictSet& meant);

/// Runs the variant without faults. Where the file gives `expected`, that query's rows are wanted instead. Stopped on
/// the way, it says by whom, and everything else is void.
Reference make_reference(const Pipeline& pipeline, std::uint64_t seed, const StopSeam& stop = {});

/// Judges the end of a run. `commits_from`: readers are asked about commits from this one on.
LoadOutcome judge(const Pipeline& pipeline, const Reference& reference, const world::World& world);
bool partial_among(const Reference& reference, const std::vector<pipeline::Commit>& commits, std::size_t from,
                   bool by_rows_only);

}  // namespace twice::lab
