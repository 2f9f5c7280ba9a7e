#pragma once
// A program that uses a disk, in as few words as a test needs.
#include <string>
#include <string_view>

#include "physics/byte_disk.h"
#include "support/catch.h"

namespace twice::physics {

inline DiskResult write_text(ByteDisk& disk, FileId file, std::uint64_t offset, std::string_view text) {
  return disk.write(file, offset, reinterpret_cast<const std::byte*>(text.data()), text.size());
}

inline std::string read_text(const ByteDisk& disk, FileId file) {
  std::string text(disk.size(file), '?');
  disk.read(file, 0, reinterpret_cast<std::byte*>(text.data()), text.size());
  return text;
}

/// Its written bytes, or "(none)".
inline std::string contents(const ByteDisk& disk, std::string_view name) {
  const auto file = disk.find(name);
  return file ? read_text(disk, *file) : "(none)";
}

inline FileId must_create(ByteDisk& disk, std::string_view name) {
  FileId made;
  REQUIRE(disk.create(name, made) == DiskResult::kOk);
  return made;
}

/// A file whose name and bytes are durable.
inline FileId durable_file(ByteDisk& disk, std::string_view name, std::string_view text) {
  const FileId file = must_create(disk, name);
  REQUIRE(write_text(disk, file, 0, text) == DiskResult::kOk);
  REQUIRE(disk.sync(file) == DiskResult::kOk);
  REQUIRE(disk.sync_directory() == DiskResult::kOk);
  return file;
}

}  // namespace twice::physics
