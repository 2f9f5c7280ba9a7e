#include "cli/terminal.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>

#include <sys/ioctl.h>
#include <sys/time.h>
#include <unistd.h>

#include <fmt/format.h>

#include "cli/sql_limits.h"
#include "lab/escapes.h"

namespace twice::cli {
namespace {

using Clock = std::chrono::steady_clock;

// Who listens has so long to end its work; and then so long to tell what it has found.
constexpr std::chrono::milliseconds kPatience{800}, kTelling{5000};

const Clock::time_point kBegan = Clock::now();
std::optional<Clock::time_point> deadline;
volatile std::sig_atomic_t requested = 0;
volatile std::sig_atomic_t listeners = 0;
bool output_failed = false;

template <std::size_t n>
[[noreturn]] void leave(const char (&text)[n], int code) {
  const auto ignored = ::write(2, text, n - 1);
  static_cast<void>(ignored);
  ::_exit(code);
}

// The last resort: some work cannot be asked to end. 0: no more. A bare system call, so that a signal handler may make
// it.
void ring_in(std::chrono::microseconds time) {
  const itimerval once{{0, 0}, {static_cast<time_t>(time.count() / 1'000'000), time.count() % 1'000'000}};
  ::setitimer(ITIMER_REAL, &once, nullptr);
}

extern "C" void on_signal(int signal) {
  const bool again = requested != 0;
  requested = signal;
  if (listeners > 0 && !again) return ring_in(kPatience);
  leave("\ninterrupted; nothing was written\n", 128 + signal);
}

extern "C" void on_alarm(int) {
  if (requested != 0)
    leave("\ninterrupted in the middle of work that cannot be asked to end; its results are lost\n", 128 + requested);
  leave("\nundecided: time-limit was reached in the middle of work that cannot be asked to end; its results are lost\n",
        static_cast<int>(Exit::kUndecided));
}

bool is_set(const char* name) {
  const char* value = std::getenv(name);
  return value && *value;
}

bool colour_on(int descriptor, bool refused) {
  if (refused || is_set("NO_COLOR")) return false;
  if (is_set("FORCE_COLOR")) return std::string_view(std::getenv("FORCE_COLOR")) != "0";
  const char* terminal = std::getenv("TERM");
  return ::isatty(descriptor) && terminal && std::string_view(terminal) != "dumb";
}

constexpr unsigned kNarrowest = 60, kWidest = 140;

// What shells and build servers say of the place a pipe ends in.
std::optional<unsigned> columns_from_environment() {
  const char* text = std::getenv("COLUMNS");
  if (!text || *text < '0' || *text > '9') return std::nullopt;
  char* end = nullptr;
  const unsigned long columns = std::strtoul(text, &end, 10);
  if (*end != '\0' || columns == 0) return std::nullopt;
  return static_cast<unsigned>(std::min<unsigned long>(columns, kWidest));
}

void write_out(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) output_failed = output_failed || errno != EPIPE;
}

}  // namespace

lab::Style style_for(const Outputs& outputs) {
  lab::Style style;
  style.colour = colour_on(STDOUT_FILENO, outputs.no_colour);
  winsize size{};
  if (::isatty(STDOUT_FILENO) && ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    style.width = std::clamp<unsigned>(size.ws_col, kNarrowest, kWidest);
  else if (const auto columns = columns_from_environment())
    style.width = std::clamp(*columns, kNarrowest, kWidest);
  return style;
}

bool colour_for_errors(const Outputs& outputs) { return colour_on(STDERR_FILENO, outputs.no_colour); }

void print_file(std::string_view text) {
  if (::isatty(STDOUT_FILENO)) return print(text);
  write_out(text);
}

void print(std::string_view text) { write_out(lab::for_terminal(text)); }

// A reader that has seen enough (`| head`) is no failure.
bool flushed() { return (std::fflush(stdout) == 0 || errno == EPIPE) && !output_failed; }

void tell(std::string_view text) { tell_commands(lab::for_terminal(text)); }

void tell_commands(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stderr); }

void handle_interrupts() {
  struct sigaction action {};
  action.sa_handler = on_signal;
  sigemptyset(&action.sa_mask);
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
  action.sa_handler = on_alarm;
  ::sigaction(SIGALRM, &action, nullptr);
}

bool interrupted() { return requested != 0; }

void limit_time(std::optional<std::chrono::nanoseconds> limit) {
  if (!limit || deadline) return;
  // Nobody waits for longer than a year; and a sum must not overflow.
  deadline = kBegan + std::min<Clock::duration>(std::chrono::duration_cast<Clock::duration>(*limit),
                                                std::chrono::hours(24 * 365));
}

lab::StopSeam stop_seam() {
  return [] {
    if (interrupted()) return lab::StoppedBy::kInterrupt;
    return deadline && Clock::now() >= *deadline ? lab::StoppedBy::kTimeLimit : lab::StoppedBy::kNothing;
  };
}

Exit stop_code(lab::StoppedBy by) {
  if (by == lab::StoppedBy::kTimeLimit) return Exit::kUndecided;
  return requested == SIGTERM ? Exit::kTerminated : Exit::kInterrupted;
}

Watch::Watch(std::string what, std::optional<std::chrono::nanoseconds> limit, bool shows, bool lines)
    : what_(std::move(what)),
      next_show_(Clock::now() + std::chrono::milliseconds(300)),
      shows_(shows && !lines && ::isatty(STDERR_FILENO)),
      lines_(lines) {
  if (lines) next_show_ = Clock::now();
  limit_time(limit);
  listeners = listeners + 1;
  if (!deadline) return;
  const auto left = std::max<Clock::duration>(*deadline - Clock::now(), Clock::duration{0}) + kPatience;
  ring_in(std::chrono::duration_cast<std::chrono::microseconds>(left));
}

Watch::~Watch() {
  listeners = listeners - 1;
  if (listeners == 0) ring_in(stopped_by() == lab::StoppedBy::kNothing ? std::chrono::microseconds{0} : kTelling);
  if (shown_) tell_commands("\r\x1b[K");
}

lab::WorkerOptions Watch::workers(unsigned jobs) {
  lab::WorkerOptions options{.workers = jobs, .progress = progress(), .stop = stop_seam(), .apart = true};
  options.sql_unit_limit = std::chrono::duration_cast<std::chrono::milliseconds>(sql_limits().unit);
  options.statement_limit = std::chrono::duration_cast<std::chrono::milliseconds>(sql_limits().statement);
  return options;
}

std::function<bool(std::size_t, std::size_t)> Watch::progress() {
  return [this](std::size_t done, std::size_t of) { return update(done, of); };
}

bool Watch::update(std::size_t done, std::size_t of) {
  const auto now = Clock::now();
  if (lines_ && now >= next_show_) {
    next_show_ = now + std::chrono::milliseconds(50);
    tell(fmt::format("progress {} of {}\n", done, of));
  } else if (shows_ && now >= next_show_) {
    shown_ = true;
    next_show_ = now + std::chrono::milliseconds(100);
    tell_commands(fmt::format("\r\x1b[K{} of {} {}", done, of, what_));
  }
  return stopped_by() == lab::StoppedBy::kNothing;
}

}  // namespace twice::cli
