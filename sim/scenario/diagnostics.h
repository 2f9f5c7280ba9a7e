#pragma once
// What is wrong with a file, where, and what would help. Expected failures are values; all of a file are collected.
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/limits.h"
#include "scenario/span.h"

namespace twice::scenario {

enum class Severity : std::uint8_t { kError, kWarning };
std::string_view name_of(Severity severity);

/// Complete by itself: it carries the line it speaks of, so that it prints without the file.
struct Diagnostic {
  Severity severity = Severity::kError;
  std::string file;
  Span span{};
  std::string message;
  std::string help;                   // empty when there is nothing useful to say
  std::string source_line;            // without its line end; clipped around the span when very long
  std::uint32_t clipped_columns = 0;  // how many code points were cut off before `source_line`
};

struct DiagnosticList {
  std::vector<Diagnostic> shown;  // by position, at most kMaxShown
  std::size_t more = 0;           // how many were left out
  bool has_errors() const;
};

constexpr std::size_t kMaxShown = limits::kDiagnostics;

/// Gathers what several readers of one file find. The same words about the same place count once: the shared part of
/// a file is read once for each lane.
class Diagnostics {
 public:
  void error(const Span& span, std::string message, std::string help = {}) {
    add(Severity::kError, span, std::move(message), std::move(help));
  }
  void warning(const Span& span, std::string message, std::string help = {}) {
    add(Severity::kWarning, span, std::move(message), std::move(help));
  }
  std::size_t errors() const { return errors_; }
  /// How often an error was reported, repetitions included: tells whether a part of the file had one.
  std::size_t reports() const { return reports_; }
  /// True once so many errors were found that looking for more helps nobody.
  bool full() const { return errors_ >= kGiveUp; }
  /// Sorted and capped. `sources` are the texts the spans point into.
  DiagnosticList finish(const Sources& sources) const;

 private:
  static constexpr std::size_t kGiveUp = 1'000;
  struct Finding {
    Span span;
    Severity severity;
    std::string message, help;
    auto operator<=>(const Finding&) const = default;
  };
  void add(Severity severity, const Span& span, std::string message, std::string help);

  std::set<Finding> findings_;
  std::size_t errors_ = 0;
  std::size_t reports_ = 0;
};

/// file:line:col: error: message / the line / the underline / the help, each line ending in '\n'.
std::string render(const Diagnostic& diagnostic, bool colour = false);
std::string render(const DiagnosticList& list, bool colour = false);
/// One JSON array of objects with file, line, column, end_line, end_column, severity, message and help.
std::string to_json(const DiagnosticList& list);

/// The candidate that a person most likely meant: edit distance (with swaps) of at most a third of the word, ties by
/// order. Empty when nothing is near.
std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates);
std::string_view nearest(std::string_view word, const std::vector<std::string>& candidates);
/// "did you mean 'x'?", or `otherwise` when nothing is near.
std::string did_you_mean(std::string_view word, const std::vector<std::string_view>& candidates,
                         std::string otherwise = {});
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates, std::string otherwise = {});

}  // namespace twice::scenario
