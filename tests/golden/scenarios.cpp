// Every shipped scenario with its first seed. Those with a warehouse depend on SQLite's version: its I/O decides times.
#include <algorithm>
#include <filesystem>
#include <memory>
#include <stdexcept>

#include <sqlite3.h>

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

Suite suite(const std::string& name, const std::string& key, bool loads) {
  Suite out{name, key, {}};
  for (const fs::path& file : scenario_files()) {
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
Suite loaders() { return suite("loaders", sqlite3_sourceid(), true); }

}  // namespace twice::golden
