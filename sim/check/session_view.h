#pragma once
// A history as its sessions: who did what in which order, and which write each read saw.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "check/history.h"
#include "check/object.h"

namespace twice::check {

constexpr std::size_t kNoOperation = ~std::size_t{0};
/// Source of a read that saw the initial value.
constexpr std::size_t kStart = kNoOperation - 1;

/// A compare-and-set that failed, between what its client did before and after; kNoOperation where there is nothing.
struct FailedCompare {
  std::size_t operation, before, after;
};

/// Indices are those of the history, which must outlive the view.
struct SessionView {
  const History* history = nullptr;
  Object object = Object::kRegister;
  /// Operations that are ok, one list a client, in its order. A client whose operations overlap counts as its
  /// processes.
  std::vector<std::vector<std::size_t>> chains;
  /// Of an operation of unknown outcome that somebody saw: the last operation its client had completed, or
  /// kNoOperation.
  std::vector<std::size_t> before;
  std::vector<std::size_t> source;                 // of what reads: the write it saw, or kStart; else kNoOperation
  std::vector<bool> effective;                     // writes that took effect: ok, or seen by somebody
  std::vector<std::uint32_t> key;                  // number of the key
  std::uint32_t keys = 0;                          // how many
  std::vector<std::vector<std::size_t>> elements;  // of a read of a list: the appends it saw, in order

  /// A read of what nobody wrote, or of a failed write: no model allows it.
  std::optional<std::size_t> impossible;
  std::string impossible_words;
  /// Why reads cannot be traced to writes; then nothing above but `chains` and `key` is meaningful.
  std::optional<std::string> untraceable;
  /// Compare-and-sets that failed on a value that existed. What they saw instead is not known.
  std::size_t failed_compares = 0;
  std::vector<FailedCompare> failures;  // all of them

  bool reads(std::size_t i) const { return source[i] != kNoOperation; }
  const Operation& operation(std::size_t i) const { return history->operations[i]; }
};

/// Near-linear: sorting, and looking values up.
SessionView view_sessions(const History& history, Object object);

}  // namespace twice::check
