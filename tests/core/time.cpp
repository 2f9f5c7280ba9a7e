#include "core/time.h"

#include "core/random.h"
#include "support/catch.h"

namespace twice {

TEST_CASE("A printed duration reads back as itself") {
  for (std::uint64_t i = 0; i < 20'000; ++i) {
    const auto ns = static_cast<std::int64_t>(draw(7, Purpose::kNode, i).bits >> (1 + i % 62));
    const Duration d{i % 3 == 0 ? -ns : ns};
    INFO(to_string(d));
    REQUIRE(parse_duration(to_string(d)) == d);
  }
  for (const Duration unit : {nanoseconds(1), microseconds(1), milliseconds(1), seconds(1), minutes(1), minutes(60)})
    for (std::int64_t k = -2000; k <= 2000; k += 7) REQUIRE(parse_duration(to_string(unit * k)) == unit * k);
}

TEST_CASE("A duration is printed in the largest unit that stays short") {
  CHECK(to_string(Duration{}) == "0s");
  CHECK(to_string(milliseconds(150)) == "150ms");
  CHECK(to_string(milliseconds(1500)) == "1.5s");
  CHECK(to_string(seconds(30)) == "30s");
  CHECK(to_string(minutes(120)) == "2h");
  CHECK(to_string(minutes(90)) == "1.5h");
  CHECK(to_string(nanoseconds(1'234'567)) == "1234.567us");
  CHECK(to_string(nanoseconds(-250'000)) == "-250us");
  CHECK(in_seconds(Time{16'010'999'999}) == "16.010 s");
}

TEST_CASE("A duration is read with any unit and decimals") {
  CHECK(parse_duration("250us") == microseconds(250));
  CHECK(parse_duration("1.5s") == milliseconds(1500));
  CHECK(parse_duration("0.000000001s") == nanoseconds(1));
  CHECK(parse_duration("-2m") == minutes(-2));
  CHECK(parse_duration("7ns") == nanoseconds(7));
  CHECK(parse_duration(".5s") == milliseconds(500));
}

TEST_CASE("What is no duration is not read as one") {
  for (const char* text : {"", "5", "ms", "-", ".s", "1.5.2s", "1 s", "s1", "1sec", "1.0000000001s",
                           "9999999999999999999s", "3000000h", "1e3s"}) {
    INFO(text);
    CHECK_FALSE(parse_duration(text).has_value());
  }
}

}  // namespace twice
