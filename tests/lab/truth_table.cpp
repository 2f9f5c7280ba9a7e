// The truth table of loaders, reproduced by running them: outcome classes, never the number of a point, since I/O
// counts move with the version of SQLite.
#include <set>

#include "lab/shipped.h"
#include "lab/sweep.h"

namespace twice::lab {
namespace {

using Rows = std::set<std::uint64_t>;

/// What a lane's crash points led to.
struct Classes {
  Rows rows;
  std::set<char> letters;
  bool operator==(const Classes&) const = default;
};

Classes classes_of(const LaneSweep& lane) {
  Classes all;
  for (const PointOutcome& p : lane.points) {
    if (p.point.stop == Stop::kSecondRun) continue;
    all.rows.insert(p.rows);
    all.letters.insert(p.letter);
  }
  return all;
}

struct SecondRuns {
  char on_empty = '?', on_loaded = '?';
  std::uint64_t rows = 0;  // after the first repeat
};

SecondRuns second_runs_of(const LaneSweep& lane) {
  SecondRuns runs;
  for (const PointOutcome& p : lane.points) {
    if (p.point.stop != Stop::kSecondRun) continue;
    (p.point.number == 1 ? runs.on_empty : runs.on_loaded) = p.letter;
    if (p.point.number == 1) runs.rows = p.rows;
  }
  return runs;
}

std::uint64_t count(const LaneSweep& lane, char letter) {
  return static_cast<std::uint64_t>(std::count_if(lane.points.begin(), lane.points.end(), [&](const PointOutcome& p) {
    return p.letter == letter && p.point.stop != Stop::kSecondRun;
  }));
}

/// A file's lanes, swept; the scenario must outlive what points into it.
class Table {
 public:
  Table(std::string_view file, std::string_view points, std::uint64_t at_most = SweepOptions{}.at_most)
      : scenario_(shipped(file)) {
    SweepOptions options;
    options.points = *parse_points(points);
    options.workers.workers = 2;
    options.at_most = at_most;
    result_ = sweep(variants_of(scenario_), options);
  }
  Table(const Table&) = delete;
  Table& operator=(const Table&) = delete;

  const LaneSweep& lane(std::string_view name) const {
    const auto at = std::find_if(result_.lanes.begin(), result_.lanes.end(),
                                 [&](const LaneSweep& l) { return l.variant->name == name; });
    INFO(name);
    REQUIRE(at != result_.lanes.end());
    REQUIRE(at->error.empty());
    return *at;
  }
  Classes crashes(std::string_view name) const { return classes_of(lane(name)); }
  SecondRuns again(std::string_view name) const { return second_runs_of(lane(name)); }

