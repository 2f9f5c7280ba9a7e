// Loaders that crash after every single I/O operation, and what is left.
#include <algorithm>
#include <functional>
#include <set>

#include "warehouse/engine_user.h"

using namespace twice;
using namespace twice::pipeline;
using physics::Lose;

namespace {

using Loader = std::vector<std::string>;
constexpr const char* kJournals[] = {"delete", "truncate", "wal"};
constexpr Lose kLosses[] = {Lose::kNothing, Lose::kUnsynced, Lose::kMixed};
constexpr int kBatch = 20, kBatches = 5;

/// Rows [from, to) of one day.
std::string insert_rows(int from, int to, const std::string& conflict = "") {
  return "INSERT INTO orders WITH RECURSIVE n(i) AS (SELECT " + std::to_string(from) +
         " UNION ALL SELECT i + 1 FROM n WHERE i < " + std::to_string(to - 1) +
         ") SELECT i, 'd1', 1, 'some text that makes a row as long as rows are' FROM n WHERE true " + conflict;
}
Loader batches(const std::string& conflict = "") {
  Loader loader;
  for (int b = 0; b < kBatches; ++b) loader.push_back(insert_rows(b * kBatch, (b + 1) * kBatch, conflict));
  return loader;
}
Loader in_one_transaction(Loader loader) {
  loader.insert(loader.begin(), "BEGIN");
  loader.push_back("COMMIT");
  return loader;
}
Loader after_delete(Loader loader) {
  loader.insert(loader.begin(), "DELETE FROM orders WHERE day = 'd1'");
  return loader;
}

const char* kPlain = "CREATE TABLE orders(id INTEGER, day TEXT, amount INTEGER, filler TEXT)";
const char* kKeyed = "CREATE TABLE orders(id INTEGER PRIMARY KEY, day TEXT, amount INTEGER, filler TEXT)";

EngineUser warehouse(const EngineOptions& options, const char* table) {
  EngineUser user(options);
  user.must(table);
  user.must("INSERT INTO orders VALUES (-1, 'd0', 0, 'another day')");
  return user;
}

void run_all(EngineUser& user, const Loader& loader) {
  for (const std::string& sql : loader) user.must(sql);
}

/// A fork that crashed after I/O operation `cut` of a statement, the last of them being `end`.
struct CrashPoint {
  EngineUser user;
  std::uint64_t cut, end;
  std::string rows_before, rows_after;  // committed before and after the statement
};

void crash_everywhere(EngineUser user, const Loader& loader, Lose lose, const std::function<void(CrashPoint&)>& visit) {
  const char* kCount = "SELECT count(*) FROM orders";
  for (const std::string& sql : loader) {
    const std::uint64_t from = user.engine->io_count();
    const std::string before = user.ask(kCount);
    user.must(sql);
    const std::uint64_t end = user.engine->io_count();
    const std::string after = user.ask(kCount);
    for (std::uint64_t cut = from; cut <= end; ++cut) {
      CrashPoint point{user.fork(), cut, end, before, after};
      point.user.engine->crash({.lose = lose, .cut_after = cut, .draw = cut});
      point.user.engine->open(point.user.session);
      visit(point);
    }
  }
}

/// What one column of the table says after each crash and a complete retry.
std::multiset<std::string> after_retry(const char* table, const Loader& loader, const std::string& question) {
  std::multiset<std::string> outcomes;
  crash_everywhere(warehouse({}, table), loader, Lose::kNothing, [&](CrashPoint& point) {
    run_all(point.user, loader);
    outcomes.insert(point.user.ask(question));
  });
  return outcomes;
}
std::set<std::string> distinct(const std::multiset<std::string>& all) { return {all.begin(), all.end()}; }

/// Crash points at which an acknowledged commit was gone after a power loss.
int vanished_commits(const EngineOptions& options) {
  int vanished = 0;
  crash_everywhere(warehouse(options, kPlain), in_one_transaction(batches()), Lose::kUnsynced, [&](CrashPoint& point) {
    if (point.cut != point.end) return;  // not acknowledged
    const SqlReply rows = point.user.engine->query("SELECT count(*) FROM orders", {});
    const bool is_there = rows.status == SqlStatus::kOk && to_text(rows.result.rows[0][0]) == point.rows_after;
    vanished += is_there ? 0 : 1;
  });
  return vanished;
}

}  // namespace

TEST_CASE(
    "a crash after any operation, however the disk loses, leaves a whole database with all or nothing of a statement") {
  const Loader loaders[] = {batches(), in_one_transaction(batches()), in_one_transaction(after_delete(batches()))};
  int points = 0;
  for (const char* journal : kJournals) {
    for (const Lose lose : kLosses) {
      for (const Loader& loader : loaders) {
        crash_everywhere(warehouse({.journal = journal}, kKeyed), loader, lose, [&](CrashPoint& point) {
          ++points;
          INFO(journal << ", lose " << static_cast<int>(lose) << ", cut after " << point.cut << " of " << point.end);
          REQUIRE(point.user.engine->integrity() == "ok");
          const std::string rows = point.user.ask("SELECT count(*) FROM orders");
          REQUIRE((rows == point.rows_before || rows == point.rows_after));
          if (point.cut == point.end) REQUIRE(rows == point.rows_after);
        });
      }
    }
  }
  CHECK(points > 1000);
}

