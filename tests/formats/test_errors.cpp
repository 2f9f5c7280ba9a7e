// Who refuses a row that breaks the schema, and where.
#include "formats/orders.h"

namespace twice::pipeline::formats {
namespace {

const Schema kTwoColumns{{"id", {Type::kInteger, false}}, {"amount", {Type::kInteger, false}}};
constexpr std::string_view kPattern = "id {id}, amount {amount}";

SqlTable with_bad_row(SqlValue amount) {
  SqlTable table{{"id", "amount"}, {}};
  for (std::int64_t i = 1; i <= 1000; ++i) table.rows.push_back({i, std::int64_t{30}});
  table.rows[599][1] = std::move(amount);
  return table;
}

std::string read_back(Format format, const SqlTable& table) {
  return problem(read(format, bytes_of(write(format, table, nullptr)), {&kTwoColumns, nullptr, kPattern}));
}

}  // namespace

TEST_CASE("with a schema the writer of every format refuses row 600") {
  for (const Format format : kFormats)
    CHECK(problem_of(write(format, with_bad_row("1,250"), &kTwoColumns)) ==
          "row 600: 'amount' holds the text '1,250', not an integer");
}

TEST_CASE("with a schema the reader of a text format refuses row 600 and says where it stands") {
  const SqlTable table = with_bad_row("1,250");
  const std::string what = "'amount' holds the text '1,250', not an integer";
  CHECK(read_back(Format::kCsv, table) == "row 600 (line 601, column 6): " + what);
  CHECK(read_back(Format::kJson, table) == "row 600 (line 600, column 11): " + what);
  CHECK(read_back(Format::kXml, table) == "row 600 (line 601, column 26): " + what);
  CHECK(read_back(Format::kLog, table) == "row 600 (line 600, column 16): " + what);
}

TEST_CASE("with a schema a missing value and an unknown column are refused") {
  CHECK(read_back(Format::kCsv, with_bad_row(Null{})) == "row 600 (line 601, column 1): 'amount' is missing");
  CHECK(read_back(Format::kJson, with_bad_row(Null{})) == "row 600 (line 600, column 1): 'amount' is missing");
  CHECK(problem_of(write(Format::kAvro, with_bad_row(Null{}), &kTwoColumns)) == "row 600: 'amount' is missing");
  SqlTable renamed = with_bad_row(std::int64_t{30});
  renamed.columns.push_back("amt");
  for (SqlRow& row : renamed.rows) row.push_back(Null{});
  CHECK(problem_of(write(Format::kColumnar, renamed, &kTwoColumns)) == "written");  // nothing but NULL in it
  renamed.rows[599][2] = std::int64_t{30};
  CHECK(problem_of(write(Format::kColumnar, renamed, &kTwoColumns)) == "row 600: 'amt' is no column of the schema");
  CHECK(read_back(Format::kJson, renamed) == "row 600 (line 600, column 23): 'amt' is no column of the schema");
}

TEST_CASE("what a format cannot hold its writer refuses") {
  const Schema text{{"a", {Type::kText, false}}};
  const auto one = [](SqlValue value) { return SqlTable{{"a"}, {{std::move(value)}}}; };
  CHECK(problem_of(write(Format::kXml, one(std::string("\x01", 1)), nullptr)) ==
        "row 1: 'a' holds a control character, which XML cannot");
  CHECK(problem_of(write(Format::kLog, one("two\nlines"), nullptr)) ==
        "row 1: the pattern would not find the row again in 'a two\nlines'");
  CHECK(problem_of(write(Format::kLog, one("-"), nullptr)) ==
        "row 1: the pattern would not find the row again in 'a -'");
  CHECK(problem_of(write(Format::kCsv, one("\xff"), nullptr)) == "row 1: 'a' holds bytes that are no UTF-8");
  CHECK(problem_of(write(Format::kJson, one(1e300 * 1e300), nullptr)) ==
        "row 1: 'a' holds a number that is not finite");
  CHECK(problem_of(write(Format::kCsv, one(Blob{"x"}), nullptr)) == "row 1: 'a' holds a blob");
  CHECK(problem_of(write(Format::kXml, {{"a b"}, {}}, nullptr)) == "'a b' is no name that every format can write");
}

TEST_CASE("a file of another kind is refused at its first byte, a file cut short where it ends") {
  const auto refused = [](Format format, std::string_view file) { return problem(read(format, file, {&kTwoColumns})); };
  CHECK(refused(Format::kAvro, "id,amount\n1,30\n") == "byte 0: this is no Avro file: it does not begin with Obj");
  CHECK(refused(Format::kColumnar, "id,amount\n1,30\n") ==
        "byte 0: this is no columnar file: it does not begin and end with TWC1");
  CHECK(refused(Format::kXml, "<rows><row>") == "line 1, column 11: this is not XML: Start-end tags mismatch");
  CHECK(refused(Format::kXml, "<html/>") == "line 1, column 2: the file is one element <rows>");
  CHECK(refused(Format::kJson, "{\"id\":1,\"amount\":}") == "row 1 (line 1, column 18): this line is not JSON");
  CHECK(refused(Format::kCsv, "id,amount\n1,\"30\n") == "line 2, column 3: this quoted field never ends");
  const std::string avro = bytes_of(write(Format::kAvro, with_bad_row(std::int64_t{1}), &kTwoColumns));
  CHECK(refused(Format::kAvro, std::string_view(avro).substr(0, avro.size() - 1)) ==
        "byte " + std::to_string(avro.size() - 16) + ": a block does not end with the file's sync marker");
}

TEST_CASE("a file with another schema than the agreed one is refused") {
  const Schema other{{"id", {Type::kInteger, false}}};
  const SqlTable table{{"id"}, {{std::int64_t{1}}}};
  for (const Format format : {Format::kAvro, Format::kColumnar})
    CHECK(problem(read(format, bytes_of(write(format, table, &other)), {&kTwoColumns}))
              .find("the file's schema is not the one that was agreed") != std::string::npos);
  CHECK(problem(read(Format::kCsv, "id,price\n1,2\n", {&kTwoColumns})) ==
        "line 1, column 1: 'price' is no column of the schema");
}

}  // namespace twice::pipeline::formats
