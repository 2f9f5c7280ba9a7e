// The grammar of latencies: what a file writes is the model, and a model writes itself.
#include "scenario/latency_text.h"
#include "support/catch.h"

namespace twice::scenario {
namespace {

using physics::Exponential;
using physics::Measured;
using physics::Mixture;
using physics::Pareto;

Latency model(std::string_view text) {
  auto read = read_latency(text);
  REQUIRE(std::holds_alternative<Latency>(read));
  return std::get<Latency>(read);
}
std::string message(std::string_view text) {
  auto read = read_latency(text);
  REQUIRE(std::holds_alternative<LatencyError>(read));
  return std::get<LatencyError>(read).message;
}

}  // namespace

TEST_CASE("each latency reads as its model") {
  CHECK(model("10ms") == Latency(milliseconds(10), milliseconds(10)));
  CHECK(model("1ms..10ms") == Latency(milliseconds(1), milliseconds(10)));
  CHECK(model("1ms..10ms + 75ms") == Latency(milliseconds(76), milliseconds(85)));
  CHECK(model("2ms + 75ms") == Latency(milliseconds(77), milliseconds(77)));
  CHECK(model("exponential 5ms") == Latency(Exponential{milliseconds(5)}, {}));
  CHECK(model("2ms + exponential 5ms") == Latency(Exponential{milliseconds(5)}, milliseconds(2)));
  CHECK(model("pareto 0.235ms 10") == Latency(Pareto{microseconds(235), 10'000'000}, {}));
  CHECK(model("pareto 1ms 1.51 + 75ms") == Latency(Pareto{milliseconds(1), 1'510'000}, milliseconds(75)));
  CHECK(model("table 5ms 1ms*2 40ms") ==
        Latency(Measured{{milliseconds(1), milliseconds(1), milliseconds(5), milliseconds(40)}}, {}));
}

TEST_CASE("a mixture has shares, constants of its parts and one for all") {
  Mixture expected;
  expected.parts.push_back({912'200'000, Pareto{microseconds(235), 10'000'000}, {}});
  expected.parts.push_back({87'800'000, Exponential{microseconds(602)}, milliseconds(1)});
  CHECK(model("91.22% pareto 0.235ms 10 | 8.78% 1ms + exponential 0.602ms + 75ms") ==
        Latency(expected, milliseconds(75)));
}

TEST_CASE("published latencies are known by name, and take a constant") {
  // Bailis et al., VLDB 2012, table 3: 38 % Pareto(1.05, 1.51), 62 % Exp(.183 / ms).
  Mixture disk;
  disk.parts.push_back({380'000'000, Pareto{microseconds(1050), 1'510'000}, {}});
  disk.parts.push_back({620'000'000, Exponential{nanoseconds(5'464'481)}, {}});
  CHECK(model("lnkd-disk-write") == Latency(disk, {}));
  CHECK(model("lnkd-disk-write + 75ms") == Latency(disk, milliseconds(75)));
  CHECK(model("lnkd-disk-read") == model("lnkd-ssd"));
  CHECK(published_latencies().size() == 9);
  for (const PublishedLatency& published : published_latencies()) {
    CAPTURE(published.name);
    CHECK(model(published.name) == model(published.text));
  }
}

TEST_CASE("what a latency writes reads back as the same latency") {
  for (const std::string_view text :
       {"0s", "10ms", "1ms..10ms", "exponential 5ms", "2ms + exponential 5ms", "pareto 235us 10",
        "75ms + pareto 1ms 1.51", "table 1ms*90 5ms*9 40ms", "1ms + table 2ms 3ms",
        "90% 1ms..2ms | 10% exponential 5ms", "91.22% pareto 235us 10 | 8.78% 1ms + exponential 602us + 75ms"}) {
    CAPTURE(text);
    CHECK(to_text(model(text)) == text);
  }
  for (const PublishedLatency& published : published_latencies()) {
    const Latency once = model(published.name);
    CHECK(model(to_text(once)) == once);
  }
}

TEST_CASE("a latency that is wrong says what is wrong, one that is none says nothing") {
  CHECK(message("90% 5ms | 9.5% 1ms") == "has parts of 99.5% in all");
  CHECK(message("60% 5ms | 60% 1ms") == "has parts of 120% in all");
  CHECK(message("90% 5ms | 1ms") == "has a part without its share: '1ms'");
  CHECK(message("0% 5ms | 100% 1ms") == "has a part without its share: '0% 5ms'");
  CHECK(message("50% 5ms..1ms | 50% 1ms") == "is upside down: 5ms is more than 1ms");
  CHECK(message("50% exponential 1ms + 5ms | 50% 1ms") == "adds 5ms after a part that is not the last");
  CHECK(message("50% lnkd-ssd | 50% 1ms") == "has a mixture in a mixture");
  CHECK(message("pareto 1ms 0.001") == "has a Pareto tail of shape '0.001'");
  CHECK(message("pareto 1ms 5000") == "has a Pareto tail of shape '5000'");
  CHECK(message("pareto 0ms 2") == "has a Pareto tail that starts at nothing");
  CHECK(message("exponential 0ms") == "has a mean of nothing");
  CHECK(message("exponential") == "does not say the mean");
  CHECK(message("table") == "is a table of nothing");
  CHECK(message("table 1ms*0") == "has '1ms*0' in its table");
  CHECK(message("table 1ms*99999 2ms*2") == "has '2ms*2' in its table");
  CHECK(std::get<LatencyError>(read_latency("table 1ms*100001")).help.find("(limit measured-latencies)") !=
        std::string::npos);
  CHECK(message("2000h") == "has a part of 2000h");
  for (const char* text : {"", "+", "|", "%", "fast", "10", "-1ms", "1ms..", "..1ms", "1ms + ", "exponential -5ms"})
    CHECK(read_latency(text).index() == 1);
}

}  // namespace twice::scenario
