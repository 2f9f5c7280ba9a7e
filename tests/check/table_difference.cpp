#include "check/table_difference.h"

#include "support/catch.h"

namespace twice::check {
namespace {

using pipeline::Null;
using pipeline::SqlRow;
using pipeline::SqlTable;
using pipeline::SqlValue;

SqlRow row(std::int64_t id, std::int64_t amount) { return {SqlValue{id}, SqlValue{amount}}; }
SqlTable table(std::vector<SqlRow> rows) { return {{"id", "amount"}, std::move(rows)}; }

}  // namespace

TEST_CASE("the same rows in another order are no difference") {
  CHECK(compare(table({row(1, 5), row(2, 6)}), table({row(2, 6), row(1, 5)}), {}).equal());
}

TEST_CASE("two equal rows are wanted twice, not once") {
  CHECK(compare(table({row(1, 5), row(1, 5)}), table({row(1, 5), row(1, 5)}), {}).equal());
  CHECK(compare(table({row(1, 5), row(1, 5)}), table({row(1, 5)}), {}).lost == 1);
}

TEST_CASE("a row found more often than wanted is duplicated") {
  const TableDifference d = compare(table({row(1, 5)}), table({row(1, 5), row(1, 5), row(1, 5)}), {});
  CHECK(d.duplicated == 2);
  CHECK(d.lost + d.changed == 0);
  CHECK(d.duplicated_samples.size() == 2);
}

TEST_CASE("with a key, other values under the same key are changed rows") {
  const TableDifference d = compare(table({row(1, 5), row(2, 6)}), table({row(1, 5), row(2, 12)}), {{"id"}, {}});
  CHECK(d.changed == 1);
  CHECK(d.lost + d.duplicated == 0);
}

TEST_CASE("without a key, a missing row and a row that is wanted nowhere are one changed row") {
  const TableDifference d = compare(table({row(1, 5), row(2, 6)}), table({row(1, 5), row(2, 12)}), {});
  CHECK(d.changed == 1);
  CHECK(d.lost + d.duplicated == 0);
}

TEST_CASE("without a key, a lost row is not hidden by a duplicate of another") {
  const TableDifference d = compare(table({row(1, 5), row(2, 6)}), table({row(1, 5), row(1, 5)}), {});
  CHECK(d.lost == 1);
  CHECK(d.duplicated == 1);
  CHECK(d.changed == 0);
}

TEST_CASE("ignored columns make no difference, whatever their case") {
  CHECK(compare(table({row(1, 5)}), table({row(1, 9)}), {{}, {"AMOUNT"}}).equal());
}

TEST_CASE("columns are matched by name, and a missing one counts as NULL") {
  const SqlTable other{{"amount", "id"}, {{SqlValue{std::int64_t{5}}, SqlValue{std::int64_t{1}}}}};
  CHECK(compare(table({row(1, 5)}), other, {}).equal());
  const SqlTable narrow{{"id"}, {{SqlValue{std::int64_t{1}}}}};
  CHECK(compare(table({{SqlValue{std::int64_t{1}}, Null{}}}), narrow, {}).equal());
}

TEST_CASE("an empty table has lost every row") { CHECK(compare(table({row(1, 5), row(2, 6)}), {}, {}).lost == 2); }

}  // namespace twice::check
