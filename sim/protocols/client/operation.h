#pragma once
// The one interface between clients and every replication design: what can be asked, how it is answered, and what
// answering does to the data.
#include <compare>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/ids.h"
#include "core/node.h"
#include "core/visit.h"

namespace twice::protocols {

/// What a key holds; empty: never written. A register or a counter holds one number, a list any.
using Cell = std::vector<std::int64_t>;
std::string to_text(const Cell& cell);  // nil, 7, [1 2 3]

enum class Verb : std::uint8_t {
  kRead,
  kWrite,   // the key holds `value` and nothing else
  kCas,     // the same, if it held `expected`
  kAppend,  // `value` is added to the end
  kAdd,     // the number grows by `value`; refused where it would fall below `expected`
  kRemove,  // `value` is taken out of the set
  kErase,   // the key is as if it had never been written: an operator's DELETE, not a client's
};
std::string_view name_of(Verb verb);  // read, write, cas, append, add, remove, erase

struct Command {
  static constexpr std::string_view kName = "command";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("verb", self.verb), v("key", self.key), v("value", self.value), v("expected", self.expected);
  }
  bool operator==(const Command&) const = default;
  bool writes() const { return verb != Verb::kRead; }

  Verb verb = Verb::kRead;
  std::uint32_t key = 0;
  std::int64_t value = 0;
  std::int64_t expected = std::numeric_limits<std::int64_t>::min();
};
std::string to_text(const Command& command);  // "write k3 = 1000007"
std::string key_name(std::uint32_t key);      // "k3"

/// One attempt of a client, or several with retry-same-id: whoever sees an id twice sees one operation.
struct RequestId {
  static constexpr std::string_view kName = "request id";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("client", self.client), v("number", self.number);
  }
  auto operator<=>(const RequestId&) const = default;
  NodeId client = kNobody;
  std::uint32_t number = 0;
};

/// How often each node has written: one version of a value, and what it has seen. Ordered by node.
using VersionVector = std::vector<std::pair<NodeId, std::uint64_t>>;
enum class Order : std::uint8_t { kBefore, kEqual, kAfter, kConcurrent };
Order compare(const VersionVector& a, const VersionVector& b);
void merge(VersionVector& into, const VersionVector& from);
std::uint64_t& count_of(VersionVector& versions, NodeId node);

enum class Status : std::uint8_t {
  kOk,
  kRefused,      // its condition failed; it had no effect and never will
  kUnavailable,  // whoever was asked cannot do it now; it had no effect
};
std::string_view name_of(Status status);  // ok, refused, unavailable

struct Reply {
  static constexpr std::string_view kName = "reply";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("status", self.status), v("value", self.value);
  }
  Status status = Status::kOk;
  Cell value;  // of a read
};

struct Request {
  static constexpr std::string_view kName = "Request";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("id", self.id), v("settled", self.settled), v("command", self.command), v("context", self.context);
  }
  RequestId id;
  std::uint32_t settled = 0;  // the client will never again send a request of its below this number
  Command command;
  VersionVector context;  // what the client had read, for designs that keep siblings
};

struct Response {
  static constexpr std::string_view kName = "Response";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("number", self.number), v("reply", self.reply), v("ask", self.ask), v("context", self.context);
  }
  std::uint32_t number = 0;
  Reply reply;
  NodeId ask = kNobody;  // with kUnavailable: who may be able to
  VersionVector context;
};

/// What a command makes of one cell, and the answer.
Reply execute(Cell& cell, const Command& command);

/// All keys of one replica, with the client sessions that make a repeated request harmless.
struct Store {
  static constexpr std::string_view kName = "store";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("cells", self.cells), v("sessions", self.sessions);
  }
  struct Session {
    static constexpr std::string_view kName = "session";
    template <class Self, class V>
    static void visit(Self& self, V& v) {
      v("settled", self.settled), v("replies", self.replies);
    }
    std::uint32_t settled = 0;               // the client repeats no request below this number
    std::map<std::uint32_t, Reply> replies;  // of the requests from there on that took effect
  };

  /// With `remember`, a request that took effect before is answered as then and not executed again.
  Reply apply(const Request& request, bool remember);

  std::map<std::uint32_t, Cell> cells;
  std::map<NodeId, Session> sessions;
};

/// Keys of the record disk, + the key: of designs that keep each key by itself. They use the numbers below for the
/// rest.
constexpr std::uint64_t kCellRecords = std::uint64_t{1} << 40;

}  // namespace twice::protocols
