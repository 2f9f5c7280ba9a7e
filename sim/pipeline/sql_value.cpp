#include "pipeline/sql_value.h"

#include <fmt/format.h>

namespace twice::pipeline {
namespace {

std::string hex_literal(const std::string& bytes) {
  std::string text = "x'";
  for (const char c : bytes) fmt::format_to(std::back_inserter(text), "{:02x}", static_cast<unsigned char>(c));
  return text + "'";
}

/// The shortest text that reads back as the same number, and always as a real.
std::string real_text(double value) {
  std::string text = fmt::format("{}", value);
  if (text == "inf") return "9e999";
  if (text == "-inf") return "-9e999";
  if (text.find_first_of(".en") == std::string::npos) text += ".0";
  return text;
}

std::string quoted_text(const std::string& value) {
  std::string text = "'";
  for (const char c : value) text.append(c == '\'' ? 2 : 1, c);
  return text + "'";
}

struct ToText {
  std::string operator()(Null) const { return "NULL"; }
  std::string operator()(std::int64_t v) const { return fmt::format("{}", v); }
  std::string operator()(double v) const { return real_text(v); }
  std::string operator()(const std::string& v) const { return v; }
  std::string operator()(const Blob& v) const { return hex_literal(v.bytes); }
};

struct ToLiteral : ToText {
  using ToText::operator();
  std::string operator()(const std::string& v) const { return quoted_text(v); }
};

}  // namespace

std::string to_text(const SqlValue& value) { return std::visit(ToText{}, value); }
std::string to_literal(const SqlValue& value) { return std::visit(ToLiteral{}, value); }

}  // namespace twice::pipeline
