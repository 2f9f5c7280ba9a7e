#include <array>

#include <fmt/format.h>

#include "scenario/scan.h"
#include "scenario/words.h"

namespace twice::scenario {
namespace {

// Longer signs first, so that "<=" is not read as "<".
constexpr std::array<Word<Compare>, 6> kSigns{{{Compare::kEqual, "==", "is"},
                                               {Compare::kNotEqual, "!=", "is not"},
                                               {Compare::kAtMost, "<=", "is at most"},
                                               {Compare::kAtLeast, ">=", "is at least"},
                                               {Compare::kLess, "<", "is less than"},
                                               {Compare::kGreater, ">", "is more than"}}};

bool decide(Compare how, std::partial_ordering order) {
  switch (how) {
    case Compare::kEqual:
      return order == 0;
    case Compare::kNotEqual:
      return order != 0;
    case Compare::kLess:
      return order < 0;
    case Compare::kAtMost:
      return order <= 0;
    case Compare::kGreater:
      return order > 0;
    case Compare::kAtLeast:
      return order >= 0;
  }
  return false;
}

// An integer against a real without losing the integer's last bits.
std::partial_ordering order_of(std::int64_t a, double b) {
  if (b != b) return std::partial_ordering::unordered;
  if (b >= 9223372036854775808.0) return std::partial_ordering::less;
  if (b < -9223372036854775808.0) return std::partial_ordering::greater;
  const auto whole = static_cast<std::int64_t>(b);
  if (a != whole) return a <=> whole;
  return 0.0 <=> b - static_cast<double>(whole);
}

std::partial_ordering reversed(std::partial_ordering order) { return 0 <=> order; }

struct Order {
  std::partial_ordering operator()(std::int64_t a, std::int64_t b) const { return a <=> b; }
  std::partial_ordering operator()(double a, double b) const { return a <=> b; }
  std::partial_ordering operator()(std::int64_t a, double b) const { return order_of(a, b); }
  std::partial_ordering operator()(double a, std::int64_t b) const { return reversed(order_of(b, a)); }
  std::partial_ordering operator()(const std::string& a, const std::string& b) const { return a.compare(b) <=> 0; }
  std::partial_ordering operator()(std::int64_t a, Duration b) const { return a <=> b.ns; }
  std::partial_ordering operator()(double a, Duration b) const { return reversed(order_of(b.ns, a)); }
  std::partial_ordering operator()(pipeline::Null, pipeline::Null) const { return std::partial_ordering::equivalent; }
  template <class A, class B>
  std::partial_ordering operator()(const A&, const B&) const {
    return std::partial_ordering::unordered;
  }
};

std::optional<Operand> parse_operand(std::string_view text) {
  if (text == "NULL" || text == "null") return Operand{pipeline::Null{}};
  if (text.size() >= 2 && text.front() == '\'' && text.back() == '\'')
    return Operand{std::string(text.substr(1, text.size() - 2))};
  if (const auto n = number<std::int64_t>(text)) return Operand{*n};
  if (const auto d = parse_duration(text)) return Operand{*d};
  const bool decimal = text.find_first_not_of("+-.0123456789eE") == std::string_view::npos;
  if (const auto r = decimal ? number<double>(text) : std::nullopt) return Operand{*r};
  return std::nullopt;
}

struct OperandText {
  std::string operator()(std::int64_t n) const { return std::to_string(n); }
  std::string operator()(double r) const { return fmt::format("{}", r); }
  std::string operator()(Duration d) const { return to_string(d); }
  std::string operator()(const std::string& s) const { return "'" + s + "'"; }
  std::string operator()(pipeline::Null) const { return "NULL"; }
};

}  // namespace

std::string_view name_of(Compare compare) {
  for (const auto& sign : kSigns)
    if (sign.value == compare) return sign.name;
  return {};
}

std::string to_text(const Comparison& comparison) {
  return fmt::format("{} {}", name_of(comparison.how), std::visit(OperandText{}, comparison.value));
}

std::optional<Comparison> parse_comparison(std::string_view text) {
  text = trim(text);
  for (const auto& sign : kSigns) {
    const auto rest = after(text, sign.name);
    if (!rest) continue;
    const auto operand = parse_operand(*rest);
    if (!operand) return std::nullopt;
    return Comparison{sign.value, *operand, {}};
  }
  return std::nullopt;
}

bool holds(const Comparison& comparison, const pipeline::SqlValue& left) {
  return decide(comparison.how, std::visit(Order{}, left, comparison.value));
}

bool holds(const Comparison& comparison, Duration left) {
  if (const auto* bound = std::get_if<Duration>(&comparison.value))
    return decide(comparison.how, left.ns <=> bound->ns);
  return holds(comparison, pipeline::SqlValue{left.ns});
}

}  // namespace twice::scenario
