#pragma once
// A Raft server without a world: inputs go in by hand, effects are looked at. And a few of them whose messages arrive
// at once, for rules that need an answer.
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "protocols/cluster.h"
#include "protocols/raft/internal.h"
#include "protocols/raft/raft.h"

namespace twice::protocols::raft {

constexpr NodeId kN1{0}, kN2{1}, kN3{2}, kN4{3}, kN5{4};
constexpr NodeId kClient{9};

inline Request append_of(std::int64_t value, std::uint32_t number = 1, NodeId client = kClient) {
  return {{client, number}, number, {.verb = Verb::kAppend, .key = 0, .value = value}, {}};
}
inline Request read_of(std::uint32_t number, NodeId client = kClient) {
  return {{client, number}, number, {.verb = Verb::kRead, .key = 0}, {}};
}

/// Entries 1, 2, … of these terms. The value of an entry names its term and index, so equal places of different terms
/// differ.
inline std::vector<Block<Entry>> entries_of(const std::vector<Term>& terms, Index first = 1) {
  std::vector<Block<Entry>> entries;
  for (const Term term : terms) {
    const Index index = first + entries.size();
    const auto number = static_cast<std::uint32_t>(index);
    entries.push_back(
        make_entry(term, index, Time{}, append_of(static_cast<std::int64_t>(term * 100 + index), number)));
  }
  return entries;
}

/// What the disk of a server holds that had this term, this vote and a log of these terms.
inline std::vector<Record> disk_of(Term term, NodeId vote, const std::vector<Term>& log) {
  std::vector<Record> records{{kVoteRecord, Payload(VoteRecord{term, vote})}};
  std::uint64_t prefix = 0;
  for (const Block<Entry>& entry : entries_of(log)) {
    records.push_back({kEntryRecords + entry->index, Payload(EntryRecord{prefix, entry})});
    prefix = prefix_after(prefix, *entry);
  }
  return records;
}

inline std::vector<Term> terms_of(const Log& log) {
  std::vector<Term> terms;
  for (Index i = log.first(); i <= log.last(); ++i) terms.push_back(*log.term(i));
  return terms;
}

/// One server. Writes become durable when the test says so, or at once with `disk_is_instant`.
class OneServer {
 public:
  explicit OneServer(std::size_t servers, const Parameters& parameters = {}, NodeId self = kN1,
                     const std::vector<Record>& disk = {}, bool disk_is_instant = true)
      : disk_is_instant_(disk_is_instant) {
    const auto names = node_names(servers);
    auto setups = make_raft(names, parameters);
    node_ = *state_of<RaftNode>(*setups[self.index].node);
    step(Start{disk, Payload()});
  }

  void step(const Input& input) {
    sent.clear();
    perform(input);
    if (disk_is_instant_) written();
  }
  template <class Message>
  void receive(NodeId from, Message message) {
    const Payload body(std::move(message));
    step(Received{from, body});
  }
  void election_timeout() { step(TimerFired{kElectionTimer}); }
  void heartbeat_timeout() { step(TimerFired{kHeartbeatTimer}); }
  /// All that was written becomes durable.
  void written() {
    while (durable_ < last_token_) perform(Written{durable_ = last_token_});
  }
  void tell(const std::string& words) { receive(kClient, world::OutsideCommand{words}); }
  /// Stands and is voted for until it leads; its no-op is not answered yet.
  void win() {
    election_timeout();
    const NodeId self = node().self;
    for (const NodeId other : node().configuration().others(self))
      if (!node().leading() && node().configuration().votes(other)) receive(other, Vote{node().term(), true});
    REQUIRE(node().leading());
  }
  /// `from` has everything that the leader has.
  void acknowledge(NodeId from) {
    receive(
        from,
        AppendReply{
            .term = node().term(), .accepted = true, .index = node().log().last(), .round = node().leading()->round});
  }

