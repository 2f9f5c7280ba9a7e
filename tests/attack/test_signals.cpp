// Signals at any moment, workers that die or stand still, and a parent that is killed.
#include <csignal>
#include <sstream>

#include <fmt/format.h>

#include "attack/attempt.h"
#include "support/catch.h"

using namespace twice::attack;

namespace {

// Within this many seconds a signal is obeyed. The promise is one second; a machine that does much else gets more.
#ifdef TWICE_SANITIZED
constexpr double kObeys = 10;
#else
constexpr double kObeys = 3;
#endif

std::string scenario(const std::string& path) { return std::string(TWICE_SOURCE_DIR) + "/scenarios/" + path; }

// Commands that work for seconds, and the file that each writes.
struct Command {
  Words words;
  std::string writes;
};

std::vector<Command> commands() {
  const std::string chaos = scenario("consensus/chaos-and-liveness.toml"), load = scenario("loaders/crash-at-800.toml");
  const std::string lessons = std::string(TWICE_SOURCE_DIR) + "/lessons";
  return {{{"run", chaos, "--seeds", "1..2000", "--junit", "out.xml", "-j2"}, "out.xml"},
          {{"run", chaos, "--seeds", "1..2000", "-j1"}, ""},
          {{"run", scenario("cluster/ten-million-events.toml"), "-j1"}, ""},
          {{"sweep", load, "--points", "all", "--summary", "out.md", "-j2"}, "out.md"},
          {{"shrink", scenario("consensus/figure-8.toml"), "--expect", "linearizable", "--seeds", "1..5000", "-o",
            "out.toml"},
           "out.toml"},
          {{"inevitable", scenario("replication/split-brain.toml"), "--samples", "4000", "-j2"}, ""},
          {{"search", scenario("consensus/agreement.toml"), "--crashes", "2", "-q"}, ""},
          {{"zoo", "--folder", scenario("zoo"), "-q", "-j2"}, ""},
          {{"pacelc", scenario("consistency/designs.toml"), "--seeds", "500"}, ""},
          {{"lesson", "check", "--lessons", lessons, "--learners", "50", "-j2"}, ""},
          {{"lesson", "html", "--lessons", lessons, "-o", "pages"}, "pages"},
          {{"history", "check", std::string(TWICE_SOURCE_DIR) + "/tests/check/histories/register-ok.log"}, ""},
          {{"formats", "--rows", "2000000"}, ""}};
}

bool gone_soon(const std::vector<pid_t>& processes) {
  for (const double until = now_seconds() + kObeys; now_seconds() < until; pause_for(0.02)) {
    bool any = false;
    for (const pid_t process : processes) any = any || is_alive(process);
    if (!any) return true;
  }
  return false;
}

// A whole XML file, or none.
bool is_half_written(const Scratch& scratch, const std::string& file) {
  if (!file.ends_with(".xml") || !scratch.has(file)) return false;
  return scratch.read(file).find("</testsuites>") == std::string::npos;
}

}  // namespace

