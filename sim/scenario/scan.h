#pragma once
// Small readers for the texts inside values.
#include <charconv>
#include <optional>
#include <string_view>

namespace twice::scenario {

inline std::string_view trim(std::string_view text) {
  const auto is_space = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

/// The rest of `text` after `prefix`, trimmed; nullopt when it does not start so.
inline std::optional<std::string_view> after(std::string_view text, std::string_view prefix) {
  if (text.substr(0, prefix.size()) != prefix) return std::nullopt;
  return trim(text.substr(prefix.size()));
}

/// The whole text as a number; nullopt when it is none or does not fit.
template <class Number>
std::optional<Number> number(std::string_view text) {
  Number result{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), result);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return result;
}

}  // namespace twice::scenario
