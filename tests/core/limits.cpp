// The page of limits is written from the table that the program uses.
#include "core/limits.h"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>

#include "support/catch.h"

namespace twice::limits {

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
