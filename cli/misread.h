#pragma once
// Words that CLI11 would take for something else.
#include <CLI/CLI.hpp>

namespace twice::cli {

CLI::Validator at_least_one();

/// Every option of every command refuses words that it would misread.
void refuse_misread(CLI::App& app);

}  // namespace twice::cli
