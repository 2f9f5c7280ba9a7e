// The published histories beside the checkout, and how long their verdicts take: "test_check [.bench]".
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "check/history_text.h"
#include "check/linearizable.h"
#include "support/catch.h"

namespace twice::check {
namespace {

namespace fs = std::filesystem;

struct Published {
  std::string name;
  History history;
  bool linearizable = false;
};

std::string slurp(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::vector<Published> published() {
  const fs::path folder = fs::path(TWICE_SOURCE_DIR).parent_path() / "shared" / "data" / "porcupine";
  std::vector<Published> all;
  if (!fs::exists(folder / "EXPECTED")) return all;
  std::istringstream lines(slurp(folder / "EXPECTED"));
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string name, verdict;
    if (!(words >> name >> verdict) || name[0] == '#') continue;
    auto text = read_history(slurp(folder / name));
    if (const auto* wrong = std::get_if<TextError>(&text)) FAIL(name << ": " << to_text(*wrong));
    all.push_back({name, std::get<HistoryText>(text).history, verdict == "linearizable"});
  }
  return all;
}

}  // namespace

TEST_CASE("published histories get their published verdicts") {
  const std::vector<Published> all = published();
  if (all.empty()) {
    WARN("not looked at: ../shared/data/porcupine is not there");
    return;
  }
  for (const Published& one : all) {
    INFO(one.name);
    const Linearizability report = check_linearizable(one.history);
    CHECK(report.judgement == (one.linearizable ? Judgement::kHeld : Judgement::kViolated));
    if (one.linearizable) continue;
    CHECK_FALSE(report.explanation.empty());
    CHECK(report.counterexample.operations.size() >= 1);
    CHECK(check_linearizable(report.counterexample).judgement == Judgement::kViolated);
  }
}

TEST_CASE("how long verdicts on published histories take", "[.bench]") {
  std::vector<double> etcd;
  for (const bool explain : {false, true}) {
    etcd.clear();
    for (const Published& one : published()) {
      constexpr int kTimes = 20;
      std::uint64_t steps = 0;
      const std::clock_t start = std::clock();
      for (int i = 0; i < kTimes; ++i) steps = check_linearizable(one.history, {.explain = explain}).steps;
      const double ms = 1e3 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC / kTimes;
      if (one.name.starts_with("kv") || ms > 1)
        std::printf("%-22s %8.3f ms %9llu steps\n", one.name.c_str(), ms, static_cast<unsigned long long>(steps));
      if (one.name.starts_with("jepsen")) etcd.push_back(ms);
    }
    if (etcd.empty()) return;
    std::sort(etcd.begin(), etcd.end());
    std::printf("etcd, %s: median %.3f ms, largest %.3f ms\n", explain ? "with explanation" : "verdict only",
                etcd[etcd.size() / 2], etcd.back());
  }
}

}  // namespace twice::check
