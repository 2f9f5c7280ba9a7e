#pragma once
#include <optional>
#include <string>
#include <vector>

#include "lab/search/expander.h"
#include "lab/search/search.h"

namespace twice::lab::search {

/// Turns a way through the graph of states into something one can follow: what was chosen, and what came of it.
class Storyteller {
 public:
  Storyteller(const Model& model, Expander& expander) : model_(model), expander_(expander) {}
  /// `rows` are representatives, the first that of `first`; the story is of one real run along them. With `mark`, one
  /// more step is told: the first that sets a mark of which that property has something to say.
  std::vector<StoryStep> tell(const std::vector<Row>& rows, const Row& first, std::optional<std::size_t> mark);

 private:
  StoryStep step(std::size_t slot, const Move& move, const Row& before);
  std::string words(std::size_t slot, const Move& move, std::uint32_t place) const;
  std::string message_words(const Payload& body) const;

  const Model& model_;
  Expander& expander_;
};

}  // namespace twice::lab::search
