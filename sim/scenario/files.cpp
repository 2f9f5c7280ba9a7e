#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>

#include <fmt/format.h>

#include "scenario/load.h"

namespace twice::scenario {

FileText read_text_file(const std::string& path, std::size_t limit) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (status.type() == std::filesystem::file_type::not_found)
    return FileProblem{fmt::format("there is no file '{}'", path),
                       "paths in a scenario start from the scenario's folder"};
  if (status.type() == std::filesystem::file_type::directory)
    return FileProblem{fmt::format("'{}' is a folder", path), "name a file in it"};
  if (error || status.type() != std::filesystem::file_type::regular)
    return FileProblem{fmt::format("'{}' is no file that can be read", path), {}};
  const auto size = std::filesystem::file_size(path, error);
  if (error) return FileProblem{fmt::format("'{}' cannot be read: {}", path, error.message()), {}};
  if (size > limit)
    return FileProblem{fmt::format("'{}' has {} bytes, more than the {} that are read", path, size, limit), {}};
  std::ifstream stream(path, std::ios::binary);
  std::string text(size, '\0');
  if (!stream || !stream.read(text.data(), static_cast<std::streamsize>(size)))
    return FileProblem{fmt::format("'{}' cannot be read", path), "check its permissions"};
  return text;
}

}  // namespace twice::scenario
