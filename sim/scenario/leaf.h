#pragma once
// Values that are no table: how each is named, written, and read. Everything above goes by these overloads.
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scenario/diagnostics.h"
#include "scenario/field.h"
#include "scenario/spec.h"
#include "scenario/value.h"
#include "scenario/words.h"
#include "world/schedule.h"

namespace twice::scenario {

/// What a value may look like: for error messages, for explain, and for JSON Schema.
struct Shape {
  std::string name;                                             // with its article: "a duration"
  std::string example;                                          // as written in a file
  std::vector<std::string> json = {};                           // JSON Schema types
  std::string pattern = {};                                     // of its text form, a regular expression
  std::vector<std::pair<std::string, std::string>> words = {};  // of a closed set: word, meaning
};

/// Adds "'loss' must be a probability, not a text".
void wrong_kind(Diagnostics& out, const Field& field, const Value& value, const Shape& shape);
/// Checks field.min and field.max; adds the error itself.
bool in_bounds(Diagnostics& out, const Field& field, const Value& value, std::int64_t number, bool is_duration = false);

/// Types written as one text with a grammar of its own.
template <class T>
struct Grammar;
template <>
struct Grammar<Duration> {
  static constexpr std::string_view kName = "a duration", kExample = "\"150ms\"",
                                    kPattern = "^-?[0-9]+(\\.[0-9]+)?(ns|us|ms|s|m|h)$";
  static std::optional<Duration> parse(std::string_view text) { return parse_duration(text); }
  static std::string write(const Duration& d) { return to_string(d); }
};
template <>
struct Grammar<Latency> {
  static constexpr std::string_view kName = "a latency", kExample = "\"1ms..10ms\"", kPattern = "^[0-9a-z.+%|* -]+$";
  static std::optional<Latency> parse(std::string_view text) { return parse_latency(text); }
  static std::string write(const Latency& l) { return to_text(l); }
};
template <>
struct Grammar<CommitRule> {
  static constexpr std::string_view kName = "a commit rule",
                                    kExample = "\"each-row\", \"every 100\", \"once\" or \"none\"",
                                    kPattern = "^(each-row|once|none|every [1-9][0-9]*)$";
  static std::optional<CommitRule> parse(std::string_view text) { return parse_commit(text); }
  static std::string write(const CommitRule& c) { return to_text(c); }
};
template <>
struct Grammar<OnLock> {
  static constexpr std::string_view kName = "a lock rule", kExample = "\"wait 5s\" or \"fail\"",
                                    kPattern = "^(fail|wait [0-9].*)$";
  static std::optional<OnLock> parse(std::string_view text) { return parse_on_lock(text); }
  static std::string write(const OnLock& o) { return to_text(o); }
};
template <>
struct Grammar<pipeline::formats::ColumnType> {
  using ColumnType = pipeline::formats::ColumnType;
  static constexpr std::string_view kName = "a column's type",
                                    kExample = "\"integer\", \"real\" or \"text\"; \"text?\" may be NULL",
                                    kPattern = "^(integer|real|text)\\??$";
  static std::optional<ColumnType> parse(std::string_view text) { return pipeline::formats::parse_column_type(text); }
  static std::string write(const ColumnType& t) { return to_text(t); }
};
template <>
struct Grammar<TimeWindow> {
  static constexpr std::string_view kName = "a window of time", kExample = "\"3s..5s\"", kPattern = "^[0-9].*\\.\\..+$";
  static std::optional<TimeWindow> parse(std::string_view text);
  static std::string write(const TimeWindow& w) { return to_string(w.from - Time{}) + ".." + to_string(w.to - Time{}); }
};
template <>
struct Grammar<MessageName> {
  static constexpr std::string_view kName = "a message", kExample = "\"n1>n2#37\"",
                                    kPattern = "^[^>]+>[^#]+#[1-9][0-9]*$";
  static std::optional<MessageName> parse(std::string_view text);
  static std::string write(const MessageName& m) { return m.from + ">" + m.to + "#" + std::to_string(m.ordinal); }
};
template <>
struct Grammar<LinkName> {
  static constexpr std::string_view kName = "a link", kExample = "\"n1>n2\"", kPattern = "^[^>]+>[^>]+$";
  static std::optional<LinkName> parse(std::string_view text);
  static std::string write(const LinkName& l) { return l.from + ">" + l.to; }
};
template <>
struct Grammar<Rate> {
  static constexpr std::string_view kName = "a rate", kExample = "\"20/s\"", kPattern = "^[0-9]+ */ *(s|min|ms)$";
  static std::optional<Rate> parse(std::string_view text) { return parse_rate(text); }
  static std::string write(const Rate& r) { return to_text(r); }
};
template <>
struct Grammar<DrawnWait> {
  static constexpr std::string_view kName = "a wait, drawn anew each time", kExample = "\"150ms..300ms\"",
                                    kPattern = "^[0-9.]+[a-z]+(\\.\\.[0-9.]+[a-z]+)?$";
  static std::optional<DrawnWait> parse(std::string_view text) { return parse_drawn_wait(text); }
  static std::string write(const DrawnWait& w) { return to_text(w); }
};
template <>
struct Grammar<Drift> {
  static constexpr std::string_view kName = "a drift", kExample = "\"50ppm\" or \"-7ppb\"",
                                    kPattern = "^-?[0-9]+(\\.[0-9]+)?pp[mb]$";
  static std::optional<Drift> parse(std::string_view text) {
    const auto ppb = world::parse_drift(text);
    return ppb ? std::optional(Drift{*ppb}) : std::nullopt;
  }
  static std::string write(const Drift& d) { return world::drift_text(d.ppb); }
};
template <>
struct Grammar<world::Choice> {
  static constexpr std::string_view kName = "a choice of a schedule",
                                    kExample =
                                        "\"deliver n1>n2#3\", \"drop n1>n2#3\", \"fire n1 0\", \"sync n1\", "
                                        "\"crash n1\" or \"restart n1\"",
                                    kPattern = "^ *(deliver|drop|fire|sync|crash|restart) .+$";
  static std::optional<world::Choice> parse(std::string_view text) { return world::parse_choice(text); }
  static std::string write(const world::Choice& c) { return world::to_text(c); }
};
template <class T>
concept HasGrammar = requires(std::string_view text) {
  { Grammar<T>::parse(text) } -> std::same_as<std::optional<T>>;
};
template <class E>
concept WordEnum = std::is_enum_v<E> && requires(E e) {
  words(e);
};

// --- shapes; the pointer only picks the overload
Shape shape_of(const bool*);
Shape shape_of(const std::int64_t*);
Shape shape_of(const std::uint64_t*);
Shape shape_of(const std::uint32_t*);
Shape shape_of(const std::string*);
Shape shape_of(const Probability*);
Shape shape_of(const VerdictSet*);
Shape shape_of(const Seeds*);
Shape shape_of(const Comparison*);
Shape shape_of(const CalendarTime*);
Shape shape_of(const SqlText*);
Shape shape_of(const pipeline::SqlValue*);
Shape shape_of(const ColumnRule*);
Shape shape_of(const Matrix*);
Shape shape_of(const NameList*);
template <HasGrammar T>
Shape shape_of(const T*) {
  return {std::string(Grammar<T>::kName),
          std::string(Grammar<T>::kExample),
          {"string"},
          std::string(Grammar<T>::kPattern),
          {}};
}
template <WordEnum E>
Shape shape_of(const E*) {
  Shape shape{"one of", {}, {"string"}, {}, {}};
  for (const auto& word : words(E{})) {
    shape.words.emplace_back(word.name, word.doc);
    shape.example += (shape.example.empty() ? "\"" : ", \"") + std::string(word.name) + "\"";
  }
  return shape;
}

// --- reading: false = an error was added and `to` is unchanged
bool read(Diagnostics& out, const Field& field, const Value& value, bool& to);
bool read(Diagnostics& out, const Field& field, const Value& value, std::int64_t& to);
bool read(Diagnostics& out, const Field& field, const Value& value, std::uint64_t& to);
bool read(Diagnostics& out, const Field& field, const Value& value, std::uint32_t& to);
bool read(Diagnostics& out, const Field& field, const Value& value, std::string& to);
bool read(Diagnostics& out, const Field& field, const Value& value, Duration& to);
bool read(Diagnostics& out, const Field& field, const Value& value, Probability& to);
bool read(Diagnostics& out, const Field& field, const Value& value, Latency& to);
bool read(Diagnostics& out, const Field& field, const Value& value, VerdictSet& to);
bool read(Diagnostics& out, const Field& field, const Value& value, Seeds& to);
bool read(Diagnostics& out, const Field& field, const Value& value, Comparison& to);
bool read(Diagnostics& out, const Field& field, const Value& value, CalendarTime& to);
bool read(Diagnostics& out, const Field& field, const Value& value, SqlText& to);
bool read(Diagnostics& out, const Field& field, const Value& value, pipeline::SqlValue& to);
bool read(Diagnostics& out, const Field& field, const Value& value, ColumnRule& to);
bool read(Diagnostics& out, const Field& field, const Value& value, Matrix& to);
bool read(Diagnostics& out, const Field& field, const Value& value, NameList& to);

/// Reads a text that must be one of `shape.words`; returns its index.
std::optional<std::size_t> read_word(Diagnostics& out, const Field& field, const Value& value, const Shape& shape);

template <HasGrammar T>
bool read_grammar(Diagnostics& out, const Field& field, const Value& value, T& to) {
  const auto parsed = value.text() ? Grammar<T>::parse(*value.text()) : std::nullopt;
  if (!parsed) return wrong_kind(out, field, value, shape_of(&to)), false;
  to = *parsed;
  if constexpr (requires { to.span; }) to.span = value.span;
  return true;
}
template <HasGrammar T>
bool read(Diagnostics& out, const Field& field, const Value& value, T& to) {
  return read_grammar(out, field, value, to);
}
template <WordEnum E>
bool read(Diagnostics& out, const Field& field, const Value& value, E& to) {
  const auto index = read_word(out, field, value, shape_of(&to));
  if (index) to = words(E{})[*index].value;
  return index.has_value();
}

// --- writing a default as it would stand in a file; empty = no default worth showing
std::string write(bool value);
std::string write(std::int64_t value);
std::string write(std::uint64_t value);
std::string write(std::uint32_t value);
std::string write(const std::string& value);
std::string write(const Probability& value);
std::string write(const VerdictSet& value);
std::string write(const Seeds& value);
std::string write(const Comparison& value);
std::string write(const CalendarTime& value);
std::string write(const SqlText& value);
std::string write(const pipeline::SqlValue& value);
std::string write(const ColumnRule& value);
std::string write(const Matrix& value);
std::string write(const NameList& value);
template <HasGrammar T>
std::string write(const T& value) {
  return "\"" + Grammar<T>::write(value) + "\"";
}
template <WordEnum E>
std::string write(E value) {
  for (const auto& word : words(E{}))
    if (word.value == value) return "\"" + std::string(word.name) + "\"";
  return {};
}

template <class T>
concept Leaf = requires(Diagnostics& out, const Field& field, const Value& value, T& to) {
  { read(out, field, value, to) } -> std::same_as<bool>;
  { shape_of(&to) } -> std::same_as<Shape>;
};

}  // namespace twice::scenario
