#pragma once
// A client: what it asks is a pure function of (seed, client, number), how it asks again is its retry policy, and what
// it was told is the history. See README.md.
#include <cstdint>
#include <deque>
#include <string_view>
#include <vector>

#include "core/node.h"
#include "core/random.h"
#include "protocols/client/operation.h"

namespace twice::protocols {

enum class Workload : std::uint8_t {
  kRegister,  // reads and writes of unique values
  kCas,       // reads, and compare-and-set from the value last seen
  kAppend,    // reads, and appends of unique values
  kCounter,   // reads, and additions of 1
  kBank,      // reads, deposits and withdrawals; a withdrawal beyond the balance is refused
  kSet,       // reads, insertions of unique elements and removals
  kProbe,     // write, wait, read the same key: for staleness; the next round takes the next key
};
enum class RetryPolicy : std::uint8_t {
  kGiveUp,       // after a timeout the outcome is unknown, and that is that
  kRetrySameId,  // ask again under the same id: whoever knows the id does not do it twice
  kRetryNewId,   // ask again as if it were a new request: it may be done twice
};
enum class Route : std::uint8_t {
  kHome,        // always the same server, the next one after a timeout
  kRoundRobin,  // the next server for each request
  kRandom,
};

struct ClientParameters {
  Workload workload = Workload::kRegister;
  std::uint32_t keys = 1;
  std::uint32_t first_key = 0;
  Probability reads{500'000'000};
  std::int64_t opening_balance = 100;  // of kBank: deposited by the first client before anything else
  // Pace: closed loop (one at a time, `think` between answer and next request) or, with `interval`, open.
  Duration think{};
  Duration interval{};        // open loop: the mean time between two requests, exponential
  Duration wait{};            // of kProbe: from the answer to the write until the read
  std::uint32_t at_most = 0;  // requests; 0: no limit
  Time from{};
  Time to = kEndOfTime;
  Duration timeout = seconds(1);
  RetryPolicy retry = RetryPolicy::kGiveUp;
  std::uint32_t attempts = 3;                                 // of one operation, the first included
  DurationRange backoff{milliseconds(50), milliseconds(50)};  // before attempt 2; doubles with each further one
  Route route = Route::kHome;
  bool follow = true;  // a server that names another is believed
};

/// One operation as the client knows it.
struct Asked {
  static constexpr std::string_view kName = "operation";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("number", self.number), v("command", self.command), v("attempt", self.attempt), v("server", self.server),
        v("waits", self.waits), v("due", self.due);
  }
  enum class Phase : std::uint8_t { kInvoked, kOk, kFailed, kUnknown };

  std::uint32_t number = 0;   // of the operation, from 1
  std::uint32_t request = 0;  // the newest id it was asked under
  Command command;
  std::uint32_t attempt = 1;
  NodeId server = kNobody;
  bool waits = false;     // between two attempts
  bool in_doubt = false;  // an attempt went unanswered: it may have taken effect
  Time due{};             // local: of the timeout, or of the next attempt
  Time invoked{};         // local
  // For those who keep a history.
  Phase phase = Phase::kInvoked;
  bool refused = false;  // its condition failed; else nobody could do it
  Cell result;
};

/// Marks: "invoke", "ok", "fail", "unknown"; value = the operation's number, scope = the client's, from 1.
struct ClientNode {
  static constexpr std::string_view kName = "client";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("asked", self.asked), v("open", self.open), v("ok", self.ok), v("failed", self.failed),
        v("unknown", self.unknown), v("seen", self.seen), v("contexts", self.contexts);
  }
  void step(Time now, const Input& input, Effects& effects);

  // Fixed.
  ClientParameters parameters;
  std::uint64_t seed = 0;    // of the run: choices are draws keyed by client and number
  std::uint32_t client = 0;  // from 0
  NodeId self = kNobody;
  std::vector<NodeId> servers;
  // Volatile.
  std::uint32_t before = 0;    // numbers up to this one belong to earlier lives
  std::uint32_t asked = 0;     // number of the newest operation
  std::uint32_t requests = 0;  // newest id used
  std::vector<Asked> open;     // oldest first
  std::uint64_t ok = 0, failed = 0, unknown = 0;
  std::map<std::uint32_t, std::int64_t> seen;       // the number last read or written, by key: for cas
  std::map<std::uint32_t, VersionVector> contexts;  // by key
  std::size_t home = 0;
  Time armed = kEndOfTime;  // local: when the timer for due operations fires at the latest
  /// Operations whose phase this step changed. Not part of the state: gone with the next step.
  std::vector<Asked> news;

 private:
  void begin(Time now, Effects& effects);
  void hear(Time now, NodeId from, const Response& response, Effects& effects);
  void due(Time now, Effects& effects);
  void next_operation(Time now, Effects& effects);
  void ask(Time now, Asked& operation, Effects& effects);
  void again(Time now, Asked& operation);
  void finish(Time now, std::size_t index, Asked::Phase phase, Effects& effects);
  void pace(Duration wait, Effects& effects);
  void arm(Time now, Effects& effects);
  Command command_of(std::uint32_t number) const;
  std::uint32_t settled() const;
  bool is_closed_loop() const { return parameters.interval.ns == 0; }
};

/// The value that operation `number` of `client` writes: nobody else writes it.
constexpr std::int64_t unique_value(std::uint32_t client, std::uint32_t number) {
  return (std::int64_t{client} + 1) * 1'000'000'000 + number;
}

}  // namespace twice::protocols
