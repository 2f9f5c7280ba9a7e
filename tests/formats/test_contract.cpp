// What a source and a loader agreed on, and the sizes of the sample, which are the same everywhere.
#include <fmt/format.h>

#include "formats/orders.h"
#include "pipeline/formats/contract.h"
#include "pipeline/formats/sample.h"

namespace twice::pipeline::formats {
namespace {

const Schema kPlain{{"id", {Type::kInteger, false}}, {"amount", {Type::kInteger, false}}};
const SqlTable kBad{{"id", "amount"}, {{std::int64_t{1}, std::int64_t{30}}, {std::int64_t{2}, "1,250"}}};

Contract contract(Format format, Check check) { return {format, check, kPlain, {"id", "amount"}, {"amount"}}; }

std::string outcome(const Contract& agreed) {
  const Bytes written = agreed.write(kBad);
  if (std::holds_alternative<FormatError>(written)) return "the writer refuses";
  const auto read = agreed.read(std::get<std::string>(written));
  return std::holds_alternative<FormatError>(read) ? "the reader refuses" : "nobody refuses";
}

}  // namespace

TEST_CASE("a bad row is refused by whoever was to check, in every format") {
  for (const Format format : kFormats) {
    CAPTURE(name_of(format));
    CHECK(outcome(contract(format, Check::kWriter)) == "the writer refuses");
    if (carries_schema(format)) continue;
    CHECK(outcome(contract(format, Check::kReader)) == "the reader refuses");
    CHECK(outcome(contract(format, Check::kNobody)) == "nobody refuses");
  }
}

TEST_CASE("of a columnar file the columns that are needed are read") {
  const Contract agreed = contract(Format::kColumnar, Check::kWriter);
  const SqlTable good{{"id", "amount"}, {{std::int64_t{1}, std::int64_t{30}}}};
  CHECK(text_of(agreed.read(bytes_of(agreed.write(good)))) == "amount|\n30|");
}

TEST_CASE("the sample has the same size in bytes on every machine") {
  const SqlTable table = sample_orders(1000, 1);
  std::string sizes;
  for (const Format format : kFormats)
    sizes += fmt::format("{} {}\n", name_of(format), bytes_of(write(format, table, &sample_schema())).size());
  CHECK(sizes == "csv 65557\njson 140961\nxml 199218\nlog 135167\navro 61002\ncolumnar 42807\n");
}

TEST_CASE("the sample is a function of its seed") {
  CHECK(text_of(sample_orders(50, 1)) == text_of(sample_orders(50, 1)));
  CHECK(text_of(sample_orders(50, 1)) != text_of(sample_orders(50, 2)));
}

}  // namespace twice::pipeline::formats
