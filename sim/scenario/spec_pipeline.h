#pragma once
// The pipeline's part of a scenario: source, job, loader, orchestrator, warehouse, dashboard.
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/formats/schema.h"
#include "scenario/field.h"
#include "scenario/pipeline_words.h"
#include "scenario/words.h"

namespace twice::scenario {

struct WarehouseSpec {
  EngineKind engine = EngineKind::kSqlite;
  Journal journal = Journal::kDelete;
  Synchronous synchronous = Synchronous::kExtra;
  SqlText setup;
  std::uint32_t page_size = 4096;
  std::uint32_t sector_size = 512;
  Duration sync_cost = milliseconds(2);
  Duration write_cost = microseconds(20);
  Duration session_timeout = seconds(60);
  OnLock on_lock;
  Duration recovery = seconds(1);
  CalendarTime epoch{1782266400};
  bool recognises_repeats = true;
  Span span{};

  template <class Self, class V>
  static void fields(Self& self, V& v) {
    v(Field{.name = "engine", .doc = "The SQL engine the loaders' statements run on."}, self.engine);
    v(Field{.name = "journal", .doc = "How the engine protects a transaction against a crash."}, self.journal);
    v(Field{.name = "synchronous", .doc = "How often the engine asks the disk to make writes durable."},
      self.synchronous);
    v(Field{.name = "setup",
            .doc = "SQL that creates the tables, and the rows that are there before any load. Runs before time 0, "
                   "without faults."},
      self.setup);
    v(Field{.name = "page-size",
            .doc = "Size of a database page: a power of two.",
            .unit = "bytes",
            .min = 512,
            .max = 65536},
      self.page_size);
    v(Field{.name = "sector-size",
            .doc = "Size of the smallest piece the disk writes whole: a power of two. A crash tears between sectors.",
            .unit = "bytes",
            .min = 512,
            .max = 4096},
      self.sector_size);
    v(Field{.name = "sync-cost", .doc = "Virtual time of one fsync.", .min = 0}, self.sync_cost);
    v(Field{.name = "write-cost", .doc = "Virtual time of one write to the disk.", .min = 0}, self.write_cost);
    v(Field{.name = "session-timeout",
            .doc = "A session that has lost its client is rolled back after this long; until then it keeps its locks.",
            .min = 0},
      self.session_timeout);
    v(Field{.name = "on-lock",
            .doc = "What a statement does when another session holds the lock: wait this long, or fail at once.",
            .example = "\"wait 5s\""},
      self.on_lock);
    v(Field{.name = "recovery", .doc = "How long a restarted warehouse needs before it answers.", .min = 0},
      self.recovery);
    v(Field{.name = "epoch",
            .doc = "The calendar moment of virtual time 0, in UTC: what SQL's clock shows.",
            .example = "\"2026-06-24T02:00:00Z\""},
      self.epoch);
    v(Field{.name = "recognises-repeats",
            .doc = "A connection recognises a statement that arrives twice; without, a duplicate runs twice."},
      self.recognises_repeats);
  }
};

struct RowNumber {
  std::int64_t first = 1;
  bool operator==(const RowNumber&) const = default;
};
struct IntegerRange {
  std::int64_t low = 0, high = 0;
  bool operator==(const IntegerRange&) const = default;
};
struct OneOfValues {
  std::vector<pipeline::SqlValue> values;
  bool operator==(const OneOfValues&) const = default;
};
struct Constant {
  pipeline::SqlValue value;
  bool operator==(const Constant&) const = default;
};
/// "row" or "row from 501" | "1..500" (drawn) | ["a", "b"] (drawn) | anything else, itself.
using ColumnRule = std::variant<RowNumber, IntegerRange, OneOfValues, Constant>;

struct GenerateSpec {
  std::uint64_t rows = 0;
  std::uint64_t seed = 1;
  std::vector<std::pair<std::string, ColumnRule>> columns;

  template <class Self, class V>
  static void fields(Self& self, V& v) {
    v(Field{.name = "rows", .doc = "How many rows.", .unit = "rows", .required = true, .min = 0, .max = 2'000'000},
      self.rows);
    v(Field{.name = "seed",
            .doc = "Makes other values of the same shape. Independent of the run's seed, so that every run reads the "
                   "same source."},
      self.seed);
    v(Field{.name = "columns",
            .doc = "One rule a column, in order: \"row\" counts rows (\"row from 501\" starts there), \"1..500\" draws "
                   "an integer, a list draws one of its values, anything else is the value itself.",
            .required = true,
            .example = "{ order_id = \"row\", amount = \"1..500\" }"},
      self.columns);
  }
};

/// Where rows come from: exactly one of the four.
struct SourceVersion {
  std::uint32_t from_attempt = 2;
  std::optional<Spanned<std::string>> csv, jsonl;
  std::optional<SqlText> sql;
  std::optional<GenerateSpec> generate;
  Span span{};

