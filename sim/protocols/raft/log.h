#pragma once
// The replicated log and what it holds. Terms and indices count from 1; 0 = before everything.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/block.h"
#include "core/ids.h"
#include "protocols/client/operation.h"

namespace twice::protocols::raft {

using Term = std::uint64_t;
using Index = std::uint64_t;

/// Who votes and who only learns. `outgoing` is not empty while two configurations are in force together (joint
/// consensus): then both majorities must agree.
struct Configuration {
  static constexpr std::string_view kName = "configuration";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("voters", self.voters), v("outgoing", self.outgoing), v("learners", self.learners), v("joining", self.joining);
  }
  bool operator==(const Configuration&) const = default;
  bool is_joint() const { return !outgoing.empty(); }
  bool votes(NodeId node) const;
  bool has(NodeId node) const;  // as a voter, a learner or one who is leaving
  std::vector<NodeId> others(NodeId self) const;

  std::vector<NodeId> voters, outgoing, learners;  // ordered by id
  std::vector<NodeId> joining;                     // learners who become voters once they have caught up
};
std::string to_text(const Configuration& configuration);  // "n1 n2 n3", ids from 1

/// Of an election: something to commit in the new term (thesis §6.4, step 1).
struct Nothing {
  static constexpr std::string_view kName = "no-op";
  template <class Self, class V>
  static void visit(Self&, V&) {}
};
using Content = std::variant<Nothing, Request, Configuration>;

struct Entry {
  static constexpr std::string_view kName = "entry";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("term", self.term), v("index", self.index), v("stamp", self.stamp), v("content", self.content);
  }
  Term term = 0;
  Index index = 0;
  Time stamp{};  // the leader's clock when it took the entry in: the time by which sessions expire
  Content content;
  std::uint64_t digest = 0;  // of the fields above
};
Block<Entry> make_entry(Term term, Index index, Time stamp, Content content);

/// Entries after `base`; what came before is in the snapshot. `prefix` names everything up to an entry.
class Log {
 public:
  static constexpr std::string_view kName = "log";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("base", self.base_), v("base term", self.base_term_), v("entries", self.slots_);
  }

  Index base() const { return base_; }
  Term base_term() const { return base_term_; }
  Index first() const { return base_ + 1; }
  Index last() const { return base_ + slots_.size(); }
  Term last_term() const { return slots_.empty() ? base_term_ : slots_.back().entry->term; }
  bool has(Index index) const { return index > base_ && index <= last(); }
  /// REQUIRES has(index).
  const Block<Entry>& at(Index index) const { return slots_[index - base_ - 1].entry; }
  /// nullopt: compacted away, or not there yet.
  std::optional<Term> term(Index index) const;
  std::optional<std::uint64_t> prefix(Index index) const;
  /// The newest entry with a term <= `term`, at or before `index`; never before the base.
  Index last_with_term_up_to(Term term, Index index) const;

  /// REQUIRES that the entry is the next one.
  void append(Block<Entry> entry);
  void truncate_from(Index index);
  /// Forgets entries up to `index`, which is in the log; what it goes on from is of `term` and named `prefix`.
  void compact_to(Index index, Term term, std::uint64_t prefix);
  /// Forgets everything; the log begins after this entry.
  void reset(Index index, Term term, std::uint64_t prefix);

 private:
  struct Slot {
    static constexpr std::string_view kName = "slot";
    template <class Self, class V>
    static void visit(Self& self, V& v) {
      v("entry", self.entry);
    }
    Block<Entry> entry;
    std::uint64_t prefix;
  };
  Index base_ = 0;
  Term base_term_ = 0;
  std::uint64_t base_prefix_ = 0;
  std::vector<Slot> slots_;
};

/// What follows `before` when an entry with this digest is added.
std::uint64_t prefix_after(std::uint64_t before, const Entry& entry);

}  // namespace twice::protocols::raft
