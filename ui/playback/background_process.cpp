#include "ui/playback/background_process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <sstream>
#include <string_view>

#include <fmt/format.h>

extern "C" char** environ;

namespace twice::playback {
namespace {

void close_pipe(int& pipe) {
  if (pipe >= 0) ::close(pipe);
  pipe = -1;
}

}  // namespace

std::string BackgroundProcess::start(const std::string& program, std::vector<std::string> arguments) {
  cancel();
  out_text_.clear(), err_text_.clear();
  done_ = of_ = 0;
  int out[2], err[2];
  if (::pipe2(out, O_CLOEXEC) != 0) return "it cannot be started: no pipe is to be had";
  if (::pipe2(err, O_CLOEXEC) != 0) {
    ::close(out[0]), ::close(out[1]);
    return "it cannot be started: no pipe is to be had";
  }
  std::vector<char*> argv{const_cast<char*>(program.c_str())};  // posix_spawn leaves it as it is
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
    return fmt::format("it cannot be started: {} does not run", program);
  }
  process_ = process;
  for (const int pipe : {out_, err_}) ::fcntl(pipe, F_SETFL, O_NONBLOCK);
  return {};
}

bool BackgroundProcess::cancel() {
  const bool was_running = running();
  if (was_running) ::kill(process_, SIGTERM);
  close_pipe(out_), close_pipe(err_);
  if (was_running) ::waitpid(process_, nullptr, 0);
  process_ = 0;
  return was_running;
}

void BackgroundProcess::take(int& pipe, std::string& into) {
  char buffer[16384];
  constexpr int kMostReads = 64;  // a frame reads at most a megabyte
  for (int i = 0; i < kMostReads && pipe >= 0; ++i) {
    const ssize_t got = ::read(pipe, buffer, sizeof buffer);
    if (got > 0) into.append(buffer, static_cast<std::size_t>(got));
    if (got == 0) close_pipe(pipe);
    if (got <= 0) return;
  }
}

void BackgroundProcess::read_progress() {
  const std::size_t at = err_text_.rfind("progress ");
  if (at == std::string::npos || err_text_.find('\n', at) == std::string::npos) return;
  char* end = nullptr;
  done_ = std::strtoull(err_text_.c_str() + at + 9, &end, 10);
  if (end && std::string_view(end).starts_with(" of ")) of_ = std::strtoull(end + 4, nullptr, 10);
}

bool BackgroundProcess::poll() {
  if (!running()) return false;
  take(out_, out_text_);
  take(err_, err_text_);
  read_progress();
  if (out_ >= 0 || err_ >= 0) return false;
  if (::waitpid(process_, &status_, WNOHANG) != process_) return false;
  process_ = 0;
  return true;
}

std::string BackgroundProcess::said() const {
  std::string said;
  std::istringstream lines(err_text_);
  for (std::string line; std::getline(lines, line);)
    if (!line.starts_with("progress ")) said += line + "\n";
  if (!said.empty()) return said;
  return WIFSIGNALED(status_) ? fmt::format("it ended with signal {}", WTERMSIG(status_)) : "it gave no result";
}

}  // namespace twice::playback
