#include "pipeline/warehouse/sqlite_memory.h"

#include <sqlite3.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "core/assert.h"
#include "core/limits.h"

namespace twice::pipeline {
namespace {

constexpr auto kMostBytes = static_cast<std::int64_t>(limits::kSqliteBytes);

/// Before each block, its size; as long as the strictest alignment, so that the block keeps malloc's.
struct alignas(std::max_align_t) Header {
  std::int64_t bytes;
};

/// SQLite's memory is the process's, as its registration of file layers is.
std::int64_t& bytes_in_use() {
  static std::int64_t bytes = 0;
  return bytes;
}

Header* header_of(void* block) { return static_cast<Header*>(block) - 1; }

void* give(int bytes) {
  if (bytes_in_use() + bytes > kMostBytes) return nullptr;
  auto* header = static_cast<Header*>(std::malloc(sizeof(Header) + static_cast<std::size_t>(bytes)));
  if (header == nullptr) return nullptr;
  header->bytes = bytes;
  bytes_in_use() += bytes;
  return header + 1;
}

void take_back(void* block) {
  bytes_in_use() -= header_of(block)->bytes;
  std::free(header_of(block));
}

void* resize(void* block, int bytes) {
  const std::int64_t more = bytes - header_of(block)->bytes;
  if (bytes_in_use() + more > kMostBytes) return nullptr;
  auto* header = static_cast<Header*>(std::realloc(header_of(block), sizeof(Header) + static_cast<std::size_t>(bytes)));
  if (header == nullptr) return nullptr;
  header->bytes = bytes;
  bytes_in_use() += more;
  return header + 1;
}

int size_of(void* block) { return block == nullptr ? 0 : static_cast<int>(header_of(block)->bytes); }
int rounded(int bytes) { return (bytes + 7) & ~7; }
int begin(void*) { return SQLITE_OK; }
void end(void*) {}

}  // namespace

void limit_sqlite_memory() {
  sqlite3_mem_methods methods{give, take_back, resize, size_of, rounded, begin, end, nullptr};
  TWICE_ASSERT(sqlite3_config(SQLITE_CONFIG_MALLOC, &methods) == SQLITE_OK, "SQLite was started too early");
}

}  // namespace twice::pipeline
