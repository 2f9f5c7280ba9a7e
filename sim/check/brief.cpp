#include "check/brief.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/json.h"

namespace twice::check {
namespace {

constexpr std::size_t kMostElements = 8;
constexpr std::size_t kMostBytes = 60;  // of a text

bool is_long(const List& list) { return list.size() > kMostElements; }

// Not in the middle of a character.
std::string beginning(const std::string& text) {
  std::size_t end = kMostBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0u) == 0x80u) --end;
  return text.substr(0, end);
}

std::string element(const List& list, std::size_t at) {
  return at < list.size() ? fmt::format("{}", list[at]) : std::string("none");
}

}  // namespace

std::string brief(const Value& value) {
  if (const auto* list = std::get_if<List>(&value); list && is_long(*list))
    return fmt::format("[{} {} … {}, {} elements]", (*list)[0], (*list)[1], list->back(), list->size());
  if (const auto* text = std::get_if<std::string>(&value); text && text->size() > kMostBytes)
    return fmt::format("{}… ({} bytes)", json_text(beginning(*text)), text->size());
  return to_text(value);
}

std::string first_difference(const Value& one, const Value& other) {
  const auto *a = std::get_if<List>(&one), *b = std::get_if<List>(&other);
  if (!a || !b || (!is_long(*a) && !is_long(*b)) || *a == *b) return {};
  const auto at =
      static_cast<std::size_t>(std::mismatch(a->begin(), a->end(), b->begin(), b->end()).first - a->begin());
  return fmt::format("; the first difference is element {}: {} against {}", at + 1, element(*a, at), element(*b, at));
}

}  // namespace twice::check
