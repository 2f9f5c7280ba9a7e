#pragma once
// Transactional anomalies as cycles of dependencies over list-append histories (Adya 1999; Kingsbury and Alvaro, Elle,
// VLDB 2020): every append has its own element, so that a read of a list tells which appends came before it.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "check/history.h"

namespace twice::check {

/// One step of a transaction: appends `element` to the list under `key`, or reads that list.
struct MicroOperation {
  Function function = Function::kRead;  // kRead or kAppend
  std::string key;
  std::int64_t element = 0;  // appended
  std::optional<List> list;  // read; nullopt: not known
};

struct Transaction {
  std::uint32_t process = 0;
  std::vector<MicroOperation> operations;  // in order
  Outcome outcome = Outcome::kUnknown;
  Time invoked, returned = kEndOfTime;
  std::uint64_t call = 0, ret = ~std::uint64_t{0};  // as in Operation
  std::string client{};                             // the name of the process, when it has one
};

/// From bad to subtle. Each is named as in the literature; Adya's name is in brackets.
enum class Anomaly : std::uint8_t {
  kImpossibleRead,    // an element that nobody appended, one twice, or the own appends missing
  kDirtyRead,         // an element of a transaction that failed (G1a)
  kIntermediate,      // a state that its transaction had not finished (G1b)
  kDivergentOrder,    // two reads that cannot come from one growing list
  kWriteCycle,        // appends in circular order (G0)
  kInformationCycle,  // each saw the other's appends (G1c)
  kLostUpdate,        // both read a list and appended to it, and one did not see the other's append
  kReadSkew,          // one cycle with a single missed append (G-single)
  kLongFork,          // two readers saw two appends in opposite orders
  kWriteSkew,         // each missed what the other appended elsewhere (G2)
};
std::string_view name_of(Anomaly anomaly);  // "lost update"
std::string_view doc_of(Anomaly anomaly);   // one line

struct AnomalyReport {
  Anomaly anomaly = Anomaly::kImpossibleRead;
  std::vector<std::size_t> transactions;  // indices, in the order of the cycle
  std::string words;                      // the whole cycle, step by step
};

/// Isolation levels that the anomalies rule out, weakest first.
enum class Isolation : std::uint8_t { kReadCommitted, kSnapshot, kSerializable };
std::string_view name_of(Isolation isolation);  // read committed, snapshot isolation, serializable

struct TransactionReport {
  std::vector<AnomalyReport> anomalies;  // at most kMostAnomalies, the worst first
  static constexpr std::size_t kMostAnomalies = 20;
  Judgement judgement_of(Isolation isolation) const;
  std::optional<std::string> undecided;  // why nothing can be said: elements that are not unique
};

/// Cost: about the number of dependencies for each transaction that lies on a cycle.
TransactionReport check_transactions(const std::vector<Transaction>& transactions);

/// "process 3: append 5 to x, read [1 5] from x".
std::string in_words(const Transaction& transaction);

}  // namespace twice::check
