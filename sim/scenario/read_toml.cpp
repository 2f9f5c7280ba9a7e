// The only file that knows toml++.
#include <algorithm>

#include <fmt/format.h>
#include <toml++/toml.h>

#include "scenario/text.h"
#include "scenario/toml_limits.h"
#include "scenario/value.h"

namespace twice::scenario {
namespace {

Span span_of(const toml::source_region& region, std::uint32_t source, std::uint32_t lines_before) {
  return {source,
          {region.begin.line + lines_before, region.begin.column},
          {region.end.line + lines_before, region.end.column}};
}

/// Copies toml++'s tree into ours. Tables come sorted by key and leave in the order of the file.
class Converter {
 public:
  Converter(std::string_view text, std::uint32_t source, std::uint32_t lines_before)
      : text_(text), source_(source), lines_before_(lines_before) {
    line_starts_.push_back(0);
    for (std::size_t i = 0; i < text.size(); ++i)
      if (text[i] == '\n') line_starts_.push_back(i + 1);
  }

  Table table(const toml::table& from) const {
    Table result;
    result.reserve(from.size());
    for (const auto& [key, node] : from)
      result.push_back({std::string(key.str()), span_of(key.source(), source_, lines_before_), value(node)});
    std::stable_sort(result.begin(), result.end(),
                     [](const Entry& a, const Entry& b) { return a.key_span.begin < b.key_span.begin; });
    return result;
  }

 private:
  Value value(const toml::node& node) const {
    Value result{false, span_of(node.source(), source_, lines_before_)};
    if (const auto* t = node.as_table())
      result.data = table(*t);
    else if (const auto* a = node.as_array())
      result.data = list(*a);
    else if (const auto* s = node.as_string())
      result.data = s->get();
    else if (const auto* i = node.as_integer())
      result.data = i->get();
    else if (const auto* d = node.as_floating_point())
      result.data = Decimal{d->get(), written(result.span)};
    else if (const auto* b = node.as_boolean())
      result.data = b->get();
    else
      result.data = Calendar{written(result.span)};
    return result;
  }

  List list(const toml::array& from) const {
    List result;
    result.reserve(from.size());
    for (const auto& node : from) result.push_back(value(node));
    return result;
  }

  std::string written(const Span& span) const {
    const std::size_t line = std::min<std::size_t>(span.begin.line - lines_before_, line_starts_.size()) - 1;
    const std::string_view rest = text_.substr(line_starts_[line]);
    const std::size_t from = byte_of_column(rest, span.begin.column);
    const std::size_t to = byte_of_column(rest, span.end.column);
    return std::string(rest.substr(from, to - from));
  }

  std::string_view text_;
  std::uint32_t source_, lines_before_;
  std::vector<std::size_t> line_starts_;
};

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

std::string help_for(std::string_view message) {
  if (contains(message, "cannot redefine")) return "a key may be given only once in its table; remove one of the two";
  if (contains(message, "control characters") || contains(message, "while parsing string: encountered end"))
    return "a text of several lines stands between ''' and '''";
  if (contains(message, "literal string: encountered end") || contains(message, "string: encountered end"))
    return "the text has no closing quote";
  if (contains(message, "leading zeroes"))
    return "write the number without leading zeros, or in quotes if it is a text";
  if (contains(message, "expected '='")) return "a line is: key = value; a key with spaces needs quotes";
  if (contains(message, "while parsing boolean")) return "texts need quotes: \"like this\"";
  if (contains(message, "expected value")) return "texts need quotes, and a key needs a value";
  if (contains(message, "inline table"))
    return "a table in { } stands on one line, without a comma at the end; for more lines write it as a [section]";
  if (contains(message, "array")) return "a list is [a, b, c]: check its commas and its closing bracket";
  if (contains(message, "escape sequence")) return "a backslash starts an escape in \"…\"; in '…' it stands for itself";
  if (contains(message, "not representable")) return "numbers have at most 64 bits";
  return {};
}

// "Error while parsing key-value pair: expected '=', saw 'b'" -> "expected '=', saw 'b' (in a key-value pair)"
std::string in_our_words(std::string_view description) {
  constexpr std::string_view kPrefix = "Error while parsing ";
  const std::size_t colon = description.find(": ");
  if (description.substr(0, kPrefix.size()) != kPrefix || colon == std::string_view::npos)
    return std::string(description);
  if (contains(description, "parsing string: unescaped control")) return "this text has no closing quote on its line";
  const std::string_view what = description.substr(kPrefix.size(), colon - kPrefix.size());
  const bool vowel = std::string_view("aeiou").find(what.front()) != std::string_view::npos;
  return fmt::format("{} (while reading {} {})", description.substr(colon + 2), vowel ? "an" : "a", what);
}

}  // namespace

std::optional<Table> read_toml(std::string_view text, std::uint32_t source, Diagnostics& out,
                               const ReadLimits& limits) {
  if (!within_limits(text, source, limits, out)) return std::nullopt;
  try {
    return Converter(text, source, limits.lines_before).table(toml::parse(text));
  } catch (const toml::parse_error& error) {
    const std::string_view description = error.description();
    out.error(span_of(error.source(), source, limits.lines_before), in_our_words(description), help_for(description));
    return std::nullopt;
  }
}

}  // namespace twice::scenario
