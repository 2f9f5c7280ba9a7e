#include "lab/workers.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <exception>
#include <mutex>
#include <thread>

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include <fmt/format.h>

#include "core/assert.h"
#include "lab/memory_limit.h"
#include "pipeline/warehouse/sql_activity.h"

namespace twice::lab {
namespace {

using Clock = std::chrono::steady_clock;
using Wall = std::chrono::milliseconds;

constexpr int kTries = 3;
constexpr std::size_t kNoUnit = ~std::size_t{0};
constexpr int kLook = 100;          // milliseconds between two looks at time, signals and workers
constexpr Wall kStandsStill{3000};  // a worker that was stopped for so long is not coming back
constexpr Wall kLastWords{300};

pid_t parent_of_worker = 0;  // in a worker; a signal handler reads it

bool write_all(int fd, const void* data, std::size_t size) {
  const char* p = static_cast<const char*>(data);
  while (size > 0) {
    const ssize_t n = ::write(fd, p, size);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    p += n;
    size -= static_cast<std::size_t>(n);
  }
  return true;
}

bool read_all(int fd, void* data, std::size_t size) {
  char* p = static_cast<char*>(data);
  while (size > 0) {
    const ssize_t n = ::read(fd, p, size);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    p += n;
    size -= static_cast<std::size_t>(n);
  }
  return true;
}

// One child: unit numbers go in, results come out. An exception's words come back as a result marked failed.
struct Worker {
  pid_t pid = -1;
  int to = -1, from = -1;
  std::size_t unit = kNoUnit;
  std::string inbox{};    // of the answer, as far as it has come
  Wall spent{}, stood{};  // on this unit; and without running, because somebody stopped it
  // The call into SQLite that it was last seen in, and for how long.
  std::uint64_t call = 0;
  Wall in_call{};
};

// How workers tell their parent that they are inside SQLite, without a word: one counter each, in shared memory.
class SharedActivity {
 public:
  explicit SharedActivity(std::size_t count) : bytes_(count * sizeof(pipeline::SqlActivity)) {
    void* at = ::mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    TWICE_ASSERT(at != MAP_FAILED, std::string("no memory to share with workers: ") + std::strerror(errno));
    counters_ = static_cast<pipeline::SqlActivity*>(at);
  }
  ~SharedActivity() { ::munmap(const_cast<std::uint64_t*>(counters_), bytes_); }
  SharedActivity(const SharedActivity&) = delete;
  SharedActivity& operator=(const SharedActivity&) = delete;

  pipeline::SqlActivity& of(std::size_t worker) { return counters_[worker]; }

 private:
  std::size_t bytes_;
  pipeline::SqlActivity* counters_ = nullptr;
};

// What comes back: whether it worked, the length, the bytes.
constexpr std::size_t kHeader = 1 + sizeof(std::uint64_t);

extern "C" void on_parent_check(int) {
  if (::getppid() != parent_of_worker) ::_exit(1);
}

// A worker without a parent has nobody to answer. Linux kills it at once; elsewhere, and where the parent went before
// that was asked for, it looks itself twice a second.
void end_with_parent(pid_t parent) {
#ifdef __linux__
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
  parent_of_worker = parent;
  struct sigaction look {};
  look.sa_handler = on_parent_check;
  look.sa_flags = SA_RESTART;
  sigemptyset(&look.sa_mask);
  ::sigaction(SIGALRM, &look, nullptr);
  const itimerval twice_a_second{{0, 500'000}, {0, 500'000}};
  ::setitimer(ITIMER_REAL, &twice_a_second, nullptr);
  on_parent_check(SIGALRM);
}

[[noreturn]] void serve(int in, int out, pid_t parent, const std::function<std::string(std::size_t)>& unit) {
  end_with_parent(parent);
  // Ctrl-C reaches the whole group; the parent decides what happens then. SIGTERM is meant for whom it is sent to.
  std::signal(SIGINT, SIG_IGN);
  std::signal(SIGTERM, SIG_DFL);
  std::uint64_t index = 0;
  while (read_all(in, &index, sizeof index)) {
    std::string result;
    std::uint8_t ok = 1;
    try {
      result = unit(index);
    } catch (const std::exception& e) {
      ok = 0;
      const RunContext where = run_context();
      result.assign(reinterpret_cast<const char*>(&where), sizeof where);
      result += e.what();
    }
    const std::uint64_t size = result.size();
    if (!write_all(out, &ok, 1) || !write_all(out, &size, sizeof size) || !write_all(out, result.data(), result.size()))
      break;
  }
  ::_exit(0);
}

class Pool {
 public:
  Pool(std::size_t count, const WorkerOptions& options, const std::function<std::string(std::size_t)>& unit)
      : options_(options), unit_(unit), activity_(std::max<std::size_t>(1, options.workers)), tries_(count, 0) {
    out_.results.resize(count);
    out_.finished.resize(count);
  }
  ~Pool() {
    for (Worker& w : workers_) stop(w);
  }

