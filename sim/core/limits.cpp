#include "core/limits.h"

#include <algorithm>

#include <fmt/format.h>

namespace twice::limits {
namespace {

using enum WhenReached;

std::string counted(std::uint64_t number, std::string_view unit) {
  return fmt::format("{} {}", with_commas(number), unit);
}

Limit file(const FileLimit& limit, std::string_view bounds) {
  return {limit.name, in_megabytes(limit.bytes), "", bounds, kRefused};
}

std::vector<Limit> files() {
  return {
      file(kScenarioFile, "a scenario file"),
      file(kScriptFile, "an SQL file: a script, or a file that a scenario names"),
      file(kDataFile, "a source file: CSV, JSON Lines, XML, a log, Avro or columns"),
      file(kLessonFile, "lesson.md"),
      file(kAnswersFile, "a learner's answers, and a file of edits beside them"),
      file(kWordsFile, "the words that the lessons may use"),
      file(kTraceFile, "a trace, read or written"),
      file(kHistoryFile, "a history of operations from outside"),
  };
}

std::vector<Limit> scenarios() {
  return {
      {"nesting", counted(kNesting, "levels"), "", "brackets and dotted keys of a TOML file", kRefused},
      {"variants", with_commas(kVariants), "", "lanes times the cells of a matrix", kRefused},
      {"copied-values", with_commas(kCopiedValues), "", "values of a file times its variants", kRefused},
      {"chaos-slots", with_commas(kChaosSlots), "", "slots of [chaos]", kRefused},
      {"measured-latencies", with_commas(kMeasuredLatencies), "", "values of a latency table", kRefused},
      {"diagnostics", with_commas(kDiagnostics), "", "errors of one file that are listed", kShortened},
  };
}

std::vector<Limit> sql() {
  return {
      {"statement-limit", counted(kStatementSeconds, "s"), "--statement-limit", "real time of one SQL statement",
       kUndecided},
      {"unit-limit", counted(kUnitSeconds, "s"), "--unit-limit",
       "real time of one run, or of one group of crash points, with SQL", kUndecided},
      {"statement-steps", counted(kStatementSteps, "steps"), "", "virtual-machine steps of one SQL statement",
       kUndecided},
      {"memory-limit",
       fmt::format("{} of SQLite, {} of a process", in_megabytes(kSqliteBytes), in_megabytes(kProcessBytes)), "",
       "memory of a process that runs SQL; SQLite's: caches, sorting, temporary tables", kUndecided},
      {"result-size", fmt::format("{} rows, {}", with_commas(kResultRows), in_megabytes(kResultBytes)), "",
       "what one SQL statement returns, and what is read of a table to judge it", kUndecided},
      {"value-size", in_megabytes(kValueBytes), "", "one text, blob or row in SQL", kUndecided},
      {"warehouse-size", in_megabytes(kWarehouseBytes), "", "one file of the warehouse: the database, its journal",
       kUndecided},
      {"statement-shape",
       fmt::format("{} columns, expressions {} deep, {} SELECTs in a compound, {} arguments of a function, {} "
                   "parameters, triggers {} deep, LIKE patterns of {} bytes, programs of {} steps",
                   kColumns, kExpressionDepth, kCompoundSelects, kFunctionArguments, with_commas(kSqlParameters),
                   kTriggerDepth, with_commas(kLikePatternBytes), with_commas(kProgramSteps)),
       "", "an SQL statement; refused when the file is read, undecided when it shows in a run", kUndecided},
      {"statement-text", in_megabytes(kStatementBytes), "", "the text of one SQL statement", kRefused},
      {"check-steps", counted(kCheckSteps, "steps"), "", "work of one CREATE statement while a file is checked",
       kRefused},
  };
}

std::vector<Limit> runs() {
  return {
      {"time-limit", "none", "--time-limit", "real time of the whole command", kUndecided},
      {"worker-died", "3 tries", "", "processes that die, or stand still, on the same unit", kUndecided},
      {"time-stands-still", "100,000 events", "", "events in one causal chain at one instant of virtual time",
       kRefused},
      {"run-events", with_commas(kRunEvents), "", "events of one run", kUndecided},
      {"seeds", with_commas(kSeeds), "", "seeds of --seeds", kUsage},
      {"sweep-points",
       fmt::format("{} of a lane; {} beyond {} source rows", with_commas(kSweepPoints),
                   with_commas(kSweepPointsOfLarge), with_commas(kLargeSourceRows)),
       "--at-most", "crash points of a sweep; the others are named as not tried", kUndecided},
  };
}

std::vector<Limit> judging() {
  return {
      {"linearizable-steps",
       fmt::format("{} in `twice history`, {} in a run", with_commas(kLinearizableSteps),
                   with_commas(kLinearizableStepsOfRun)),
       "--budget", "the search for a linear order of a history", kUndecided},
      {"sequential-steps",
       fmt::format("{} in `twice history`, {} in a run", with_commas(kSequentialSteps),
                   with_commas(kSequentialStepsOfRun)),
       "--budget", "the search for a sequential order", kUndecided},
      {"session-words",
       fmt::format("{} in `twice history`, {} in a run", with_commas(kSessionWords), with_commas(kSessionWordsOfRun)),
       "--budget", "the closure of the session models, in words of 64 bits", kUndecided},
      {"zoo-steps", with_commas(kLinearizableStepsOfZoo), "",
       "the linear order of one random run of `twice zoo`; beyond it the run counts as showing nothing", kUndecided},
  };
}

std::vector<Limit> searches() {
  return {
      {"shrink-runs", with_commas(kShrinkRuns), "--runs", "runs that `twice shrink` tries", kUndecided},
      {"shrink-rows", counted(kShrinkRows, "rows"), "",
       "sources that `twice shrink` takes apart; larger ones stay as they are", kShortened},
      {"search-memory", counted(kSearchMegabytes, "MB"), "--memory", "states of `twice search`", kUndecided},
      {"search-depth", "none", "--max-depth", "depth of `twice search`", kUndecided},
      {"search-states", "none", "--max-states", "distinct states of `twice search`", kUndecided},
  };
}

std::vector<Limit> shown() {
  return {
      {"shown-failures", with_commas(kShownFailures), "", "failures of a run that are told in full", kShortened},
      {"shown-rows", "5 of a kind", "", "rows that a load duplicated, lost or changed", kShortened},
      {"shown-anomalies", "20", "", "anomalies of a history of transactions", kShortened},
      {"shown-annotations", with_commas(kShownAnnotations), "", "annotations for GitHub, which shows no more",
       kShortened},
  };
}

struct Group {
  std::string_view title;
  std::vector<Limit> (*limits)();
};
constexpr Group kGroups[] = {{"Files", files},          {"Scenarios", scenarios}, {"SQL", sql},
                             {"Runs and sweeps", runs}, {"Judging", judging},     {"Shrinking and searching", searches},
                             {"What is shown", shown}};

}  // namespace

std::string_view name_of(WhenReached when) {
  switch (when) {
    case kRefused:
      return "an error, exit 3";
    case kUsage:
      return "an error, exit 64";
    case kUndecided:
      return "undecided, exit 2";
    case kShortened:
      return "the first ones and a count";
  }
  return {};
}

const std::vector<Limit>& all_limits() {
  static const std::vector<Limit> kAll = [] {
    std::vector<Limit> all;
    for (const Group& group : kGroups)
      for (Limit& limit : group.limits()) all.push_back(std::move(limit));
    return all;
  }();
  return kAll;
}

std::string page() {
  std::string out =
      "# Limits\n\n"
      "Written by `twice explain limits --markdown`; do not edit it by hand.\n\n"
      "Nothing runs or reads without end. A limit that is reached never gives a verdict: it is an error that names\n"
      "the file, field or option (exit 3 or 64), or the result is *undecided* and names the limit (exit 2). A limit\n"
      "without an option is fixed.\n";
  for (const Group& group : kGroups) {
    out += fmt::format("\n## {}\n\n| limit | default | option | bounds | when it is reached |\n|---|---|---|---|---|\n",
                       group.title);
    for (const Limit& limit : group.limits())
      out += fmt::format("| {} | {} | {} | {} | {} |\n", limit.name, limit.value,
                         limit.option.empty() ? std::string() : fmt::format("`{}`", limit.option), limit.bounds,
                         name_of(limit.when));
  }
  return out;
}

std::string with_commas(std::uint64_t number) {
  std::string text = fmt::format("{}", number);
  for (std::size_t at = text.size(); at > 3;) text.insert(at -= 3, ",");
  return text;
}

std::string in_megabytes(std::uint64_t bytes) {
  constexpr std::pair<std::uint64_t, std::string_view> kUnits[] = {
      {1'000'000'000, "GB"}, {1'000'000, "MB"}, {1'000, "kB"}};
  for (const auto& [size, unit] : kUnits) {
    if (bytes < size) continue;
    const std::uint64_t tenths = bytes / (size / 10);
    return tenths % 10 == 0 || tenths >= 1000 ? fmt::format("{} {}", tenths / 10, unit)
                                              : fmt::format("{}.{} {}", tenths / 10, tenths % 10, unit);
  }
  return fmt::format("{} {}", bytes, bytes == 1 ? "byte" : "bytes");
}

}  // namespace twice::limits
