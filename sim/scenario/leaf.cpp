#include "scenario/leaf.h"

#include <limits>

#include <fmt/format.h>

#include "scenario/scan.h"

namespace twice::scenario {
namespace {

// "must be one of …" names the words themselves.
std::string wanted(const Shape& shape) {
  if (shape.words.empty()) return shape.name;
  return shape.words.size() == 1 ? shape.example : "one of " + shape.example;
}

std::string shown(const Value& value) {
  if (const auto* text = value.text()) return text->size() <= 40 ? "'" + *text + "'" : std::string("this text");
  return std::string(kind_of(value));
}

template <class Unsigned>
bool read_unsigned(Diagnostics& out, const Field& field, const Value& value, Unsigned& to) {
  std::int64_t number = 0;
  if (!read(out, field, value, number)) return false;
  if (number < 0) return out.error(value.span, fmt::format("'{}' cannot be negative", field.name)), false;
  if (static_cast<std::uint64_t>(number) > std::numeric_limits<Unsigned>::max())
    return out.error(value.span,
                     fmt::format("'{}' can be at most {}", field.name, std::numeric_limits<Unsigned>::max())),
           false;
  return to = static_cast<Unsigned>(number), true;
}

}  // namespace

void wrong_kind(Diagnostics& out, const Field& field, const Value& value, const Shape& shape) {
  const std::string help =
      shape.example.empty() || !shape.words.empty() ? std::string() : "for example " + shape.example;
  out.error(value.span, fmt::format("'{}' must be {}, not {}", field.name, wanted(shape), shown(value)), help);
}

bool in_bounds(Diagnostics& out, const Field& field, const Value& value, std::int64_t number, bool is_duration) {
  const auto text = [&](std::int64_t n) { return is_duration ? to_string(Duration{n}) : std::to_string(n); };
  if (number < field.min)
    return out.error(value.span,
                     fmt::format("'{}' must be at least {}, not {}", field.name, text(field.min), text(number))),
           false;
  if (number > field.max)
    return out.error(value.span,
                     fmt::format("'{}' must be at most {}, not {}", field.name, text(field.max), text(number))),
           false;
  return true;
}

std::optional<std::size_t> read_word(Diagnostics& out, const Field& field, const Value& value, const Shape& shape) {
  const std::string* text = value.text();
  if (!text) return wrong_kind(out, field, value, shape), std::nullopt;
  std::vector<std::string_view> known;
  for (std::size_t i = 0; i < shape.words.size(); ++i) {
    if (shape.words[i].first == *text) return i;
    known.push_back(shape.words[i].first);
  }
  out.error(value.span, fmt::format("'{}' must be {}, not {}", field.name, wanted(shape), shown(value)),
            did_you_mean(*text, known));
  return std::nullopt;
}

Shape shape_of(const bool*) { return {"true or false", "true", {"boolean"}}; }
Shape shape_of(const std::int64_t*) { return {"an integer", "10", {"integer"}}; }
Shape shape_of(const std::uint64_t*) { return {"a whole number", "10", {"integer"}}; }
Shape shape_of(const std::uint32_t*) { return {"a whole number", "10", {"integer"}}; }
Shape shape_of(const std::string*) { return {"a text", "\"like this\"", {"string"}}; }
Shape shape_of(const SqlText*) { return {"SQL in quotes", "\"SELECT 1\"", {"string"}}; }
Shape shape_of(const pipeline::SqlValue*) {
  return {"a number or a text", "10 or \"ten\"", {"string", "number", "integer"}};
}

bool read(Diagnostics& out, const Field& field, const Value& value, bool& to) {
  const bool* given = std::get_if<bool>(&value.data);
  if (!given) return wrong_kind(out, field, value, shape_of(&to)), false;
  return to = *given, true;
}

bool read(Diagnostics& out, const Field& field, const Value& value, std::int64_t& to) {
  const std::int64_t* given = value.integer();
  if (!given) return wrong_kind(out, field, value, shape_of(&to)), false;
  if (!in_bounds(out, field, value, *given)) return false;
  return to = *given, true;
}

bool read(Diagnostics& out, const Field& field, const Value& value, std::uint64_t& to) {
  return read_unsigned(out, field, value, to);
}
bool read(Diagnostics& out, const Field& field, const Value& value, std::uint32_t& to) {
  return read_unsigned(out, field, value, to);
}

bool read(Diagnostics& out, const Field& field, const Value& value, std::string& to) {
  if (!value.text()) return wrong_kind(out, field, value, shape_of(&to)), false;
  return to = *value.text(), true;
}

bool read(Diagnostics& out, const Field& field, const Value& value, Duration& to) {
  Duration given;
  if (const auto* n = value.integer()) {
    out.error(value.span, fmt::format("'{}' needs a unit", field.name), fmt::format("\"{}ms\" or \"{}s\"", *n, *n));
    return false;
  }
  if (!read_grammar(out, field, value, given) || !in_bounds(out, field, value, given.ns, true)) return false;
  return to = given, true;
}

bool read(Diagnostics& out, const Field& field, const Value& value, SqlText& to) {
  if (!value.text()) return wrong_kind(out, field, value, shape_of(&to)), false;
  return to = {*value.text(), value.span, 0}, true;
}

bool read(Diagnostics& out, const Field& field, const Value& value, pipeline::SqlValue& to) {
  if (const auto* n = value.integer()) return to = *n, true;
  if (const auto* r = std::get_if<Decimal>(&value.data)) return to = r->value, true;
  if (const auto* s = value.text()) return to = *s, true;
  return wrong_kind(out, field, value, shape_of(&to)), false;
}

std::string write(bool value) { return value ? "true" : "false"; }
std::string write(std::int64_t value) { return std::to_string(value); }
std::string write(std::uint64_t value) { return std::to_string(value); }
std::string write(std::uint32_t value) { return std::to_string(value); }
std::string write(const std::string& value) { return value.empty() ? "" : "\"" + value + "\""; }
std::string write(const SqlText& value) { return write(value.text); }
std::string write(const pipeline::SqlValue& value) { return pipeline::to_text(value); }

}  // namespace twice::scenario
