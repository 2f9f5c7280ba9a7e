#pragma once
// Raft (Ongaro & Ousterhout 2014; Ongaro's thesis): one input in, effects out. What a crash spares is `Persistent` and
// nothing else. Each concern has its file: election, replication, follower, commit, reads, membership, snapshots,
// operator. See README.md.
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/node.h"
#include "protocols/raft/messages.h"
#include "protocols/raft/parameters.h"
#include "protocols/raft/persistent.h"
#include "world/world.h"

namespace twice::protocols::raft {

/// One step's surroundings.
struct Turn {
  Time now;  // the node's own clock
  Effects& effects;
};

// --- roles
struct Follower {
  static constexpr std::string_view kName = "follower";
  template <class Self, class V>
  static void visit(Self&, V&) {}
};
/// Asks whether it would win.
struct PreCandidate {
  static constexpr std::string_view kName = "pre-candidate";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("granted", self.granted);
  }
  std::vector<NodeId> granted;
};
struct Candidate {
  static constexpr std::string_view kName = "candidate";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("granted", self.granted), v("refused", self.refused);
  }
  std::vector<NodeId> granted, refused;
};

/// How a leader sends to a peer: one message at a time until it knows where their logs meet; then several at once; or
/// a snapshot, because what the peer lacks is no longer in the log.
enum class Sending : std::uint8_t { kProbe, kReplicate, kSnapshot };
std::string_view name_of(Sending sending);  // probe, replicate, snapshot

/// What a leader knows of another server.
struct Peer {
  static constexpr std::string_view kName = "peer";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("node", self.node), v("match", self.match), v("next", self.next), v("sending", self.sending),
        v("in flight", self.in_flight), v("offset", self.offset), v("round", self.round);
  }
  NodeId node;
  Index match = 0;  // their logs agree, durably, up to here; only grows while the leader leads
  Index next = 1;   // the entry to send next; always > match
  Sending sending = Sending::kProbe;
  std::uint32_t in_flight = 0;  // messages with entries, or parts of a snapshot, without an answer
  std::uint32_t offset = 0;     // keys of `snapshot` that it has
  Block<Snapshot> snapshot;     // being sent
  std::uint64_t round = 0;      // the newest it has answered
  bool answered = false;        // since the last heartbeat
};

/// A client to be told when an entry is applied.
struct Waiting {
  static constexpr std::string_view kName = "waiting";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("index", self.index), v("id", self.id);
  }
  Index index;
  RequestId id;
};
/// A read to be answered when a majority has answered `round` and the entries up to `index` are applied. It is a
/// client's, or a batch of a follower's.
struct PendingRead {
  static constexpr std::string_view kName = "pending read";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("round", self.round), v("index", self.index), v("id", self.id), v("key", self.key), v("follower", self.follower),
        v("batch", self.batch);
  }
  std::uint64_t round = 0;
  Index index = 0;
  RequestId id{};
  std::uint32_t key = 0;
  NodeId follower = kNobody;
  std::uint64_t batch = 0;
};
struct Transfer {
  static constexpr std::string_view kName = "transfer";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("to", self.to), v("until", self.until), v("asked", self.asked);
  }
  NodeId to;
  Time until;          // it has failed by then, and the leader goes on
  bool asked = false;  // TimeoutNow was sent
};

struct Leader {
  static constexpr std::string_view kName = "leader";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("peers", self.peers), v("first", self.first), v("round", self.round), v("confirmed", self.confirmed),
        v("confirmed at", self.confirmed_at), v("waiting", self.waiting), v("reads", self.reads),
        v("transfer", self.transfer), v("handed over", self.handed_over);
  }
  Peer* peer(NodeId node);

  std::vector<Peer> peers;                             // of the configuration in force, ordered by id
  Index first = 0;                                     // the first entry of its term
  std::uint64_t round = 0;                             // newest call for everybody's attention
  std::uint64_t confirmed = 0;                         // newest round that a majority answered …
  Time confirmed_at{};                                 // … and when it was sent, by the leader's clock
  std::vector<std::pair<std::uint64_t, Time>> rounds;  // sent and not confirmed, oldest first
  std::vector<Waiting> waiting;                        // oldest first
  std::vector<PendingRead> reads;                      // oldest first
  bool round_wanted = false;                           // reads wait for a round that was not sent yet
  std::optional<Transfer> transfer;
  bool handed_over = false;  // TimeoutNow was sent, and may arrive long after the transfer was given up
};

