// `twice formats`: sizes are facts and tested to the byte; times are not.
#include <nlohmann/json.hpp>

#include "cli/program.h"
#include "support/catch.h"

using namespace twice::test;

TEST_CASE("sizes of a table in each format are the same every time, and only columns can be skipped") {
  const Folder folder;
  const auto figures = [&] { return nlohmann::json::parse(folder.twice("formats --rows 200 --json").out)["formats"]; };
  const auto first = figures(), second = figures();
  REQUIRE(first.size() == 6);
  for (std::size_t i = 0; i < first.size(); ++i) {
    CHECK(first[i].at("bytes") == second[i].at("bytes"));
    CHECK((first[i].at("bytes_of_columns") < first[i].at("bytes")) == (first[i].at("format") == "columnar"));
  }
}

TEST_CASE("files of formats are kept where asked, none is overwritten, and an unknown column is refused by name") {
  const Folder folder;
  CHECK(folder.twice("formats --rows 20 -o out").code == 0);
  CHECK(folder.has("out/orders.jsonl"));
  folder.write("out/orders.csv", "precious");
  CHECK(folder.twice("formats --rows 20 -o out").code == 64);
  CHECK(folder.read("out/orders.csv") == "precious");
  const Outcome unknown = folder.twice("formats --rows 20 --columns amuont");
  CHECK(unknown.code == 64);
  CHECK(contains(unknown.err, "did you mean 'amount'"));
}
