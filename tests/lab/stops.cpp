// What ends a run, a batch or a sweep before its end: time that stands still, a time limit, an interrupt, a worker that
// dies, stands still or takes too long.
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lab/run.h"
#include "lab/sweep.h"
#include "lab/workers.h"
#include "scenario/load.h"
#include "support/catch.h"

namespace twice::lab {
namespace {

scenario::Scenario read(const std::string& text) {
  auto loaded = scenario::parse_scenario("test.toml", text, {});
  INFO(render(loaded.diagnostics));
  REQUIRE(loaded.scenario);
  return std::move(*loaded.scenario);
}

scenario::Scenario cluster(const std::string& protocol, const std::string& client = "[[client]]\nname = \"app\"\n",
                           const std::string& until = "3s") {
  const int nodes = protocol == "single" ? 1 : 3;
  return read(fmt::format("scenario = 1\ntitle = \"t\"\nuntil = \"{}\"\n[cluster]\nnodes = {}\nprotocol = \"{}\"\n{}",
                          until, nodes, protocol, client));
}

scenario::Scenario load(std::uint64_t rows = 20) {
  return read(fmt::format(R"toml(scenario = 1
title = "a load"
[warehouse]
setup = "CREATE TABLE t (id INTEGER);"
[source]
generate = {{ rows = {}, columns = {{ id = "row" }} }}
[[lane]]
name = "lane"
table = "t"
verdict = ["exactly-once", "duplicates"]
row = "INSERT INTO t VALUES (:id)"
)toml",
                          rows));
}

/// Says so when it has been asked so often.
StopSeam after(int asks, StoppedBy by) {
  return [left = std::make_shared<std::atomic<int>>(asks), by] { return --*left < 0 ? by : StoppedBy::kNothing; };
}

// --- time that stands still

TEST_CASE("a client that says nothing about its pace lets time pass, whatever answers or refuses it") {
  for (const char* protocol :
       {"raft", "multi-paxos", "chain", "primary-backup", "quorum", "single", "crdt", "sharding"}) {
    INFO(protocol);
    const bool counts = std::string_view(protocol) == "crdt";  // it keeps no values that can be written over
    const scenario::Scenario s =
        cluster(protocol, std::string("[[client]]\nname = \"app\"\n") + (counts ? "workload = \"counter\"\n" : ""));
    const RunReport report = run(s.variants.front(), 1, {});
    CHECK(report.error.empty());
    CHECK(report.events < 1'000'000);
    CHECK(report.end > Time{} + seconds(2));
  }
}

TEST_CASE("clients with a pause of nothing, no backoff, no patience or endless attempts let time pass") {
  for (const char* client :
       {"think = \"0s\"\n", "workload = \"append\"\n", "workload = \"cas\"\n", "workload = \"probe\"\n", "count = 5\n",
        "retry = { policy = \"retry-same-id\", attempts = 1000, backoff = \"0s\" }\n",
        "retry = { policy = \"retry-new-id\", attempts = 1000, backoff = \"0s\" }\n", "route = \"random\"\n",
        "route = \"round-robin\"\n"})
    for (const char* protocol : {"raft", "chain", "primary-backup", "quorum"}) {
      INFO(protocol << " " << client);
      const scenario::Scenario s = cluster(protocol, "[[client]]\nname = \"app\"\n" + std::string(client), "500ms");
      const RunReport report = run(s.variants.front(), 1, {});
      CHECK(report.error.empty());
    }
}

TEST_CASE("a client that is answered after some time asks again as fast as it says") {
  const scenario::Scenario s = read(
      "scenario = 1\ntitle = \"t\"\nuntil = \"1s\"\nnetwork.latency = \"1ms\"\n[cluster]\nnodes = 1\nprotocol = "
      "\"single\"\n[[client]]\nname = \"app\"\nreads = 0.0\n");
  const RunReport report = run(s.variants.front(), 1, {});
  REQUIRE(report.clients);
  CHECK(report.clients->ok >= 480);  // two milliseconds each, no pause
}

// --- a run that is cut short

TEST_CASE("a run that is stopped is undecided by the name of what stopped it, and says how far it came") {
  const scenario::Scenario s = cluster("raft", "[[client]]\nname = \"app\"\nthink = \"1ms\"\n", "600s");
  for (const StoppedBy by : {StoppedBy::kTimeLimit, StoppedBy::kInterrupt}) {
    RunOptions options;
    options.stop = after(3, by);
    const RunReport report = run(s.variants.front(), 1, options);
    CHECK(report.limit == name_of(by));
    CHECK(report.held() == Held::kUnknown);
    REQUIRE_FALSE(report.findings.empty());
    CHECK(report.findings.front().name == name_of(by));
    CHECK(report.findings.front().seen.find("events") != std::string::npos);
    CHECK(report.events < 2000);
    CHECK(run_report_from_json(to_json(report)).limit == report.limit);
  }
}

TEST_CASE("a run of more events than the limit is undecided by the name run-events") {
  const auto scenario = cluster("raft");
  RunOptions options;
  options.events = 50;
  const RunReport cut = run(scenario.variants.front(), 1, options);
  CHECK(cut.events == 50);
  CHECK(cut.limit == "run-events");
  REQUIRE_FALSE(cut.findings.empty());
  CHECK(cut.findings.front().held == Held::kUnknown);
  options.events = 1'000'000;
  CHECK(run(scenario.variants.front(), 1, options).limit.empty());
}

TEST_CASE("a run that nobody stops is the same with a seam and without") {
  const scenario::Scenario s = cluster("raft", "[[client]]\nname = \"app\"\nthink = \"20ms\"\n");
  RunOptions options;
  options.stop = [] { return StoppedBy::kNothing; };
  CHECK(to_json(run(s.variants.front(), 1, options)) == to_json(run(s.variants.front(), 1, {})));
}

TEST_CASE("a batch that is stopped keeps what is finished and names what is not") {
  const scenario::Scenario s = cluster("raft", "[[client]]\nname = \"app\"\nthink = \"20ms\"\n", "200ms");
  WorkerOptions workers;
  std::size_t finished = 0;
  workers.progress = [&](std::size_t done, std::size_t) { return finished = done, true; };
  workers.stop = [&] { return finished >= 2 ? StoppedBy::kTimeLimit : StoppedBy::kNothing; };
  for (const bool apart : {false, true}) {
    finished = 0;
    workers.apart = apart;
    const Batch batch = run_batch({&s.variants.front()}, {1, 2, 3, 4, 5, 6, 7, 8}, {}, workers);
    CHECK(batch.stopped);
    CHECK(batch.stopped_by == StoppedBy::kTimeLimit);
    CHECK(batch.wanted == 8);
    REQUIRE(batch.runs.size() >= 2);
    CHECK(batch.runs.size() < 8);
    CHECK(batch.runs[0].limit.empty());
    CHECK(batch.runs[1].limit.empty());
    CHECK(batch.held() != Held::kYes);
  }
}

TEST_CASE("what was broken before a run was cut short stays broken") {
  const scenario::Scenario s = read(
      "scenario = 1\ntitle = \"t\"\nuntil = \"60s\"\nnetwork.latency = \"1ms..20ms\"\n[cluster]\nnodes = 3\nprotocol = "
      "\"raft\"\nraft = { bug = \"vote-twice\", heartbeat = \"5ms\", election-timeout = \"20ms..25ms\" "
      "}\n[[client]]\nname = "
      "\"app\"\nthink = \"5ms\"\n[expect]\nalways = [\"election-safety\"]\n");
  const RunReport whole = run(s.variants.front(), 1, {});
  if (whole.held() != Held::kNo) return;  // this seed shows nothing: another test finds such runs
  RunOptions options;
  options.stop = after(100, StoppedBy::kTimeLimit);
  const RunReport cut = run(s.variants.front(), 1, options);
  CHECK(cut.limit == "time-limit");
}

// --- planning a sweep

TEST_CASE("planning a sweep is stopped like the sweep itself, and the lane is undecided") {
  const scenario::Scenario s = load();
  for (const int asks : {0, 1, 3, 10}) {
    SweepOptions options;
    options.workers.stop = after(asks, StoppedBy::kTimeLimit);
    const SweepResult result = sweep({&s.variants.front()}, options);
    CHECK(result.stopped);
    CHECK(result.stopped_by == StoppedBy::kTimeLimit);
    REQUIRE(result.lanes.size() == 1);
    CHECK_FALSE(result.lanes.front().smallest);
  }
  SweepOptions all;
  all.workers.stop = [] { return StoppedBy::kNothing; };
  const SweepResult result = sweep({&s.variants.front()}, all);
  CHECK_FALSE(result.stopped);
  CHECK(result.lanes.front().undecided.empty());
}

// --- workers

std::string twice_of(std::size_t unit) { return std::to_string(2 * unit); }

/// An empty file, for the first of several workers to take away.
std::string new_file() {
  std::string name = (std::filesystem::temp_directory_path() / "twice-mark-XXXXXX").string();
  ::close(::mkstemp(name.data()));
  return name;
}

TEST_CASE("a worker that dies again and again on one unit loses that unit by name, and nothing else") {
  WorkerOptions options;
  options.workers = 2;
  options.name = [](std::size_t unit) { return fmt::format("lane 'a', seed {}", unit); };
  const WorkResult work = in_processes(6, options, [](std::size_t unit) {
    if (unit == 4) ::raise(SIGKILL);
    return twice_of(unit);
  });
  for (std::size_t unit = 0; unit < 6; ++unit) {
    CHECK(work.finished[unit] == (unit != 4));
    CHECK(work.results[unit] == (unit == 4 ? "" : twice_of(unit)));
  }
  CHECK_FALSE(work.stopped);
  REQUIRE(work.lost.size() == 1);
  CHECK(work.lost[0].unit == 4);
  CHECK(work.lost[0].limit == "worker-died");
  CHECK(work.lost[0].words == "unit 4 (lane 'a', seed 4): its worker died 3 times (signal 9)");
  CHECK(work.reports.size() == 3);
}

TEST_CASE("twelve killed workers change no result") {
  // Each unit's first worker dies, by a file that it leaves.
  std::string folder = (std::filesystem::temp_directory_path() / "twice-workers-XXXXXX").string();
  REQUIRE(::mkdtemp(folder.data()));
  WorkerOptions options;
  options.workers = 3;
  const WorkResult work = in_processes(12, options, [&](std::size_t unit) {
    const std::string mark = fmt::format("{}/{}", folder, unit);
    if (::symlink("x", mark.c_str()) == 0) ::raise(unit % 2 == 0 ? SIGKILL : SIGTERM);
    return twice_of(unit);
  });
  CHECK(work.lost.empty());
  CHECK(work.reports.size() == 12);
  for (std::size_t unit = 0; unit < 12; ++unit) {
    CHECK(work.results[unit] == twice_of(unit));
    ::unlink(fmt::format("{}/{}", folder, unit).c_str());
  }
  ::rmdir(folder.c_str());
}

TEST_CASE("a unit that takes too long is lost by the name of its limit, and the others go on") {
  WorkerOptions options;
  options.workers = 2;
  options.unit_limit = std::chrono::milliseconds(400);
  const WorkResult work = in_processes(5, options, [](std::size_t unit) {
    while (unit == 1) ::usleep(1000);
    return twice_of(unit);
  });
  REQUIRE(work.lost.size() == 1);
  CHECK(work.lost[0].limit == "unit-limit");
  CHECK(work.lost[0].words == "unit 1: it took longer than 400 ms of real time");
  CHECK(work.results[4] == "8");
}

TEST_CASE("a worker that somebody stopped is replaced, and the result is the same") {
  const std::string mark = new_file();
  WorkerOptions options;
  options.workers = 1;
  const WorkResult work = in_processes(3, options, [&](std::size_t unit) {
    if (unit == 1 && ::unlink(mark.c_str()) == 0) ::raise(SIGSTOP);
    return twice_of(unit);
  });
  CHECK(work.lost.empty());
  CHECK(work.results == std::vector<std::string>{"0", "2", "4"});
  REQUIRE(work.reports.size() == 1);
  CHECK(work.reports[0].find("stood still") != std::string::npos);
}

TEST_CASE("a worker that stands still in the middle of a long answer holds nobody up") {
  const std::string mark = new_file();
  WorkerOptions options;
  options.workers = 2;
  const std::string large(3'000'000, 'x');
  const WorkResult work = in_processes(4, options, [&](std::size_t unit) {
    // More than a pipe holds: it is stopped while it writes.
    if (unit == 0 && ::unlink(mark.c_str()) == 0) {
      const pid_t self = ::getpid();
      if (::fork() == 0) ::usleep(100'000), ::kill(self, SIGSTOP), ::_exit(0);
      ::usleep(90'000);
    }
    return large;
  });
  for (const std::string& result : work.results) CHECK(result.size() == large.size());
}

TEST_CASE("work that is stopped kills what is under way, and names it") {
  WorkerOptions options;
  options.workers = 2;
  const auto began = std::chrono::steady_clock::now();
  options.stop = [&] {
    const bool late = std::chrono::steady_clock::now() - began > std::chrono::milliseconds(300);
    return late ? StoppedBy::kInterrupt : StoppedBy::kNothing;
  };
  const WorkResult work = in_processes(4, options, [](std::size_t unit) {
    while (unit >= 1) ::usleep(1000);
    return twice_of(unit);
  });
  CHECK(work.stopped_by == StoppedBy::kInterrupt);
  CHECK(work.finished[0]);
  CHECK(work.cut == std::vector<std::size_t>{1, 2});
  CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(5));
}

TEST_CASE("a parent that is killed leaves no worker") {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const pid_t parent = ::fork();
  if (parent == 0) {
    ::close(ends[0]);
    WorkerOptions options;
    options.workers = 3;
    in_processes(3, options, [&](std::size_t) {
      const pid_t self = ::getpid();
      if (::write(ends[1], &self, sizeof self) != sizeof self) ::_exit(1);
      for (;;) ::usleep(1000);
      return std::string();
    });
    ::_exit(0);
  }
  ::close(ends[1]);
  pid_t workers[3]{};
  for (pid_t& worker : workers) REQUIRE(::read(ends[0], &worker, sizeof worker) == sizeof worker);
  ::kill(parent, SIGKILL);
  ::waitpid(parent, nullptr, 0);
  // The pipe's last end closes with the last worker.
  const auto died = std::chrono::steady_clock::now();
  char nothing = 0;
  CHECK(::read(ends[0], &nothing, 1) == 0);
  CHECK(std::chrono::steady_clock::now() - died < std::chrono::seconds(5));
  ::close(ends[0]);
}

TEST_CASE("a load runs in a process of its own when that is asked for, with the same report") {
  const scenario::Scenario s = load();
  WorkerOptions apart;
  apart.apart = true;
  const Batch here = run_batch({&s.variants.front()}, {1}, {}, {});
  const Batch there = run_batch({&s.variants.front()}, {1}, {}, apart);
  REQUIRE(here.runs.size() == 1);
  REQUIRE(there.runs.size() == 1);
  CHECK(to_json(here.runs[0]) == to_json(there.runs[0]));
}

TEST_CASE("a run that takes too long in its process is undecided by that name") {
  const scenario::Scenario s = cluster("raft", "[[client]]\nname = \"app\"\nthink = \"1ms\"\n", "100000s");
  WorkerOptions workers;
  workers.apart = true;
  workers.unit_limit = std::chrono::milliseconds(300);
  const Batch batch = run_batch({&s.variants.front()}, {1}, {}, workers);
  REQUIRE(batch.runs.size() == 1);
  CHECK(batch.runs[0].limit == "unit-limit");
  CHECK(batch.held() == Held::kUnknown);
  CHECK_FALSE(batch.stopped);
  REQUIRE(batch.runs[0].findings.size() == 1);
  CHECK(batch.runs[0].findings[0].name == "unit-limit");
  CHECK(batch.runs[0].findings[0].seen.find("300 ms") != std::string::npos);
}

}  // namespace
}  // namespace twice::lab
