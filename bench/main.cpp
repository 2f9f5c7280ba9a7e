#include <algorithm>
#include <array>
#include <cstdio>

#include <fmt/format.h>

#include "bench/bench.h"

namespace twice::bench {
namespace {

// One line a subject; a new file of this folder is named here.
constexpr std::array kSubjects{
    Subject{"phold", run_phold},       Subject{"trace", run_trace},   Subject{"heartbeats", run_heartbeats},
    Subject{"clusters", run_clusters}, Subject{"raft", run_raft},     Subject{"copies", run_copies},
    Subject{"loaders", run_loaders},   Subject{"search", run_search},
#ifdef TWICE_WITH_UI
    Subject{"desktop", run_desktop},
#endif
};

bool is_met(const Figure& figure) {
  switch (figure.target->of) {
    case Target::Of::kRatioAtMost:
      return figure.value <= figure.target->bound * figure.reference.value();
    case Target::Of::kValueAtMost:
      return figure.value <= figure.target->bound;
    case Target::Of::kValueAtLeast:
      return figure.value >= figure.target->bound;
  }
  return false;
}

std::string target_text(const Target& target) {
  switch (target.of) {
    case Target::Of::kRatioAtMost:
      return fmt::format("<= {:.2f} x", target.bound);
    case Target::Of::kValueAtMost:
      return fmt::format("<= {:g}", target.bound);
    case Target::Of::kValueAtLeast:
      return fmt::format(">= {:g}", target.bound);
  }
  return {};
}

std::string number_text(double value) {
  return value >= 1000 ? fmt::format("{:.0f}", value) : fmt::format("{:.2f}", value);
}

}  // namespace

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

void Report::add(const Figure& figure) {
  const std::string ratio = figure.reference ? fmt::format("{:.2f} x", figure.value / *figure.reference) : "-";
  const std::string target = figure.target ? target_text(*figure.target) : "-";
  std::string_view verdict = "-";
  if (figure.target) verdict = is_met(figure) ? "ok" : "MISSED";
  if (verdict == "MISSED") ++missed_;
  fmt::print("{:<52} {:>10} {:<10} {:>8}  {:>10}  {}\n", figure.name, number_text(figure.value), figure.unit, ratio,
             target, verdict);
  std::fflush(stdout);
}

int run(const std::vector<std::string_view>& arguments) {
  const bool gate = std::find(arguments.begin(), arguments.end(), "--gate") != arguments.end();
  const bool all = std::all_of(arguments.begin(), arguments.end(), [](std::string_view a) { return a == "--gate"; });
  Report report;
  int found = 0;
  for (const Subject& subject : kSubjects) {
    if (!all && std::find(arguments.begin(), arguments.end(), subject.name) == arguments.end()) continue;
    subject.run(report);
    ++found;
  }
  if (found == 0) {
    fmt::print(stderr, "usage: twice_bench [--gate] [SUBJECT ...]\nsubjects:");
    for (const Subject& subject : kSubjects) fmt::print(stderr, " {}", subject.name);
    fmt::print(stderr, "\n");
    return 64;
  }
  return gate && report.missed() > 0 ? 1 : 0;
}

}  // namespace twice::bench

int main(int argc, char** argv) { return twice::bench::run({argv + 1, argv + argc}); }
