// Which word a person most likely meant.
#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "scenario/diagnostics.h"

namespace twice::scenario {
namespace {

constexpr std::size_t kLongestWord = 64;

// Edit distance with adjacent swaps (optimal string alignment), three rows of the table.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> two_back(b.size() + 1), back(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) back[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({back[j] + 1, row[j - 1] + 1, back[j - 1] + (a[i - 1] == b[j - 1] ? 0u : 1u)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], two_back[j - 2] + 1);
    }
    two_back.swap(back);
    back.swap(row);
  }
  return back[b.size()];
}

// People mix up '-', '_', ' ' and case more often than letters.
std::string folded(std::string_view word) {
  std::string result;
  for (const char c : word)
    result += c == '_' || c == ' ' ? '-' : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return result;
}

bool is_part_of(std::string_view word, std::string_view candidate) {
  return word.size() >= 3 && candidate.size() > word.size() &&
         (candidate.substr(0, word.size()) == word || candidate.substr(candidate.size() - word.size()) == word);
}

template <class Text>
std::string_view nearest_of(std::string_view word, const std::vector<Text>& candidates) {
  if (word.empty() || word.size() > kLongestWord) return {};
  const std::string wanted = folded(word);
  std::string_view best, part;
  std::size_t best_distance = std::max<std::size_t>(wanted.size() / 3, 1) + 1;
  for (const Text& candidate : candidates) {
    if (candidate.size() > kLongestWord) continue;
    const std::string known = folded(candidate);
    const std::size_t apart = std::max(wanted.size(), known.size()) - std::min(wanted.size(), known.size());
    const std::size_t d = apart < best_distance ? distance(wanted, known) : apart;
    if (d < best_distance && d < known.size()) best = candidate, best_distance = d;
    if (part.empty() && is_part_of(wanted, known)) part = candidate;
  }
  return best.empty() ? part : best;
}

template <class Text>
std::string suggestion(std::string_view word, const std::vector<Text>& candidates, std::string otherwise) {
  const std::string_view best = nearest_of(word, candidates);
  return best.empty() ? std::move(otherwise) : fmt::format("did you mean '{}'?", best);
}

}  // namespace

std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates) {
  return nearest_of(word, candidates);
}
std::string_view nearest(std::string_view word, const std::vector<std::string>& candidates) {
  return nearest_of(word, candidates);
}
std::string did_you_mean(std::string_view word, const std::vector<std::string_view>& candidates,
                         std::string otherwise) {
  return suggestion(word, candidates, std::move(otherwise));
}
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates, std::string otherwise) {
  return suggestion(word, candidates, std::move(otherwise));
}

}  // namespace twice::scenario
