#include "ui/playback/value_text.h"

#include <algorithm>
#include <charconv>
#include <variant>

#include <fmt/format.h>

#include "core/overload.h"

namespace twice::playback {
namespace {

constexpr std::int64_t kClient = 1'000'000'000;
constexpr std::int64_t kMostClients = 10'000;
constexpr std::size_t kMostElements = 3;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::string value_text(std::int64_t value) {
  if (value < kClient || value >= kClient * kMostClients) return fmt::format("{}", value);
  return fmt::format("{}·{}", value / kClient, value % kClient);
}

std::string value_text(const protocols::Cell& cell) {
  if (cell.empty()) return "nil";
  if (cell.size() == 1) return value_text(cell.front());
  std::string text = cell.size() > kMostElements ? "[…" : "[";
  for (std::size_t i = cell.size() - std::min(cell.size(), kMostElements); i < cell.size(); ++i)
    text += (text.size() > 1 ? " " : "") + value_text(cell[i]);
  return text + "]";
}

std::string value_text(const check::Value& value) {
  return std::visit(
      Overload{
          [](const check::Nil&) { return std::string("nil"); }, [](std::int64_t number) { return value_text(number); },
          [](const std::string& text) { return text; },
          [](const check::List& list) { return list.empty() ? std::string("[]") : value_text(protocols::Cell(list)); }},
      value);
}

std::string with_short_values(std::string_view sentence) {
  std::string out;
  for (std::size_t at = 0; at < sentence.size();) {
    if (!is_digit(sentence[at])) {
      out += sentence[at++];
      continue;
    }
    std::size_t end = at;
    while (end < sentence.size() && is_digit(sentence[end])) ++end;
    std::int64_t number = 0;
    const auto [rest, error] = std::from_chars(sentence.data() + at, sentence.data() + end, number);
    out += error == std::errc{} ? value_text(number) : std::string(sentence.substr(at, end - at));
    at = end;
  }
  return out;
}

}  // namespace twice::playback
