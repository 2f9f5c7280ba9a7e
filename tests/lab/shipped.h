#pragma once
// The scenarios of this repository, for tests that run them.
#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "lab/run.h"
#include "scenario/load.h"
#include "support/catch.h"

namespace twice::lab {

inline std::filesystem::path shipped_folder() { return std::filesystem::path(TWICE_SOURCE_DIR) / "scenarios"; }

/// All of them, in the order of their names.
inline std::vector<std::filesystem::path> shipped_files() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(shipped_folder()))
    if (entry.path().extension() == ".toml") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

/// REQUIRES that the file is sound; `name` is relative to scenarios/.
inline scenario::Scenario shipped(std::string_view name) {
  scenario::Loaded loaded = scenario::load_scenario((shipped_folder() / name).string());
  INFO(scenario::render(loaded.diagnostics));
  REQUIRE(loaded.scenario);
  return std::move(*loaded.scenario);
}

inline std::vector<const scenario::Variant*> variants_of(const scenario::Scenario& s) {
  std::vector<const scenario::Variant*> variants;
  for (const scenario::Variant& variant : s.variants) variants.push_back(&variant);
  return variants;
}

inline std::vector<std::uint64_t> seeds_of(const scenario::Scenario& s) {
  std::vector<std::uint64_t> seeds;
  const scenario::Seeds& given = s.shared().seeds;
  for (std::uint64_t i = 0; i < given.count; ++i) seeds.push_back(given.first + i);
  return seeds;
}

#ifdef TWICE_SANITIZED
constexpr std::size_t kSeedsTried = 2;  // of each scenario; what needs many seeds is not judged
#else
constexpr std::size_t kSeedsTried = 1'000;
#endif

inline Batch run_all(const scenario::Scenario& s) {
  WorkerOptions workers;
  workers.workers = 2;
  std::vector<std::uint64_t> seeds = seeds_of(s);
  seeds.resize(std::min(seeds.size(), kSeedsTried));
  return run_batch(variants_of(s), seeds, {}, workers);
}

/// What did not hold, a line each: for the message of a failed check.
inline std::string complaints(const RunReport& run) {
  std::string text = run.error;
  for (const Finding& f : run.findings)
    if (f.held != Held::kYes)
      text += run.variant + ", seed " + std::to_string(run.seed) + ": " + f.name + ": wanted " + f.wanted + ", seen " +
              f.seen + "\n";
  return text;
}

}  // namespace twice::lab
