#pragma once
// What makes a run a failing one, so that another run can be asked whether it fails in the same way.
#include <optional>
#include <string>

#include "lab/run.h"
#include "scenario/spec.h"

namespace twice::lab {

/// One expectation and how it ended; of a load also the letter of what became of its rows, so that "wanted 1000" is
/// not met by just any other number.
struct Goal {
  std::string name;  // of the finding: "finally linearizable"; empty: the letter alone
  Held held = Held::kNo;
  char letter = 0;           // 0: no load
  bool meant = false;        // the file itself asks for this failure
  scenario::Span span{};     // of the expectation
  std::optional<Time> at{};  // the first moment that shows it, where one does
  std::string words;         // "finally linearizable: failed"
};

/// The first expectation that failed; else the first failure that the file asks for ("sometimes not linearizable" that
/// was seen, a load meant to end with duplicates). `expect`: only the expectation of that name ("linearizable",
/// "finally linearizable"). nullopt: the run does not fail.
std::optional<Goal> goal_of(const RunReport& report, const scenario::Variant& variant, const std::string& expect = {});

/// True when the run ended in that way.
bool reaches(const RunReport& report, const Goal& goal);

}  // namespace twice::lab
