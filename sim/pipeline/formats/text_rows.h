#pragma once
// What every text format does with the fields it finds: puts them into rows, as they are or as a schema says.
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "pipeline/formats/schema.h"

namespace twice::pipeline::formats {

/// The error at a byte of a text file.
FormatError text_error(std::string_view text, std::size_t at, std::uint64_t row, std::string message);

/// Takes field after field of row after row. Without a schema the columns are those that turn up, and a row that lacks
/// one has NULL there. False from any function: there is an error, and nothing more is taken.
class TextRows {
 public:
  /// Both must outlive this; `schema` may be null.
  TextRows(std::string_view file, const Schema* schema);

  void begin_row(std::size_t at);
  /// A field whose text is all that the format knows.
  bool text(std::string_view name, std::string_view value, std::size_t at);
  /// A field whose kind the format knows.
  bool value(std::string_view name, SqlValue value, std::size_t at);
  bool end_row();
  bool fail(std::size_t at, std::string message);
  /// The error there is lies really here.
  bool fails_at(std::size_t at);

  std::uint64_t row() const { return table_.rows.size() + (in_row_ ? 1 : 0); }
  TableOrFormatError finish() &&;

 private:
  std::optional<std::size_t> place_of(std::string_view name, std::size_t at);

  std::string_view file_;
  const Schema* schema_;
  SqlTable table_;
  SqlRow current_;
  std::vector<bool> seen_;
  std::size_t next_ = 0, row_at_ = 0;
  bool in_row_ = false;
  std::optional<FormatError> error_;
};

}  // namespace twice::pipeline::formats
