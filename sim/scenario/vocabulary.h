#pragma once
// What the nodes of a scenario say and understand: the marks they report, the messages they send, the words they can
// be told. A step, a link rule or a command that speaks of anything else would wait for ever, so it is an error.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenario/spec.h"

namespace twice::scenario {

/// A mark and what its number (`value`) counts.
struct MarkWord {
  std::string_view name;
  std::string_view value;  // "the term", "the node, from 1"
  bool never_zero = true;  // its number begins at 1: a step without `value` waits for 0, and so for nothing
};
/// All marks that a node of this scenario can report. A test holds this list against what shipped runs report.
std::vector<MarkWord> marks_of(const Spec& spec);
/// "committed (the participant, from 1)", … joined by commas.
std::string marks_text(const std::vector<MarkWord>& marks);

/// Names of all messages that nodes of this scenario send each other.
std::vector<std::string_view> messages_of(const Spec& spec);

/// Why a node does not understand these words, and what it would.
struct Misunderstood {
  std::string message, help;
};
/// nullopt: it understands them. `node` exists, or is a group.
std::optional<Misunderstood> misunderstood(const Spec& spec, std::string_view node, std::string_view words);

}  // namespace twice::scenario