  WorkResult run() {
    std::signal(SIGPIPE, SIG_IGN);
    const std::size_t count = out_.results.size();
    if (const StoppedBy by = asked(options_.stop); by != StoppedBy::kNothing && count > 0) {
      end(by);
      return std::move(out_);
    }
    for (std::size_t i = 0; i < std::max<std::size_t>(1, options_.workers) && i < count; ++i)
      workers_.push_back(spawn(i));
    for (Worker& w : workers_) give_next(w);
    last_look_ = Clock::now();
    while (done_ < count && !out_.stopped) wait_for_one();
    if (out_.stopped_by == StoppedBy::kTimeLimit) take_last_words();
    for (const Worker& w : workers_)
      if (w.unit != kNoUnit) out_.cut.push_back(w.unit);
    std::sort(out_.cut.begin(), out_.cut.end());
    std::sort(out_.lost.begin(), out_.lost.end(), [](const auto& a, const auto& b) { return a.unit < b.unit; });
    return std::move(out_);
  }

 private:
  Worker spawn(std::size_t place) {
    int down[2], up[2];
    TWICE_ASSERT(::pipe(down) == 0 && ::pipe(up) == 0,
                 std::string("cannot open a pipe to a worker: ") + std::strerror(errno));
    const pid_t parent = ::getpid();
    const pid_t pid = ::fork();
    TWICE_ASSERT(pid >= 0, std::string("cannot start a worker process: ") + std::strerror(errno));
    if (pid == 0) {
      ::close(down[1]), ::close(up[0]);
      // A sibling that kept this worker's ends open would hide the parent's going.
      for (const Worker& w : workers_)
        if (w.pid >= 0) ::close(w.to), ::close(w.from);
      activity_.of(place) = 0;
      pipeline::count_sql_activity_in(activity_.of(place));
      end_without_memory();
      serve(down[0], up[1], parent, unit_);
    }
    ::close(down[0]), ::close(up[1]);
    // A worker that stands still in the middle of an answer must not hold up the others.
    ::fcntl(up[0], F_SETFL, ::fcntl(up[0], F_GETFL) | O_NONBLOCK);
    return {pid, down[1], up[0]};
  }

  void stop(Worker& w) {
    if (w.pid < 0) return;
    ::close(w.to), ::close(w.from);
    ::kill(w.pid, SIGKILL);  // one that somebody stopped would not end by itself
    ::waitpid(w.pid, nullptr, 0);
    w.pid = -1;
  }

  void give_next(Worker& w) {
    w.unit = kNoUnit;
    w.inbox.clear();
    w.spent = w.stood = w.in_call = {};
    if (out_.stopped || asked(options_.stop) != StoppedBy::kNothing) return;
    if (!again_.empty()) {
      w.unit = again_.back();
      again_.pop_back();
    } else if (next_ < tries_.size()) {
      w.unit = next_++;
    } else {
      return;
    }
    const std::uint64_t index = w.unit;
    ++tries_[w.unit];
    write_all(w.to, &index, sizeof index);  // a dead worker is noticed when its answer is awaited
    if (w.unit == options_.kill_once && tries_[w.unit] == 1) ::kill(w.pid, SIGKILL);
  }

  void wait_for_one() {
    const int ready = poll_workers();
    ask_to_go_on(ready <= 0);
    if (out_.stopped) return;
    for (std::size_t i = 0; ready > 0 && i < fds_.size() && !out_.stopped; ++i)
      if (fds_[i].revents != 0) take(workers_[i]);
    if (!out_.stopped) look_at_time();
  }

  int poll_workers() {
    fds_.clear();
    for (const Worker& w : workers_) fds_.push_back({w.unit == kNoUnit ? -1 : w.from, POLLIN, 0});
    return ::poll(fds_.data(), fds_.size(), kLook);
  }

