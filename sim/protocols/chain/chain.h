#pragma once
// Chain replication: writes enter at the head and flow down, the tail answers. See README.md.
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/node.h"
#include "protocols/chain/messages.h"
#include "world/world.h"

namespace twice::protocols {

/// A member. Marks: "head" and "tail" when it becomes one, "left" when it learns that it was removed, "joined" when it
/// has everything; value = the configuration's number, scope = the node from 1.
struct ChainNode {
  static constexpr std::string_view kName = "chain";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("number", self.number), v("chain", self.chain), v("joining", self.joining), v("lease_until", self.lease_until);
    v("applied", self.applied), v("stable", self.stable), v("sealed", self.sealed), v("life", self.life);
    v("store", self.store), v("sent", self.sent), v("early", self.early), v("joiner", self.joiner),
        v("handover", self.handover), v("newest_write", self.newest_write);
    v("checkpoint", self.checkpoint), v("durable_checkpoint", self.durable_checkpoint),
        v("checkpoint_token", self.checkpoint_token), v("snapshot_after", self.snapshot_after);
  }
  void step(Time now, const Input& input, Effects& effects);
  bool is_head() const { return !chain.empty() && chain.front() == self; }
  bool is_tail() const { return !chain.empty() && chain.back() == self; }

  struct Entry {
    static constexpr std::string_view kName = "update";
    template <class Self, class V>
    static void visit(Self& self, V& v) {
      v("sequence", self.sequence), v("request", self.request), v("reply", self.reply), v("known", self.known);
    }
    std::uint64_t sequence = 0;
    Block<Request> request;
    Reply reply;
    bool known = true;  // false: the reply went with a crash
  };
  struct Joiner {
    static constexpr std::string_view kName = "joiner";
    template <class Self, class V>
    static void visit(Self& self, V& v) {
      v("copied", self.copied), v("applied", self.applied);
    }
    bool copied = false;
    std::uint64_t applied = 0;
  };

  // Fixed.
  ChainParameters parameters;
  NodeId self, master;
  // Durable.
  std::uint64_t life = 1;  // configuration in which its history began: with the chain, or with a copy
  std::uint64_t applied = 0;
  std::uint64_t sealed = 0;  // configuration in which it handed over: it answers nothing there any more
  Store store;
  // Volatile.
  Time started{};
  std::uint64_t number = 0;  // of the configuration; 0: none heard of in this life
  std::vector<NodeId> chain;
  NodeId joining = kNobody;
  Time lease_until{};
  std::uint64_t stable = 0;                       // the tail has everything up to here
  std::vector<Entry> sent;                        // all updates beyond `stable` up to `applied`, and some before
  std::map<std::uint64_t, Block<Request>> early;  // updates that overtook others
  Joiner joiner;                                  // at the tail
  std::uint64_t handover = ~std::uint64_t{0};     // at the joiner: the least that the tail's answers end at
  WriteToken newest_write = 0;
  ChainCheckpoint snapshot;       // will be the next checkpoint …
  WriteToken snapshot_after = 0;  // … when this is durable; 0: there is none
  WriteToken checkpoint_token = 0;
  std::uint64_t checkpoint = 0, durable_checkpoint = 0;

 private:
  // chain.cpp: the flow of updates
  void on(Time now, NodeId from, const Request& request, Effects& effects);
  void on(Time now, NodeId from, const ChainUpdate& message, Effects& effects);
  void on(Time now, NodeId from, const ChainStable& message, Effects& effects);
  void apply(const Block<Request>& request, Effects& effects);
  void pass_on(std::uint64_t beyond, NodeId to, Effects& effects);
  void advance(Time now, Effects& effects);
  void trim(Effects& effects);
  bool answers(Time now) const;
  bool is_member() const { return place() < chain.size(); }
  std::size_t place() const;
  NodeId predecessor() const;
  NodeId successor() const;
  WriteToken after() const { return parameters.persist == Persist::kBeforeAnswer ? newest_write : 0; }

  // membership.cpp: configurations, joining, recovery
  void begin(Time now, const Start& start, Effects& effects);
  void recover(const std::vector<Record>& durable, Effects& effects);
  void beat(Time now, Effects& effects);
  void resend(Effects& effects);
  void adopt(const Configure& message, Effects& effects);
  void report(Effects& effects);
  void bring_up(Effects& effects);
  void finish_joining(Effects& effects);
  void save_checkpoint(Effects& effects);
  void on(Time now, NodeId from, const Configure& message, Effects& effects);
  void on(Time now, NodeId from, const ChainCopy& message, Effects& effects);
  void on(Time now, NodeId from, const ChainProgress& message, Effects& effects);
  void on(Time now, NodeId from, const Handover& message, Effects& effects);
};

/// Watches the members and says who the chain is. Assumed never to fail for good: while it is away nothing changes.
/// Mark: "configuration"; value = its number, scope = the number of members.
struct ChainMaster {
  static constexpr std::string_view kName = "chain master";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("number", self.number), v("chain", self.chain), v("joining", self.joining), v("peers", self.peers),
        v("deaf", self.deaf);
  }
  void step(Time now, const Input& input, Effects& effects);

  struct Peer {
    static constexpr std::string_view kName = "peer";
    template <class Self, class V>
    static void visit(Self& self, V& v) {
      v("node", self.node), v("known", self.known), v("heard", self.heard), v("started", self.started),
          v("sent", self.sent);
    }
    NodeId node;
    bool known = false;      // heard of since the master started
    Time heard{};            // on the master's clock
    Time started{}, sent{};  // on the member's
  };

  // Fixed.
  ChainParameters parameters;
  NodeId self, first;
  std::size_t members = 1;
  // Durable.
  std::uint64_t number = 0;
  std::vector<NodeId> chain;
  NodeId joining = kNobody;
  // Volatile.
  std::vector<Peer> peers;
  bool deaf = false;  // nobody is heard: it may be the master that is cut off
  WriteToken newest_write = 0;

 private:
  void begin(Time now, const Start& start, Effects& effects);
  void check(Time now, Effects& effects);
  void on(Time now, NodeId from, const ChainAlive& message, Effects& effects);
  void change(Effects& effects);
  void tell(const Peer& peer, Effects& effects);
  bool is_member(NodeId node) const;
  Peer& peer_of(NodeId node) { return peers[static_cast<std::size_t>(node.index - first.index)]; }
};

/// Members 0..n-1 in the order of their names, head first, then "master".
std::vector<world::NodeSetup> make_chain(const std::vector<std::string>& names, const ChainParameters& parameters,
                                         Duration sync_cost = milliseconds(2));

}  // namespace twice::protocols
