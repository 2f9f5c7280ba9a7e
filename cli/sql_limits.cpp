#include "cli/sql_limits.h"

#include <algorithm>
#include <csignal>
#include <cstring>
#include <ctime>
#include <new>
#include <string>

#include <unistd.h>

#include <fmt/format.h>

#include "cli/exit_code.h"
#include "core/limits.h"
#include "core/time.h"
#include "lab/memory_limit.h"
#include "pipeline/warehouse/sql_activity.h"

namespace twice::cli {
namespace {

constexpr std::chrono::milliseconds kTick{200};

SqlLimits& in_force() {
  static SqlLimits limits{std::chrono::seconds(limits::kStatementSeconds), std::chrono::seconds(limits::kUnitSeconds)};
  return limits;
}

// What the handler needs, ready before the first tick: a handler may not allocate.
char words[256];
std::size_t word_bytes = 0;
std::uint64_t ticks_allowed = 0;
volatile std::uint64_t last_seen = 0, ticks_in_it = 0;

extern "C" void on_tick(int) {
  const std::uint64_t now = pipeline::sql_activity();
  const bool the_same = now % 2 == 1 && now == last_seen;
  ticks_in_it = the_same ? ticks_in_it + 1 : 0;
  last_seen = now;
  if (ticks_in_it < ticks_allowed) return;
  const auto ignored = ::write(STDERR_FILENO, words, word_bytes);
  static_cast<void>(ignored);
  ::_exit(static_cast<int>(Exit::kUndecided));
}

void on_no_memory() {
  constexpr char kWords[] =
      "\ntwice: undecided: more memory was needed than one process may have (limit memory-limit)\n";
  const auto ignored = ::write(STDERR_FILENO, kWords, sizeof kWords - 1);
  static_cast<void>(ignored);
  ::_exit(static_cast<int>(Exit::kUndecided));
}

void start_timer() {
  struct sigaction action {};
  action.sa_handler = on_tick;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  ::sigaction(SIGRTMIN, &action, nullptr);  // SIGALRM belongs to the limit of the whole program
  sigevent event{};
  event.sigev_notify = SIGEV_SIGNAL;
  event.sigev_signo = SIGRTMIN;
  timer_t timer{};
  if (::timer_create(CLOCK_MONOTONIC, &event, &timer) != 0) return;
  constexpr long kNanoseconds = std::chrono::nanoseconds(kTick).count();
  const itimerspec every{{0, kNanoseconds}, {0, kNanoseconds}};
  ::timer_settime(timer, 0, &every, nullptr);
}

}  // namespace

const SqlLimits& sql_limits() { return in_force(); }

void obey(const SqlLimits& limits) {
  in_force() = limits;
  const std::string text = fmt::format(
      "\ntwice: undecided: one SQL statement ran for more than {} (limit statement-limit); --statement-limit changes "
      "it\n",
      to_string(Duration{limits.statement.count()}));
  word_bytes = std::min(text.size(), sizeof words);
  std::memcpy(words, text.data(), word_bytes);
  ticks_allowed = static_cast<std::uint64_t>(std::max<std::int64_t>(1, limits.statement / kTick));
  start_timer();
  lab::limit_memory();
  std::set_new_handler(on_no_memory);
}

}  // namespace twice::cli
