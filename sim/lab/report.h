#pragma once
// Results for people and for machines. Every function is pure: value in, text out.
#include <cstdint>
#include <string>
#include <vector>

#include "lab/run.h"
#include "lab/sweep.h"

namespace twice::lab {

/// How this program was called, for repro lines: "twice run scenarios/x.toml".
struct Subject {
  std::string scenario_path;
  std::string title;
  std::vector<std::string> set;  // --set PATH=VALUE, as given
  std::string steps;             // --do, as given
};

struct Style {
  bool colour = false;
  unsigned width = 100;
};

/// "twice run scenarios/x.toml --seed 42 --do '…'"
std::string repro(const Subject& subject, const std::string& command, std::uint64_t seed, const std::string& variant, const std::string& steps);

/// The tables, verdicts and FAIL lines of a batch; ends with the summary line.
std::string run_text(const Subject& subject, const scenario::Scenario& scenario, const Batch& batch, const Style& style);
/// Strip, table and smallest failing schedule of each lane.
std::string sweep_text(const Subject& subject, const SweepResult& result, const Style& style);
/// "=" and "D" as a strip of at most `width` cells: a cell shows the worst of its points.
std::string strip(const std::vector<PointOutcome>& points, unsigned width);

std::string sweep_json(const Subject& subject, const SweepResult& result);  // JSON Lines
/// JUnit XML: one case per expectation and seed.
std::string run_junit(const Subject& subject, const scenario::Scenario& scenario, const Batch& batch);
std::string sweep_junit(const Subject& subject, const SweepResult& result);
/// GitHub workflow commands (::error file=…,line=…), at most ten.
std::string run_github(const Subject& subject, const scenario::Scenario& scenario, const Batch& batch);
/// Markdown for a job summary.
std::string run_summary(const Subject& subject, const scenario::Scenario& scenario, const Batch& batch);
std::string sweep_summary(const Subject& subject, const SweepResult& result);

/// What a sweep of this variant means for its lane: as the lane's verdict promises, or not.
enum class SweepVerdict : std::uint8_t { kAsMeant, kNotAsMeant, kUndecided };
SweepVerdict sweep_verdict(const LaneSweep& lane);

}  // namespace twice::lab
