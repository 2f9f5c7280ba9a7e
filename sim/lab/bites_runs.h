#pragma once
// Runs of mutated lanes: each is made once, by as many workers as there are, and remembered.
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "lab/bites.h"
#include "lab/mutations.h"
#include "lab/run.h"
#include "scenario/load.h"

namespace twice::lab {

/// What one run showed, as far as two runs are compared by it.
struct Seen {
  struct Shown {
    std::string name;
    Held held = Held::kUnknown;
    std::string wanted, seen;
    scenario::Span span{};
  };
  bool ran = false;    // the file was sound, and the run came to its end
  bool loads = false;  // a load: nothing in it is drawn by chance
  std::vector<Shown> findings, sometimes;
  std::vector<std::pair<std::string, std::int64_t>> figures;  // metrics, rows, what clients were told
  std::vector<bool> acted;                                    // by planned step
  std::optional<Time> first_fault, last_answer;
  std::uint64_t events = 0;
};

/// One run to make: of which lane, with which seed and changes. Mutations by their place in the lane's list; `also` is
/// made after `mutation`.
struct Mutant {
  std::size_t lane = 0;
  std::optional<std::size_t> mutation = {}, also = {};
  std::uint64_t seed = 0;
  std::optional<std::size_t> judged_as = {};  // the lane whose expectations it is held against, when not its own
  auto operator<=>(const Mutant&) const = default;
};

/// The lanes of a scenario with their mutations.
class BitesRuns {
 public:
  BitesRuns(const scenario::Scenario& scenario, const BitesOptions& options);

  /// Makes those that were not made before. False once a limit was hit: nothing more is run then.
  bool make(const std::vector<Mutant>& asked);
  /// What it showed; nullptr when it was not made or is no run.
  const Seen* find(const Mutant& asked) const;

  /// It was made and could not be run: with these changes the file is none, or goes on without an end in sight.
  bool is_no_run(const Mutant& asked) const;

  /// Lists the mutations of each lane; call it when the lanes were run as they stand.
  void list_mutations();
  /// False: the lane cannot stand alone, so nothing of it can be changed.
  bool can_change(std::size_t lane) const { return lanes_[lane].has_value(); }
  const std::vector<Mutation>& mutations(std::size_t lane) const { return mutations_[lane]; }
  /// The timeline's steps as the file has them.
  std::vector<scenario::Span> steps(std::size_t lane) const;

  std::uint64_t made() const { return made_; }
  /// Why nothing more was run; empty: everything was.
  const std::string& limit() const { return limit_; }
  std::string hit() const { return limit_ + " was hit before it was settled"; }
  const std::vector<std::string>& reports() const { return reports_; }

 private:
  void run_all(const std::vector<Mutant>& units);
  void run_in_processes(const std::vector<Mutant>& units, WorkerOptions workers);
  void stopped(StoppedBy by);
  /// "lane 'a', seed 3, without step 2".
  std::string words_of(const Mutant& mutant) const;
  Seen run(const Mutant& asked, const StopSeam& stop) const;
  std::optional<scenario::Variant> variant_of(const Mutant& asked) const;
  std::optional<scenario::Variant> changed(const Mutant& asked) const;

  const scenario::Scenario& scenario_;
  const BitesOptions& options_;
  std::vector<std::optional<Candidate>> lanes_;
  std::vector<std::vector<Mutation>> mutations_;
  std::map<Mutant, Seen> seen_;
  std::uint64_t made_ = 0, most_events_ = ~std::uint64_t{0};
  std::string limit_;
  std::vector<std::string> reports_;
};

}  // namespace twice::lab
