#pragma once
#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "pipeline/formats/source_file.h"

namespace twice::pipeline {

/// The error at a byte offset of the file.
inline FileError file_error(std::string_view text, std::size_t offset, std::string message, std::string help = {}) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  const std::size_t start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  const auto starts = [](char c) { return (static_cast<unsigned char>(c) & 0xc0u) != 0x80u; };
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const auto column = std::count_if(before.begin() + static_cast<std::ptrdiff_t>(start), before.end(), starts) + 1;
  return {static_cast<std::uint32_t>(line), static_cast<std::uint32_t>(column), std::move(message), std::move(help),
          offset};
}

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

}  // namespace twice::pipeline
