#pragma once
// Oracle 1: the rows of a table against the rows it should hold, as multisets.
#include <cstdint>
#include <string>
#include <vector>

#include "pipeline/sql_value.h"

namespace twice::check {

/// Which columns say what a row is. Names are compared without case, as SQL does.
struct RowIdentity {
  std::vector<std::string> key;     // empty: all columns that are not ignored
  std::vector<std::string> ignore;  // may differ between runs (load time, batch number)
};

/// How `found` differs from `wanted`. Counts are exact; samples hold at most kSamples rows each, in table order.
struct TableDifference {
  static constexpr std::size_t kSamples = 5;
  std::uint64_t wanted_rows = 0, found_rows = 0;
  std::uint64_t duplicated = 0;  // rows found more often than wanted, beyond the wanted number
  std::uint64_t lost = 0;        // wanted rows that are missing
  std::uint64_t changed = 0;     // rows whose identity is wanted and whose other values are wrong
  std::vector<std::string> columns;
  std::vector<pipeline::SqlRow> duplicated_samples, lost_samples, changed_samples;

  bool equal() const { return duplicated == 0 && lost == 0 && changed == 0; }
};

/// REQUIRES the same columns in both tables, in any order; a column missing on one side counts as NULL.
TableDifference compare(const pipeline::SqlTable& wanted, const pipeline::SqlTable& found, const RowIdentity& identity);

}  // namespace twice::check
