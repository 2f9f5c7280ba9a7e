#include "pipeline/formats/format.h"

#include <utility>

#include <fmt/format.h>

#include "core/assert.h"
#include "pipeline/formats/avro.h"
#include "pipeline/formats/columnar.h"
#include "pipeline/formats/csv.h"
#include "pipeline/formats/json.h"
#include "pipeline/formats/log_lines.h"
#include "pipeline/formats/xml.h"

namespace twice::pipeline::formats {
namespace {

std::optional<std::string> unwritable(const SqlValue& value) {
  if (const auto* text = std::get_if<std::string>(&value); text && !is_utf8(*text)) return "bytes that are no UTF-8";
  if (const auto* real = std::get_if<double>(&value); real && *real - *real != 0) return "a number that is not finite";
  if (std::holds_alternative<Blob>(value)) return "a blob";
  return std::nullopt;
}

std::optional<FormatError> unwritable(const SqlTable& table) {
  for (const std::string& name : table.columns)
    if (!is_column_name(name))
      return FormatError{0, {}, 0, 0, fmt::format("'{}' is no name that every format can write", name)};
  for (std::size_t r = 0; r < table.rows.size(); ++r)
    for (std::size_t c = 0; c < table.columns.size(); ++c)
      if (const auto what = unwritable(table.rows[r][c]))
        return FormatError{r + 1, {}, 0, 0, fmt::format("'{}' holds {}", table.columns[c], *what)};
  return std::nullopt;
}

Bytes write_fitting(Format format, const SqlTable& table, const Schema* schema) {
  switch (format) {
    case Format::kCsv:
      return write_csv(table);
    case Format::kJson:
      return write_json(table);
    case Format::kXml:
      return write_xml(table);
    case Format::kLog:
      return write_log(table, default_pattern(table.columns));
    case Format::kAvro:
      return write_avro(table, *schema);
    case Format::kColumnar:
      return write_columnar(table, *schema);
  }
  return std::string();
}

TableOrFormatError read_whole(Format format, std::string_view file, const Reading& how) {
  switch (format) {
    case Format::kCsv:
      return read_csv(file, how.schema);
    case Format::kJson:
      return read_json(file, how.schema);
    case Format::kXml:
      return read_xml(file, how.schema);
    case Format::kLog:
      return read_log(file, how.schema, how.pattern);
    case Format::kAvro:
    case Format::kColumnar:
      return read_avro(file, how.schema);
  }
  return SqlTable{};
}

}  // namespace

std::string_view name_of(Format format) {
  switch (format) {
    case Format::kCsv:
      return "csv";
    case Format::kJson:
      return "json";
    case Format::kXml:
      return "xml";
    case Format::kLog:
      return "log";
    case Format::kAvro:
      return "avro";
    case Format::kColumnar:
      return "columnar";
  }
  return {};
}

std::string_view ending_of(Format format) {
  switch (format) {
    case Format::kCsv:
      return "csv";
    case Format::kJson:
      return "jsonl";
    case Format::kXml:
      return "xml";
    case Format::kLog:
      return "log";
    case Format::kAvro:
      return "avro";
    case Format::kColumnar:
      return "twc";
  }
  return {};
}

bool carries_schema(Format format) { return format == Format::kAvro || format == Format::kColumnar; }

Bytes write(Format format, const SqlTable& table, const Schema* schema) {
  TWICE_ASSERT(schema || !carries_schema(format), "this format needs a schema");
  if (auto error = unwritable(table)) return *error;
  if (!schema) return write_fitting(format, table, nullptr);
  auto fitting = conform(table, *schema);
  if (auto* error = std::get_if<FormatError>(&fitting)) return std::move(*error);
  return write_fitting(format, std::get<SqlTable>(fitting), schema);
}

std::variant<ReadFile, FormatError> read(Format format, std::string_view file, const Reading& how) {
  if (format == Format::kColumnar) {
    auto rows = read_columnar(file, {how.columns, {}, how.schema});
    if (auto* error = std::get_if<FormatError>(&rows)) return std::move(*error);
    auto& found = std::get<ColumnarRows>(rows);
    return ReadFile{std::move(found.table), found.bytes_read};
  }
  auto rows = read_whole(format, file, how);
  if (auto* error = std::get_if<FormatError>(&rows)) return std::move(*error);
  return ReadFile{std::get<SqlTable>(std::move(rows)), file.size()};
}

}  // namespace twice::pipeline::formats
