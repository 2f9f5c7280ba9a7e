#include "cli/program.h"
#include "lab/trace_file.h"
#include "support/catch.h"

using namespace twice::test;
using namespace twice;

namespace {

lab::TraceFile some_trace() {
  lab::TraceFile t;
  t.twice_version = "1.2.3", t.engine_version = "sqlite 3";
  t.scenario_path = "a.toml", t.scenario_text = "scenario = 1";
  t.files = {{"rows.csv", "a,b\n1,2\n"}};
  t.set = {"until=5s"};
  t.variant = "append", t.seed = 42, t.timeline = false, t.runs = 2, t.steps = "crash loader @row:3";
  Trace trace;
  for (Sequence i = 1; i <= 5000; ++i) {
    TraceRecord r;
    r.kind = RecordKind::kDeliver, r.at = Time{static_cast<std::int64_t>(i * 10)}, r.sequence = i, r.cause = i - 1,
    r.node = {static_cast<std::uint16_t>(i % 3)};
    trace.event(r, "Ping", i);
  }
  record_run(t, trace);
  return t;
}

}  // namespace

TEST_CASE("a trace file reads back as it was written") {
  const lab::TraceFile t = some_trace();
  const auto read = lab::decode_trace(lab::encode(t));
  REQUIRE(std::holds_alternative<lab::TraceFile>(read));
  CHECK(std::get<lab::TraceFile>(read) == t);
}

TEST_CASE("no cut and no altered byte passes") {
  const std::string bytes = lab::encode(some_trace());
  for (std::size_t size = 0; size < bytes.size(); size += 1 + size / 7)
    CHECK(std::holds_alternative<std::string>(lab::decode_trace(bytes.substr(0, size))));
  for (std::size_t at = 0; at < bytes.size(); at += 1 + at / 7) {
    std::string altered = bytes;
    altered[at] = static_cast<char>(altered[at] ^ 0x40);
    CHECK(std::holds_alternative<std::string>(lab::decode_trace(altered)));
  }
  CHECK(std::holds_alternative<std::string>(lab::decode_trace(bytes + "x")));
}

TEST_CASE("the first event that differs is named") {
  const lab::TraceFile t = some_trace();
  Trace other;
  for (Sequence i = 1; i <= 5000; ++i) {
    TraceRecord r;
    r.kind = RecordKind::kDeliver, r.at = Time{static_cast<std::int64_t>(i * 10 + (i >= 4321 ? 5 : 0))}, r.sequence = i,
    r.cause = i - 1, r.node = {static_cast<std::uint16_t>(i % 3)};
    other.event(r, "Ping", i);
  }
  const auto difference = first_difference(t, other);
  REQUIRE(difference);
  CHECK(difference->event == 4321);
  CHECK(difference->recorded != difference->now);
}

TEST_CASE("a payload that differs is found by its block") {
  const lab::TraceFile t = some_trace();
  Trace other;
  for (Sequence i = 1; i <= 5000; ++i) {
    TraceRecord r;
    r.kind = RecordKind::kDeliver, r.at = Time{static_cast<std::int64_t>(i * 10)}, r.sequence = i, r.cause = i - 1,
    r.node = {static_cast<std::uint16_t>(i % 3)};
    other.event(r, "Ping", i == 4500 ? 7 : i);
  }
  const auto difference = first_difference(t, other);
  REQUIRE(difference);
  CHECK(difference->event == 4097);
}

TEST_CASE("a saved run replays to the same hash, also when its files have changed since") {
  const Folder folder;
  std::string text = small_scenario(20);
  text.replace(text.find("generate"), text.find('\n', text.find("generate")) - text.find("generate"),
               "csv = \"rows.csv\"");
  for (std::size_t at; (at = text.find(":id")) != std::string::npos;) text.replace(at, 3, ":order_id");
  folder.write("small.toml", text);
  folder.write("rows.csv", orders_csv(20));
  const Outcome run = folder.twice("run small.toml --only append --do 'crash loader @row:7/2' --trace t.trace");
  INFO(run.out << run.err);
  REQUIRE(folder.has("t.trace"));
  folder.write("rows.csv", orders_csv(10));
  folder.write("small.toml", "nothing");
  const Outcome o = folder.twice("replay t.trace");
  INFO(o.out << o.err);
  CHECK(o.code == 0);
  const std::string hash = run.out.substr(run.out.find("hash ") + 5, 16);
  CHECK(contains(o.out, hash));
}

TEST_CASE("a trace that this version recorded and that runs otherwise now is nondeterminism: exit 5") {
  const Folder folder;
  folder.write("small.toml", small_scenario(20));
  REQUIRE(folder.twice("run small.toml --only append --trace t.trace").code == 0);
  auto trace = std::get<lab::TraceFile>(lab::decode_trace(folder.read("t.trace")));
  trace.seed += 1;
  trace.steps = "crash loader @row:3/2";
  folder.write("other.trace", lab::encode(trace));
  const Outcome o = folder.twice("replay other.trace");
  INFO(o.out << o.err);
  CHECK(o.code == 5);
  CHECK(contains(o.out, "the first difference"));
  CHECK(contains(o.out, "NONDETERMINISM"));
  // Of another version it is only a difference.
  trace.twice_version = "0.0.1";
  folder.write("older.trace", lab::encode(trace));
  const Outcome older = folder.twice("replay older.trace");
  CHECK(older.code == 1);
  CHECK(contains(older.out, "it was recorded by twice 0.0.1"));
  folder.write("cut.trace", folder.read("t.trace").substr(0, 500));
  const Outcome cut = folder.twice("replay cut.trace");
  CHECK(cut.code == 3);
  CHECK(contains(cut.err, "cut off"));
}