  void ask_to_go_on(bool idle) {
    if (const StoppedBy by = asked(options_.stop); by != StoppedBy::kNothing) return end(by);
    if (idle && options_.progress && !options_.progress(done_, tries_.size())) end(StoppedBy::kInterrupt);
  }
  void end(StoppedBy by) {
    // Progress functions know one answer; the seam knows why.
    const StoppedBy why = asked(options_.stop);
    out_.stopped = true;
    out_.stopped_by = why == StoppedBy::kNothing ? by : why;
  }

  // Units that look at the time themselves say how far they came.
  void take_last_words() {
    const auto until = Clock::now() + kLastWords;
    const auto busy = [](const Worker& w) { return w.unit != kNoUnit; };
    while (Clock::now() < until && std::any_of(workers_.begin(), workers_.end(), busy)) {
      const int ready = poll_workers();
      for (std::size_t i = 0; ready > 0 && i < fds_.size(); ++i)
        if (fds_[i].revents != 0) take(workers_[i]);
      if (ready < 0) return;
    }
  }

  // Time that this process itself did not run (Ctrl-Z) counts for nobody.
  void look_at_time() {
    const auto now = Clock::now();
    const Wall slice = std::min<Wall>(std::chrono::duration_cast<Wall>(now - last_look_), Wall(2 * kLook));
    if (slice < Wall(kLook / 2)) return;
    last_look_ = now;
    for (Worker& w : workers_) {
      if (w.unit == kNoUnit) continue;
      int status = 0;
      if (::waitpid(w.pid, &status, WNOHANG | WUNTRACED | WCONTINUED) == w.pid) {
        if (WIFSTOPPED(status)) w.stood = Wall(1);
        if (WIFCONTINUED(status)) w.stood = {};
        if (WIFEXITED(status) || WIFSIGNALED(status)) {
          replace(w, status);
          continue;
        }
      }
      w.spent += slice;
      if (w.stood > Wall{}) w.stood += slice;
      if (w.stood >= kStandsStill) {
        ::kill(w.pid, SIGKILL);
        ::waitpid(w.pid, &status, 0);
        replace(w, status, "stood still");
      } else if (options_.unit_limit && w.spent >= *options_.unit_limit) {
        give_up(w, "unit-limit", fmt::format("it took longer than {} of real time", words_of(*options_.unit_limit)));
      } else if (is_stuck(w, slice)) {
        give_up(w, "statement-limit",
                fmt::format("one SQL statement ran for more than {}", words_of(options_.statement_limit)));
      }
    }
  }

  // An odd number that does not change is one call into SQLite.
  bool is_stuck(Worker& w, Wall slice) {
    const std::uint64_t call = activity_.of(place_of(w));
    w.in_call = call % 2 == 1 && call == w.call ? w.in_call + slice : Wall{};
    w.call = call;
    return w.in_call >= options_.statement_limit;
  }

  std::size_t place_of(const Worker& w) const { return static_cast<std::size_t>(&w - workers_.data()); }

  void give_up(Worker& w, std::string limit, const std::string& why) {
    ::kill(w.pid, SIGKILL);
    ::waitpid(w.pid, nullptr, 0);
    lose(w.unit, std::move(limit), why);
    renew(w);
  }

  static std::string words_of(std::chrono::milliseconds time) {
    return time.count() % 1000 == 0 ? fmt::format("{} s", time.count() / 1000) : fmt::format("{} ms", time.count());
  }

  void take(Worker& w) {
    char bytes[1 << 16];
    const ssize_t n = ::read(w.from, bytes, sizeof bytes);
    if (n < 0 && (errno == EINTR || errno == EAGAIN)) return;
    if (n <= 0) {
      int status = 0;
      ::kill(w.pid, SIGKILL);  // it closed its end: it is dead, or as good as dead
      ::waitpid(w.pid, &status, 0);
      return replace(w, status);
    }
    w.inbox.append(bytes, static_cast<std::size_t>(n));
    if (w.inbox.size() < kHeader) return;
    std::uint64_t size = 0;
    std::memcpy(&size, w.inbox.data() + 1, sizeof size);
    if (w.inbox.size() < kHeader + size) return;
    const bool ok = w.inbox.front() != 0;
    std::string result = w.inbox.substr(kHeader);
    if (!ok) fail(result);
    const std::size_t unit = w.unit;
    give_next(w);
    finish(unit, std::move(result));
  }

