#include "pipeline/formats/csv.h"

#include "pipeline/formats/csv_cells.h"
#include "pipeline/formats/text_rows.h"

namespace twice::pipeline::formats {
namespace {

bool needs_quotes(std::string_view text) {
  return text.empty() || text.find_first_of(",\"\r\n") != std::string_view::npos || reads_as_number(text);
}

void put_cell(std::string& out, std::string_view text) {
  if (!needs_quotes(text)) return void(out += text);
  out += '"';
  for (const char c : text) out.append(c == '"' ? 2 : 1, c);
  out += '"';
}

void put(std::string& out, const SqlValue& value) {
  if (std::holds_alternative<Null>(value)) return;
  if (const auto* text = std::get_if<std::string>(&value)) return put_cell(out, *text);
  out += to_text(value);
}

FormatError no_csv(const FileError& error) { return {0, error.at, error.line, error.column, error.message}; }

}  // namespace

Bytes write_csv(const SqlTable& table) {
  std::string out;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    if (c > 0) out += ',';
    put_cell(out, table.columns[c]);
  }
  out += '\n';
  for (const SqlRow& row : table.rows) {
    for (std::size_t c = 0; c < row.size(); ++c) {
      if (c > 0) out += ',';
      put(out, row[c]);
    }
    out += '\n';
  }
  return out;
}

TableOrFormatError read_csv(std::string_view file, const Schema* schema) {
  if (!schema) {
    auto guessed = pipeline::read_csv(file);
    if (const auto* error = std::get_if<FileError>(&guessed)) return no_csv(*error);
    return std::get<SqlTable>(std::move(guessed));
  }
  auto split = CsvCells::split(file);
  if (const auto* error = std::get_if<FileError>(&split)) return no_csv(*error);
  const auto& [columns, cells] = std::get<CsvCells>(split);
  // A column that the header does not name is an error of the header, not of every row.
  for (const std::string& name : columns)
    if (!find_column(*schema, name)) return text_error(file, 0, 0, "'" + name + "' is no column of the schema");
  TextRows rows(file, schema);
  for (std::size_t i = 0; i < cells.size(); i += columns.size()) {
    const auto at = [&](const CsvCell& cell) { return static_cast<std::size_t>(cell.begin - file.data()); };
    rows.begin_row(at(cells[i]));
    for (std::size_t c = 0; c < columns.size(); ++c) {
      const CsvCell& cell = cells[i + c];
      if (cell.is_null()) continue;
      const bool fine =
          cell.doubled ? rows.text(columns[c], text_of(cell), at(cell)) : rows.text(columns[c], cell.raw(), at(cell));
      if (!fine) return std::move(rows).finish();
    }
    if (!rows.end_row()) break;
  }
  return std::move(rows).finish();
}

}  // namespace twice::pipeline::formats