  template <class Self, class V>
  static void fields(Self& self, V& v) {
    v(Field{.name = "from-attempt",
            .doc = "From this attempt on, loaders read this version.",
            .unit = "attempt",
            .min = 2,
            .max = 1000},
      self.from_attempt);
    v(Field{.name = "csv", .doc = "A CSV file, relative to the scenario file.", .one_of = "rows"}, self.csv);
    v(Field{.name = "jsonl", .doc = "A JSON Lines file, relative to the scenario file.", .one_of = "rows"}, self.jsonl);
    v(Field{.name = "sql", .doc = "A query over the tables that the source's setup creates.", .one_of = "rows"},
      self.sql);
    v(Field{.name = "generate", .doc = "Generated rows.", .one_of = "rows"}, self.generate);
  }
};

struct SourceSpec {
  std::optional<Spanned<std::string>> csv, jsonl;
  std::optional<SqlText> sql;
  std::optional<GenerateSpec> generate;
  SqlText setup;
  Spanned<std::string> table{"source"};
  std::optional<Spanned<pipeline::formats::Format>> format;
  std::vector<std::pair<std::string, pipeline::formats::ColumnType>> schema;
  std::optional<Spanned<pipeline::formats::Check>> check;
  std::vector<SourceVersion> then;
  Span span{};

  template <class Self, class V>
  static void fields(Self& self, V& v) {
    v(Field{.name = "csv",
            .doc = "A CSV file with a header line, relative to the scenario file.",
            .one_of = "rows",
            .example = "\"stg_orders.csv\""},
      self.csv);
    v(Field{.name = "jsonl",
            .doc = "A JSON Lines file, one flat object a line, relative to the scenario file.",
            .one_of = "rows"},
      self.jsonl);
    v(Field{.name = "sql", .doc = "A query; its rows, in its order, are the source.", .one_of = "rows"}, self.sql);
    v(Field{.name = "generate", .doc = "Generated rows.", .one_of = "rows"}, self.generate);
    v(Field{.name = "setup",
            .doc = "SQL that creates and fills the tables the source's queries read.",
            .with = "sql then"},
      self.setup);
    v(Field{.name = "table",
            .doc =
                "The staging table that holds these rows in the warehouse, for set-based SQL, scripts and `expected`."},
      self.table);
    v(Field{.name = "format",
            .doc =
                "The source writes its rows as a file of this kind, and every attempt reads the file's bytes. Without "
                "it, rows travel as they are."},
      self.format);
    v(Field{.name = "schema",
            .doc = "What each column holds: \"integer\", \"real\" or \"text\"; with a ? it may be NULL.",
            .with = "format",
            .example = "{ order_id = \"integer\", note = \"text?\" }"},
      self.schema);
    v(Field{.name = "check",
            .doc = "Who holds the rows against the schema. Without it: the writer of a file that carries its schema, "
                   "nobody otherwise.",
            .with = "format"},
      self.check);
    v(Field{.name = "then", .doc = "The source changes between attempts: other versions, each from an attempt on."},
      self.then);
  }
};

struct RetrySpec {
  std::uint32_t attempts = 3;
  Duration after = seconds(30);
  std::uint32_t backoff = 1;

  template <class Self, class V>
  static void fields(Self& self, V& v) {
    v(Field{.name = "attempts",
            .doc = "How often a run is tried in all, the first time included.",
            .unit = "attempts",
            .min = 1,
            .max = 1000},
      self.attempts);
    v(Field{.name = "after", .doc = "The wait between a failure and the next attempt.", .min = 0}, self.after);
    v(Field{.name = "backoff",
            .doc = "Each wait is this many times the one before; 1 keeps it equal.",
            .min = 1,
            .max = 100},
      self.backoff);
  }
};

struct OrchestratorSpec {
  RetrySpec retry;
  Duration timeout = minutes(10);
  std::uint32_t runs = 1;
  Duration between_runs = minutes(1);
  std::optional<Duration> duplicate_start;
  Span span{};

  template <class Self, class V>
  static void fields(Self& self, V& v) {
    v(Field{.name = "retry", .doc = "What happens after a failed attempt."}, self.retry);
    v(Field{.name = "timeout",
            .doc = "An attempt that has not reported by then counts as failed. It may still be alive.",
            .min = 1},
      self.timeout);
    v(Field{.name = "runs",
            .doc = "How many times the same slice is loaded, one after another: 2 asks whether a second clean run "
                   "changes anything.",
            .unit = "runs",
            .min = 1,
            .max = 1000},
      self.runs);
    v(Field{.name = "between-runs", .doc = "The wait between the end of a run and the start of the next.", .min = 0},
      self.between_runs);
    v(Field{.name = "duplicate-start",
            .doc = "Starts a second loader this long after the first, while the first still works: a zombie.",
            .min = 0},
      self.duplicate_start);
  }
};

struct DashboardSpec {
  Duration every = seconds(5);
  SqlText sql;
  Span span{};

