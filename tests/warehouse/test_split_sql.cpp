#include "pipeline/warehouse/split_sql.h"
#include "support/catch.h"

using namespace twice::pipeline;

namespace {
std::vector<std::string> texts(std::string_view script) {
  std::vector<std::string> result;
  for (const SqlPiece& piece : split_sql(script)) result.emplace_back(piece.text);
  return result;
}
using Texts = std::vector<std::string>;
}  // namespace

TEST_CASE("statements end at semicolons; empty ones vanish; the last needs none") {
  CHECK(texts("BEGIN; INSERT INTO t VALUES (1);;\n ; COMMIT") == Texts{"BEGIN", "INSERT INTO t VALUES (1)", "COMMIT"});
  CHECK(texts("  -- nothing\n /* here; */ ;").empty());
}

TEST_CASE("a semicolon in quotes or comments ends nothing") {
  CHECK(texts("SELECT 'a;''b', \"c;d\", [e;f], `g;h`; SELECT 2") ==
        Texts{"SELECT 'a;''b', \"c;d\", [e;f], `g;h`", "SELECT 2"});
  CHECK(texts("SELECT 1 -- one; or\n + 2; SELECT /* ; */ 3") == Texts{"SELECT 1 -- one; or\n + 2", "SELECT /* ; */ 3"});
  CHECK(texts("SELECT 'never closed; SELECT 2") == Texts{"SELECT 'never closed; SELECT 2"});
}

TEST_CASE("the body of a trigger is one statement, CASE … END in it too") {
  const std::string trigger =
      "CREATE TEMP TRIGGER g AFTER INSERT ON t BEGIN UPDATE t SET a = CASE WHEN 1 THEN 2 END; DELETE FROM u; END";
  CHECK(texts(trigger + "; SELECT 1") == Texts{trigger, "SELECT 1"});
  CHECK(texts("CREATE TABLE \"trigger\"(a); SELECT 1").size() == 2);
}

TEST_CASE("offset and line are those of the first token") {
  const auto pieces = split_sql("-- head\nBEGIN;\n\n  COMMIT;");
  REQUIRE(pieces.size() == 2);
  CHECK(pieces[0].offset == 8);
  CHECK(pieces[0].line == 2);
  CHECK(pieces[1].offset == 18);
  CHECK(pieces[1].line == 4);
}
