#include "scenario/protocol_words.h"

#include <fmt/format.h>

#include "scenario/scan.h"

namespace twice::scenario {

const std::vector<Word<protocols::Workload>>& words(protocols::Workload) {
  using W = protocols::Workload;
  static const std::vector<Word<W>> kWords{
      {W::kRegister, "register", "reads, and writes of values that nobody else writes"},
      {W::kCas, "cas", "reads, and compare-and-set from the value last seen"},
      {W::kAppend, "append", "reads, and additions to the end of a list"},
      {W::kCounter, "counter", "reads, and additions of 1"},
      {W::kBank, "bank", "balances: reads, deposits, and withdrawals that are refused beyond the balance"},
      {W::kSet, "set", "reads, insertions and removals of elements"},
      {W::kProbe, "probe", "a write, a wait, a read of the same key; then the next key"}};
  return kWords;
}

const std::vector<Word<protocols::RetryPolicy>>& words(protocols::RetryPolicy) {
  using P = protocols::RetryPolicy;
  static const std::vector<Word<P>> kWords{
      {P::kGiveUp, "give-up", "without an answer the outcome stays unknown"},
      {P::kRetrySameId, "retry-same-id", "asks again under the same id, so that a server can tell it is a repetition"},
      {P::kRetryNewId, "retry-new-id", "asks again as if for the first time: it may be done twice"}};
  return kWords;
}

const std::vector<Word<protocols::Route>>& words(protocols::Route) {
  using R = protocols::Route;
  static const std::vector<Word<R>> kWords{
      {R::kHome, "home",
       "the same server until it names another one, such as a leader, or is silent: "
       "from then on that one, so reads and writes meet at one server"},
      {R::kStay, "stay",
       "its own server for every operation: one that names another is followed for "
       "that operation only"},
      {R::kRoundRobin, "round-robin", "one server after the other"},
      {R::kRandom, "random", "any server"}};
  return kWords;
}

const std::vector<Word<protocols::Persist>>& words(protocols::Persist) {
  using P = protocols::Persist;
  static const std::vector<Word<P>> kWords{
      {P::kBeforeAnswer, "before-answer", "an answer leaves when what it tells of is on the disk"},
      {P::kLater, "later", "an answer leaves at once; a power loss forgets what is not on the disk yet"},
      {P::kNever, "never", "only memory: a crash forgets everything"}};
  return kWords;
}

const std::vector<Word<protocols::Acknowledge>>& words(protocols::Acknowledge) {
  using A = protocols::Acknowledge;
  static const std::vector<Word<A>> kWords{{A::kAsync, "async", "the primary answers when it has the write itself"},
                                           {A::kSemiSync, "semi-sync", "when one other replica has it"},
                                           {A::kSync, "sync", "when all other replicas have it"}};
  return kWords;
}

const std::vector<Word<protocols::ReadFrom>>& words(protocols::ReadFrom) {
  using R = protocols::ReadFrom;
  static const std::vector<Word<R>> kWords{
      {R::kPrimary, "primary", "whoever believes to be the primary answers at once"},
      {R::kConfirmed, "confirmed", "the primary answers when all others have confirmed that it still is"},
      {R::kAny, "any", "every replica answers from what it has"}};
  return kWords;
}

const std::vector<Word<protocols::Conflict>>& words(protocols::Conflict) {
  using C = protocols::Conflict;
  static const std::vector<Word<C>> kWords{
      {C::kLastWriterWins, "last-writer-wins", "the write with the later clock stays, the other vanishes"},
      {C::kVectorClocks, "vector-clocks", "writes that do not know of each other stay side by side"}};
  return kWords;
}

const std::vector<Word<protocols::ReadRepair>>& words(protocols::ReadRepair) {
  using R = protocols::ReadRepair;
  static const std::vector<Word<R>> kWords{
      {R::kOff, "off", "replicas that lag are left alone"},
      {R::kAsync, "async", "they are sent the newest after the client has its answer"},
      {R::kBeforeAnswer, "before-answer", "W replicas have the newest before the client gets it"}};
  return kWords;
}

const std::vector<Word<protocols::Partitioning>>& words(protocols::Partitioning) {
  using P = protocols::Partitioning;
  static const std::vector<Word<P>> kWords{
      {P::kModulo, "modulo", "hash of the key, mod the number of shards"},
      {P::kRing, "ring", "consistent hashing: a shard that joins takes rows from all, and nothing else moves"},
      {P::kRange, "range", "by date: neighbours stay together"}};
  return kWords;
}

const std::vector<Word<protocols::WhileMoving>>& words(protocols::WhileMoving) {
  using W = protocols::WhileMoving;
  static const std::vector<Word<W>> kWords{
      {W::kForward, "forward", "a request for a row on its way waits and follows it"},
      {W::kRefuse, "refuse", "a request for a row on its way is turned away: try again"},
      {W::kCareless, "careless", "the old shard answers from the copy it is about to throw away"}};
  return kWords;
}

const std::vector<Word<protocols::raft::Reads>>& words(protocols::raft::Reads) {
  using R = protocols::raft::Reads;
  static const std::vector<Word<R>> kWords{
      {R::kLog, "log", "a read is an entry of the log, like a write"},
      {R::kReadIndex, "read-index", "the leader answers when a majority has confirmed that it still leads"},
      {R::kLease, "lease", "the leader answers at once as long as no other can have been elected"},
      {R::kFollower, "follower", "any server answers when it has caught up with what its leader confirmed"},
      {R::kLocal, "local", "whoever believes to be the leader answers at once: unsafe"}};
  return kWords;
}

const std::vector<Word<protocols::raft::Membership>>& words(protocols::raft::Membership) {
  using M = protocols::raft::Membership;
  static const std::vector<Word<M>> kWords{
      {M::kSingleServer, "single-server", "one server joins or leaves at a time"},
      {M::kJointConsensus, "joint-consensus", "any set to any other, through a phase in which both must agree"}};
  return kWords;
}

namespace {

// All mistakes that a protocol knows to make.
template <class B, std::size_t N>
std::vector<Word<B>> words_of(const std::array<B, N>& bugs) {
  std::vector<Word<B>> all;
  for (const B bug : bugs) all.push_back({bug, name_of(bug), meaning_of(bug)});
  return all;
}

}  // namespace

const std::vector<Word<protocols::paxos::Bug>>& words(protocols::paxos::Bug) {
  static const auto kWords = words_of(protocols::paxos::kBugs);
  return kWords;
}

const std::vector<Word<protocols::raft::Bug>>& words(protocols::raft::Bug) {
  static const auto kWords = words_of(protocols::raft::kBugs);
  return kWords;
}

std::optional<DrawnWait> parse_drawn_wait(std::string_view text) {
  const std::size_t dots = text.find("..");
  const auto low = parse_duration(trim(text.substr(0, dots)));
  const auto high = dots == std::string_view::npos ? low : parse_duration(trim(text.substr(dots + 2)));
  if (!low || !high || low->ns <= 0 || *high < *low) return std::nullopt;
  return DrawnWait{{*low, *high}};
}

std::string to_text(const DrawnWait& wait) {
  const std::string low = to_string(wait.range.low);
  return wait.range.low == wait.range.high ? low : low + ".." + to_string(wait.range.high);
}

std::optional<Rate> parse_rate(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const std::string_view number = trim(text.substr(0, slash)), unit = trim(text.substr(slash + 1));
  const std::int64_t per = unit == "s" ? 1'000'000'000 : unit == "min" ? 60'000'000'000 : unit == "ms" ? 1'000'000 : 0;
  if (per == 0 || number.empty() || number.size() > 9) return std::nullopt;
  std::int64_t count = 0;
  for (const char c : number) {
    if (c < '0' || c > '9') return std::nullopt;
    count = count * 10 + (c - '0');
  }
  if (count == 0) return Rate{};
  return per / count == 0 ? std::nullopt : std::optional(Rate{Duration{per / count}});
}

std::string to_text(const Rate& rate) {
  if (rate.interval.ns <= 0) return "0/s";
  for (const auto& [unit, per] :
       {std::pair{"s", std::int64_t{1'000'000'000}}, std::pair{"min", std::int64_t{60'000'000'000}}})
    if (per / rate.interval.ns > 0) return fmt::format("{}/{}", per / rate.interval.ns, unit);
  return fmt::format("{}/min", 60'000'000'000 / rate.interval.ns);
}

}  // namespace twice::scenario
