#pragma once
// What differs from learner to learner: seeds, numbers in the text, the order of answers. All of it is a function of
// the learner's name, so that a teacher can compute it again and a copied answer is worth nothing.
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lesson/spec.h"

namespace twice::lesson {

struct Learner {
  std::string name;  // empty: nobody in particular, who gets the numbers of the author
  bool named() const { return !name.empty(); }
};

/// One draw for this learner; `what` names what it is for.
std::uint64_t draw_for(const Learner& learner, std::string_view what, std::uint64_t below);

/// The seed a learner's runs begin with; nullopt for somebody without a name, who gets the scenario's.
std::optional<std::uint64_t> seed_for(const Learner& learner, std::uint32_t lesson);

/// Positions 0..count-1 in the order in which this learner sees them.
std::vector<std::size_t> order_for(const Learner& learner, std::uint32_t lesson, std::string_view step,
                                   std::size_t count);

using Numbers = std::map<std::string, std::int64_t>;
Numbers numbers_for(const Learner& learner, const FrontMatter& front);

/// Replaces {name}, {1000 + name} and, with thousands separated, {1000 + name:,}. Braces around anything else stay.
std::string with_numbers(std::string_view text, const Numbers& numbers);

}  // namespace twice::lesson
