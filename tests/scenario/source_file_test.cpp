// Data files as tables.
#include "pipeline/formats/source_file.h"

#include "support/catch.h"

namespace twice::pipeline {
namespace {

SqlTable table(const TableOrError& read) {
  if (const auto* error = std::get_if<FileError>(&read))
    FAIL(error->line << ":" << error->column << " " << error->message);
  return std::get<SqlTable>(read);
}
std::string error(const TableOrError& read) {
  const auto* e = std::get_if<FileError>(&read);
  return e ? std::to_string(e->line) + ":" + std::to_string(e->column) + " " + e->message : "no error";
}
std::string text(const TableOrError& read) {
  std::string all;
  for (const SqlRow& row : table(read).rows)
    for (const SqlValue& value : row) all += to_literal(value) + (&value == &row.back() ? "\n" : ",");
  return all;
}

}  // namespace

TEST_CASE("a CSV column is a number only when every field is one as SQL prints it") {
  CHECK(text(read_csv("a,b,c,d,e\n1,007,1.5,x,\n-2,8,2,y,3\n")) == "1,'007',1.5,'x',NULL\n-2,'8',2.0,'y',3\n");
  CHECK(text(read_csv("a,b,c\n+1,9223372036854775808,\"1\"\n")) == "'+1','9223372036854775808','1'\n");
  CHECK(text(read_csv("a,b,c,d\n1e3,-0,.5,1.\n")) == "1000.0,0,'.5','1.'\n");
}

TEST_CASE("CSV quotes may hold commas, quotes and line ends; both line ends and a byte order mark are fine") {
  CHECK(text(read_csv("\xef\xbb\xbf"
                      "a,b\r\n\"x, \"\"y\"\"\r\nz\",\"\"\r\n")) == "'x, \"y\"\r\nz',''\n");
  CHECK(table(read_csv("\"a\",b\n1,2")).columns == std::vector<std::string>{"a", "b"});
  CHECK(text(read_csv("a,b\n1,2\n\n")) == "1,2\n");
}

TEST_CASE("a CSV header alone is a table of no rows") {
  CHECK(table(read_csv("a,b\n")).rows.empty());
  CHECK(table(read_csv("a,b")).columns.size() == 2);
}

TEST_CASE("CSV errors name line and column") {
  CHECK(error(read_csv("")) == "1:1 the file is empty");
  CHECK(error(read_csv("a,b\n1,2\n3\n")) == "3:1 this row has 1 field, the header has 2");
  CHECK(error(read_csv("a,b\n1,2,33\n")) == "2:5 this row has 3 fields, the header has 2");
  CHECK(error(read_csv("a,b\n\n1,2\n")) == "2:1 this row has 1 field, the header has 2");
  CHECK(error(read_csv("a,b\n1,\"2\n")) == "2:3 this quoted field never ends");
  CHECK(error(read_csv("a,b\n\"1\"x,2\n")) == "2:4 text after the closing quote of a field");
  CHECK(error(read_csv("a,a\n")) == "1:1 column 'a' is there twice");
  CHECK(error(read_csv("a,\n")) == "1:1 column 2 has no name");
}

TEST_CASE("JSON Lines keep their types, and missing keys are NULL") {
  CHECK(text(read_json_lines("{\"a\": 1, \"b\": \"x\", \"c\": 1.5, \"d\": true}\n\n{\"b\": null, \"a\": -3}\r\n")) ==
        "1,'x',1.5,1\n-3,NULL,NULL,NULL\n");
}

TEST_CASE("JSON Lines errors name line and column") {
  CHECK(error(read_json_lines("{\"a\": 1}\n{\"a\": }\n")) == "2:7 this line is not JSON");
  CHECK(error(read_json_lines("{\"a\": [1]}\n")) == "1:2 'a' holds a list: a row holds plain values");
  CHECK(error(read_json_lines("{\"a\": 1}\n{\"b\": 1}\n")) == "2:2 key 'b' is not in the first object");
  CHECK(error(read_json_lines("{\"a\": 1, \"a\": 2}\n")) == "1:10 key 'a' is there twice");
  CHECK(error(read_json_lines("3\n")) == "1:1 a line must be one object");
  CHECK(error(read_json_lines("")) == "1:1 the file has no rows");
  CHECK(error(read_json_lines(std::string(100'000, '['))) == "1:1 a line must be one object");
}

TEST_CASE("a million rows", "[.bench]") {
  std::string csv = "order_date,order_id,amount\n", lines;
  for (int i = 0; i < 1'000'000; ++i) {
    csv += "2026-06-23," + std::to_string(i) + "," + std::to_string(i % 500) + "\n";
    lines += "{\"order_date\": \"2026-06-23\", \"order_id\": " + std::to_string(i) + ", \"amount\": 5}\n";
  }
  CHECK(table(read_csv(csv)).rows.size() == 1'000'000);
  CHECK(table(read_json_lines(lines)).rows.size() == 1'000'000);
}

}  // namespace twice::pipeline