 private:
  scenario::Scenario scenario_;
  SweepResult result_;
};

/// Every row, every statement, every I/O operation.
const Table& ten_loaders() {
  static const Table table("loaders/ten-loaders.toml", "all");
  return table;
}

struct Ran {
  scenario::Scenario scenario;
  Batch batch;
  const LoadReport& lane(std::string_view name) const {
    const auto at =
        std::find_if(batch.runs.begin(), batch.runs.end(), [&](const RunReport& r) { return r.variant == name; });
    INFO(name);
    REQUIRE(at != batch.runs.end());
    REQUIRE(at->load);
    return *at->load;
  }
};

Ran ran(std::string_view file) {
  Ran all{shipped(file), {}};
  all.batch = run_all(all.scenario);
  return all;
}

/// Some reading of the dashboard's first column was neither nothing nor a multiple of the whole day.
bool reader_saw_a_part(const LoadReport& load) {
  return std::any_of(load.readings.begin(), load.readings.end(), [](const Reading& r) {
    const auto* orders = r.ok && !r.values.empty() ? std::get_if<std::int64_t>(&r.values.front()) : nullptr;
    return orders && *orders % 1000 != 0;
  });
}

}  // namespace

TEST_CASE(
    "append in batches: each crash leaves as many batches too many as were committed, a lost last reply a whole day") {
  const Classes all = ten_loaders().crashes("append, batches");
  CHECK(all.rows == Rows{1000, 1200, 1400, 1600, 1800, 2000});
  CHECK(all.letters == std::set<char>{'~', 'D'});
}

TEST_CASE("append in one transaction: right everywhere but where the commit landed and its reply did not") {
  const LaneSweep& lane = ten_loaders().lane("append, one transaction");
  CHECK(classes_of(lane) == Classes{{1000, 2000}, {'=', 'D'}});
  for (const PointOutcome& p : lane.points) {
    if (p.letter != 'D') continue;
    INFO(to_text(p.point));
    CHECK((p.rows == 2000 || p.point.stop == Stop::kSecondRun));
    if (p.point.stop == Stop::kLostReply) CHECK(p.point.role == pipeline::Role::kCommit);
    CHECK(p.point.stop != Stop::kBeforeStatement);
  }
  CHECK(count(lane, 'D') < count(lane, '=') / 100);
}

TEST_CASE("delete + insert in one transaction: exactly once at every row, statement and I/O operation") {
  CHECK(ten_loaders().crashes("delete + insert, one transaction") == Classes{{1000}, {'='}});
  CHECK_FALSE(ten_loaders().lane("delete + insert, one transaction").smallest);
}

TEST_CASE("delete + insert without a transaction: right after the retry, and readers see parts") {
  CHECK(ten_loaders().crashes("delete + insert, no transaction") == Classes{{1000}, {'~'}});
}

TEST_CASE("upsert by key: right everywhere, with the same partial states") {
  CHECK(ten_loaders().crashes("upsert on the key") == Classes{{1000}, {'~'}});
}

TEST_CASE(
    "upsert that adds: the row count is right everywhere and the values are wrong at most points, so a count is no "
    "oracle") {
  const LaneSweep& lane = ten_loaders().lane("upsert that adds");
  CHECK(classes_of(lane) == Classes{{1000}, {'~', 'W'}});
  CHECK(count(lane, 'W') > count(lane, '~'));
}

TEST_CASE("watermark: the same transaction is right, rows first repeats a batch, mark first loses one") {
  CHECK(ten_loaders().crashes("watermark in the same transaction") == Classes{{1000}, {'~'}});
  CHECK(ten_loaders().crashes("rows, then watermark") == Classes{{1000, 1200}, {'~', 'D'}});
  CHECK(ten_loaders().crashes("watermark, then rows") == Classes{{800, 1000}, {'~', 'L'}});
}

TEST_CASE("staging + rename: exactly once everywhere, and readers see nothing or the whole day") {
  CHECK(ten_loaders().crashes("staging + rename") == Classes{{1000}, {'='}});
}

TEST_CASE("second run after success: appends double the day, additions go wrong, everything else changes nothing") {
  for (const char* name : {"append, batches", "append, one transaction"}) {
    INFO(name);
    const SecondRuns again = ten_loaders().again(name);
    CHECK(again.rows == 2000);
    CHECK(again.on_empty == 'D');
    CHECK(again.on_loaded == 'D');
  }
  CHECK(ten_loaders().again("upsert that adds").on_empty == 'W');
  for (const char* name : {"delete + insert, one transaction", "upsert on the key", "watermark in the same transaction",
                           "rows, then watermark", "watermark, then rows", "staging + rename"}) {
    INFO(name);
    const SecondRuns again = ten_loaders().again(name);
    CHECK(again.rows == 1000);
    CHECK(again.on_empty == '=');
    CHECK(again.on_loaded == '=');
  }
  // Right in the end; in between the day is empty again.
  CHECK(ten_loaders().again("delete + insert, no transaction").on_empty == '~');
}

TEST_CASE("the whole idea in four lines: DELETE makes it repeatable, the transaction makes it invisible until done") {
  const Ran crash = ran("loaders/four-lines-crash.toml"), reply = ran("loaders/four-lines-lost-reply.toml"),
            twice = ran("loaders/four-lines-second-run.toml");
  struct Line {
    const char* name;
    std::uint64_t crash, reply, again;
    bool partial;
  };
  constexpr Line kLines[] = {{"insert, batches", 1800, 2000, 2000, true},
                             {"insert, one transaction", 1000, 2000, 2000, false},
                             {"delete + insert, batches", 1000, 1000, 1000, true},
                             {"delete + insert, one transaction", 1000, 1000, 1000, false}};
  for (const Line& line : kLines) {
    INFO(line.name);
    CHECK(crash.lane(line.name).rows == line.crash);
    CHECK(reply.lane(line.name).rows == line.reply);
    CHECK(twice.lane(line.name).rows == line.again);
    CHECK(reader_saw_a_part(crash.lane(line.name)) == line.partial);
  }
}

TEST_CASE("truncate and load: with retry right either way, empty or half full in between without a transaction") {
  const Table table("loaders/truncate-and-load.toml", "statements");
  CHECK(table.crashes("one transaction") == Classes{{1000}, {'='}});
  CHECK(table.crashes("no transaction") == Classes{{1000}, {'~'}});
  const Classes alone = table.crashes("no transaction, no retry");
  CHECK(alone.letters.count('F') == 1);
  CHECK(*alone.rows.begin() == 0);
  CHECK(table.again("one transaction").on_empty == '=');
}

TEST_CASE(
    "a table of what was done: right in the same transaction, one row lost with the number first, one twice with the "
    "row first") {
  const Table table("loaders/insert-if-absent.toml", "statements");
  CHECK(table.crashes("a key on the table").rows == Rows{100});
  CHECK(table.crashes("seen and order, one transaction").rows == Rows{100});
  CHECK(table.crashes("seen first, then the order").rows == Rows{99, 100});
  CHECK(table.crashes("the order first, then seen").rows == Rows{100, 101});
  for (const char* name : {"a key on the table", "seen and order, one transaction", "seen first, then the order",
                           "the order first, then seen"}) {
    INFO(name);
    CHECK(table.again(name).on_empty == '=');
  }
}

TEST_CASE("second run of a merge on a random key, of NULL in the key and of an audit column") {
  const Table random("loaders/random-key.toml", "statements", 0);
  CHECK(random.again("merge on a random key").rows == 2000);
  CHECK(random.again("merge on the order's number").on_empty == '=');
  const Table null("loaders/null-in-the-key.toml", "statements", 0);
  CHECK(null.again("the key may be NULL").on_empty == 'D');
  CHECK(null.again("NULL has a value in the key").on_empty == '=');
  const Table audit("loaders/audit-column.toml", "statements", 0);
  CHECK(audit.again("load time ignored").on_empty == '=');
  CHECK(audit.again("load time compared").on_empty == 'W');
}

TEST_CASE("one INSERT ... SELECT: rows cannot be split, a lost answer doubles them") {
  const Table table("loaders/one-statement.toml", "all");
  CHECK(table.crashes("one INSERT ... SELECT, answer lost") == Classes{{1000, 2000}, {'=', 'D'}});
  CHECK(table.crashes("a script that deletes first, answer lost") == Classes{{1000}, {'='}});
}

TEST_CASE(
    "a zombie's double run: appends double, delete + insert without a transaction too, a transaction or a key does "
    "not") {
  const Ran zombie = ran("loaders/zombie.toml");
  CHECK(zombie.lane("append, each row").rows == 2000);
  CHECK(zombie.lane("delete + insert, each row").letter == 'D');
  CHECK(zombie.lane("delete + insert, one transaction").letter == '=');
  CHECK(zombie.lane("upsert on the key, each row").letter == '~');
  const Ran both = ran("loaders/duplicate-start.toml");
  CHECK(both.lane("append, batches").rows == 2000);
  CHECK(both.lane("delete + insert, one transaction").letter == '=');  // one writer at a time: SQLite
  CHECK(both.lane("upsert on the key, batches").letter == '~');
}

TEST_CASE(
    "duplicate delivery: an insert that runs twice is there twice even in a transaction, a key or numbered statements "
    "prevent it") {
  const Ran all = ran("loaders/duplicate-delivery.toml");
  CHECK(all.lane("insert, repeats run").duplicated == 1);
  CHECK(all.lane("insert, repeats recognised").letter == '=');
  CHECK(all.lane("upsert on the key, repeats run").letter == '=');
}

TEST_CASE(
    "a source that changes between tries: append mixes, the slice follows, an upsert keeps what was deleted, the first "
    "version stays") {
  const Ran all = ran("loaders/source-changes.toml");
  const LoadReport& append = all.lane("append, batches");
  CHECK(append.duplicated == 150);
  const LoadReport& slice = all.lane("delete + insert, one transaction");
  CHECK(slice.duplicated + slice.lost + slice.changed == 0);
  const LoadReport& upsert = all.lane("upsert on the key, batches");
  CHECK((upsert.duplicated == 1 && upsert.lost == 0 && upsert.changed == 0));
  const LoadReport& absent = all.lane("insert if absent, batches");
  CHECK((absent.duplicated == 1 && absent.lost == 0 && absent.changed == 1));
}

TEST_CASE("truncate with one day of data touches the other days, without any fault") {
  const Ran all = ran("loaders/truncate-loses-yesterday.toml");
  CHECK(all.lane("truncate + insert").others_touched);
  CHECK_FALSE(all.lane("delete the day + insert").others_touched);
}

TEST_CASE("a slice from the clock misses its day when the retry comes after midnight") {
  const Ran all = ran("loaders/slice-from-the-clock.toml");
  CHECK(all.lane("yesterday, says the clock").lost == 1000);
  CHECK(all.lane("the day is a parameter").lost == 0);
}

TEST_CASE("an acknowledged commit vanishes with FULL and a rollback journal, and with EXTRA it does not") {
  const Ran all = ran("loaders/vanished-commit.toml");
  CHECK(all.lane("journal, FULL").acknowledged_lost);
  CHECK_FALSE(all.lane("journal, EXTRA").acknowledged_lost);
  CHECK(all.lane("write-ahead log, NORMAL").acknowledged_lost);
  CHECK_FALSE(all.lane("write-ahead log, FULL").acknowledged_lost);
}

}  // namespace twice::lab
