// What is written comes back, value by value and kind by kind.
#include "formats/orders.h"
#include "pipeline/formats/log_lines.h"

namespace twice::pipeline::formats {
namespace {

std::string pattern_of(const SqlTable& table) { return default_pattern(table.columns); }

}  // namespace

TEST_CASE("every format gives back every value, NULL apart from the empty text") {
  for (const Format format : kFormats) {
    CAPTURE(name_of(format));
    const SqlTable& table = sample_of(format);
    const std::string file = bytes_of(write(format, table, &order_schema()));
    const std::string pattern = pattern_of(table);
    CHECK(text_of(read(format, file, {&order_schema(), nullptr, pattern})) == text_of(table));
  }
}

TEST_CASE("equal tables give equal bytes in every format") {
  for (const Format format : kFormats)
    CHECK(bytes_of(write(format, sample_of(format), &order_schema())) ==
          bytes_of(write(format, sample_of(format), &order_schema())));
}

TEST_CASE("a table of no rows comes back in every format") {
  const SqlTable none{orders().columns, {}};
  for (const Format format : kFormats) {
    CAPTURE(name_of(format));
    const std::string file = bytes_of(write(format, none, &order_schema()));
    CHECK(text_of(read(format, file, {&order_schema(), nullptr, pattern_of(none)})) == text_of(none));
  }
}

TEST_CASE("a file that carries its schema is read without being told one") {
  for (const Format format : {Format::kAvro, Format::kColumnar}) {
    const std::string file = bytes_of(write(format, orders(), &order_schema()));
    CHECK(text_of(read(format, file, {})) == text_of(orders()));
  }
}

TEST_CASE("without a schema CSV guesses, XML and logs know texts only, JSON knows what it was told") {
  const SqlTable table{{"id", "amount"}, {{std::int64_t{1}, std::int64_t{30}}, {std::int64_t{2}, "1,250"}}};
  const auto reread = [&](Format format) {
    return text_of(read(format, bytes_of(write(format, table, nullptr)), {nullptr, nullptr, pattern_of(table)}));
  };
  CHECK(reread(Format::kCsv) == "id|amount|\n1|'30'|\n2|'1,250'|");
  CHECK(reread(Format::kJson) == "id|amount|\n1|30|\n2|'1,250'|");
  CHECK(reread(Format::kXml) == "id|amount|\n'1'|'30'|\n'2'|'1,250'|");
  CHECK(reread(Format::kLog) == "id|amount|\n'1'|'30'|\n'2'|'1,250'|");
}

TEST_CASE("without a schema a renamed field makes a second column, and nobody says so") {
  const SqlTable table{{"id", "amount", "amt"},
                       {{std::int64_t{1}, std::int64_t{30}, Null{}}, {std::int64_t{2}, Null{}, std::int64_t{40}}}};
  CHECK(text_of(read(Format::kJson, bytes_of(write(Format::kJson, table, nullptr)), {})) ==
        "id|amount|amt|\n1|30|NULL|\n2|NULL|40|");
}

TEST_CASE("an integer in a real column becomes the real it is") {
  const Schema schema{{"x", {Type::kReal, false}}};
  const SqlTable table{{"x"}, {{std::int64_t{2}}}};
  for (const Format format : kFormats)
    CHECK(text_of(read(format, bytes_of(write(format, table, &schema)), {&schema, nullptr, "x {x}"})) == "x|\n2.0|");
}

}  // namespace twice::pipeline::formats
