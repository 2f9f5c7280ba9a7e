#pragma once
// The parts a global state is made of. A *place* is one node with the messages on their way to it. Every distinct local
// state, message, inbox and place has a small number, and what can happen at a place is worked out once: a node steps
// once for each (local state, input), however many global states that pair is part of.
#include <cstdint>
#include <exception>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "lab/search/flat_map.h"
#include "lab/search/model.h"

namespace twice::lab::search {

/// A node asked for something that a search cannot do; the message names node and effect.
struct Unsupported : std::exception {
  explicit Unsupported(std::string words) : text(std::move(words)) {}
  const char* what() const noexcept override { return text.c_str(); }
  std::string text;
};

/// One thing that can happen at a place.
struct Move {
  enum class Kind : std::uint8_t { kDeliver, kIgnore, kDrop, kTimer, kSync, kCrash, kRestart };
  Kind kind = Kind::kDeliver;
  std::uint8_t timer = 0;
  std::uint32_t message = 0;     // deliver, ignore (the node is down), drop
  std::uint32_t to = 0;          // the place afterwards
  std::uint32_t first_send = 0;  // of Places::sends
  std::uint32_t sends = 0;
  std::uint64_t marks = 0;  // bit p: property p has something to say about a mark of this step
};

class Places {
 public:
  explicit Places(const Model& model);

  std::size_t nodes() const { return slots_.size(); }
  /// The first state: every node has started, or what the model gives. One place a node.
  std::vector<std::uint32_t> first();
  /// The messages on their way in it, on each link in the order in which they were sent.
  const std::vector<std::uint32_t>& first_sends() const { return first_sends_; }
  /// What can happen at a place of node `slot`; the reference holds until the next call.
  const std::vector<Move>& moves(std::size_t slot, std::uint32_t place) {
    Slot& s = slots_[slot];
    if (place >= s.moves.size() || !s.moves[place].known) find_moves(slot, place);
    return s.moves[place].list;
  }
  /// The place with one more message on its way.
  std::uint32_t add(std::size_t slot, std::uint32_t place, std::uint32_t message) {
    const std::uint64_t key = std::uint64_t{place} << 32 | message;
    const std::uint32_t known = slots_[slot].added.find(key);
    return known != FlatMap::kNone ? known : add_new(slot, place, message);
  }
  const std::vector<std::uint32_t>& sends() const { return sends_; }
  const InFlight& message(std::uint32_t id) const { return messages_[id]; }
  std::size_t receiver(std::uint32_t message) const { return messages_[message].to.index; }
  const Local& local(std::size_t slot, std::uint32_t place) const {
    return slots_[slot].locals[slots_[slot].places[place].local];
  }
  std::uint32_t local_id(std::size_t slot, std::uint32_t place) const { return slots_[slot].places[place].local; }
  const std::vector<std::uint32_t>& inbox(std::size_t slot, std::uint32_t place) const {
    return *inboxes_[slots_[slot].places[place].inbox];
  }
  /// Numbers for what may be new.
  std::uint32_t place_of(std::size_t slot, Local local, const std::vector<std::uint32_t>& messages);
  std::uint32_t message_id(InFlight message);
  /// How many things a node did that had not been worked out before.
  std::uint64_t steps() const { return steps_; }
  std::size_t bytes() const;

  /// Marks of the move, in order: for telling what happened. Steps the node again.
  std::vector<Mark> marks_of(std::size_t slot, std::uint32_t place, const Move& move);

 private:
  struct Place {
    std::uint32_t local, inbox;
  };
  struct Moves {
    bool known = false;
    std::vector<Move> list;
  };
  struct Slot {
    FlatMap local_ids, place_ids, added;
    std::vector<Local> locals;
    std::vector<Place> places;
    std::vector<Moves> moves;
  };
  struct Outcome {
    Local local;
    std::vector<std::uint32_t> sends;
    std::vector<Mark> marks;
    bool effects = false;
  };

  Outcome step(std::size_t slot, const Local& before, const Input& input);
  void perform(std::size_t slot, Effects& effects, Outcome& outcome);
  void settle(std::size_t slot, WriteToken token, Outcome& outcome);
  void settle_at_once(std::size_t slot, Outcome& outcome);
  Outcome start(std::size_t slot, std::vector<Record> durable);
  Outcome happen(std::size_t slot, const Local& before, const Move& move);
  Local crashed(std::size_t slot, const Local& before) const;
  void send(std::size_t slot, const Send& send, Outcome& outcome);

  std::uint32_t add_new(std::size_t slot, std::uint32_t place, std::uint32_t message);
  void find_moves(std::size_t slot, std::uint32_t place);
  void find_deliveries(std::size_t slot, Place place, std::vector<Move>& list);
  void offer(std::size_t slot, Place place, Move move, std::uint32_t inbox_after, std::vector<Move>& list);
  std::uint64_t judge_marks(std::size_t slot, const std::vector<Mark>& marks) const;

  std::uint32_t local_id_of(std::size_t slot, Local local);
  std::uint32_t place_id_of(std::size_t slot, Place place);
  std::uint32_t inbox_id_of(std::vector<std::uint32_t> messages);
  std::uint32_t without(std::uint32_t inbox, std::size_t position);

  const Model& model_;
  std::vector<Slot> slots_;
  FlatMap message_ids_;
  std::vector<InFlight> messages_;
  std::map<std::vector<std::uint32_t>, std::uint32_t> inbox_ids_;
  std::vector<const std::vector<std::uint32_t>*> inboxes_;  // keys of inbox_ids_
  std::vector<std::uint32_t> sends_, first_sends_;
  Effects effects_;
  std::uint64_t steps_ = 0;
  std::size_t own_bytes_ = 0;
};

/// Digest of everything a Local consists of.
std::uint64_t digest_of(const Local& local);

}  // namespace twice::lab::search
