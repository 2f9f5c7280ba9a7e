#include "scenario/toml_text.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/overload.h"

namespace twice::scenario {
namespace {

std::string key_text(std::string_view key) {
  const auto bare = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  };
  return !key.empty() && std::all_of(key.begin(), key.end(), bare) ? std::string(key) : toml_string(key);
}

bool has_lines(const std::string& text) { return text.find('\n') != std::string::npos; }

// SQL is easier to read as it was written; a text that a literal cannot hold is quoted.
bool fits_literal(const std::string& text) {
  return text.find("'''") == std::string::npos && text.back() != '\'' &&
         std::all_of(text.begin(), text.end(), [](char c) {
           const auto byte = static_cast<unsigned char>(c);
           return c == '\n' || c == '\t' || (byte >= 0x20 && byte != 0x7f);
         });
}

bool all_tables(const List& list) {
  return !list.empty() && std::all_of(list.begin(), list.end(), [](const Value& v) { return v.table() != nullptr; });
}

bool all_texts_with_lines(const List& list) {
  return std::any_of(list.begin(), list.end(), [](const Value& v) { return v.text() && has_lines(*v.text()); });
}

std::string block_text(const Value& value) {
  const std::string* text = value.text();
  if (text && has_lines(*text) && fits_literal(*text)) return fmt::format("'''\n{}'''", *text);
  const List* list = value.list();
  if (!list || !(all_tables(*list) || all_texts_with_lines(*list))) return inline_toml(value);
  std::string lines = "[\n";
  for (const Value& item : *list) lines += fmt::format("  {},\n", item.table() ? inline_toml(item) : block_text(item));
  return lines + "]";
}

void add_section(std::string& out, const std::string& path, const Table& table, std::string_view open,
                 std::string_view close) {
  const auto is_plain = [](const Entry& e) { return e.value.table() == nullptr; };
  const bool only_tables = !table.empty() && std::none_of(table.begin(), table.end(), is_plain);
  if (!only_tables || open == "[[") out += fmt::format("\n{}{}{}\n", open, path, close);
  for (const Entry& entry : table)
    if (is_plain(entry)) out += fmt::format("{} = {}\n", key_text(entry.key), block_text(entry.value));
  for (const Entry& entry : table)
    if (!is_plain(entry)) add_section(out, path + "." + key_text(entry.key), *entry.value.table(), "[", "]");
}

}  // namespace

std::string toml_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') out += '\\';
    if (byte < 0x20 || byte == 0x7f)
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(byte));
    else
      out += c;
  }
  return out + '"';
}

std::string inline_toml(const Value& value) {
  return std::visit(
      Overload{[](bool b) { return std::string(b ? "true" : "false"); },
               [](std::int64_t n) { return std::to_string(n); }, [](const Decimal& d) { return d.written; },
               [](const std::string& s) { return toml_string(s); }, [](const Calendar& c) { return c.written; },
               [](const List& list) {
                 std::string text = "[";
                 for (const Value& item : list) text += (text.size() > 1 ? ", " : "") + inline_toml(item);
                 return text + "]";
               },
               [](const Table& table) {
                 std::string text = "{";
                 for (const Entry& e : table)
                   text +=
                       fmt::format("{}{} = {}", text.size() > 1 ? ", " : " ", key_text(e.key), inline_toml(e.value));
                 return text + " }";
               }},
      value.data);
}

std::string toml_text(const Table& file) {
  std::string out;
  const auto is_section = [](const Entry& e) {
    return e.value.table() || (e.key == "client" && e.value.list() && all_tables(*e.value.list()));
  };
  for (const Entry& entry : file)
    if (!is_section(entry)) out += fmt::format("{} = {}\n", key_text(entry.key), block_text(entry.value));
  for (const Entry& entry : file) {
    if (!is_section(entry) || entry.key == "lane") continue;
    const std::string key = key_text(entry.key);
    if (entry.value.table()) add_section(out, key, *entry.value.table(), "[", "]");
    if (const List* list = entry.value.list())
      for (const Value& item : *list) add_section(out, key, *item.table(), "[[", "]]");
  }
  if (const Entry* lane = find(file, "lane"); lane && lane->value.table())
    add_section(out, "lane", *lane->value.table(), "[[", "]]");
  return out;
}

}  // namespace twice::scenario
