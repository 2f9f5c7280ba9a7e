#include "check/raft_invariants.h"

#include <algorithm>

#include <fmt/format.h>

namespace twice::check {
namespace {

using namespace protocols::raft;  // NOLINT: this file speaks of nothing else

enum : std::uint8_t { kUnseen, kRaft, kOther };

// The order of the alternatives of Role.
enum : std::size_t { kFollower, kPreCandidate, kCandidate, kLeader };
static_assert(std::is_same_v<std::variant_alternative_t<kLeader, Role>, Leader>);

Term term_of(const Payload& body) {
  Term term = 0;
  const auto look = [&]<class Message>() {
    const auto* message = body.get<Message>();
    if (message) term = message->term;
    return message != nullptr;
  };
  look.operator()<AppendEntries>() || look.operator()<AppendReply>() || look.operator()<RequestVote>() ||
      look.operator()<Vote>() || look.operator()<PreVote>() || look.operator()<PreVoteReply>() ||
      look.operator()<InstallSnapshot>() || look.operator()<SnapshotReply>() || look.operator()<TimeoutNow>() ||
      look.operator()<ReadIndex>() || look.operator()<ReadIndexReply>();
  return term;
}

const VoteRecord* durable_vote(const world::World& world, NodeId node) {
  const auto& records = world.record_disk(node).durable();
  return records.empty() ? nullptr : records.front().value.get<VoteRecord>();
}

bool is_majority(std::size_t count, std::size_t of) { return count > of / 2; }

}  // namespace

std::string_view name_of(RaftInvariant invariant) {
  switch (invariant) {
    case RaftInvariant::kElectionSafety:
      return "election-safety";
    case RaftInvariant::kOneVote:
      return "one-vote";
    case RaftInvariant::kLeaderAppendOnly:
      return "leader-append-only";
    case RaftInvariant::kLogMatching:
      return "log-matching";
    case RaftInvariant::kCommitStable:
      return "commit-stable";
    case RaftInvariant::kCommitDurable:
      return "commit-durable";
    case RaftInvariant::kLeaderCompleteness:
      return "leader-completeness";
    case RaftInvariant::kStateMachineSafety:
      return "state-machine-safety";
    case RaftInvariant::kLogBounds:
      return "log-bounds";
    case RaftInvariant::kMonotonic:
      return "monotonic";
    case RaftInvariant::kMatchMonotonic:
      return "match-monotonic";
    case RaftInvariant::kCommitOwnTerm:
      return "commit-own-term";
    case RaftInvariant::kMessageTerm:
      return "message-term";
    case RaftInvariant::kLogTerms:
      return "log-terms";
    case RaftInvariant::kPersistBeforeAnswer:
      return "persist-before-answer";
    case RaftInvariant::kOneChange:
      return "one-change";
    case RaftInvariant::kLegalRoles:
      return "legal-roles";
    case RaftInvariant::kQuorumsOverlap:
      return "quorums-overlap";
    case RaftInvariant::kOneLease:
      return "one-lease";
  }
  return {};
}

std::string_view meaning_of(RaftInvariant invariant) {
  switch (invariant) {
    case RaftInvariant::kElectionSafety:
      return "one leader per term, ever";
    case RaftInvariant::kOneVote:
      return "one vote per term and server, across restarts";
    case RaftInvariant::kLeaderAppendOnly:
      return "a leader's log only grows in its term";
    case RaftInvariant::kLogMatching:
      return "index and term identify the whole prefix of a log";
    case RaftInvariant::kCommitStable:
      return "what is committed at an index never changes";
    case RaftInvariant::kCommitDurable:
      return "a commit is on a majority of durable logs of each configuration in force";
    case RaftInvariant::kLeaderCompleteness:
      return "a leader has every entry committed in earlier terms";
    case RaftInvariant::kStateMachineSafety:
      return "equal applies, contiguous, once";
    case RaftInvariant::kLogBounds:
      return "snapshot <= commit <= last, applied <= commit";
    case RaftInvariant::kMonotonic:
      return "the term never falls, commit does not between restarts";
    case RaftInvariant::kMatchMonotonic:
      return "match only grows in a leadership, and next is greater";
    case RaftInvariant::kCommitOwnTerm:
      return "counting commits only entries of the leader's own term";
    case RaftInvariant::kMessageTerm:
      return "no message of a term that its sender has not durably reached";
    case RaftInvariant::kLogTerms:
      return "terms in a log never fall, and none is newer than the server's";
    case RaftInvariant::kPersistBeforeAnswer:
      return "a vote is durable before it counts";
    case RaftInvariant::kOneChange:
      return "one uncommitted configuration at most, after a commit of the leader's term";
    case RaftInvariant::kLegalRoles:
      return "only the paper's changes of role";
    case RaftInvariant::kQuorumsOverlap:
      return "any two configurations that can elect a leader overlap";
    case RaftInvariant::kOneLease:
      return "at most one live lease";
  }
  return {};
}

const RaftViolation* RaftInvariants::first(RaftInvariant invariant) const {
  for (const RaftViolation& violation : violations_)
    if (violation.invariant == invariant) return &violation;
  return nullptr;
}

const RaftNode* RaftInvariants::raft(const world::World& world, NodeId node) {
  if (kinds_.size() < world.size()) kinds_.resize(world.size(), kUnseen), seen_.resize(world.size());
  std::uint8_t& kind = kinds_[node.index];
  if (kind == kUnseen) kind = world.node(node).kind() == RaftNode::kName ? kRaft : kOther;
  if (kind == kOther) return nullptr;
  return &static_cast<const NodeOf<RaftNode>&>(world.node(node)).state();
}

std::string RaftInvariants::name(NodeId node) const { return world_->name(node); }

void RaftInvariants::violated(RaftInvariant invariant, std::string words) {
  bool& broken = broken_[static_cast<std::size_t>(invariant)];
  if (broken) return;
  broken = true;
  violations_.push_back({invariant, event_, world_->now(), node_, std::move(words)});
}

void RaftInvariants::event(const world::World& world, const Event& event) {
  const RaftNode* node = raft(world, event.node);
  if (!node) return;
  ++checked_;
  world_ = &world;
  node_ = event.node;
  event_ = world.events();
  Seen& seen = seen_[event.node.index];
  const bool restarted = event.kind == EventKind::kStart;
  if (restarted && node->persistent.on_new_disk) {
    seen = {};  // it keeps no promise, and gives none
    seen.lost_disk = true;
  }
  if (event.kind == EventKind::kDeliver) check_message(world, event);
  check_term(*node, seen, restarted);
  check_role(*node, restarted ? Seen{} : seen);
  check_log(*node, seen);
  check_commit(world, *node, seen, restarted);
  check_applied(*node, seen);
  check_peers(*node, seen);
  check_configuration(*node, seen);
  check_snapshot(*node, seen);
  if (node->parameters.reads == Reads::kLease && node->leading()) check_leases(world);
  seen.known = true;
  seen.term = node->term();
  seen.role = node->role.index();
  seen.last = node->log().last();
  seen.last_prefix = node->log().prefix(seen.last).value_or(0);
  seen.commit = node->commit;
  seen.applied = node->applied();
  seen.configuration = node->configuration_index();
  seen.snapshot = node->log().base();
  if (overlap_is_due_) check_overlap(world);
}

// I13, I15. What is on a disk only grows newer, so it may be looked at when the message arrives; unless it is another.
void RaftInvariants::check_message(const world::World& world, const Event& event) {
  const NodeId from = event.from;
  if (from == kNobody || from == event.node || !raft(world, from)) return;
  const Term term = term_of(event.body);
  if (term == 0) return;
  seen_[from.index].told = std::max(seen_[from.index].told, term);
  const auto* vote = event.body.get<Vote>();
  const bool granted = vote && vote->granted;
  if (!seen_[from.index].lost_disk && !world.record_disk(from).is_new()) check_promise(world, event, term, granted);
  // Who asks for votes has voted for itself.
  if (granted) check_vote(from, term, event.node);
  if (event.body.get<RequestVote>()) check_vote(from, term, from);
}

void RaftInvariants::check_promise(const world::World& world, const Event& event, Term term, bool granted) {
  const NodeId from = event.from;
  const VoteRecord* durable = durable_vote(world, from);
  const Term reached = durable ? durable->term : 0;
  if (reached < term)
    violated(RaftInvariant::kMessageTerm, fmt::format("{} from {} is of term {}, but {}'s disk knows term {} at most",
                                                      event.body.name(), name(from), term, name(from), reached));
  if (granted && reached == term && durable->vote != event.node)
    violated(RaftInvariant::kPersistBeforeAnswer,
             fmt::format("{}'s vote for {} in term {} is not on its disk", name(from), name(event.node), term));
}

// I2. A vote counts once somebody heard of it: one that a crash took back before never was.
void RaftInvariants::check_vote(NodeId voter, Term term, NodeId vote) {
  const auto [known, is_new] = votes_.try_emplace({term, voter}, vote);
  if (!is_new && known->second != vote)
    violated(RaftInvariant::kOneVote,
             fmt::format("{} votes for {} and for {} in term {}", name(voter), name(known->second), name(vote), term));
}

// I10. A term that nobody heard of may be forgotten in a crash.
void RaftInvariants::check_term(const RaftNode& node, const Seen& seen, bool restarted) {
  const Term before = restarted ? seen.told : seen.term;
  if (node.term() < before)
    violated(RaftInvariant::kMonotonic, fmt::format("{}'s term falls from {} to {}", name(node_), before, node.term()));
}

// I17, I1.
void RaftInvariants::check_role(const RaftNode& node, const Seen& seen) {
  const std::size_t role = node.role.index();
  if (role == seen.role && node.term() == seen.term) return;
  const bool alone = node.configuration().voters.size() == 1;
  const bool legal = role == kFollower || (role == kPreCandidate && seen.role != kLeader) ||
                     (role == kCandidate && seen.role != kLeader) ||
                     (role == kLeader && (seen.role == kCandidate || alone));
  if (!legal)
    violated(RaftInvariant::kLegalRoles, fmt::format("{} becomes a leader or candidate out of turn", name(node_)));
  if (role == kLeader) check_new_leader(node);
}

// I1, I7.
void RaftInvariants::check_new_leader(const RaftNode& node) {
  overlap_is_due_ = true;
  const auto [known, is_new] = leaders_.try_emplace(node.term(), node_);
  if (!is_new && known->second != node_)
    violated(RaftInvariant::kElectionSafety,
             fmt::format("{} and {} both lead term {}", name(known->second), name(node_), node.term()));
  Index newest = committed_.empty() ? 0 : committed_.size() - 1;
  while (newest > 0 && (committed_[newest].by == 0 || committed_[newest].by >= node.term())) --newest;
  if (newest <= node.log().base()) return;
  if (node.log().prefix(newest) != committed_[newest].prefix)
    violated(RaftInvariant::kLeaderCompleteness,
             fmt::format("{} leads term {} without entry {}, which was committed in term {}", name(node_), node.term(),
                         newest, committed_[newest].by));
}

// I3, I4, I9, I14.
void RaftInvariants::check_log(const RaftNode& node, const Seen& seen) {
  const Log& log = node.log();
  const bool same_leadership = node.leading() && seen.role == kLeader && seen.term == node.term();
  if (same_leadership &&
      (log.last() < seen.last || (seen.last > log.base() && log.prefix(seen.last) != seen.last_prefix)))
    violated(RaftInvariant::kLeaderAppendOnly,
             fmt::format("{} changes its log while it leads term {}", name(node_), node.term()));
  if (log.base() > node.commit || node.commit > log.last() || node.applied() > node.commit)
    violated(RaftInvariant::kLogBounds, fmt::format("{}: snapshot {}, applied {}, commit {}, last {}", name(node_),
                                                    log.base(), node.applied(), node.commit, log.last()));
  if (log.last_term() > node.term())
    violated(RaftInvariant::kLogTerms,
             fmt::format("{}'s log ends in term {}, its own is {}", name(node_), log.last_term(), node.term()));
  if (log.last() == seen.last && log.prefix(log.last()) == seen.last_prefix) return;
  if (prefixes_.size() <= log.last()) prefixes_.resize(log.last() + 1);
  for (Index i = log.last(); i > log.base(); --i) {
    const Term term = log.at(i)->term;
    if (log.term(i - 1).value_or(0) > term)
      violated(RaftInvariant::kLogTerms, fmt::format("{}'s log falls to term {} at entry {}", name(node_), term, i));
    auto& known = prefixes_[i];
    const auto at = std::find_if(known.begin(), known.end(), [&](const auto& p) { return p.first == term; });
    if (at == known.end()) {
      known.emplace_back(term, *log.prefix(i));
      continue;
    }
    if (at->second == *log.prefix(i)) return;  // and so is everything before it
    return violated(RaftInvariant::kLogMatching,
                    fmt::format("{}'s entry {} of term {} follows another log than elsewhere", name(node_), i, term));
  }
}

// I5, I6, I10, I12.
void RaftInvariants::check_commit(const world::World& world, const RaftNode& node, const Seen& seen, bool restarted) {
  if (node.commit < seen.commit && !restarted)
    violated(RaftInvariant::kMonotonic,
             fmt::format("{}'s commit falls from {} to {}", name(node_), seen.commit, node.commit));
  if (node.commit <= seen.commit && seen.known) return;
  const Log& log = node.log();
  const bool counted = node.leading() && seen.role == kLeader && seen.term == node.term();
  if (committed_.size() <= node.commit) committed_.resize(node.commit + 1);
  // What the snapshot covers is named as a whole by its last entry.
  for (Index i = std::max(seen.commit + 1, log.base()); i <= std::min(node.commit, log.last()); ++i) {
    Committed& known = committed_[i];
    if (known.by == 0) known = {*log.prefix(i), node.term()};
    if (known.prefix != *log.prefix(i))
      violated(RaftInvariant::kCommitStable,
               fmt::format("{} commits another entry {} than was committed before", name(node_), i));
  }
  // A server forgets configurations older than the newest committed one.
  const bool had_all = seen.last >= log.base();
  const auto& [index, newest] = node.configurations.front();
  if (had_all && index <= node.commit && (configurations_.empty() || configurations_.back().first < index))
    configurations_.emplace_back(index, newest);
  if (!counted || !log.has(node.commit)) return;
  const Term term = *log.term(node.commit);
  if (term != node.term())
    violated(RaftInvariant::kCommitOwnTerm,
             fmt::format("{}, leader of term {}, commits entry {} of term {} by counting", name(node_), node.term(),
                         node.commit, term));
  const auto on_majority = [&](const std::vector<NodeId>& nodes) {
    const auto count = std::count_if(nodes.begin(), nodes.end(),
                                     [&](NodeId each) { return is_durable(world, each, node.commit, term); });
    return is_majority(static_cast<std::size_t>(count), nodes.size());
  };
  // A change of the configuration may follow in the same step; then it is in force for what comes next.
  if (node.configuration_index() != seen.configuration) return;
  const Configuration& now = node.configuration();
  if (!on_majority(now.voters) || (now.is_joint() && !on_majority(now.outgoing)))
    violated(RaftInvariant::kCommitDurable,
             fmt::format("{} commits entry {}, which is not on a majority of disks", name(node_), node.commit));
}

bool RaftInvariants::is_durable(const world::World& world, NodeId node, Index index, Term term) const {
  const auto& records = world.record_disk(node).durable();
  const auto find = [&](std::uint64_t key) -> const Record* {
    const auto at = std::lower_bound(records.begin(), records.end(), key,
                                     [](const Record& record, std::uint64_t k) { return record.key < k; });
    return at != records.end() && at->key == key ? &*at : nullptr;
  };
  if (const Record* entry = find(kEntryRecords + index))
    if (const auto* saved = entry->value.get<EntryRecord>(); saved && saved->entry->term == term) return true;
  const Record* snapshot = find(kSnapshotRecord);
  const auto* saved = snapshot ? snapshot->value.get<SnapshotRecord>() : nullptr;
  return saved && saved->snapshot->index >= index;
}

// I8. The machine's history names everything it applied and what came of it.
void RaftInvariants::check_applied(const RaftNode& node, const Seen& seen) {
  const Index applied = node.applied();
  if (applied == 0 || applied == seen.applied) return;
  if (histories_.size() <= applied) histories_.resize(applied + 1);
  std::uint64_t& known = histories_[applied];
  if (known == 0) known = node.machine.history;
  if (known != node.machine.history)
    violated(RaftInvariant::kStateMachineSafety,
             fmt::format("{} has applied other things up to entry {} than another server", name(node_), applied));
}

// I11.
void RaftInvariants::check_peers(const RaftNode& node, Seen& seen) {
  const Leader* leader = node.leading();
  if (!leader) return;
  const bool same = seen.role == kLeader && seen.term == node.term();
  if (!same) seen.matches.clear();
  // Of one that was removed nothing is known any more.
  std::erase_if(seen.matches, [&](const auto& m) {
    return std::none_of(leader->peers.begin(), leader->peers.end(), [&](const Peer& p) { return p.node == m.first; });
  });
  for (const Peer& peer : leader->peers) {
    auto at =
        std::find_if(seen.matches.begin(), seen.matches.end(), [&](const auto& m) { return m.first == peer.node; });
    if (at == seen.matches.end()) at = seen.matches.insert(at, {peer.node, peer.match});
    if (peer.match < at->second)
      violated(RaftInvariant::kMatchMonotonic, fmt::format("{}'s match of {} falls from {} to {}", name(node_),
                                                           name(peer.node), at->second, peer.match));
    if (peer.next <= peer.match)
      violated(RaftInvariant::kMatchMonotonic, fmt::format("{} will send {} entry {}, which it has up to {}",
                                                           name(node_), name(peer.node), peer.next, peer.match));
    at->second = peer.match;
  }
}

// I16.
void RaftInvariants::check_configuration(const RaftNode& node, const Seen& seen) {
  const auto& all = node.configurations;
  if (&node.configuration() != &all.back().second)
    violated(RaftInvariant::kOneChange,
             fmt::format("{} does not use the newest configuration of its log", name(node_)));
  if (node.configuration_index() == seen.configuration) return;
  overlap_is_due_ = true;
  // What this server does not know to be committed may be so elsewhere.
  const auto open = std::count_if(all.begin(), all.end(), [&](const auto& c) { return c.first > committed(); });
  if (open > 1)
    violated(RaftInvariant::kOneChange, fmt::format("{} has {} uncommitted configurations", name(node_), open));
  const Leader* leader = node.leading();
  if (leader && node.configuration_index() > leader->first && node.commit < leader->first)
    violated(RaftInvariant::kOneChange,
             fmt::format("{} changes the configuration before it has committed anything in term {}", name(node_),
                         node.term()));
}

// I16: what a snapshot says of the configuration was committed.
void RaftInvariants::check_snapshot(const RaftNode& node, const Seen& seen) {
  const Block<Snapshot>& snapshot = node.persistent.snapshot;
  if (!snapshot || node.log().base() == seen.snapshot) return;
  const Configuration* committed = nullptr;
  for (const auto& [index, configuration] : configurations_)
    if (index <= snapshot->index) committed = &configuration;
  if (committed && !(*committed == snapshot->configuration))
    violated(RaftInvariant::kOneChange,
             fmt::format("{}'s snapshot at {} says that {} vote; committed was {}", name(node_), snapshot->index,
                         to_text(snapshot->configuration), to_text(*committed)));
}

// I18. A configuration can elect a leader when a majority of its voters would vote for a server that holds it.
void RaftInvariants::check_overlap(const world::World& world) {
  overlap_is_due_ = false;
  struct Usable {
    NodeId node;
    const Configuration* configuration;
    std::vector<NodeId> electors;
  };
  std::vector<Usable> usable;
  for (std::uint16_t i = 0; i < world.size(); ++i) {
    const RaftNode* node = raft(world, {i});
    if (!node || !node->configuration().votes({i})) continue;
    Usable mine{{i}, &node->configuration(), {}};
    for (std::uint16_t j = 0; j < world.size(); ++j) {
      const RaftNode* voter = raft(world, {j});
      if (!voter || !mine.configuration->votes({j})) continue;
      const Log &a = node->log(), &b = voter->log();
      if (a.last_term() > b.last_term() || (a.last_term() == b.last_term() && a.last() >= b.last()))
        mine.electors.push_back({j});
    }
    usable.push_back(std::move(mine));
  }
  const auto is_in = [](const std::vector<NodeId>& nodes, NodeId node) {
    return std::find(nodes.begin(), nodes.end(), node) != nodes.end();
  };
  // Joint configurations overlap with both of theirs by construction: only the plain ones are compared.
  for (std::size_t a = 0; a < usable.size(); ++a)
    for (std::size_t b = a + 1; b < usable.size(); ++b) {
      const Usable &x = usable[a], &y = usable[b];
      if (*x.configuration == *y.configuration || x.configuration->is_joint() || y.configuration->is_joint()) continue;
      std::size_t only_x = 0, only_y = 0, both = 0;
      for (const NodeId node : x.electors) is_in(y.electors, node) ? ++both : ++only_x;
      for (const NodeId node : y.electors) only_y += !is_in(x.electors, node);
      const std::size_t need_x = x.configuration->voters.size() / 2 + 1,
                        need_y = y.configuration->voters.size() / 2 + 1;
      if (only_x + both < need_x || only_y + both < need_y) continue;
      const std::size_t from_both = (need_x > only_x ? need_x - only_x : 0) + (need_y > only_y ? need_y - only_y : 0);
      if (from_both <= both)
        return violated(RaftInvariant::kQuorumsOverlap,
                        fmt::format("{} could be elected by {} and {} by {}, with no voter in common", name(x.node),
                                    to_text(*x.configuration), name(y.node), to_text(*y.configuration)));
    }
}

// I19.
void RaftInvariants::check_leases(const world::World& world) {
  NodeId holder = kNobody;
  for (std::uint16_t i = 0; i < world.size(); ++i) {
    const RaftNode* node = raft(world, {i});
    if (!node || !world.is_up({i}) || !node->has_lease(world.clock({i}).local(world.now()))) continue;
    if (holder != kNobody)
      return violated(RaftInvariant::kOneLease, fmt::format("{} and {} both hold a lease", name(holder), name({i})));
    holder = {i};
  }
}

}  // namespace twice::check
