#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>

#include <fmt/format.h>

#include "core/limits.h"
#include "scenario/load.h"

namespace twice::scenario {
namespace {

std::string_view kind_of(std::filesystem::file_type type) {
  switch (type) {
    case std::filesystem::file_type::fifo:
      return "a pipe";
    case std::filesystem::file_type::socket:
      return "a socket";
    case std::filesystem::file_type::character:
    case std::filesystem::file_type::block:
      return "a device";
    default:
      return "something else";  // an open set
  }
}

}  // namespace

FileText read_text_file(const std::string& path, const limits::FileLimit& limit) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (status.type() == std::filesystem::file_type::not_found)
    return FileProblem{fmt::format("there is no file '{}'", path),
                       "paths in a scenario start from the scenario's folder"};
  if (status.type() == std::filesystem::file_type::directory)
    return FileProblem{fmt::format("'{}' is a folder", path), "name a file in it"};
  if (error) return FileProblem{fmt::format("'{}' cannot be read: {}", path, error.message()), {}};
  if (status.type() != std::filesystem::file_type::regular)
    return FileProblem{fmt::format("'{}' is not a regular file but {}", path, kind_of(status.type())),
                       "copy what it holds to a file"};
  const auto size = std::filesystem::file_size(path, error);
  if (error) return FileProblem{fmt::format("'{}' cannot be read: {}", path, error.message()), {}};
  if (size > limit.bytes) {
    // A file that is a byte too large is not "8 MB" where 8 MB are allowed.
    const std::string most = limits::in_megabytes(limit.bytes), rounded = limits::in_megabytes(size);
    const std::string is = rounded == most ? limits::with_commas(size) + " bytes" : rounded;
    return FileProblem{fmt::format("'{}' is {}; {} may be up to {} (limit {})", path, is, limit.what, most, limit.name),
                       "`twice explain limits` lists all limits"};
  }
  std::ifstream stream(path, std::ios::binary);
  std::string text(size, '\0');
  if (!stream || !stream.read(text.data(), static_cast<std::streamsize>(size)))
    return FileProblem{fmt::format("'{}' cannot be read", path), "check its permissions"};
  return text;
}

}  // namespace twice::scenario
