#include "pipeline/formats/json.h"

#include <nlohmann/json.hpp>

#include "pipeline/formats/json_line.h"
#include "pipeline/formats/text_rows.h"

namespace twice::pipeline::formats {
namespace {

// Quoted and escaped; the text is UTF-8, which `dump` insists on.
void put_text(std::string& out, const std::string& text) { out += nlohmann::json(text).dump(); }

}  // namespace

Bytes write_json(const SqlTable& table) {
  std::string out;
  for (const SqlRow& row : table.rows) {
    out += '{';
    bool first = true;
    for (std::size_t c = 0; c < row.size(); ++c) {
      if (std::holds_alternative<Null>(row[c])) continue;
      if (!first) out += ',';
      first = false;
      put_text(out, table.columns[c]);
      out += ':';
      if (const auto* text = std::get_if<std::string>(&row[c]))
        put_text(out, *text);
      else
        out += to_text(row[c]);
    }
    out += "}\n";
  }
  return out;
}

TableOrFormatError read_json(std::string_view file, const Schema* schema) {
  TextRows rows(file, schema);
  JsonLine fields;
  for (std::size_t at = 0; at < file.size();) {
    const std::string_view line = file.substr(at, file.substr(at).find('\n'));
    if (line.find_first_not_of(" \t\r") != std::string_view::npos) {
      rows.begin_row(at);
      bool fine = fields.read(line) || rows.fail(at + fields.problem_at, fields.problem);
      for (std::size_t i = 0; fine && i < fields.fields.size(); ++i) {
        auto& [key, value] = fields.fields[i];
        if (schema && std::holds_alternative<Null>(value)) continue;
        fine = rows.value(key, std::move(value), at) || rows.fails_at(at + place_of_key(line, key));
      }
      if (!fine || !rows.end_row()) break;
    }
    at += line.size() + 1;
  }
  return std::move(rows).finish();
}

}  // namespace twice::pipeline::formats
