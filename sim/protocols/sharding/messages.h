#pragma once
// What router and shards say to each other, and what survives a crash.
#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

#include "core/block.h"
#include "core/node.h"
#include "protocols/client/server.h"
#include "protocols/client/session.h"
#include "protocols/sharding/table.h"

namespace twice::protocols {

/// What becomes of a request for a row that is on its way to another shard.
enum class WhileMoving : std::uint8_t {
  kForward,   // it waits for the row's arrival and follows it
  kRefuse,    // "try again"
  kCareless,  // the old shard answers from the copy it is about to throw away
};
std::string_view name_of(WhileMoving moving);  // forward, refuse, careless

struct ShardingParameters {
  Partitioning partitioning = Partitioning::kRing;
  std::uint32_t virtual_nodes = 64;  // of kRing
  Table table{};
  std::size_t active = 0;  // shards that hold rows at first; the others wait for "add-shard". 0: all
  bool pruning = true;     // a scan reads only partitions of the dates it asks for
  std::size_t batch = 20;  // rows moved at once
  WhileMoving moving = WhileMoving::kForward;
  Persist persist = Persist::kBeforeAnswer;
  bool sessions = true;
  Duration resend = milliseconds(50);
};

/// A client's request on its way to the shard that holds the row.
struct Routed {
  static constexpr std::string_view kName = "Routed";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("request", self.request), v("hops", self.hops);
  }
  Block<Request> request;
  std::uint32_t hops = 0;
};
/// The router: rows go from where `before` puts them to where `after` does.
struct Reshard {
  static constexpr std::string_view kName = "Reshard";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("epoch", self.epoch), v("before", self.before), v("after", self.after);
  }
  std::uint64_t epoch = 0;
  Block<Placement> before, after;
};
/// A shard: all rows that had to leave have arrived.
struct Resharded {
  static constexpr std::string_view kName = "Resharded";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("epoch", self.epoch), v("rows", self.rows), v("bytes", self.bytes);
  }
  std::uint64_t epoch = 0, rows = 0, bytes = 0;  // sent away
};
/// Rows of one date, with the requests that were done to them.
struct MoveRows {
  static constexpr std::string_view kName = "MoveRows";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("epoch", self.epoch), v("number", self.number), v("date", self.date), v("rows", self.rows),
        v("sessions", self.sessions), v("up_to", self.up_to);
  }
  std::uint64_t epoch = 0, number = 0;
  std::uint32_t date = 0;
  std::map<std::uint32_t, Cell> rows;
  Sessions sessions;
  std::uint64_t up_to = 0;  // rows with smaller keys belong to the receiver now, also those that do not exist yet
};
struct RowsMoved {
  static constexpr std::string_view kName = "RowsMoved";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("epoch", self.epoch), v("number", self.number), v("date", self.date);
  }
  std::uint64_t epoch = 0, number = 0;
  std::uint32_t date = 0;
};
/// How much is there of the dates from..to, both included.
struct Scan {
  static constexpr std::string_view kName = "Scan";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("number", self.number), v("from", self.from), v("to", self.to);
  }
  std::uint64_t number = 0;
  std::uint32_t from = 0, to = 0;
};
struct Scanned {
  static constexpr std::string_view kName = "Scanned";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("number", self.number), v("rows", self.rows), v("bytes", self.bytes), v("partitions", self.partitions),
        v("bytes_scanned", self.bytes_scanned);
  }
  std::uint64_t number = 0;
  std::uint64_t rows = 0, bytes = 0;                // of these dates
  std::uint64_t partitions = 0, bytes_scanned = 0;  // read to find them
};

// --- records
/// All that a shard knows of one date, in one record: a crash keeps rows, finished requests and batches together.
struct Partition {
  static constexpr std::string_view kName = "partition";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("date", self.date), v("rows", self.rows), v("sessions", self.sessions), v("arrived", self.arrived);
    v("epoch", self.epoch), v("number", self.number), v("to", self.to), v("arrived_up_to", self.arrived_up_to),
        v("in_flight", self.in_flight), v("up_to", self.up_to), v("leaving", self.leaving), v("closed", self.closed),
        v("rows_sent", self.rows_sent), v("bytes_sent", self.bytes_sent);
  }
  struct Arrived {
    static constexpr std::string_view kName = "arrived";
    template <class Self, class V>
    static void visit(Self& self, V& v) {
      v("epoch", self.epoch), v("number", self.number), v("up_to", self.up_to);
    }
    std::uint64_t epoch = 0, number = 0, up_to = 0;
  };
  std::uint32_t date = 0;
  std::map<std::uint32_t, Cell> rows;  // answered for here
  Sessions sessions;
  std::map<NodeId, Arrived> arrived;  // the newest batch from each shard
  // What leaves, in `epoch`: in batches of ascending keys, to one shard after the other.
  std::uint64_t epoch = 0;
  std::uint64_t number = 0;         // of the newest batch; grows for ever
  NodeId to = kNobody;              // whom rows go to at present …
  std::uint64_t arrived_up_to = 0;  // … and who has those with smaller keys than this
  bool in_flight = false;
  std::uint64_t up_to = 0;  // of the batch in flight
  std::map<std::uint32_t, Cell> leaving;
  std::vector<NodeId> closed;  // have all that is theirs
  std::uint64_t rows_sent = 0, bytes_sent = 0;
};
constexpr std::uint64_t kAllKeys = std::uint64_t{1} << 32;

}  // namespace twice::protocols
