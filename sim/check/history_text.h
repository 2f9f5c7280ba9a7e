#pragma once
// Histories as text: logs of Jepsen's etcd test, EDN as Jepsen and Elle write it, and JSON with the same names.
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "check/history.h"
#include "check/transactions.h"

namespace twice::check {

/// What is wrong with a text, where, and what to do about it. Lines and columns count from 1, columns in bytes.
struct TextError {
  std::size_t line = 1, column = 1;
  std::string message, help;
  auto operator<=>(const TextError&) const = default;
};
std::string to_text(const TextError& error);  // "3:14: message; help"

enum class TextFormat : std::uint8_t { kLog, kEdn, kJson };
std::string_view name_of(TextFormat format);  // log, edn, json

struct HistoryText {
  TextFormat format = TextFormat::kEdn;
  History history;                        // operations on single keys
  std::vector<Transaction> transactions;  // of :f :txn
  bool times = false;                     // the text gave times; else `invoked` and `returned` count events from 0
};

/// Reads a history; the format is seen from the first characters. One event an operation's call and answer, in
/// real-time order:
///   INFO  jepsen.util - 0  :invoke  :cas  [3 4]
///   {:process 0, :type :invoke, :f :write, :key "x", :value 3, :time 1200, :session "c1"}
///   {"process": 0, "type": "ok", "f": "read", "key": "x", "value": 3, "time": 1200}
/// type: invoke, ok, fail, info (no answer); f: read or get, write or put, cas, append, add, txn. An operation without
/// an answer stays open. A process is a number or a name; only Jepsen's :nemesis, which asks nothing, is passed over.
/// Time is in nanoseconds. EDN and JSON are one list of events or events one after another. Never
/// gives a partial history: any mistake is the answer.
std::variant<HistoryText, TextError> read_history(std::string_view text);

/// Why no checker can show anything with this text: empty when it can. Only answers show something, and only where a
/// read, a compare-and-set or a transaction could have seen what another operation changed.
std::string nothing_shown(const HistoryText& text);

/// One event a line, in real-time order; read_history gives the same history back. Writes times, and sessions and
/// servers where they are known. REQUIRES that only open operations have an unknown outcome.
std::string to_edn(const History& history);
std::string to_json_lines(const History& history);

}  // namespace twice::check
