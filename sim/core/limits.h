#pragma once
// Every limit of the program: its one home. `all_limits` is what `twice explain limits` prints and docs/limits.md
// holds. Reaching one never gives a verdict: it is an error, or an undecided result that names the limit.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace twice::limits {

constexpr std::uint64_t kMegabyte = 1'000'000;

/// How large a file may be, checked before it is read.
struct FileLimit {
  constexpr FileLimit(std::uint64_t most, std::string_view its_name = "file-size", std::string_view of = "such a file")
      : bytes(most), name(its_name), what(of) {}
  constexpr operator std::uint64_t() const { return bytes; }

  std::uint64_t bytes;
  std::string_view name, what;
};

// --- files
constexpr FileLimit kScenarioFile{8 * kMegabyte, "scenario-file", "a scenario"};
constexpr FileLimit kScriptFile{8 * kMegabyte, "script-file", "an SQL file"};
constexpr FileLimit kDataFile{64 * kMegabyte, "data-file", "a source file"};
constexpr FileLimit kLessonFile{1 * kMegabyte, "lesson-file", "a lesson"};
constexpr FileLimit kAnswersFile{1 * kMegabyte, "answers-file", "a file of answers"};
constexpr FileLimit kWordsFile{4 * kMegabyte, "words-file", "a list of words"};
constexpr FileLimit kTraceFile{256 * kMegabyte, "trace-file", "a trace"};
constexpr FileLimit kHistoryFile{64 * kMegabyte, "history-file", "a history"};

// --- scenarios
constexpr std::uint64_t kNesting = 64;
constexpr std::uint64_t kVariants = 10'000;
constexpr std::uint64_t kCopiedValues = 4'000'000;
constexpr std::uint64_t kChaosSlots = 100'000;
constexpr std::uint64_t kMeasuredLatencies = 100'000;
constexpr std::uint64_t kLoaders = 8;
constexpr std::uint64_t kDiagnostics = 50;

// --- SQL
constexpr std::uint64_t kStatementSteps = 50'000'000;
constexpr std::uint64_t kCheckSteps = 5'000'000;
constexpr std::uint64_t kStatementBytes = 1'000'000;
constexpr std::uint64_t kValueBytes = 1'000'000;
constexpr std::uint64_t kResultRows = 200'000;
constexpr std::uint64_t kResultBytes = 64 * kMegabyte;
constexpr std::uint64_t kSqliteBytes = 256 * kMegabyte;
constexpr std::uint64_t kWarehouseBytes = 128 * kMegabyte;
constexpr std::uint64_t kColumns = 500;
constexpr std::uint64_t kExpressionDepth = 200;
constexpr std::uint64_t kCompoundSelects = 100;
constexpr std::uint64_t kProgramSteps = 1'000'000;
constexpr std::uint64_t kFunctionArguments = 100;
constexpr std::uint64_t kLikePatternBytes = 1'000;
constexpr std::uint64_t kSqlParameters = 1'000;
constexpr std::uint64_t kTriggerDepth = 50;
constexpr std::uint64_t kStatementSeconds = 10;
constexpr std::uint64_t kUnitSeconds = 60;
constexpr std::uint64_t kProcessBytes = 4'000 * kMegabyte;

// --- runs and sweeps
constexpr std::uint64_t kSeeds = 10'000'000;
constexpr std::uint64_t kRunEvents = 100'000'000;
constexpr std::uint64_t kSweepPoints = 50'000;
constexpr std::uint64_t kLargeSourceRows = 10'000;
constexpr std::uint64_t kSweepPointsOfLarge = 2'000;

// --- judging
constexpr std::uint64_t kLinearizableSteps = 10'000'000;
constexpr std::uint64_t kSequentialSteps = 2'000'000;
constexpr std::uint64_t kSessionWords = 200'000'000;
constexpr std::uint64_t kLinearizableStepsOfRun = 3'000'000;
constexpr std::uint64_t kSequentialStepsOfRun = 1'000'000;
constexpr std::uint64_t kSessionWordsOfRun = 30'000'000;
constexpr std::uint64_t kLinearizableStepsOfZoo = 200'000;

// --- shrinking and searching
constexpr std::uint64_t kShrinkRuns = 2'000;
constexpr std::uint64_t kShrinkRows = 20'000;
constexpr std::uint64_t kSearchMegabytes = 2'000;

// --- what is shown; the whole is always counted
constexpr std::uint64_t kShownFailures = 10;
constexpr std::uint64_t kShownAnnotations = 10;

/// What becomes of a command that reaches a limit.
enum class WhenReached : std::uint8_t {
  kRefused,    // an error that names the file or the field; exit 3
  kUsage,      // an error that names the option; exit 64
  kUndecided,  // the result is undecided and names the limit; exit 2
  kShortened,  // only what is printed: the first ones and how many there are
};
std::string_view name_of(WhenReached when);

struct Limit {
  std::string_view name;    // "statement-steps": as results name it
  std::string value;        // "50,000,000 steps"
  std::string_view option;  // that changes it: "--time-limit"; empty: none does
  std::string_view bounds;  // "work of one SQL statement"
  WhenReached when;
};
/// By subject, in the order of the page.
const std::vector<Limit>& all_limits();
/// docs/limits.md.
std::string page();

/// 50,000,000
std::string with_commas(std::uint64_t number);
/// "64 MB", "4.3 GB", "12 kB", "900 bytes": of a thousand, as disks are sold.
std::string in_megabytes(std::uint64_t bytes);

}  // namespace twice::limits
