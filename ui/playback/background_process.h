#pragma once
// This program again, in another process: no frame ever waits for it, and it can be stopped at any time.
#include <cstddef>
#include <string>
#include <vector>

namespace twice::playback {

class BackgroundProcess {
 public:
  BackgroundProcess() = default;
  ~BackgroundProcess() { cancel(); }
  BackgroundProcess(const BackgroundProcess&) = delete;
  BackgroundProcess& operator=(const BackgroundProcess&) = delete;

  /// One that still runs is cancelled. Why nothing could be started; empty: it runs.
  std::string start(const std::string& program, std::vector<std::string> arguments);
  /// True when there was something to stop.
  bool cancel();
  /// Takes what has arrived; never waits. True once, when the process has ended.
  bool poll();

  bool running() const { return process_ > 0; }
  /// By the lines "progress 12 of 96" on its standard error.
  double progress() const { return of_ == 0 ? 0 : static_cast<double>(done_) / static_cast<double>(of_); }
  /// Its standard output so far.
  const std::string& out() const { return out_text_; }
  /// Of one that has ended: what it said on its standard error, or else how it ended.
  std::string said() const;

 private:
  void take(int& pipe, std::string& into);
  void read_progress();

  int process_ = 0, status_ = 0;
  int out_ = -1, err_ = -1;
  std::string out_text_, err_text_;
  std::size_t done_ = 0, of_ = 0;
};

}  // namespace twice::playback
