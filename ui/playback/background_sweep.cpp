#include "ui/playback/background_sweep.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <sstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

extern "C" char** environ;

namespace twice::playback {
namespace {

using Json = nlohmann::json;

lab::Stop stop_of(const std::string& word) {
  if (word == "second-run") return lab::Stop::kSecondRun;
  if (word == "before-statement") return lab::Stop::kBeforeStatement;
  if (word == "lost-reply") return lab::Stop::kLostReply;
  if (word == "io-not-applied") return lab::Stop::kIoNotApplied;
  if (word == "io-applied") return lab::Stop::kIoApplied;
  if (word == "at") return lab::Stop::kAtTime;
  return lab::Stop::kAfterRow;
}

pipeline::Role role_of(const std::string& word) {
  using pipeline::Role;
  for (const Role role : {Role::kBegin, Role::kBefore, Role::kBatchStart, Role::kRow, Role::kBatchEnd, Role::kCommit,
                          Role::kBatchDone, Role::kStatement, Role::kScript, Role::kAfter})
    if (name_of(role) == word) return role;
  return Role::kRow;
}

lab::PointOutcome point_of(const Json& json) {
  lab::PointOutcome outcome;
  outcome.point.stop = stop_of(json.at("stop"));
  outcome.point.number = json.at("number");
  outcome.point.line = json.at("line");
  outcome.point.role = role_of(json.at("role"));
  const std::string letter = json.at("outcome");
  outcome.letter = letter.empty() ? '?' : letter.front();
  outcome.rows = json.at("rows");
  outcome.duplicated = json.at("duplicated");
  outcome.lost = json.at("lost");
  outcome.changed = json.at("changed");
  outcome.others_touched = json.at("others_touched");
  return outcome;
}

SweptLane lane_of(const Json& json) {
  SweptLane lane;
  lane.name = json.at("lane");
  lane.engine = json.at("engine");
  lane.error = json.at("error");
  lane.wanted_rows = json.at("wanted_rows");
  lane.futures = json.at("futures");
  lane.untried = json.at("untried");
  for (const Json& point : json.at("points")) lane.points.push_back(point_of(point));
  if (!json.at("smallest").is_null()) lane.smallest = point_of(json.at("smallest"));
  lane.schedule = json.value("schedule", "");
  return lane;
}

void close_pipe(int& pipe) {
  if (pipe >= 0) ::close(pipe);
  pipe = -1;
}

}  // namespace

std::optional<SweepOutput> parse_sweep_output(const std::string& text) {
  SweepOutput output;
  std::istringstream lines(text);
  try {
    for (std::string line; std::getline(lines, line);) {
      const Json json = Json::parse(line);
      const std::string type = json.at("type");
      if (type == "sweep") output.lanes.push_back(lane_of(json));
      if (type != "script") continue;
      output.verdict = json.at("verdict");
      for (const Json& d : json.at("diagnostics"))
        output.remarks.push_back({d.at("line"), d.at("column"), d.at("severity"), d.at("message"), d.at("help")});
    }
  } catch (const Json::exception&) {
    return std::nullopt;
  }
  if (output.lanes.empty()) return std::nullopt;
  return output;
}

void BackgroundSweep::start(const std::string& program, std::vector<std::string> arguments) {
  cancel();
  error_.clear(), out_text_.clear(), err_text_.clear();
  done_ = of_ = 0;
  int out[2], err[2];
  if (::pipe2(out, O_CLOEXEC) != 0) {
    error_ = "the sweep cannot be started: no pipe is to be had";
    return;
  }
  if (::pipe2(err, O_CLOEXEC) != 0) {
    ::close(out[0]), ::close(out[1]);
    error_ = "the sweep cannot be started: no pipe is to be had";
    return;
  }
  arguments.insert(arguments.begin(), {program, "sweep"});
  arguments.insert(arguments.end(), {"--json", "--progress"});
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, err[1], STDERR_FILENO);
  pid_t process = 0;
  const int failed = ::posix_spawn(&process, program.c_str(), &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(out[1]), ::close(err[1]);
  out_ = out[0], err_ = err[0];
  if (failed != 0) {
    close_pipe(out_), close_pipe(err_);
    error_ = fmt::format("the sweep cannot be started: {} does not run", program);
    return;
  }
  process_ = process;
  for (const int pipe : {out_, err_}) ::fcntl(pipe, F_SETFL, O_NONBLOCK);
}

void BackgroundSweep::cancel() {
  if (process_ > 0) {
    ::kill(process_, SIGTERM);
    close_pipe(out_), close_pipe(err_);
    ::waitpid(process_, nullptr, 0);
    process_ = 0;
    ++revision_;
  }
  close_pipe(out_), close_pipe(err_);
}

void BackgroundSweep::take(int& pipe, std::string& into) {
  char buffer[16384];
  constexpr int kMostReads = 64;  // a frame reads at most a megabyte
  for (int i = 0; i < kMostReads && pipe >= 0; ++i) {
    const ssize_t got = ::read(pipe, buffer, sizeof buffer);
    if (got > 0) into.append(buffer, static_cast<std::size_t>(got));
    if (got == 0) close_pipe(pipe);
    if (got <= 0) return;
  }
}

// Lines "progress 12 of 96" on the standard error.
void BackgroundSweep::read_progress() {
  const std::size_t at = err_text_.rfind("progress ");
  if (at == std::string::npos || err_text_.find('\n', at) == std::string::npos) return;
  char* end = nullptr;
  done_ = std::strtoull(err_text_.c_str() + at + 9, &end, 10);
  if (end && std::string_view(end).starts_with(" of ")) of_ = std::strtoull(end + 4, nullptr, 10);
}

void BackgroundSweep::poll() {
  if (process_ <= 0) return;
  take(out_, out_text_);
  take(err_, err_text_);
  read_progress();
  if (out_ >= 0 || err_ >= 0) return;
  int status = 0;
  if (::waitpid(process_, &status, WNOHANG) != process_) return;
  process_ = 0;
  finish(status);
}

void BackgroundSweep::finish(int status) {
  ++revision_;
  output_ = parse_sweep_output(out_text_);
  if (output_) return;
  std::string said;
  std::istringstream lines(err_text_);
  for (std::string line; std::getline(lines, line);)
    if (!line.starts_with("progress ")) said += line + "\n";
  error_ = !said.empty()         ? said
           : WIFSIGNALED(status) ? fmt::format("the sweep ended with signal {}", WTERMSIG(status))
                                 : "the sweep gave no result";
}

}  // namespace twice::playback
