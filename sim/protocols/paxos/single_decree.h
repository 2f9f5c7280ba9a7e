#pragma once
// Single-decree Paxos (Lamport, "Paxos Made Simple", 2001): servers agree on one value for ever, a register that can
// be written once. Every server is proposer, acceptor and learner.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/node.h"
#include "protocols/client/operation.h"
#include "protocols/paxos/ballot.h"
#include "world/world.h"

namespace twice::protocols::paxos {

struct SingleDecreeParameters {
  Duration timeout = milliseconds(100);  // a proposal without a majority's answer is given up after this
  DurationRange backoff{milliseconds(10), milliseconds(100)};  // before a proposer that was overtaken tries again
  Bug bug = Bug::kNone;
};

struct Accepted {
  static constexpr std::string_view kName = "accepted";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("ballot", self.ballot), v("value", self.value);
  }
  Ballot ballot;
  std::int64_t value = 0;
};

// --- messages, by the paper's phases
struct Prepare {  // 1a
  static constexpr std::string_view kName = "Prepare";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("ballot", self.ballot);
  }
  Ballot ballot;
};
struct Promise {  // 1b: nothing older will be accepted; this was
  static constexpr std::string_view kName = "Promise";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("ballot", self.ballot), v("accepted", self.accepted);
  }
  Ballot ballot;
  std::optional<Accepted> accepted;
};
struct Accept {  // 2a
  static constexpr std::string_view kName = "Accept";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("ballot", self.ballot), v("value", self.value);
  }
  Ballot ballot;
  std::int64_t value = 0;
};
struct AcceptedReply {  // 2b
  static constexpr std::string_view kName = "Accepted";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("ballot", self.ballot);
  }
  Ballot ballot;
};
struct Nack {  // "I have promised a newer one": lets a proposer stop early
  static constexpr std::string_view kName = "Nack";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("ballot", self.ballot), v("promised", self.promised);
  }
  Ballot ballot, promised;
};
struct Chosen {  // what learners are told
  static constexpr std::string_view kName = "Chosen";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("value", self.value);
  }
  std::int64_t value = 0;
};

/// What an acceptor must remember.
struct AcceptorRecord {
  static constexpr std::string_view kName = "acceptor";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("promised", self.promised), v("accepted", self.accepted);
  }
  Ballot promised;
  std::optional<Accepted> accepted;
};

/// A proposal under way.
struct Proposal {
  static constexpr std::string_view kName = "proposal";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("ballot", self.ballot), v("newest", self.newest), v("promised", self.promised), v("value", self.value),
        v("accepted", self.accepted);
  }
  Ballot ballot;
  std::optional<Accepted> newest;     // of those told with promises
  std::vector<NodeId> promised;       // phase 1
  std::optional<std::int64_t> value;  // phase 2 has begun with it
  std::vector<NodeId> accepted;       // phase 2
};

/// Marks: "proposes" and "overtaken" with the round, "chosen" with the round that chose; scope = the node from 1.
struct SingleDecreeNode {
  static constexpr std::string_view kName = "paxos";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("acceptor", self.acceptor), v("proposal", self.proposal), v("learned", self.learned),
        v("newest round", self.newest_round), v("waiting", self.waiting);
  }
  void step(Time now, const Input& input, Effects& effects);

  // Fixed.
  SingleDecreeParameters parameters;
  NodeId self;
  std::uint16_t servers = 1;  // nodes 0 … servers-1
  // Durable.
  AcceptorRecord acceptor;
  // Volatile.
  std::optional<Proposal> proposal;
  std::optional<std::int64_t> learned;
  std::uint64_t newest_round = 0;  // ever heard of
  std::vector<Request> waiting;    // clients without an answer, oldest first

 private:
  bool is_majority(const std::vector<NodeId>& voices) const { return voices.size() > servers / 2u; }
  void begin(const Start& start);
  void propose(Effects& effects);
  void promised(Effects& effects);
  void learn(std::int64_t value, Effects& effects);
  void answer_all(Effects& effects);
  void answer_one(const Request& request, Effects& effects);
  void overtaken(Effects& effects);
  template <class Message>
  void send_all(const Message& message, Effects& effects, WriteToken after = {});
  WriteToken save(Effects& effects);
  void on(NodeId from, const Request& request, Effects& effects);
  void on(NodeId from, const Prepare& message, Effects& effects);
  void on(NodeId from, const Promise& message, Effects& effects);
  void on(NodeId from, const Accept& message, Effects& effects);
  void on(NodeId from, const AcceptedReply& message, Effects& effects);
  void on(NodeId from, const Nack& message, Effects& effects);
  void on(NodeId from, const Chosen& message, Effects& effects);
};

/// Nodes 0..n-1 of a world, in the order of their names.
std::vector<world::NodeSetup> make_single_decree(const std::vector<std::string>& names,
                                                 const SingleDecreeParameters& parameters);

}  // namespace twice::protocols::paxos
