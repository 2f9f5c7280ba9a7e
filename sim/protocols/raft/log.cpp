#include "protocols/raft/log.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/assert.h"

namespace twice::protocols::raft {
namespace {

bool contains(const std::vector<NodeId>& nodes, NodeId node) {
  return std::find(nodes.begin(), nodes.end(), node) != nodes.end();
}

}  // namespace

bool Configuration::votes(NodeId node) const { return contains(voters, node) || contains(outgoing, node); }

bool Configuration::has(NodeId node) const { return votes(node) || contains(learners, node); }

std::vector<NodeId> Configuration::others(NodeId self) const {
  std::vector<NodeId> all = voters;
  for (const auto* more : {&outgoing, &learners})
    for (const NodeId node : *more)
      if (!contains(all, node)) all.push_back(node);
  std::erase(all, self);
  std::sort(all.begin(), all.end());
  return all;
}

std::string to_text(const Configuration& configuration) {
  const auto names = [](const std::vector<NodeId>& nodes) {
    std::vector<std::string> words;
    for (const NodeId node : nodes) words.push_back(fmt::format("n{}", node.index + 1));
    return fmt::format("{}", fmt::join(words, " "));
  };
  std::string text = names(configuration.voters);
  if (configuration.is_joint()) text = fmt::format("{} and {}", names(configuration.outgoing), text);
  if (!configuration.learners.empty()) text += fmt::format(", learning: {}", names(configuration.learners));
  return text;
}

Block<Entry> make_entry(Term term, Index index, Time stamp, Content content) {
  Entry entry{term, index, stamp, std::move(content)};
  entry.digest = hash_of(entry);
  return Block<Entry>(std::move(entry));
}

std::uint64_t prefix_after(std::uint64_t before, const Entry& entry) { return mix(before ^ entry.digest); }

std::optional<Term> Log::term(Index index) const {
  if (index == base_) return base_term_;
  if (!has(index)) return std::nullopt;
  return at(index)->term;
}

std::optional<std::uint64_t> Log::prefix(Index index) const {
  if (index == base_) return base_prefix_;
  if (!has(index)) return std::nullopt;
  return slots_[index - base_ - 1].prefix;
}

Index Log::last_with_term_up_to(Term term, Index index) const {
  index = std::min(index, last());
  while (index > base_ && at(index)->term > term) --index;
  return std::max(index, base_);
}

void Log::append(Block<Entry> entry) {
  TWICE_ASSERT(entry->index == last() + 1, "an entry does not follow the log");
  const std::uint64_t before = slots_.empty() ? base_prefix_ : slots_.back().prefix;
  const std::uint64_t prefix = prefix_after(before, *entry);
  slots_.push_back({std::move(entry), prefix});
}

void Log::truncate_from(Index index) {
  if (index <= last()) slots_.resize(index > base_ ? index - base_ - 1 : 0);
}

void Log::compact_to(Index index, Term term, std::uint64_t prefix) {
  if (index <= base_) return;
  TWICE_ASSERT(index <= last(), "a log is compacted beyond its end");
  const Slot& newest = slots_[index - base_ - 1];
  const bool same = newest.prefix == prefix;
  base_term_ = same ? newest.entry->term : term;
  base_prefix_ = prefix;
  slots_.erase(slots_.begin(), slots_.begin() + static_cast<std::ptrdiff_t>(index - base_));
  base_ = index;
  if (same) return;  // only a bug puts entries behind what they did not follow
  for (Slot& slot : slots_) slot.prefix = prefix = prefix_after(prefix, *slot.entry);
}

void Log::reset(Index index, Term term, std::uint64_t prefix) {
  slots_.clear();
  base_ = index;
  base_term_ = term;
  base_prefix_ = prefix;
}

}  // namespace twice::protocols::raft
