#pragma once
// Small things that all reports share.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lab/escapes.h"
#include "lab/report.h"

namespace twice::lab {

enum class Paint : std::uint8_t { kStrong, kGood, kBad, kUnsure, kFaint };
/// The text in that colour, or as it is without colours.
std::string painted(std::string_view text, Paint paint, const Style& style);

/// 1234567 as "1,234,567".
std::string grouped(std::uint64_t number);
/// A value of a query for people: integers grouped, text as it stands.
std::string shown(const pipeline::SqlValue& value);
/// "(2026-06-23, 50001, 94)".
std::string shown(const pipeline::SqlRow& row);
/// "1 row", "2 rows".
std::string counted(std::uint64_t number, std::string_view thing);
/// Breaks at blanks into lines of at most `width` columns; line ends in the text count as blanks.
std::vector<std::string> wrapped(std::string_view text, unsigned width);
/// Filled up with blanks to `width` columns.
std::string left(std::string_view text, std::size_t width);
std::string right(std::string_view text, std::size_t width);

/// "scenarios/x.toml:62", or the path alone when the place is unknown.
std::string place_of(const scenario::Scenario& scenario, const scenario::Span& span);
/// The variant of that name; REQUIRES that there is one.
const scenario::Variant& variant_named(const scenario::Scenario& scenario, std::string_view name);

/// What failed or could not be decided, in the order of the report.
struct Failure {
  const RunReport* run = nullptr;  // null: judged over all seeds
  Finding finding;
};
std::vector<Failure> failures_of(const Batch& batch);
/// At most `most` characters; what is left out is counted: "abc… (5,000 characters)".
std::string clipped(std::string_view text, std::size_t most);
/// How the finding ended, in one short line: "wanted == 1800, saw 1000".
std::string to_text(const Finding& finding);
/// "FAIL verdict  seed 1  46.010 s  repro: twice run …  hash 79384b4e92aab833".
std::string fail_line(const RunResult& result, const Failure& failure);
/// "2 of 20 runs, stopped by the time limit".
std::string what_is_missing(const RunResult& result);
/// What metrics measured that the scenario expects something of: "reigns 2, rows.moved 189"; empty without any.
std::string figures_of(const RunReport& run);
/// What a load showed: "duplicates", "undecided". REQUIRES a load.
std::string_view shown_by(const RunReport& run);
/// What a sweep says of a lane, in one line.
std::string words_of(const LaneSweep& lane);

}  // namespace twice::lab