TEST_CASE("a transaction larger than the page cache survives crashes as well") {
  for (const char* journal : kJournals) {
    for (const Lose lose : kLosses) {
      EngineUser user = warehouse({.journal = journal, .page_bytes = 512}, kPlain);
      const Loader loader = {"BEGIN", "DELETE FROM orders", insert_rows(0, 25'000, ""), "COMMIT"};
      int at = 0;
      std::uint64_t io = user.engine->io_count();
      for (const std::string& sql : loader) {
        user.must(sql);
        const std::uint64_t end = user.engine->io_count();
        for (std::uint64_t cut = io; cut <= end; cut += 1 + (end - io) / 7) {
          const auto fork = user.engine->clone();
          fork->crash({.lose = lose, .cut_after = cut, .draw = cut});
          INFO(journal << " " << sql << ", lose " << static_cast<int>(lose) << ", cut after " << cut << " of " << end);
          REQUIRE(fork->integrity() == "ok");
          const auto rows = to_text(fork->query("SELECT count(*) FROM orders", {}).result.rows.at(0).at(0));
          REQUIRE((rows == "1" || (rows == "25000" && at == 3)));
        }
        io = end;
        ++at;
      }
    }
  }
}

TEST_CASE("without a sync of the directory an acknowledged commit can vanish; with it, or a log, it cannot") {
  CHECK(vanished_commits({.journal = "delete", .synchronous = "full"}) > 0);
  CHECK(vanished_commits({.journal = "delete", .synchronous = "extra"}) == 0);
  CHECK(vanished_commits({.journal = "truncate", .synchronous = "full"}) == 0);
  CHECK(vanished_commits({.journal = "wal", .synchronous = "full"}) == 0);
  CHECK(vanished_commits({.journal = "wal", .synchronous = "normal"}) > 0);
}

TEST_CASE("without any sync a power loss that mixes sectors damages the database: the check is able to fail") {
  int damaged = 0;
  crash_everywhere(warehouse({.journal = "delete", .synchronous = "off"}, kKeyed), batches(), Lose::kMixed,
                   [&](CrashPoint& point) { damaged += point.user.engine->integrity() != "ok" ? 1 : 0; });
  CHECK(damaged > 0);
}

TEST_CASE("after every crash and a complete retry: what each loader leaves") {
  const std::string count = "SELECT count(*) FROM orders WHERE day = 'd1'";
  CHECK(distinct(after_retry(kPlain, batches(), count)) ==
        std::set<std::string>{"100", "120", "140", "160", "180", "200"});
  const auto once = after_retry(kPlain, in_one_transaction(batches()), count);
  CHECK(distinct(once) == std::set<std::string>{"100", "200"});
  CHECK(once.count("200") < once.count("100"));
  CHECK(distinct(after_retry(kPlain, in_one_transaction(after_delete(batches())), count)) ==
        std::set<std::string>{"100"});
  CHECK(distinct(after_retry(kPlain, after_delete(batches()), count)) == std::set<std::string>{"100"});
  const std::string overwrite = "ON CONFLICT (id) DO UPDATE SET amount = excluded.amount";
  CHECK(distinct(after_retry(kKeyed, batches(overwrite), count)) == std::set<std::string>{"100"});
  const std::string add = "ON CONFLICT (id) DO UPDATE SET amount = amount + excluded.amount";
  CHECK(distinct(after_retry(kKeyed, batches(add), count)) == std::set<std::string>{"100"});
  CHECK(distinct(after_retry(kKeyed, batches(add), "SELECT sum(amount) FROM orders")) ==
        std::set<std::string>{"100", "120", "140", "160", "180", "200"});
}

TEST_CASE("a statement's reply lost while its I/O goes on: the elapsed time decides what happened") {
  EngineUser user = warehouse({}, kPlain);
  const Duration cost = user.must(insert_rows(0, 10)).cost;
  const auto rows_after = [&](Duration elapsed) {
    EngineUser fork = user.fork();
    fork.engine->crash({.elapsed = elapsed});
    return fork.ask("SELECT count(*) FROM orders");
  };
  CHECK(rows_after({}) == "1");
  CHECK(rows_after(cost / 2) == "1");
  CHECK(rows_after(cost) == "11");
}

TEST_CASE("mixed losses are functions of their draw") {
  EngineUser user = warehouse({}, kPlain);
  user.must("BEGIN");
  run_all(user, batches());
  const std::uint64_t io = user.engine->io_count();
  user.must("COMMIT");
  for (std::uint64_t cut = io; cut <= user.engine->io_count(); ++cut) {
    EngineUser one = user.fork(), other = user.fork();
    for (EngineUser* each : {&one, &other}) each->engine->crash({.lose = Lose::kMixed, .cut_after = cut, .draw = 5});
    CHECK(one.engine->settled_digest() == other.engine->settled_digest());
  }
}
