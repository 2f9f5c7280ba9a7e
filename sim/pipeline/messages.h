#pragma once
// What source, loader, warehouse, orchestrator and dashboard say to each other.
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "core/payload.h"
#include "pipeline/sql_value.h"
#include "pipeline/warehouse/engine.h"

namespace twice::pipeline {

/// A large immutable value with its hash taken once.
template <class T>
class Hashed {
 public:
  Hashed() = default;
  explicit Hashed(T value) : digest_(hash_of(value)), block_(std::move(value)) {}
  const T& operator*() const { return *block_; }
  const T* operator->() const { return &*block_; }
  explicit operator bool() const { return static_cast<bool>(block_); }
  std::uint64_t digest() const { return digest_; }
  void describe(FieldSink& sink, std::string_view name) const {
    block_ ? twice::describe(sink, name, *block_) : sink.nothing(name);
  }

 private:
  std::uint64_t digest_ = 0;
  Block<T> block_;
};
using Rows = Hashed<SqlTable>;

// --- orchestrator and loader
/// Which try of which run. `launch` counts all launches of the orchestrator from 1 and names the session.
struct Attempt {
  static constexpr std::string_view kName = "attempt";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("run", self.run), v("attempt", self.attempt), v("launch", self.launch);
  }
  std::uint32_t run = 1;
  std::uint32_t attempt = 1;  // within the run
  std::uint32_t launch = 1;
  auto operator<=>(const Attempt&) const = default;
};

struct AttemptStarted {
  static constexpr std::string_view kName = "AttemptStarted";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("launch", self.launch);
  }
  std::uint32_t launch = 0;
};

struct AttemptDone {
  static constexpr std::string_view kName = "AttemptDone";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("launch", self.launch), v("ok", self.ok), v("error", self.error);
  }
  std::uint32_t launch = 0;
  bool ok = false;
  std::string error;
};

// --- loader and source
struct ReadRows {
  static constexpr std::string_view kName = "ReadRows";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("attempt", self.attempt);
  }
  std::uint32_t attempt = 1;
};

struct SourceRows {
  static constexpr std::string_view kName = "Rows";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("rows", self.rows);
  }
  Rows rows;
};

/// The source's rows as a file. The bytes are told by their number and hash.
struct SourceFile {
  static constexpr std::string_view kName = "File";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("bytes", self.size), v("hash", self.hash);
  }
  SourceFile() = default;
  explicit SourceFile(std::string file) : size(file.size()), hash(hash_text(file)), bytes(std::move(file)) {}
  std::uint64_t size = 0, hash = 0;
  Block<std::string> bytes;
};

/// The source holds rows that it cannot write as agreed.
struct SourceRefuses {
  static constexpr std::string_view kName = "Refused";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("why", self.why);
  }
  std::string why;
};

// --- clients and warehouse
/// Statement `number` (from 1) of a session. The first one opens the session.
struct Execute {
  static constexpr std::string_view kName = "Execute";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("session", self.session.number), v("number", self.number), v("sql", self.statement.text),
        v("values", self.statement.values);
  }
  SessionId session;
  std::uint32_t number = 0;
  Statement statement;
};

struct Result {
  static constexpr std::string_view kName = "Result";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("session", self.session.number), v("number", self.number), v("status", self.status), v("changes", self.changes);
    v("message", self.message), v("rows", self.rows);
  }
  SessionId session;
  std::uint32_t number = 0;
  SqlStatus status = SqlStatus::kOk;
  std::int64_t changes = 0;
  std::string message;
  SqlTable rows;
};

struct Goodbye {
  static constexpr std::string_view kName = "Goodbye";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("session", self.session.number);
  }
  SessionId session;
};

// --- warehouse and its engine
struct KillSession {
  static constexpr std::string_view kName = "KillSession";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("session", self.session.number);
  }
  SessionId session;
};

/// What the engine did with an Execute.
struct StatementDone {
  static constexpr std::string_view kName = "StatementDone";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("result", self.result), v("committed", self.committed), v("open", self.in_transaction);
  }
  Result result;
  bool committed = false;
  bool in_transaction = false;
};

struct SessionEnded {
  static constexpr std::string_view kName = "SessionEnded";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("session", self.session.number);
  }
  SessionId session;
};

}  // namespace twice::pipeline