using Role = std::variant<Follower, PreCandidate, Candidate, Leader>;

/// A follower's own reads on their way to the leader and back.
struct FollowerRead {
  static constexpr std::string_view kName = "follower read";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("batch", self.batch), v("index", self.index), v("id", self.id), v("key", self.key);
  }
  std::uint64_t batch = 0;
  std::optional<Index> index;  // once the leader has said
  RequestId id;
  std::uint32_t key = 0;
};

/// A snapshot that arrives in parts.
struct Incoming {
  static constexpr std::string_view kName = "incoming snapshot";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("term", self.term), v("last index", self.last_index), v("cells", self.cells);
  }
  Term term = 0;  // of the leader that sends it
  Index last_index = 0;
  std::map<std::uint32_t, Cell> cells;
};

/// An operator may tell any server (it passes it on to its leader): "transfer n2", "add n4", "remove n2", "learn n5",
/// "members n1 n2 n4", and the server itself: "snapshot", "campaign", "wait 50ms" (its election timer ends then).
/// Marks, scope = the node from 1: "leader", "candidate", "steps-down" with the term, "snapshot" and "configuration"
/// with the index.
struct RaftNode {
  static constexpr std::string_view kName = "raft";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("role", self.role), v("leader", self.leader), v("persistent", self.persistent), v("commit", self.commit),
        v("machine", self.machine), v("configurations", self.configurations), v("heard", self.heard),
        v("incoming", self.incoming), v("follower reads", self.follower_reads);
  }
  void step(Time now, const Input& input, Effects& effects);

  // --- looking
  Term term() const { return persistent.term; }
  const Log& log() const { return persistent.log; }
  Index applied() const { return machine.applied; }
  const Leader* leading() const { return std::get_if<Leader>(&role); }
  /// The newest in the log, committed or not (thesis §4.1); of a bug: the newest applied.
  const Configuration& configuration() const;
  /// Where it stands in the log; 0: it is older than the log.
  Index configuration_index() const;
  /// How long a round keeps every other server from leading, by the leader's clock.
  Duration lease() const;
  /// A leader that may answer reads without asking anybody.
  bool has_lease(Time now) const;

  // Fixed.
  Parameters parameters;
  NodeId self;
  Block<std::vector<std::string>> names;  // of all servers, by id
  // Durable.
  Persistent persistent;
  // Volatile, on all servers.
  Role role;
  NodeId leader = kNobody;  // whom it follows; itself when it leads
  Index commit = 0;         // entries up to here will never change; only grows
  Machine machine;
  std::vector<std::pair<Index, Configuration>> configurations;  // of the log, oldest first; the first is older than it
  Time heard{};                                                 // when its leader last spoke, by its own clock
  Incoming incoming;
  std::vector<FollowerRead> follower_reads;
  std::uint64_t read_batch = 0;

 private:
  bool has(Bug bug) const { return parameters.bug == bug; }
  Leader* leading() { return std::get_if<Leader>(&role); }
  template <class Message>
  void send(Turn& t, NodeId to, Message message, WriteToken after = 0) {
    message.term = term();
    t.effects.send(to, Payload(std::move(message)), std::max(after, persistent.vote_token));
  }
  /// Whether the nodes for which `agrees` holds are a majority of every configuration in force.
  template <class Agrees>
  bool is_quorum(Agrees&& agrees) const;
  /// The largest value that a majority of every configuration in force has reached.
  template <class ValueOf>
  std::uint64_t reached_by_quorum(ValueOf&& value_of) const;

  // raft.cpp
  void begin(Turn& t, const Start& start);
  void receive(Turn& t, NodeId from, const Payload& body);
  template <class Message>
  bool hear(Turn& t, NodeId from, const Payload& body);
  bool notice_term(Turn& t, NodeId from, Term theirs);
  void follow(Turn& t, Term new_term, NodeId new_leader);
  void wait_for_leader(Turn& t);
  void on(Turn& t, NodeId from, const Request& request);

  // election.cpp
  bool is_sticky() const { return parameters.check_quorum || parameters.reads == Reads::kLease; }
  bool hears_leader(Time now) const;
  bool may_stand() const;
  bool is_up_to_date(Term last_term, Index last_index) const;
  void stand(Turn& t);
  void ask_beforehand(Turn& t);
  void campaign(Turn& t, bool asked);
  void lead(Turn& t);
  void on(Turn& t, NodeId from, const PreVote& message);
  void on(Turn& t, NodeId from, const PreVoteReply& message);
  void on(Turn& t, NodeId from, const RequestVote& message);
  void on(Turn& t, NodeId from, const Vote& message);
  void on(Turn& t, NodeId from, const TimeoutNow& message);

  // replication.cpp: the leader's side
  void set_peers();
  void append(Turn& t, Content content);
  void propose(Turn& t, Content content);
  void beat(Turn& t);
  void call_round(Turn& t);
  void replicate(Turn& t, Peer& peer, bool even_empty);
  AppendEntries next_entries(const Peer& peer, bool with_entries) const;
  void on(Turn& t, NodeId from, const AppendReply& message);
  void accepted(Turn& t, Peer& peer, Index index);
  void rejected(Turn& t, Peer& peer, const AppendReply& message);
  void answered_round(Turn& t, Peer& peer, std::uint64_t round);

  // follower.cpp
  void on(Turn& t, NodeId from, const AppendEntries& message);
  void store(Turn& t, const AppendEntries& message);
  void reject(Turn& t, NodeId from, const AppendEntries& message);
  void accept_leader(Turn& t, NodeId from);

  // commit.cpp
  void advance_commit(Turn& t);
  void commit_to(Turn& t, Index index);
  void apply(Turn& t);
  void answer_waiting(Turn& t, Index index, const std::optional<Reply>& reply);
  void maybe_snapshot(Turn& t);
  void take_snapshot(Turn& t);

  // reads.cpp
  void read(Turn& t, const Request& request);
  bool may_lead_reads() const;
  void answer_reads(Turn& t);
  void answer_follower_reads(Turn& t);
  void confirm(Turn& t, PendingRead read);
  void on(Turn& t, NodeId from, const ReadIndex& message);
  void on(Turn& t, NodeId from, const ReadIndexReply& message);

  // membership.cpp
  void take_configuration(Turn& t, Index index, const Configuration& configuration);
  void forget_configurations_from(Index index);
  void configuration_committed(Turn& t);
  bool may_change_configuration() const;
  bool propose_configuration(Turn& t, Configuration configuration);
  void promote_learners(Turn& t);
  void change_members(Turn& t, const std::vector<NodeId>& voters);
  void add(Turn& t, NodeId node, bool as_voter);
  void remove(Turn& t, NodeId node);

  // snapshots.cpp
  void send_snapshot(Turn& t, Peer& peer);
  void on(Turn& t, NodeId from, const InstallSnapshot& message);
  void on(Turn& t, NodeId from, const SnapshotReply& message);
  void install(Turn& t, Block<Snapshot> snapshot);

  // operator.cpp
  void obey(Turn& t, const std::string& words);
  std::optional<NodeId> node_named(std::string_view name) const;
  void transfer_to(Turn& t, NodeId node);
  void continue_transfer(Turn& t);
};

