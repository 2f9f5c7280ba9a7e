// Every shipped scenario with its first seed, those of clusters with clients, streams and object stores with the first
// seeds of their batch, in one hash a lane. Those with a warehouse depend on SQLite's version: its I/O decides times.
#include <algorithm>
#include <filesystem>
#include <memory>
#include <stdexcept>

#include <sqlite3.h>

#include "core/random.h"
#include "lab/outcome.h"
#include "lab/run.h"
#include "scenario/load.h"
#include "suite.h"

namespace twice::golden {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> scenario_files() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(TWICE_SOURCE_DIR) / "scenarios"))
    if (entry.path().extension() == ".toml") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

std::string name_of_run(const fs::path& file, const std::string& variant) {
  std::string name =
      file.lexically_relative(fs::path(TWICE_SOURCE_DIR) / "scenarios").replace_extension().generic_string() + ":" +
      variant;
  std::replace(name.begin(), name.end(), ' ', '-');
  return name;
}

Result result_of(const lab::RunReport& report) {
  if (!report.error.empty()) return {0, report.error};
  std::string outcome(name_of(report.held()));
  if (report.load) outcome += std::string(", ") + std::string(lab::words_of(report.load->letter));
  return {report.hash, outcome};
}

/// One hash of the runs with `count` seeds: the same number means that none of them moved.
Result result_over(const scenario::Variant& variant, std::uint64_t first, std::uint64_t count) {
  Result all;
  std::string worst = "held";
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    const Result one = result_of(lab::run(variant, seed, {}));
    all.hash = mix(all.hash, one.hash);
    if (one.outcome != worst) worst = one.outcome;
  }
  all.outcome = worst;
  return all;
}

constexpr std::string_view kOverSeeds[] = {"network",   "replication", "consistency", "sharding",
                                           "consensus", "zoo",         "pipeline"};
constexpr std::uint64_t kSeeds = 3;  // of 20 and more: the batch itself is a test of the lab

bool runs_over_seeds(const fs::path& file) {
  const std::string folder = file.parent_path().filename().string();
  return std::find(std::begin(kOverSeeds), std::end(kOverSeeds), folder) != std::end(kOverSeeds);
}

Suite over_seeds(std::string_view folder) {
  Suite out{std::string(folder), "", {}};
  for (const fs::path& file : scenario_files()) {
    if (file.parent_path().filename().string() != folder) continue;
    const auto loaded = std::make_shared<scenario::Loaded>(scenario::load_scenario(file.string()));
    if (!loaded->scenario) throw std::runtime_error(scenario::render(loaded->diagnostics));
    const scenario::Seeds seeds = loaded->scenario->shared().seeds;
    const std::uint64_t count = std::min<std::uint64_t>(seeds.count, kSeeds);
    for (const scenario::Variant& variant : loaded->scenario->variants)
      out.runs.push_back({name_of_run(file, variant.name), [loaded, &variant, first = seeds.first, count] {
                            return result_over(variant, first, count);
                          }});
  }
  return out;
}

constexpr std::string_view kFormats = "formats";

Suite suite(const std::string& name, const std::string& key, bool loads) {
  Suite out{name, key, {}};
  for (const fs::path& file : scenario_files()) {
    const bool writes_files = file.parent_path().filename().string() == kFormats;
    if (runs_over_seeds(file) || writes_files != (name == kFormats)) continue;
    const auto loaded = std::make_shared<scenario::Loaded>(scenario::load_scenario(file.string()));
    if (!loaded->scenario) throw std::runtime_error(scenario::render(loaded->diagnostics));
    const scenario::Spec& shared = loaded->scenario->shared();
    if (std::find(shared.tags.begin(), shared.tags.end(), "slow") != shared.tags.end()) continue;
    for (const scenario::Variant& variant : loaded->scenario->variants) {
      if (variant.spec.lane.loads() != loads) continue;
      const std::uint64_t seed = shared.seeds.first;
      out.runs.push_back({name_of_run(file, variant.name),
                          [loaded, &variant, seed] { return result_of(lab::run(variant, seed, {})); }});
    }
  }
  return out;
}

}  // namespace

Suite clusters() { return suite("clusters", "", false); }
Suite network() { return over_seeds("network"); }
Suite replication() { return over_seeds("replication"); }
Suite consistency() { return over_seeds("consistency"); }
Suite sharding() { return over_seeds("sharding"); }
Suite consensus() { return over_seeds("consensus"); }
Suite zoo() { return over_seeds("zoo"); }
Suite pipeline() { return over_seeds("pipeline"); }
Suite formats() { return suite(std::string(kFormats), sqlite3_sourceid(), true); }
Suite loaders() { return suite("loaders", sqlite3_sourceid(), true); }

}  // namespace twice::golden
