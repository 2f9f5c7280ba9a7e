// Small runs told in words, compared with what was recorded. TWICE_RECORD=1 records; read each change, it is a change
// of behaviour.
#include <cstdlib>
#include <fstream>
#include <sstream>

#include <fmt/format.h>

#include "lab/shipped.h"

namespace twice::lab {
namespace {

struct Told {
  std::string_view file, lane;
};
constexpr Told kTold[] = {
    {"consensus/initial-election.toml", "3 servers"},
    {"consensus/figure-8.toml", "only entries of its own term"},
    {"consensus/figure-8.toml", "entries of any term"},
    {"consensus/paxos-repeats.toml", "proposes what it hears of"},
    {"consensus/paxos-repeats.toml", "insists on its own"},
    {"consensus/paxos-promises.toml", "forgets it with the power"},
    {"consensus/two-phase-commit-blocked.toml", "restarted"},
    {"zoo/vote-twice.toml", "vote-twice"},
};

std::string slurp(const std::filesystem::path& file) {
  std::stringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

std::string transcript(const Told& told) {
  const scenario::Scenario s = shipped(std::string(told.file));
  for (const scenario::Variant& variant : s.variants) {
    if (variant.name != told.lane) continue;
    RunOptions options;
    options.narrate = true;
    const RunReport run = lab::run(variant, s.shared().seeds.first, options);
    std::string text = fmt::format("{}\n{}, seed {}\n\n", s.shared().title, run.variant, run.seed);
    for (const Narrated& line : run.narration)
      text += fmt::format("{:>12} ms  {}\n", fmt::format("{:.3f}", static_cast<double>(line.at.ns) / 1e6), line.text);
    text += '\n';
    for (const Finding& f : run.findings) text += fmt::format("{}: {}, {}\n", f.name, name_of(f.held), f.seen);
    return text;
  }
  return "no lane is called so";
}

TEST_CASE("small runs of consensus are told as they were recorded; re-record with TWICE_RECORD=1") {
  const auto folder = std::filesystem::path(TWICE_SOURCE_DIR) / "tests" / "lab" / "transcripts";
  for (const Told& told : kTold) {
    std::string name = std::filesystem::path(told.file).stem().string() + ", " + std::string(told.lane) + ".txt";
    std::replace(name.begin(), name.end(), ' ', '-');
    CAPTURE(name);
    const std::string now = transcript(told);
    CHECK(now.size() > 200);
    if (std::getenv("TWICE_RECORD")) std::ofstream(folder / name, std::ios::binary) << now;
    CHECK(now == slurp(folder / name));
  }
}

}  // namespace
}  // namespace twice::lab
