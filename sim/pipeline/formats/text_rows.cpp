#include "pipeline/formats/text_rows.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "pipeline/formats/source_file_error.h"

namespace twice::pipeline::formats {

FormatError text_error(std::string_view text, std::size_t at, std::uint64_t row, std::string message) {
  const FileError place = file_error(text, at, {});
  return {row, at, place.line, place.column, std::move(message)};
}

TextRows::TextRows(std::string_view file, const Schema* schema) : file_(file), schema_(schema) {
  if (!schema_) return;
  for (const Column& column : *schema_) table_.columns.push_back(column.name);
}

void TextRows::begin_row(std::size_t at) {
  current_.assign(table_.columns.size(), Null{});
  seen_.assign(table_.columns.size(), false);
  next_ = 0;
  row_at_ = at;
  in_row_ = true;
}

bool TextRows::text(std::string_view name, std::string_view value, std::size_t at) {
  const auto place = place_of(name, at);
  if (!place) return false;
  if (!schema_) {
    if (!is_utf8(value)) return fail(at, fmt::format("'{}' holds bytes that are no UTF-8", name));
    current_[*place] = std::string(value);
    return true;
  }
  const Column& column = (*schema_)[*place];
  auto found = typed(value, column.type.type);
  if (!found) return fail(at, not_typed(column, value));
  current_[*place] = std::move(*found);
  return true;
}

bool TextRows::value(std::string_view name, SqlValue value, std::size_t at) {
  const auto place = place_of(name, at);
  if (!place) return false;
  if (schema_) {
    const Column& column = (*schema_)[*place];
    if (auto problem = misfit(column, value)) return fail(at, std::move(*problem));
    const auto* whole = std::get_if<std::int64_t>(&value);
    if (whole && column.type.type == Type::kReal) value = static_cast<double>(*whole);
  }
  current_[*place] = std::move(value);
  return true;
}

bool TextRows::end_row() {
  if (schema_)
    for (std::size_t c = 0; c < schema_->size(); ++c)
      if (!seen_[c] && !(*schema_)[c].type.optional) return fail(row_at_, missing((*schema_)[c]));
  table_.rows.push_back(std::move(current_));
  in_row_ = false;
  return true;
}

bool TextRows::fail(std::size_t at, std::string message) {
  if (!error_) error_ = text_error(file_, at, row(), std::move(message));
  return false;
}

bool TextRows::fails_at(std::size_t at) {
  if (error_) error_ = text_error(file_, at, error_->row, std::move(error_->message));
  return false;
}

TableOrFormatError TextRows::finish() && {
  if (error_) return std::move(*error_);
  for (SqlRow& row : table_.rows) row.resize(table_.columns.size(), Null{});
  return std::move(table_);
}

// Most files repeat their fields in one order, so the next one is looked at first.
std::optional<std::size_t> TextRows::place_of(std::string_view name, std::size_t at) {
  auto& columns = table_.columns;
  std::size_t place = next_;
  if (place >= columns.size() || columns[place] != name)
    place = static_cast<std::size_t>(std::find(columns.begin(), columns.end(), name) - columns.begin());
  if (place == columns.size()) {
    if (schema_) return fail(at, fmt::format("'{}' is no column of the schema", name)), std::nullopt;
    if (!is_utf8(name)) return fail(at, "a column's name is no UTF-8"), std::nullopt;
    columns.emplace_back(name);
    current_.push_back(Null{});
    seen_.push_back(false);
  }
  if (seen_[place]) return fail(at, fmt::format("'{}' is there twice", name)), std::nullopt;
  seen_[place] = true;
  next_ = place + 1;
  return place;
}

}  // namespace twice::pipeline::formats
