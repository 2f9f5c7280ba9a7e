#pragma once
// The bug zoo: each mistake that can be built into Raft, what it breaks in its own scenario, and how many random runs
// it takes to find it (docs/bug-zoo.md).
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lab/workers.h"
#include "protocols/raft/bug.h"
#include "scenario/spec.h"
#include "world/step.h"

namespace twice::lab::zoo {

using protocols::raft::Bug;

/// From 1; the order of the list is that of docs/bug-zoo.md.
std::size_t number_of(Bug bug);
/// nullopt: there is no mistake of that name.
std::optional<Bug> bug_named(std::string_view name);
std::vector<std::string> bug_names();

/// nullopt: this lane runs no Raft.
std::optional<Bug> bug_of(const scenario::Variant& variant);

/// The lanes of a mistake's file.
struct Lanes {
  const scenario::Variant *right = nullptr, *wrong = nullptr;
};
/// nullopt: the file does not consist of a lane without the mistake and one with it.
std::optional<Lanes> lanes_of(const scenario::Scenario& scenario, Bug bug);

/// What the two lanes showed with the file's first seed.
struct Shown {
  std::string check;      // the first that the file names for this mistake: "election-safety", "elections >= 3"
  std::string seen;       // "n1 and n2 both lead term 1 at 0.515 s, event 33"
  bool broken = false;    // as the file says
  bool holds = false;     // … and without the mistake everything does
  std::string cause;      // the invariant that broke first; empty: none did
  std::size_t broke = 0;  // how many invariants did
};
/// `stop` is asked inside the runs; once it has said so, what is shown is void.
Shown show(const Lanes& lanes, std::uint64_t seed, const StopSeam& stop = {});

// --- random search

struct HuntOptions {
  std::uint32_t trials = 11;
  std::uint32_t limit = 300;     // seeds a trial
  std::uint64_t first_seed = 1;  // trials use ranges of seeds that follow each other
  WorkerOptions workers;
};

struct Trial {
  std::optional<std::uint32_t> seeds;  // how many it took; nullopt: more than the limit
  std::string check;                   // what broke
  /// Seeds passed over because they break something without the mistake as well, and what.
  std::vector<std::pair<std::uint64_t, std::string>> unfair;
};

struct Hunt {
  std::vector<Trial> trials;
  std::uint32_t found() const;
  std::size_t unfair() const;
  std::string check() const;  // what broke most often
  /// nullopt: more than the limit.
  std::optional<std::uint32_t> median() const;
};
/// The middle one, of an even number the larger of the two; nullopt counts as larger than all. REQUIRES that there is
/// one.
std::optional<std::uint32_t> median_of(std::vector<std::optional<std::uint32_t>> numbers);

/// A mistake's cluster and workload in the network, the chaos and the expectations of `mix`.
scenario::Variant at_random(const scenario::Variant& wrong, const scenario::Variant& mix);
/// What an operator does in such a run: the kinds of commands that the mistake's own timeline has, at drawn times, and
/// a failing disk where that has one.
std::vector<world::Step> operator_steps(const scenario::Variant& wrong, const scenario::Variant& mix,
                                        std::uint64_t seed);

/// The same lane as the paper says.
scenario::Variant without_mistake(const scenario::Variant& wrong);

struct Hunts {
  std::vector<Hunt> of;  // by mistake, as asked
  bool stopped = false;
};
/// Random search for each mistake. The result does not depend on the number of workers.
Hunts hunt(const std::vector<const scenario::Variant*>& wrong, const scenario::Variant& mix,
           const HuntOptions& options);

/// Random runs of the lanes without their mistakes: nothing may break.
struct Control {
  std::uint64_t runs = 0;
  std::vector<std::string> left_out;  // they promise less even so: local reads, or a disk that is lost
  std::vector<std::string> broken;    // "vote-twice, seed 7: leader-elected"
  bool stopped = false;
};
Control control(const std::vector<const scenario::Variant*>& wrong, const scenario::Variant& mix,
                const HuntOptions& options);

}  // namespace twice::lab::zoo
