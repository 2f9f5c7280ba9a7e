#pragma once
// Results as test cases: what JUnit files and annotations are made of. A case that could not be decided, was cut short
// or could not even begin is an error of its own: none of them may look like a success, nor like something left out on
// purpose.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lab/report.h"

namespace twice::lab {

struct Case {
  enum class Kind : std::uint8_t {
    kPassed,
    kFailed,   // judged, and not as wanted
    kError,    // not judged: undecided, cut short, no scenario
    kSkipped,  // another error came first; the case was not tried
  };
  std::string group;                   // scenario and lane; together with `name` it is unique in a document
  std::string name;                    // expectation and seed
  std::string path;                    // where a reader looks …
  std::uint32_t line = 1, column = 0;  // … and at what; column 0: unknown
  Kind kind = Kind::kPassed;
  std::string type;     // of what did not pass: "failed", "undecided", "time-limit", "bad-scenario", …
  std::string words;    // one line: why it did not pass
  std::string out;      // what helps to see it again: seed, hash, repro
  std::int64_t ns = 0;  // of the wall clock
};

struct Suite {
  std::string name, path;
  std::vector<Case> cases;
};

/// A case for each expectation and seed, and one for what is missing when the batch was cut short.
Suite suite_of(const RunResult& result);
/// A case a lane.
Suite suite_of(const Subject& subject, const SweepResult& result, std::uint64_t seed);
/// What kept the command from its work.
Suite suite_of(const Trouble& trouble);

/// What a JUnit file says of the machine; nothing else depends on it.
struct JUnitFacts {
  std::string timestamp;  // ISO 8601, "2026-11-30T21:55:27"
  std::string hostname;
  bool times = true;  // false: all zero, for files that are compared byte for byte
};
/// Valid for the schema of Jenkins's xUnit plugin, and with every field that GitLab reads.
std::string junit(const std::vector<Suite>& suites, const JUnitFacts& facts);

/// GitHub workflow commands (::error file=…,line=…), at most ten: GitHub drops the others.
std::string annotations(const std::vector<Suite>& suites);

}  // namespace twice::lab
