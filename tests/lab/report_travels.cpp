// What workers send home is what they had: no value may look different for having crossed a process boundary.
#include <limits>

#include "lab/run.h"
#include "lab/shipped.h"
#include "support/catch.h"

namespace twice::lab {
namespace {

pipeline::SqlRow odd_values() {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  return {pipeline::Null{},
          std::numeric_limits<std::int64_t>::min(),
          std::numeric_limits<std::int64_t>::max(),
          std::int64_t{9007199254740993},  // 2^53 + 1: no double
          kInfinity,
          -kInfinity,
          -0.0,
          5.0,
          0.1 + 0.2,
          1e308,
          5e-324,
          std::string(),
          std::string("a\0b", 3),
          std::string("\xff\x41\xfe"),
          std::string("inf"),
          std::string(1 << 20, 'x'),
          pipeline::Blob{std::string("\0\xff", 2)},
          pipeline::Blob{}};
}

RunReport odd_report() {
  RunReport report;
  report.variant = "lane \xff";
  report.seed = ~std::uint64_t{0};
  report.hash = ~std::uint64_t{0};
  report.events = ~Sequence{0};
  report.end = kEndOfTime;
  report.error = std::string("broken \xfe\0 words", 15);
  report.findings.push_back({"verdict", Held::kNo, "wanted \x80", "seen \xc3(", {}, Time{7}});
  report.metrics.emplace_back("rows", std::numeric_limits<std::int64_t>::min());
  report.narration.push_back({Time{1}, 2, "\xe2\x80\xae told \x9b"});
  LoadReport load;
  load.last_error = "\xff";
  load.columns = {"a", "\xff"};
  load.lost_samples = {odd_values()};
  load.readings.push_back({Time{3}, true, odd_values()});
  load.finally = odd_values();
  report.load = load;
  return report;
}

// Equal, and of the same sign: -0.0 is not 0.0 here.
bool same(const pipeline::SqlRow& a, const pipeline::SqlRow& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (a[i] != b[i] || to_text(a[i]) != to_text(b[i])) return false;
  return true;
}

}  // namespace

TEST_CASE("a report comes home as it was, byte for byte and bit for bit") {
  const RunReport sent = odd_report();
  const RunReport back = run_report_from_bytes(to_bytes(sent));
  CHECK(back.variant == sent.variant);
  CHECK(back.seed == sent.seed);
  CHECK(back.hash == sent.hash);
  CHECK(back.events == sent.events);
  CHECK(back.end == sent.end);
  CHECK(back.error == sent.error);
  CHECK(back.findings.front().wanted == sent.findings.front().wanted);
  CHECK(back.findings.front().seen == sent.findings.front().seen);
  CHECK(back.metrics == sent.metrics);
  CHECK(back.narration.front().text == sent.narration.front().text);
  REQUIRE(back.load);
  CHECK(back.load->last_error == sent.load->last_error);
  CHECK(back.load->columns == sent.load->columns);
  CHECK(same(back.load->lost_samples.front(), odd_values()));
  CHECK(same(back.load->readings.front().values, odd_values()));
  CHECK(same(*back.load->finally, odd_values()));
  CHECK(to_bytes(back) == to_bytes(sent));
  CHECK(to_json(back) == to_json(sent));
}

TEST_CASE("infinity in JSON is not NULL, and reads back") {
  const RunReport back = run_report_from_json(to_json(odd_report()));
  CHECK(to_json(odd_report()).find(R"({"real":"-inf"})") != std::string::npos);
  CHECK(to_text((*back.load->finally)[4]) == "9e999");
  CHECK(to_text((*back.load->finally)[5]) == "-9e999");
}

}  // namespace twice::lab
