#pragma once
// How much memory a process that runs SQL may have.
#include <cstdint>

namespace twice::lab {

/// How a process ends that end_without_memory() ends.
constexpr int kNoMemoryLeft = 97;

/// From here on this process, and those that it starts, may each have limits::kProcessBytes. Does nothing under a
/// sanitizer, which reserves far more than it uses.
void limit_memory();
/// From here on an allocation that fails ends this process at once, with kNoMemoryLeft: an exception could not pass
/// SQLite.
void end_without_memory();

}  // namespace twice::lab
