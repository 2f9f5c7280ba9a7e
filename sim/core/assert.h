#pragma once
// Our own bugs: always on, and always naming the run that shows them.
#include <cstdint>
#include <stdexcept>
#include <string>

namespace twice {

/// Thrown when Twice itself is wrong. Never for bad input, which is a value with a position.
struct InternalError : std::logic_error {
  using std::logic_error::logic_error;
};

/// The run this thread is stepping: printed with an internal error. Set by World::step, for messages only.
struct RunContext {
  std::uint64_t seed = 0;
  std::uint64_t event = 0;
};
inline thread_local constinit RunContext current_run{};
inline RunContext& run_context() { return current_run; }

[[noreturn]] void fail_assert(const char* condition, const char* file, int line, const std::string& message);

}  // namespace twice

#define TWICE_ASSERT(condition, message) \
  ((condition) ? static_cast<void>(0) : ::twice::fail_assert(#condition, __FILE__, __LINE__, (message)))
