#pragma once
// Tries candidates: is the file sound, does its run fail in the same way, is it smaller? Keeps the best.
#include <cstdint>
#include <set>
#include <string>

#include "lab/shrink.h"
#include "lab/shrink_candidate.h"

namespace twice::lab {

/// What one run of a candidate showed.
struct Tried {
  bool sound = false;  // it could be run
  bool fails = false;  // in the way that is wanted
  RunSize size;
  std::uint64_t hash = 0;
  std::vector<world::Step> lost;              // messages that chance lost or doubled, as steps
  std::vector<std::uint64_t> asked;           // operations of each client, in the file's order
  std::vector<std::string> servers, clients;  // names
};

class Trial {
 public:
  /// `path` names the file, so that what it reads is found.
  Trial(std::string path, Goal goal, const ShrinkOptions& options);

  /// Runs it and says what it showed; counts against the budget.
  Tried run(const Candidate& candidate);
  /// The starting point, whatever its size; false when it does not fail.
  bool start(Candidate candidate);
  /// Keeps the candidate when it fails the same and is smaller: fewer parts, then fewer events, then a shorter file.
  bool keep_if_smaller(Candidate candidate);

  const Candidate& best() const { return best_; }
  const Tried& shown() const { return shown_; }
  std::uint64_t runs() const { return runs_; }
  bool out_of_budget() const { return stopped_ || runs_ >= options_.runs; }

 private:
  void take(Candidate candidate, Tried tried, std::size_t length);

  std::string path_;
  Goal goal_;
  const ShrinkOptions& options_;
  Candidate best_;
  Tried shown_;
  std::size_t length_ = 0;         // of the best file
  std::set<std::uint64_t> known_;  // files that were tried, by hash
  std::uint64_t runs_ = 0;
  std::uint64_t most_events_ = ~std::uint64_t{0};  // a candidate that runs on far beyond the original is no smaller
  bool stopped_ = false;
};

/// One round of everything that can be tried; true when something got smaller.
bool shrink_round(Trial& trial);

}  // namespace twice::lab
