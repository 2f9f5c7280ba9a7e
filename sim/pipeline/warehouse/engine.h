#pragma once
// The seam under the warehouse: open, execute -> reply, kill a session, reset, dump. Nothing above it knows SQLite.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/block.h"
#include "core/ids.h"
#include "core/limits.h"
#include "core/time.h"
#include "physics/byte_disk.h"
#include "pipeline/sql_value.h"

namespace twice::pipeline {

/// A connection to the warehouse, served by a process of its own (as PostgreSQL serves a client).
struct SessionId {
  std::uint32_t number = 0;
  auto operator<=>(const SessionId&) const = default;
};

/// One statement of SQL with named parameters (":day"), bound by name from `names`/`values` (same length).
/// `text` is one block for all rows of a loader, so that a prepared statement can be found again by its block.
struct Statement {
  Block<std::string> text;
  Block<std::vector<std::string>> names;
  SqlRow values;
};

enum class SqlStatus : std::uint8_t {
  kOk,
  kBusy,        // a lock is held by another session; nothing was done, ask again later
  kConstraint,  // UNIQUE, NOT NULL, CHECK, STRICT type …
  kError,       // syntax, missing table, …
  kIoError,     // the disk failed
  kFull,        // the disk is full
  kCorrupt,
  kRefused,    // our authorizer said no
  kTooLong,    // a limit of this program was reached, see SqlReply::limit
  kNoSession,  // the session was killed
};
std::string_view name_of(SqlStatus status);

/// A bound of this program, not of the warehouse that it plays. A run that meets one tells nothing about its load: its
/// verdict is undecided. The figures are in core/limits.h.
enum class SqlLimit : std::uint8_t {
  kSteps,   // of one statement
  kMemory,  // of SQLite in this process
  kResult,  // rows or bytes that one statement returns
  kValue,   // bytes of one text or blob
  kDisk,    // bytes of one file of the warehouse
  kShape,   // how deeply a statement may nest, how long a LIKE pattern may be, …
};
std::string_view name_of(SqlLimit limit);
/// "one SQL statement needed more than 50,000,000 steps (limit statement-steps)".
std::string sentence_of(SqlLimit limit);

/// The rows of the watched tables that a reader would see now: a multiset digest that does not depend on row order,
/// kept up to date by the engine at every commit.
struct Visible {
  std::uint64_t rows = 0;
  std::uint64_t digest = 0;
  auto operator<=>(const Visible&) const = default;
};

struct SqlReply {
  SqlStatus status = SqlStatus::kOk;
  std::string message;                    // the engine's own words, empty when ok
  std::optional<SqlLimit> limit;          // why it failed, where the reason is a limit of this program
  std::optional<std::uint32_t> error_at;  // byte offset in the statement's text, where the engine knows it
  SqlTable result;                        // empty for statements that return no rows
  std::int64_t changes = 0;               // rows inserted, updated or deleted by this statement
  Duration cost{};                        // sum of the I/O costs of this statement
  bool in_transaction = false;            // after the statement
  bool committed = false;                 // this statement made something durable and visible
  std::vector<Visible> visible;           // after `committed`: one entry per watched table, in the order of `watch`
};

/// What SQL's clock and random() see, so that they are functions of the run: virtual time and a keyed draw.
struct SqlMoment {
  Time now;
  std::uint64_t seed = 0;
  CausalId id = 0;
};

struct EngineOptions {
  std::string journal = "delete";     // delete | truncate | wal
  std::string synchronous = "extra";  // off | normal | full | extra
  std::uint32_t page_bytes = 4096;    // a power of two, 512..65536
  physics::DiskOptions disk{};        // sectors and what I/O costs
  std::uint64_t work_limit = limits::kStatementSteps;
  std::uint64_t file_bytes = limits::kWarehouseBytes;  // of the database and of its journal, each
  std::int64_t epoch_unix_seconds = 0;                 // the calendar date of virtual time 0
  std::vector<std::string> watch{};                    // tables whose visible rows are digested at each commit
};

/// What a crash leaves of the disk and whether I/O is cut inside the last statement.
/// Copying an engine forks it: the bytes copy, open connections do not; they are opened again and the statements
/// since the last quiet point (no session inside a transaction) are executed again, on first use. This is the one
/// place where a fork re-executes.
class Engine {
 public:
  virtual ~Engine() = default;
  virtual std::unique_ptr<Engine> clone() const = 0;
  /// "sqlite 3.40.1": named by every verdict.
  virtual std::string version() const = 0;

  virtual void open(SessionId session) = 0;
  virtual SqlReply execute(SessionId session, const Statement& statement, const SqlMoment& moment) = 0;
  /// The session's process dies at once: what it wrote stays, its locks go, its open transaction is rolled back by
  /// whoever looks next.
  virtual void kill(SessionId session) = 0;
  /// The client said goodbye: rolls back what is open and closes.
  virtual void close(SessionId session) = 0;
  /// All sessions die. `cut`: I/O operations of the last statement beyond the first `cut` never happened.
  virtual void crash(const physics::DiskCrash& how) = 0;

  /// Everything written so far is durable and costs nothing: the run begins after this. For setting up.
  virtual void settle() = 0;

  /// I/O operations since the beginning (write, truncate, sync, delete, …; reads are free).
  virtual std::uint64_t io_count() const = 0;
  /// Arms an I/O error or a full disk from operation `at` on (see physics::DiskFault).
  virtual void arm(const physics::DiskFault& fault) = 0;

  /// Outside the run: reads from a copy, never from the live engine.
  virtual SqlReply query(std::string_view sql,
                         const std::vector<std::pair<std::string, SqlValue>>& parameters) const = 0;
  /// Names of tables, the rows of one, and the engine's own integrity check ("ok" or its findings).
  virtual std::vector<std::string> tables() const = 0;
  virtual std::optional<SqlTable> dump(std::string_view table) const = 0;
  virtual std::string integrity() const = 0;
  /// Equal digests mean equal futures: the settled bytes of the disk after recovery. For memoising, not for traces.
  virtual std::uint64_t settled_digest() const = 0;
  /// What a reader of the watched tables would see now, in the order of `watch`; after a crash, once recovered.
  virtual std::vector<Visible> visible() const = 0;
  /// True once a statement read the clock or drew a random number: such runs must not be memoised.
  virtual bool used_clock_or_random() const = 0;
  /// The first limit that a statement or a question met, in this engine or in those it was cloned from.
  virtual std::optional<SqlLimit> limit_met() const = 0;
};

std::unique_ptr<Engine> make_sqlite_engine(const EngineOptions& options);

}  // namespace twice::pipeline
