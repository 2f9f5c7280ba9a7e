#pragma once
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "scenario/load.h"

namespace twice::scenario {

inline std::string slurp(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

inline std::filesystem::path root() { return TWICE_SOURCE_DIR; }

/// True when the person running the tests asked for new recordings. Each is to be read before it is kept.
inline bool recording() { return std::getenv("TWICE_RECORD") != nullptr; }

inline std::vector<std::filesystem::path> toml_files(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    if (entry.path().extension() == ".toml") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

/// A small sound scenario; `more` is added at its end. Its source has three generated rows.
inline std::string small(const std::string& more = {}) {
  return R"toml(scenario = 1
title = "small"
[warehouse]
setup = "CREATE TABLE t (id INTEGER, amount INTEGER);"
[source]
generate = { rows = 3, columns = { id = "row", amount = "1..9" } }
[[lane]]
name = "a"
table = "t"
row = "INSERT INTO {table} VALUES (:id, :amount)"
)toml" + more;
}

inline Loaded parse(const std::string& text, std::vector<std::string> set = {}) {
  LoadOptions options;
  options.set = std::move(set);
  return parse_scenario("small.toml", text, options);
}

/// The messages of a load, each on a line.
inline std::string messages(const Loaded& loaded) {
  std::string text;
  for (const Diagnostic& d : loaded.diagnostics.shown) text += d.message + "\n";
  return text;
}

}  // namespace twice::scenario
