#pragma once
// A columnar file, after the idea of Parquet and small enough to read in a sitting. All numbers are little endian.
//
//     "TWC1" | chunks | footer | size of the footer (4 bytes) | "TWC1"
//
// Rows lie in groups; of each group every column has a chunk of its own, one after another. The footer names the
// columns and their types and says of each chunk where it lies, how many of its values are NULL, and the least and the
// greatest. A chunk: how it is encoded (1 byte), one bit a row that says whether there is a value (only if some are
// NULL), values:
//     integer   the difference to the value before it, zigzag, 7 bits a byte
//     real      8 bytes
//     text      size and bytes each; or each text once and then its number, where that is shorter
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "pipeline/formats/schema.h"

namespace twice::pipeline::formats {

constexpr std::size_t kRowsOfGroup = 4096;

/// The table must have been made to conform to the schema.
std::string write_columnar(const SqlTable& table, const Schema& schema, std::size_t rows_of_group = kRowsOfGroup);

struct Range {
  std::string column;
  SqlValue low, high;  // both included, of the column's kind
};

/// What to read. Groups whose least and greatest value say that no row lies in the range are not read.
struct ColumnarQuery {
  const std::vector<std::string>* columns = nullptr;  // null: all
  std::optional<Range> range{};
  const Schema* schema = nullptr;  // the file's must be the same
};

struct ColumnarRows {
  SqlTable table;                // the columns asked for, in their order; only rows in the range
  std::uint64_t bytes_read = 0;  // the footer, its size, and the chunks that were looked at
  std::uint64_t groups = 0, groups_skipped = 0;
};
std::variant<ColumnarRows, FormatError> read_columnar(std::string_view file, const ColumnarQuery& query);

}  // namespace twice::pipeline::formats
