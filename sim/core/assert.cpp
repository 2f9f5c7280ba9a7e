#include "core/assert.h"

#include <string_view>

#include <fmt/format.h>

namespace twice {

void fail_assert(const char* condition, const char* file, int line, const std::string& message) {
  std::string_view path = file;
  if (const auto at = path.rfind("sim/"); at != std::string_view::npos) path.remove_prefix(at);
  const RunContext& run = run_context();
  throw InternalError(fmt::format("internal error: {} ({} at {}:{}), seed {}, event {}", message, condition, path, line,
                                  run.seed, run.event));
}

}  // namespace twice
