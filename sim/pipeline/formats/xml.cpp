#include "pipeline/formats/xml.h"

#include <optional>

#include <fmt/format.h>
#include <pugixml.hpp>

#include "pipeline/formats/text_rows.h"

namespace twice::pipeline::formats {
namespace {

std::optional<std::string> escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '\r')
      out += "&#13;";  // as it stands it would become a line end
    else if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t')
      return std::nullopt;
    else
      out += c;
  }
  return out;
}

bool is_blank(const char* text) {
  return std::string_view(text).find_first_not_of(" \t\r\n") == std::string_view::npos;
}

std::size_t place_of(const pugi::xml_node& node) {
  return node.offset_debug() < 0 ? 0 : static_cast<std::size_t>(node.offset_debug());
}

/// A document as rows. Nothing but elements and text is expected.
class Walker {
 public:
  Walker(std::string_view file, const Schema* schema) : file_(file), rows_(file, schema) {}

  TableOrFormatError walk(const pugi::xml_document& document) && {
    const pugi::xml_node root = document.document_element();
    if (std::string_view(root.name()) != "rows" || root.next_sibling())
      return text_error(file_, place_of(root), 0, "the file is one element <rows>");
    for (const pugi::xml_node row : root.children()) {
      if (row.type() == pugi::node_pcdata && is_blank(row.value())) continue;
      if (!take_row(row)) break;
    }
    return std::move(rows_).finish();
  }

 private:
  bool take_row(const pugi::xml_node& row) {
    if (row.type() != pugi::node_element || std::string_view(row.name()) != "row" || row.first_attribute())
      return rows_.fail(place_of(row), "<rows> holds elements <row> without attributes");
    rows_.begin_row(place_of(row));
    for (const pugi::xml_node field : row.children()) {
      if (field.type() == pugi::node_pcdata && is_blank(field.value())) continue;
      if (!take_field(field)) return false;
    }
    return rows_.end_row();
  }

  bool take_field(const pugi::xml_node& field) {
    const pugi::xml_node text = field.first_child();
    const bool plain = !text || (text.type() == pugi::node_pcdata && !text.next_sibling());
    if (field.type() != pugi::node_element || field.first_attribute() || !plain)
      return rows_.fail(place_of(field), "a field is an element that holds text and nothing else");
    return rows_.text(field.name(), text.value(), place_of(text ? text : field));
  }

  std::string_view file_;
  TextRows rows_;
};

}  // namespace

Bytes write_xml(const SqlTable& table) {
  std::string out = "<rows>\n";
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    out += "<row>";
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
      const SqlValue& value = table.rows[r][c];
      if (std::holds_alternative<Null>(value)) continue;
      const auto text = escaped(to_text(value));
      if (!text)
        return FormatError{
            r + 1, {}, 0, 0, fmt::format("'{}' holds a control character, which XML cannot", table.columns[c])};
      fmt::format_to(std::back_inserter(out), "<{0}>{1}</{0}>", table.columns[c], *text);
    }
    out += "</row>\n";
  }
  return out + "</rows>\n";
}

TableOrFormatError read_xml(std::string_view file, const Schema* schema) {
  // The parser would take it for the end.
  if (const std::size_t nul = file.find('\0'); nul != std::string_view::npos)
    return text_error(file, nul, 0, "this is not XML: a null character");
  pugi::xml_document document;
  const auto parsed =
      document.load_buffer(file.data(), file.size(), pugi::parse_escapes | pugi::parse_ws_pcdata, pugi::encoding_utf8);
  if (!parsed)
    return text_error(file, static_cast<std::size_t>(parsed.offset < 0 ? 0 : parsed.offset), 0,
                      fmt::format("this is not XML: {}", parsed.description()));
  return Walker(file, schema).walk(document);
}

}  // namespace twice::pipeline::formats
