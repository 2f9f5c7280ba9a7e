#include "lab/workers.h"

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <exception>
#include <mutex>
#include <thread>

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

#include "core/assert.h"

namespace twice::lab {
namespace {

constexpr int kTries = 3;
constexpr std::size_t kNoUnit = ~std::size_t{0};

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
};

[[noreturn]] void serve(int in, int out, const std::function<std::string(std::size_t)>& unit) {
  // Ctrl-C reaches the whole group; the parent decides what happens then.
  std::signal(SIGINT, SIG_IGN);
  std::uint64_t index = 0;
  while (read_all(in, &index, sizeof index)) {
    std::string result;
    std::uint8_t ok = 1;
    try {
      result = unit(index);
    } catch (const std::exception& e) {
      ok = 0;
      result = e.what();
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
      : options_(options), unit_(unit), tries_(count, 0) {
    out_.results.resize(count);
    out_.finished.resize(count);
  }
  ~Pool() {
    for (Worker& w : workers_) stop(w);
  }

  WorkResult run() {
    std::signal(SIGPIPE, SIG_IGN);
    const std::size_t count = out_.results.size();
    for (std::size_t i = 0; i < std::max<std::size_t>(1, options_.workers) && i < count; ++i)
      workers_.push_back(spawn());
    for (Worker& w : workers_) give_next(w);
    while (done_ < count && !out_.stopped) wait_for_one();
    return std::move(out_);
  }

 private:
  Worker spawn() {
    int down[2], up[2];
    TWICE_ASSERT(::pipe(down) == 0 && ::pipe(up) == 0,
                 std::string("cannot open a pipe to a worker: ") + std::strerror(errno));
    const pid_t pid = ::fork();
    TWICE_ASSERT(pid >= 0, std::string("cannot start a worker process: ") + std::strerror(errno));
    if (pid == 0) {
      ::close(down[1]), ::close(up[0]);
      // A sibling that kept this worker's ends open would hide the parent's going.
      for (const Worker& w : workers_) ::close(w.to), ::close(w.from);
      serve(down[0], up[1], unit_);
    }
    ::close(down[0]), ::close(up[1]);
    return {pid, down[1], up[0], kNoUnit};
  }

  void stop(Worker& w) {
    if (w.pid < 0) return;
    ::close(w.to), ::close(w.from);
    if (out_.stopped || done_ < tries_.size()) ::kill(w.pid, SIGKILL);
    ::waitpid(w.pid, nullptr, 0);
    w.pid = -1;
  }

  void give_next(Worker& w) {
    w.unit = kNoUnit;
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
    std::vector<pollfd> fds;
    for (const Worker& w : workers_) fds.push_back({w.unit == kNoUnit ? -1 : w.from, POLLIN, 0});
    const int ready = ::poll(fds.data(), fds.size(), 200);
    if (options_.progress && ready <= 0 && !options_.progress(done_, tries_.size())) out_.stopped = true;
    for (std::size_t i = 0; ready > 0 && i < fds.size() && !out_.stopped; ++i)
      if (fds[i].revents != 0) take(workers_[i]);
  }

  void take(Worker& w) {
    std::uint8_t ok = 0;
    std::uint64_t size = 0;
    std::string result;
    bool whole = read_all(w.from, &ok, 1) && read_all(w.from, &size, sizeof size);
    if (whole) {
      result.resize(size);
      whole = read_all(w.from, result.data(), size);
    }
    if (!whole) return replace(w);
    if (ok == 0) throw InternalError(result);
    finish(w.unit, std::move(result));
    give_next(w);
  }

  void finish(std::size_t unit, std::string result) {
    out_.results[unit] = std::move(result);
    out_.finished[unit] = true;
    ++done_;
    if (options_.progress && !options_.progress(done_, tries_.size())) out_.stopped = true;
  }

  void replace(Worker& w) {
    int status = 0;
    ::close(w.to), ::close(w.from);
    ::waitpid(w.pid, &status, 0);
    const std::string how =
        WIFSIGNALED(status) ? fmt::format("signal {}", WTERMSIG(status)) : fmt::format("exit {}", WEXITSTATUS(status));
    const bool retry = tries_[w.unit] < kTries;
    out_.reports.push_back(
        fmt::format("a worker died ({}) on unit {}; {}", how, w.unit, retry ? "it was run again" : "it was given up"));
    if (retry) {
      again_.push_back(w.unit);
    } else {
      ++done_;
    }
    w.pid = -1;
    w = spawn();
    give_next(w);
  }

  const WorkerOptions& options_;
  const std::function<std::string(std::size_t)>& unit_;
  std::vector<Worker> workers_;
  std::vector<int> tries_;
  std::vector<std::size_t> again_;
  std::size_t next_ = 0, done_ = 0;
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
      if (options.progress && !options.progress(done, count)) stop = out.stopped = true;
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
