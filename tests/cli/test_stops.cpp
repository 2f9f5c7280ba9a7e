// Time limits and signals end every command that runs something, inside a run too. Bounds are wide: machines are busy.
#include <chrono>
#include <csignal>
#include <cstdio>
#include <optional>
#include <sstream>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/program.h"
#include "support/catch.h"

namespace twice::test {
namespace {

constexpr std::chrono::seconds kSoon{5};

std::chrono::steady_clock::time_point now() { return std::chrono::steady_clock::now(); }

/// One run of an hour of somebody's time.
constexpr const char* kEndless = R"(scenario = 1
title = "goes on and on"
until = "1000000s"
network.latency = "1ms"
[cluster]
nodes = 3
protocol = "raft"
[[client]]
name = "app"
think = "1ms"
[expect]
finally = ["leader-elected", "linearizable"]
)";

/// A load whose sweep takes an hour, and its planning some minutes.
std::string endless_load() {
  std::string text = small_scenario(100'000);
  for (std::size_t at; (at = text.find("\"every 5\"")) != std::string::npos;) text.replace(at, 9, "\"each-row\"");
  return text;
}

/// The program in the background, in a group of its own.
class Running {
 public:
  Running(const Folder& folder, const std::string& arguments) {
    std::vector<std::string> words{TWICE_PROGRAM};
    std::istringstream in(arguments);
    for (std::string word; in >> word;) words.push_back(word);
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    std::fflush(nullptr);  // or the child writes what this program has not written yet
    pid_ = ::fork();
    if (pid_ != 0) return;
    ::setpgid(0, 0);
    const bool ready = ::chdir(folder.path().c_str()) == 0 && std::freopen("out.txt", "w", stdout) &&
                       std::freopen("err.txt", "w", stderr) && std::freopen("/dev/null", "r", stdin);
    if (ready) ::execv(TWICE_PROGRAM, argv.data());
    ::_exit(99);
  }
  ~Running() {
    if (pid_ > 0) ::kill(-pid_, SIGKILL);
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  void signal(int number) const { ::kill(pid_, number); }
  pid_t group() const { return pid_; }
  /// The exit code, once it has ended; -1: it was killed; nullopt: it goes on for longer than is soon.
  std::optional<int> ended_soon() {
    const auto until = now() + kSoon;
    int status = 0;
    while (now() < until) {
      if (::waitpid(pid_, &status, WNOHANG) == pid_) return pid_ = -1, WIFEXITED(status) ? WEXITSTATUS(status) : -1;
      ::usleep(5000);
    }
    return std::nullopt;
  }

 private:
  pid_t pid_ = -1;
};

struct Long {
  const char* what;
  std::string arguments;
};

/// A folder with everything that takes long, and the commands that do.
std::vector<Long> long_work(const Folder& folder) {
  folder.write("endless.toml", kEndless);
  folder.write("load.toml", endless_load());
  std::string many = kEndless;
  many.replace(many.find("1000000s"), 8, "2s");
  folder.write("many.toml", many);
  const std::string zoo = fmt::format("{}/scenarios/zoo", TWICE_SOURCE_DIR);
  return {{"one run", "run endless.toml --seed 1"},
          {"several runs", "run endless.toml --seeds 1..4 -j 2"},
          {"many runs", "run many.toml --seeds 1..100000 -j 2"},
          {"a load", "run load.toml --seed 1"},
          {"planning a sweep", "sweep load.toml -j 2"},
          {"looking for a failing run", "shrink endless.toml --seed 1"},
          {"inevitable", "inevitable endless.toml --seed 1"},
          {"a search", "search endless.toml --crashes 3 --timers 20"},
          {"a search from an event", "search endless.toml --from 1000000000"},
          {"pacelc", "pacelc endless.toml --seeds 1000"},
          {"zoo", fmt::format("zoo --folder {} --trials 1000", zoo)},
          {"formats", "formats --rows 2000000"},
          {"a guide", fmt::format("lesson guide --lessons {}/lessons -j 1", TWICE_SOURCE_DIR)},
          {"checking lessons", fmt::format("lesson check --lessons {}/lessons --learners 100", TWICE_SOURCE_DIR)}};
}

TEST_CASE("Ctrl-C ends every command with 130 and SIGTERM with 143, at once, whatever it is doing") {
  const Folder folder;
  for (const Long& work : long_work(folder))
    for (const int number : {SIGINT, SIGTERM}) {
      INFO(work.what << " signal " << number);
      Running program(folder, work.arguments);
      ::usleep(400'000);
      program.signal(number);
      const auto code = program.ended_soon();
      REQUIRE(code);
      CHECK(*code == 128 + number);
    }
}

TEST_CASE("a time limit ends every command with 2 and its name, also inside a run") {
  const Folder folder;
  for (const Long& work : long_work(folder)) {
    INFO(work.what);
    Running program(folder, work.arguments + " --time-limit 300ms");
    const auto code = program.ended_soon();
    REQUIRE(code);
    INFO(folder.read("out.txt") << folder.read("err.txt"));
    CHECK(*code == 2);
    CHECK(contains(folder.read("out.txt") + folder.read("err.txt"), "time-limit"));
  }
}

TEST_CASE("runs that were finished before the time limit are told, and the cut one is undecided") {
  const Folder folder;
  long_work(folder);
  const Outcome outcome = folder.twice("run many.toml --seeds 1..100000 -j 1 --time-limit 3s");
  CHECK(outcome.code == 2);
  CHECK(contains(outcome.out, "stopped by the time limit (time-limit)"));
}

TEST_CASE("a parent that is killed leaves no worker alive") {
  const Folder folder;
  long_work(folder);
  Running program(folder, "run endless.toml --seeds 1..3 -j 3");
  ::usleep(600'000);
  const pid_t group = program.group();
  program.signal(SIGKILL);
  REQUIRE(program.ended_soon() == -1);
  const auto until = now() + kSoon;
  while (now() < until && ::kill(-group, 0) == 0) ::usleep(10'000);
  CHECK(::kill(-group, 0) != 0);
}

TEST_CASE("a default client ends, and time that stands still is an error of the scenario by name") {
  const Folder folder;
  folder.write("default.toml",
               "scenario = 1\ntitle = \"Nothing is expected\"\nuntil = \"3s\"\n[cluster]\nnodes = 3\nprotocol = "
               "\"raft\"\n[[client]]\nname = \"app\"\n");
  Running program(folder, "run default.toml");
  const auto code = program.ended_soon();
  REQUIRE(code);
  CHECK(*code != 70);
}

}  // namespace
}  // namespace twice::test