  // Our own mistake, wherever it was met.
  [[noreturn]] static void fail(const std::string& result) {
    TWICE_ASSERT(result.size() >= sizeof(RunContext), "a worker failed without a word");
    std::memcpy(&run_context(), result.data(), sizeof(RunContext));
    throw InternalError(result.substr(sizeof(RunContext)));
  }

  void finish(std::size_t unit, std::string result) {
    out_.results[unit] = std::move(result);
    out_.finished[unit] = true;
    ++done_;
    if (options_.progress && !out_.stopped && !options_.progress(done_, tries_.size())) end(StoppedBy::kInterrupt);
  }

  void replace(Worker& w, int status, std::string_view verb = "died") {
    if (WIFEXITED(status) && WEXITSTATUS(status) == kNoMemoryLeft) {
      lose(w.unit, "memory-limit",
           fmt::format("it needed more than {} of memory", limits::in_megabytes(limits::kProcessBytes)));
      return renew(w);
    }
    const std::string how =
        WIFSIGNALED(status) ? fmt::format("signal {}", WTERMSIG(status)) : fmt::format("exit {}", WEXITSTATUS(status));
    const bool retry = tries_[w.unit] < kTries;
    out_.reports.push_back(fmt::format("a worker {} ({}) on {}; {}", verb, how, called(w.unit),
                                       retry ? "it was run again" : "it was given up"));
    if (retry)
      again_.push_back(w.unit);
    else
      lose(w.unit, "worker-died", fmt::format("its worker died {} times ({})", kTries, how));
    renew(w);
  }

  void lose(std::size_t unit, std::string limit, const std::string& why) {
    out_.lost.push_back({unit, std::move(limit), fmt::format("{}: {}", called(unit), why)});
    ++done_;
  }
  std::string called(std::size_t unit) const {
    return options_.name ? fmt::format("unit {} ({})", unit, options_.name(unit)) : fmt::format("unit {}", unit);
  }

  // A new process in the place of one that is gone.
  void renew(Worker& w) {
    ::close(w.to), ::close(w.from);
    w.pid = -1;
    w.unit = kNoUnit;
    if (out_.stopped || (again_.empty() && next_ >= tries_.size())) return;
    w = spawn(place_of(w));
    give_next(w);
  }

  const WorkerOptions& options_;
  const std::function<std::string(std::size_t)>& unit_;
  SharedActivity activity_;
  std::vector<Worker> workers_;
  std::vector<pollfd> fds_;
  std::vector<int> tries_;
  std::vector<std::size_t> again_;
  std::size_t next_ = 0, done_ = 0;
  Clock::time_point last_look_;
  WorkResult out_;
};

}  // namespace

WorkResult in_processes(std::size_t count, const WorkerOptions& options,
                        const std::function<std::string(std::size_t)>& unit) {
  return Pool(count, options, unit).run();
}

WorkResult in_threads(std::size_t count, const WorkerOptions& options,
                      const std::function<std::string(std::size_t)>& unit) {
  WorkResult out;
  out.results.resize(count);
  out.finished.resize(count);
  std::vector<char> finished(count, 0);  // vector<bool> packs: two threads would write one byte
  std::atomic<std::size_t> next{0};
  std::atomic<bool> stop{false};
  std::mutex reporting;
  std::size_t done = 0;
  std::exception_ptr failure;
  const auto work = [&] {
    for (std::size_t i = next++; i < count && !stop; i = next++) {
      try {
        out.results[i] = unit(i);
        finished[i] = 1;
      } catch (...) {
        const std::lock_guard lock(reporting);
        if (!failure) failure = std::current_exception();
        stop = true;
        return;
      }
      const std::lock_guard lock(reporting);
      ++done;
      const StoppedBy by = asked(options.stop);
      const bool goes_on = by == StoppedBy::kNothing && (!options.progress || options.progress(done, count));
      if (goes_on) continue;
      stop = out.stopped = true;
      out.stopped_by = by == StoppedBy::kNothing ? StoppedBy::kInterrupt : by;
    }
  };
  std::vector<std::thread> threads;
  for (unsigned i = 1; i < options.workers; ++i) threads.emplace_back(work);
  work();
  for (std::thread& t : threads) t.join();
  if (failure) std::rethrow_exception(failure);
  for (std::size_t i = 0; i < count; ++i) out.finished[i] = finished[i] != 0;
  return out;
}

}  // namespace twice::lab
