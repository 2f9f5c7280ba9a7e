#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace twice::pipeline {

struct SqlPiece {
  std::string_view text;   // of the script: from the first token to the last, without the semicolon
  std::size_t offset = 0;  // in bytes, in the script
  std::uint32_t line = 1;  // of the first token, from 1
};

/// The statements of a script, by SQLite's rules: a semicolon inside quotes, comments or the body of a trigger ends
/// nothing. Empty statements are left out; the last needs no semicolon. The pieces point into `script`.
std::vector<SqlPiece> split_sql(std::string_view script);

}  // namespace twice::pipeline
