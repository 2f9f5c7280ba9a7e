#include "lab/memory_limit.h"

#include <new>

#include <sys/resource.h>
#include <unistd.h>

#include "core/limits.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define TWICE_RESERVES_MEMORY 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define TWICE_RESERVES_MEMORY 1
#endif
#endif

namespace twice::lab {

void limit_memory() {
#ifndef TWICE_RESERVES_MEMORY
  rlimit limit{};
  if (::getrlimit(RLIMIT_AS, &limit) != 0) return;
  if (limit.rlim_cur != RLIM_INFINITY && limit.rlim_cur <= limits::kProcessBytes) return;
  limit.rlim_cur = limits::kProcessBytes;
  ::setrlimit(RLIMIT_AS, &limit);
#endif
}

void end_without_memory() {
  std::set_new_handler([] { ::_exit(kNoMemoryLeft); });
}

}  // namespace twice::lab
