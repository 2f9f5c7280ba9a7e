#pragma once
// What the person in front of the program sees while it works, and how they stop it.
#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "cli/arguments.h"
#include "lab/report.h"

namespace twice::cli {

/// Colours and width for the standard output: of the terminal, else COLUMNS, else 100.
lab::Style style_for(const Outputs& outputs);
bool colour_for_errors(const Outputs& outputs);

/// The result, made harmless (lab::for_terminal). Remembers whether it could be written; `flushed` tells at the end.
void print(std::string_view text);
/// A whole file for the standard output: byte for byte, except on a terminal.
void print_file(std::string_view text);
bool flushed();
/// Progress, notes and diagnostics, made harmless.
void tell(std::string_view text);
/// Commands for a build server (`::error …`), which lab::github made harmless already.
void tell_commands(std::string_view text);

/// From here on Ctrl-C and SIGTERM end the program at once with 128 + the signal's number, except while somebody
/// listens (then it is theirs to stop) or files are being written (then right after).
void handle_interrupts();
bool interrupted();

/// Watches over long work: shows progress on a terminal, stops at the time limit and at Ctrl-C.
class Watch {
 public:
  /// `what` is counted: "points". `processes`: the work is done in other processes, which have to be stopped.
  /// `lines`: says it in lines of their own ("progress 12 of 96"), for a program that listens.
  Watch(std::string what, std::optional<std::chrono::nanoseconds> limit, bool shows, bool processes,
        bool lines = false);
  ~Watch();
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  /// For lab::WorkerOptions; must not outlive the watch.
  std::function<bool(std::size_t, std::size_t)> progress();
  bool out_of_time() const;

 private:
  bool update(std::size_t done, std::size_t of);

  std::string what_;
  std::optional<std::chrono::steady_clock::time_point> deadline_;
  std::chrono::steady_clock::time_point next_show_;
  bool shows_, lines_, shown_ = false;
};

}  // namespace twice::cli
