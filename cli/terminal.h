#pragma once
// What the person in front of the program sees while it works, and how they stop it.
#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "cli/arguments.h"
#include "cli/exit_code.h"
#include "lab/report.h"
#include "lab/workers.h"

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
/// listens (then it is theirs to stop, and when that takes longer than a second the program ends all the same) or files
/// are being written (then right after).
void handle_interrupts();
bool interrupted();

/// From here on the whole program may take this long, counted from its start; the first limit counts. Whoever asks the
/// seam ends by itself; what cannot be asked is ended within a second while a watch is there, with exit code 2.
void limit_time(std::optional<std::chrono::nanoseconds> limit);
/// Whether to go on: signals first, then the limit. May be asked from any thread.
lab::StopSeam stop_seam();
/// What the program ends with that was stopped so. REQUIRES that it was.
Exit stop_code(lab::StoppedBy by);

/// Watches over long work: shows progress on a terminal, and listens: the work is ended by the seam, not by a signal.
class Watch {
 public:
  /// `what` is counted: "points". `limit`: see limit_time. `lines`: says how far it is in lines of their own ("progress
  /// 12 of 96"), for a program that listens.
  Watch(std::string what, std::optional<std::chrono::nanoseconds> limit, bool shows, bool lines = false);
  ~Watch();
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  /// For work that counts; must not outlive the watch.
  std::function<bool(std::size_t, std::size_t)> progress();
  /// Both, and processes of their own, which can be ended whatever they are doing.
  lab::WorkerOptions workers(unsigned jobs);
  /// kNothing: nobody has stopped it yet.
  lab::StoppedBy stopped_by() const { return stop_seam()(); }

 private:
  bool update(std::size_t done, std::size_t of);

  std::string what_;
  std::chrono::steady_clock::time_point next_show_;
  bool shows_, lines_, shown_ = false;
};

}  // namespace twice::cli