  const RaftNode& node() const { return node_; }
  /// The newest message of its kind that the last step sent to `to`; nullptr: none.
  template <class Message>
  const Message* to(NodeId to) const {
    for (auto send = sent.rbegin(); send != sent.rend(); ++send)
      if (send->to == to)
        if (const auto* message = send->body.get<Message>()) return message;
    return nullptr;
  }
  template <class Message>
  std::size_t count() const {
    return static_cast<std::size_t>(
        std::count_if(sent.begin(), sent.end(), [](const Send& s) { return s.body.get<Message>() != nullptr; }));
  }
  const Response* answer() const { return to<Response>(kClient); }
  /// Of the timer that the last steps set; nullopt: it was cancelled, or never set.
  const std::optional<DurationRange>& timer(std::uint8_t which) const { return timers_[which]; }
  WriteToken durable() const { return durable_; }

  Time now{};
  std::vector<Send> sent;           // by the last step
  std::vector<Mark> marks;          // ever
  std::size_t election_resets = 0;  // how often the election timer was started

 private:
  void perform(const Input& input) {
    Effects effects;
    effects.begin(last_token_);
    node_.step(now, input, effects);
    last_token_ = effects.last_token();
    for (Effect& effect : effects.list()) {
      if (auto* send = std::get_if<Send>(&effect)) sent.push_back(std::move(*send));
      if (auto* mark = std::get_if<Mark>(&effect)) marks.push_back(*mark);
      if (auto* set = std::get_if<SetTimer>(&effect)) {
        timers_[set->timer] = set->wait;
        election_resets += set->timer == kElectionTimer;
      }
      if (auto* cancel = std::get_if<CancelTimer>(&effect)) timers_[cancel->timer].reset();
    }
  }

  RaftNode node_;
  bool disk_is_instant_;
  WriteToken last_token_ = 0, durable_ = 0;
  std::optional<DurationRange> timers_[2];
};

/// Servers whose messages arrive at once, one after the other, unless their receiver or sender is `away`.
class Servers {
 public:
  explicit Servers(std::size_t count, const Parameters& parameters = {}) {
    for (std::uint16_t i = 0; i < count; ++i) all_.emplace_back(count, parameters, NodeId{i});
  }
  OneServer& operator[](NodeId node) { return all_[node.index]; }
  /// A server begins again with this disk.
  void restart(NodeId node, const std::vector<Record>& disk) {
    const Parameters parameters = all_[node.index].node().parameters;
    all_[node.index] = OneServer(all_.size(), parameters, node, disk);
  }
  void set_away(std::vector<NodeId> nodes) { away_ = std::move(nodes); }
  void pass_time(Duration d) {
    for (OneServer& server : all_) server.now = server.now + d;
  }

  void election_timeout(NodeId node) { (*this)[node].election_timeout(), deliver_from(node); }
  void heartbeat_timeout(NodeId node) { (*this)[node].heartbeat_timeout(), deliver_from(node); }
  template <class Message>
  void receive(NodeId to, NodeId from, Message message) {
    (*this)[to].receive(from, std::move(message));
    deliver_from(to);
  }
  void tell(NodeId node, const std::string& words) { (*this)[node].tell(words), deliver_from(node); }

  std::vector<Response> answers;  // to clients, ever
  std::size_t delivered = 0;      // messages between servers, ever

 private:
  struct Message {
    NodeId from;
    Send send;
  };
  bool is_away(NodeId node) const { return std::find(away_.begin(), away_.end(), node) != away_.end(); }
  void collect(NodeId from) {
    for (Send& send : (*this)[from].sent) waiting_.push_back({from, std::move(send)});
  }
  void deliver_from(NodeId first) {
    collect(first);
    while (!waiting_.empty()) {
      const Message message = std::move(waiting_.front());
      waiting_.pop_front();
      if (const auto* response = message.send.body.get<Response>()) answers.push_back(*response);
      if (message.send.to.index >= all_.size() || is_away(message.from) || is_away(message.send.to)) continue;
      REQUIRE(++delivered < 100'000);
      (*this)[message.send.to].step(Received{message.from, message.send.body});
      collect(message.send.to);
    }
  }

  std::vector<OneServer> all_;
  std::vector<NodeId> away_;
  std::deque<Message> waiting_;
};

}  // namespace twice::protocols::raft
