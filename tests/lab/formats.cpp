// Row 600, in runs: who refuses it, what the orchestrator is told, and what is published.
#include "lab/shipped.h"

namespace twice::lab {
namespace {

RunReport run_lane(const scenario::Scenario& s, std::string_view lane) {
  for (const scenario::Variant& variant : s.variants)
    if (variant.name == lane) return run(variant, 1, {});
  FAIL("no lane " << lane);
  return {};
}

std::int64_t bytes_of(const RunReport& report, std::string_view name) {
  for (const auto& [known, value] : report.metrics)
    if (known == name) return value;
  FAIL(report.variant << " does not measure " << name);
  return 0;
}

}  // namespace

TEST_CASE("the later a bad row is noticed, the less is said of where it stands") {
  const scenario::Scenario s = shipped("formats/row-600.toml");
  const auto told = [&](std::string_view lane) { return run_lane(s, lane).load->last_error; };
  CHECK(told("Avro: the writer refuses") ==
        "the source cannot write its rows: row 600: 'amount' holds the text '1,250', not an integer");
  CHECK(told("the reader holds it against the schema").find("the source's file cannot be read: row 600 (line 601, ") ==
        0);
  CHECK(told("typed table, one transaction").find("statement 602: ") == 0);
  CHECK(told("text table, schema on read") == "");
}

TEST_CASE("a writer that refuses sends no byte, a reader that refuses no statement") {
  const scenario::Scenario s = shipped("formats/row-600.toml");
  CHECK(bytes_of(run_lane(s, "Avro: the writer refuses"), "source.bytes") == 0);
  const RunReport reader = run_lane(s, "the reader holds it against the schema");
  CHECK(bytes_of(reader, "source.bytes") > 0);
  CHECK(bytes_of(reader, "source.bytes.read") == 0);
  CHECK(bytes_of(reader, "statements") == 0);
}

TEST_CASE("bytes of a source are measured only where it writes a file") {
  const scenario::Scenario s = shipped("loaders/crash-at-800.toml");
  for (const auto& [name, value] : run(s.variants.front(), 1, {}).metrics) CHECK(name.find("source.") != 0);
}

TEST_CASE("a loader of a columnar file reads the columns that its statements bind, and the same rows are there") {
  const scenario::Scenario s = shipped("formats/six-formats.toml");
  const RunReport csv = run_lane(s, "csv"), columnar = run_lane(s, "columnar");
  CHECK(bytes_of(csv, "source.bytes.read") == bytes_of(csv, "source.bytes"));
  CHECK(bytes_of(columnar, "source.bytes.read") * 3 < bytes_of(columnar, "source.bytes"));
  CHECK(columnar.load->finally == csv.load->finally);
  CHECK(columnar.load->rows == 1000);
}

}  // namespace twice::lab
