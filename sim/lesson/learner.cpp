#include "lesson/learner.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "core/random.h"
#include "lab/report_format.h"

namespace twice::lesson {
namespace {

std::uint64_t key_of(std::string_view text) {
  std::uint64_t key = mix(text.size());
  for (const char c : text) key = mix_onto(key, static_cast<unsigned char>(c));
  return key;
}

/// Sums and products of whole numbers and names. nullopt: the text is something else.
class Expression {
 public:
  Expression(std::string_view text, const Numbers& numbers) : rest_(text), numbers_(numbers) {}

  std::optional<std::int64_t> value() {
    const auto result = sum();
    skip();
    return rest_.empty() && used_name_ ? result : std::nullopt;
  }

 private:
  using Value = std::optional<std::int64_t>;

  void skip() {
    while (!rest_.empty() && rest_.front() == ' ') rest_.remove_prefix(1);
  }
  char next(std::string_view any_of) {
    skip();
    if (rest_.empty() || any_of.find(rest_.front()) == std::string_view::npos) return 0;
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }

  Value sum() {
    Value left = product();
    while (left) {
      const char sign = next("+-");
      if (!sign) return left;
      const Value right = product();
      std::int64_t result = 0;
      if (!right || (sign == '+' ? __builtin_add_overflow(*left, *right, &result)
                                 : __builtin_sub_overflow(*left, *right, &result)))
        return std::nullopt;
      left = result;
    }
    return left;
  }

  Value product() {
    Value left = atom();
    while (left) {
      const char sign = next("*/");
      if (!sign) return left;
      const Value right = atom();
      std::int64_t result = 0;
      if (!right || (sign == '/' && *right <= 0) || (sign == '*' && __builtin_mul_overflow(*left, *right, &result)))
        return std::nullopt;
      left = sign == '*' ? result : *left / *right;
    }
    return left;
  }

  Value atom() {
    skip();
    std::size_t length = 0;
    const auto part_of_name = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    };
    while (length < rest_.size() && part_of_name(rest_[length])) ++length;
    const std::string word(rest_.substr(0, length));
    rest_.remove_prefix(length);
    if (word.empty()) return std::nullopt;
    if (const auto known = numbers_.find(word); known != numbers_.end()) {
      used_name_ = true;
      return known->second;
    }
    if (word.size() > 12 || word.find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
    return std::stoll(word);
  }

  std::string_view rest_;
  const Numbers& numbers_;
  bool used_name_ = false;
};

std::optional<std::string> replacement(std::string_view inside, const Numbers& numbers) {
  const bool is_grouped = inside.ends_with(":,");
  if (is_grouped) inside.remove_suffix(2);
  const auto value = Expression(inside, numbers).value();
  if (!value) return std::nullopt;
  return is_grouped && *value >= 0 ? lab::grouped(static_cast<std::uint64_t>(*value)) : fmt::format("{}", *value);
}

}  // namespace

std::uint64_t draw_for(const Learner& learner, std::string_view what, std::uint64_t below) {
  return Draw{mix(key_of(learner.name), key_of(what))}.below(below);
}

std::optional<std::uint64_t> seed_for(const Learner& learner, std::uint32_t lesson) {
  if (!learner.named()) return std::nullopt;
  return 1 + draw_for(learner, fmt::format("seed {}", lesson), 1'000'000);
}

std::vector<std::size_t> order_for(const Learner& learner, std::uint32_t lesson, std::string_view step,
                                   std::size_t count) {
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (!learner.named()) return order;
  for (std::size_t i = count; i > 1; --i)  // Fisher and Yates
    std::swap(order[i - 1], order[draw_for(learner, fmt::format("order {} {} {}", lesson, step, i), i)]);
  return order;
}

Numbers numbers_for(const Learner& learner, const FrontMatter& front) {
  Numbers numbers;
  for (const auto& [name, spec] : front.draw) {
    const auto count = static_cast<std::uint64_t>((spec.to - spec.from) / spec.step + 1);
    const std::uint64_t drawn = draw_for(learner, fmt::format("number {} {}", front.number, name), count);
    numbers[name] = learner.named() ? spec.from + static_cast<std::int64_t>(drawn) * spec.step : spec.first;
  }
  return numbers;
}

std::string with_numbers(std::string_view text, const Numbers& numbers) {
  constexpr std::size_t kLongest = 60;
  std::string result;
  while (!text.empty()) {
    const std::size_t open = std::min(text.find('{'), text.size());
    result += text.substr(0, open);
    text.remove_prefix(open);
    if (text.empty()) break;
    const std::size_t close = text.substr(0, kLongest).find('}');
    const auto value = close == std::string_view::npos ? std::nullopt : replacement(text.substr(1, close - 1), numbers);
    result += value ? *value : std::string(text.substr(0, 1));
    text.remove_prefix(value ? close + 1 : 1);
  }
  return result;
}

}  // namespace twice::lesson