/// Words that a person tells a server, taken apart before a run: a server that does not know them does nothing.
struct Order {
  bool known = false;              // its verb
  bool well_formed = false;        // and what follows the verb
  std::vector<std::string> nodes;  // that it names
};
Order parse_order(std::string_view words);
std::vector<std::string_view> order_verbs();
/// "transfer NODE, add NODE, …".
std::string orders_text();

/// Nodes 0..n-1 of a world, in the order of their names.
std::vector<world::NodeSetup> make_raft(const std::vector<std::string>& names, const Parameters& parameters);

template <class Agrees>
bool RaftNode::is_quorum(Agrees&& agrees) const {
  const auto majority = [&](const std::vector<NodeId>& nodes) {
    std::size_t count = 0;
    for (const NodeId node : nodes) count += agrees(node);
    return count > nodes.size() / 2;
  };
  const Configuration& now = configuration();
  return majority(now.voters) && (!now.is_joint() || majority(now.outgoing));
}

template <class ValueOf>
std::uint64_t RaftNode::reached_by_quorum(ValueOf&& value_of) const {
  std::uint64_t best = 0;
  const auto try_each = [&](const std::vector<NodeId>& nodes) {
    for (const NodeId node : nodes)
      if (const std::uint64_t value = value_of(node);
          value > best && is_quorum([&](NodeId other) { return value_of(other) >= value; }))
        best = value;
  };
  const Configuration& now = configuration();
  try_each(now.voters);
  try_each(now.outgoing);
  return best;
}

}  // namespace twice::protocols::raft