  template <class Self, class V>
  static void fields(Self& self, V& v) {
    v(Field{.name = "every", .doc = "How often the query runs, in virtual time.", .min = 1'000'000}, self.every);
    v(Field{.name = "sql",
            .doc = "One query; {table} stands for the lane's table. Each column of its first row is a series that "
                   "`expect` can name.",
            .required = true},
      self.sql);
  }
};

/// How one lane loads. Statements are numbered from 1 in the order they are sent within an attempt.
struct LoaderSpec {
  Spanned<std::string> table;
  std::vector<Spanned<std::string>> key;
  std::vector<Spanned<std::string>> ignore;
  SqlText slice;
  CommitRule commit{CommitRule::Kind::kNone, 1, {}};
  std::vector<SqlText> before, after;                       // run once per attempt, in order
  std::vector<SqlText> row;                                 // once per source row, its columns bound by name
  std::vector<SqlText> batch_start, batch_end, batch_done;  // around each batch of commit = "every N"
  std::vector<SqlText> statement;                           // set-based: one entry per statement
  std::optional<SqlText> script;                            // several statements with their own BEGIN and COMMIT
  std::optional<Spanned<std::string>> script_file;
  std::optional<SqlText> expected;

  template <class Self, class V>
  static void fields(Self& self, V& v) {
    v(Field{.name = "table", .doc = "The table this lane loads; {table} in any SQL stands for it."}, self.table);
    v(Field{.name = "key",
            .doc = "The columns that say which row is which; without them, all columns do.",
            .example = "[\"order_date\", \"order_id\"]"},
      self.key);
    v(Field{.name = "ignore",
            .doc = "Columns that may differ between runs (load time, batch number); the oracles do not look at them.",
            .example = "[\"loaded_at\"]"},
      self.ignore);
    v(Field{.name = "slice",
            .doc = "A condition that selects the rows this load owns; all other rows must stay untouched. Without it, "
                   "the whole table.",
            .example = "\"order_date = :day\""},
      self.slice);
    v(Field{.name = "commit",
            .doc = "When the loader commits: \"each-row\", \"every 100\" rows, \"once\" (one transaction around "
                   "everything) or \"none\" (no BEGIN, no COMMIT: statements are sent as they stand).",
            .example = "\"every 100\""},
      self.commit);
    v(Field{.name = "before",
            .doc = "SQL before the first row, once per attempt; inside the transaction when commit is \"once\"."},
      self.before);
    v(Field{.name = "row",
            .doc = "SQL for each source row; the row's columns and the job's parameters are bound by name (:order_id, "
                   ":day).",
            .one_of = "loader",
            .optional_group = true},
      self.row);
    v(Field{.name = "batch-start",
            .doc = "SQL before each batch's BEGIN, in a transaction of its own; the batch's last row is bound. Needs "
                   "commit = \"every N\".",
            .with = "row"},
      self.batch_start);
    v(Field{.name = "batch-end",
            .doc = "SQL inside each batch's transaction, before its COMMIT; the batch's last row is bound. Needs "
                   "commit = \"every N\".",
            .with = "row"},
      self.batch_end);
    v(Field{.name = "batch-done",
            .doc = "SQL after each batch's COMMIT, in a transaction of its own; the batch's last row is bound. Needs "
                   "commit = \"every N\".",
            .with = "row"},
      self.batch_done);
    v(Field{.name = "after",
            .doc = "SQL after the last row, once per attempt; inside the transaction when commit is \"once\"."},
      self.after);
    v(Field{.name = "statement",
            .doc =
                "Set-based SQL instead of `row`: it reads the source's rows from the table that `source.table` names.",
            .one_of = "loader"},
      self.statement);
    v(Field{.name = "script",
            .doc = "SQL that runs as it stands, with its own BEGIN and COMMIT, one statement after another.",
            .one_of = "loader"},
      self.script);
    v(Field{.name = "script-file",
            .doc = "As `script`, read from a file relative to the scenario file.",
            .one_of = "loader"},
      self.script_file);
    v(Field{.name = "expected",
            .doc = "A query over the source's rows (table `source`) that gives the rows the slice should hold at the "
                   "end. Without it: what a run without faults gives."},
      self.expected);
  }
};

}  // namespace twice::scenario
