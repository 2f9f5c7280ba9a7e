// The page of limits is written from the table that the program uses.
#include "core/limits.h"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>

#include "support/catch.h"

namespace twice::limits {
namespace {

struct Shown {
  std::string_view limit, test;  // a file below tests/ that reaches the limit and looks for its name
};
constexpr Shown kShown[] = {
    {"scenario-file", "cli/test_limits.cpp"},
    {"script-file", "cli/test_limits.cpp"},
    {"data-file", "cli/test_limits.cpp"},
    {"lesson-file", "cli/test_limits.cpp"},
    {"answers-file", "cli/test_limits.cpp"},
    {"trace-file", "cli/test_limits.cpp"},
    {"history-file", "cli/test_limits.cpp"},
    {"nesting", "cli/test_limits.cpp"},
    {"variants", "scenario/hostile_test.cpp"},
    {"copied-values", "scenario/hostile_test.cpp"},
    {"chaos-slots", "scenario/bad/chaos_too_many_slots.expected"},
    {"measured-latencies", "scenario/latency_test.cpp"},
    {"statement-limit", "cli/test_limits.cpp"},
    {"unit-limit", "cli/test_limits.cpp"},
    {"statement-steps", "cli/test_limits.cpp"},
    {"memory-limit", "cli/test_limits.cpp"},
    {"result-size", "cli/test_limits.cpp"},
    {"value-size", "cli/test_limits.cpp"},
    {"warehouse-size", "cli/test_limits.cpp"},
    {"statement-shape", "cli/test_limits.cpp"},
    {"statement-text", "cli/test_limits.cpp"},
    {"check-steps", "cli/test_limits.cpp"},
    {"time-limit", "cli/test_stops.cpp"},
    {"worker-died", "lab/stops.cpp"},
    {"time-stands-still", "world/standstill.cpp"},
    {"run-events", "lab/stops.cpp"},
    {"seeds", "scenario/hostile_test.cpp"},
    {"sweep-points", "cli/test_limits.cpp"},
    {"linearizable-steps", "cli/test_limits.cpp"},
    {"sequential-steps", "check/sessions.cpp"},
    {"session-words", "check/sessions.cpp"},
    {"shrink-runs", "cli/test_limits.cpp"},
    {"search-memory", "cli/test_limits.cpp"},
    {"search-depth", "cli/test_limits.cpp"},
    {"search-states", "cli/test_limits.cpp"},
};

// What no test can see by name, and why.
constexpr std::string_view kNotShown[] = {
    "words-file",  // only the spelling of shipped lessons reads such a file, and no command names another one
    "zoo-steps",   // a run beyond it counts as showing nothing, and no report tells of it
};

std::string text_of(std::string_view test) {
  std::ifstream file(std::string(TWICE_SOURCE_DIR) + "/tests/" + std::string(test), std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("docs/limits.md is up to date; re-record it with TWICE_RECORD=1") {
  const std::string path = std::string(TWICE_SOURCE_DIR) + "/docs/limits.md";
  if (std::getenv("TWICE_RECORD")) std::ofstream(path, std::ios::binary) << page();
  std::ifstream file(path, std::ios::binary);
  const std::string written{std::istreambuf_iterator<char>(file), {}};
  CHECK(written == page());
}

TEST_CASE("every limit has a name of its own, a value and something that it bounds") {
  std::set<std::string_view> names;
  for (const Limit& limit : all_limits()) {
    INFO(limit.name);
    CHECK(names.insert(limit.name).second);
    CHECK_FALSE(limit.value.empty());
    CHECK_FALSE(limit.bounds.empty());
    CHECK(page().find("| " + std::string(limit.name) + " |") != std::string::npos);
  }
  CHECK(names.size() > 30);
}

TEST_CASE("every limit that ends a command is reached by a test that looks for its name") {
  std::set<std::string_view> shown(std::begin(kNotShown), std::end(kNotShown));
  for (const Shown& one : kShown) {
    INFO(one.limit << " in tests/" << one.test);
    CHECK(shown.insert(one.limit).second);
    CHECK(text_of(one.test).find(one.limit) != std::string::npos);
  }
  for (const Limit& limit : all_limits()) {
    INFO(limit.name);
    if (limit.when != WhenReached::kShortened) CHECK(shown.count(limit.name) == 1);
    shown.erase(limit.name);
  }
  CHECK(shown.empty());  // no limit of that name
}

TEST_CASE("sizes are told in the largest unit that fits") {
  CHECK(in_megabytes(1) == "1 byte");
  CHECK(in_megabytes(999) == "999 bytes");
  CHECK(in_megabytes(12'000) == "12 kB");
  CHECK(in_megabytes(1'200'000) == "1.2 MB");
  CHECK(in_megabytes(256'000'000) == "256 MB");
  CHECK(in_megabytes(4'294'967'296) == "4.2 GB");
  CHECK(with_commas(999) == "999");
  CHECK(with_commas(1'000) == "1,000");
  CHECK(with_commas(50'000'000) == "50,000,000");
}

}  // namespace twice::limits