TEST_CASE("SIGINT and SIGTERM at any moment end every command at once, with 130 or 143, and no file half written") {
  Kind kind("signals", 9);
  const auto all = commands();
  for (std::uint64_t round = 0; kind.more() || round < all.size(); ++round) {
    Draws draws(5, round);
    const Command& command = all[round % all.size()];
    const int signal = draws.below(2) ? SIGINT : SIGTERM;
    const double after = static_cast<double>(draws.below(60)) * 0.01;
    const Scratch scratch;
    Running running(scratch, command.words, {60, 90, 1500});
    for (const double until = now_seconds() + after; now_seconds() < until && !running.ended();) pause_for(0.002);
    const bool was_done = running.ended();
    const auto workers = running.children();
    if (!was_done) running.send(signal);
    const double sent = now_seconds();
    const Answer answer = running.wait();
    std::string wrong;
    if (!was_done) {
      // Before main has said what a signal means, it means what it means to everybody.
      const bool by_code = answer.code == 130 || answer.code == (signal == SIGTERM ? 143 : 130);
      const bool done_anyway = answer.code >= 0 && answer.code <= 4;
      const bool by_signal = answer.signal == signal && after < 0.05;
      if (!by_code && !by_signal && !done_anyway)
        wrong = fmt::format("exit code {}, signal {}: {}", answer.code, answer.signal, shown(answer.err, 120));
      else if (now_seconds() - sent > kObeys)
        wrong = fmt::format("took {:.1f} s", now_seconds() - sent);
      else if (!gone_soon(workers))
        wrong = "left workers alive";
    }
    if (wrong.empty() && is_half_written(scratch, command.writes)) wrong = "left half a file";
    if (wrong.empty()) wrong = scratch.litter({command.writes});
    kind.tried(fmt::format("signal {} after {} s: {}", signal, after, told(command.words)), wrong);
  }
  INFO(kind.faults());
  CHECK(kind.faults().empty());
}

namespace {

// Waits until there are workers.
std::vector<pid_t> workers_of(Running& running) {
  for (const double until = now_seconds() + 20; now_seconds() < until && !running.ended(); pause_for(0.002))
    if (auto workers = running.children(); !workers.empty()) return workers;
  return {};
}

// The records of runs; what is said about workers stands in others.
std::string runs_in(const std::string& json) {
  std::string runs;
  std::istringstream lines(json);
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with("{\"type\":\"run\"")) runs += line + "\n";
  return runs;
}

// Only loads have workers that are processes.
Words works(const std::string& seeds) {
  return {"run", scenario("loaders/crash-at-800.toml"), "--seeds", seeds, "--json", "-j2", "--time-limit", "20s"};
}

}  // namespace

TEST_CASE("a worker that is killed or stands still changes no result: the same, or undecided by name") {
  Kind kind("workers killed and stopped", 4);
  const Scratch calm;
  const Answer undisturbed = run(calm, works("1..12"), {60, 90, 1500});
  REQUIRE(undisturbed.code == 0);
  for (std::uint64_t round = 0; kind.more() || round < 4; ++round) {
    Draws draws(6, round);
    const int signal = round % 2 ? SIGSTOP : SIGKILL;
    const Scratch scratch;
    Running running(scratch, works("1..12"), {60, 40, 1500});
    const auto workers = workers_of(running);
    pause_for(static_cast<double>(draws.below(20)) * 0.01);
    if (!workers.empty()) ::kill(draws.one_of(workers), signal);
    const Answer answer = running.wait();
    std::string wrong = judge(answer);
    if (wrong.empty() && answer.code != 2 && runs_in(answer.out) != runs_in(undisturbed.out))
      wrong = "another result, and not undecided";
    const std::string said = answer.out + answer.err;
    if (wrong.empty() && answer.code == 2 && said.find("worker") == std::string::npos &&
        said.find("limit") == std::string::npos)
      wrong = "undecided without a word about the worker or the limit";
    kind.tried(fmt::format("round {}: signal {} to a worker", round, signal), wrong);
  }
  INFO(kind.faults());
  CHECK(kind.faults().empty());
}

TEST_CASE("a parent that is killed leaves no worker alive") {
  Kind kind("parents killed", 2);
  for (std::uint64_t round = 0; kind.more() || round < 2; ++round) {
    const Scratch scratch;
    Words words = works("1..500");
    if (round % 2) words = {"sweep", scenario("loaders/crash-at-800.toml"), "--points", "all", "-j2"};
    Running running(scratch, words, {60, 90, 1500});
    const auto workers = workers_of(running);
    running.send(SIGKILL);
    running.wait();
    kind.tried(told(words), workers.empty()      ? "has no workers"
                            : gone_soon(workers) ? ""
                                                 : "its workers go on without it");
  }
  INFO(kind.faults());
  CHECK(kind.faults().empty());
}
