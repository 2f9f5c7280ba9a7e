#pragma once
// Tables that the tests of formats write and read.
#include "pipeline/formats/format.h"
#include "support/catch.h"

namespace twice::pipeline::formats {

inline const Schema& order_schema() {
  static const Schema kSchema{{"order_id", {Type::kInteger, false}},
                              {"day", {Type::kText, false}},
                              {"amount", {Type::kInteger, false}},
                              {"weight", {Type::kReal, true}},
                              {"note", {Type::kText, true}}};
  return kSchema;
}

/// Texts that formats stumble over, numbers at their ends, and NULL beside the empty text.
inline SqlTable orders() {
  return {{"order_id", "day", "amount", "weight", "note"},
          {{std::int64_t{1}, "2026-06-23", std::int64_t{30}, 1.5, "leave it at the door"},
           {INT64_MIN, "", INT64_MAX, -0.0, Null{}},
           {INT64_MAX, "007", std::int64_t{-1}, Null{}, ""},
           {std::int64_t{4}, "a \"quoted\", text\r\nin <two> & 'lines'", std::int64_t{0}, 1e300, "\tü € 😀 "},
           {std::int64_t{5}, "null", std::int64_t{0}, 4.9e-324, "1e5"}}};
}

/// The same without what a line of text cannot hold.
inline SqlTable plain_orders() {
  SqlTable table = orders();
  table.rows[3][1] = "a day";
  return table;
}

inline std::string bytes_of(const Bytes& written) {
  if (const auto* error = std::get_if<FormatError>(&written)) FAIL(to_text(*error));
  return std::get<std::string>(written);
}
inline std::string problem_of(const Bytes& written) {
  const auto* error = std::get_if<FormatError>(&written);
  return error ? to_text(*error) : "written";
}
template <class Found>
std::string problem(const std::variant<Found, FormatError>& read) {
  const auto* error = std::get_if<FormatError>(&read);
  return error ? to_text(*error) : "read";
}

/// For messages of failing tests and comparison: every value as SQL would write it.
inline std::string text_of(const SqlTable& table) {
  std::string out;
  for (const std::string& column : table.columns) out += column + "|";
  for (const SqlRow& row : table.rows) {
    out += "\n";
    for (const SqlValue& value : row) out += to_literal(value) + "|";
  }
  return out;
}
inline std::string text_of(const std::variant<ReadFile, FormatError>& read) {
  if (const auto* error = std::get_if<FormatError>(&read)) return to_text(*error);
  return text_of(std::get<ReadFile>(read).table);
}

inline const SqlTable& sample_of(Format format) {
  static const SqlTable kAll = orders(), kPlain = plain_orders();
  return format == Format::kLog ? kPlain : kAll;
}

}  // namespace twice::pipeline::formats
