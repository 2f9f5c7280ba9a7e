#include <algorithm>

#include <fmt/format.h>

#include "pipeline/warehouse/split_sql.h"
#include "scenario/checks.h"
#include "scenario/text.h"

namespace twice::scenario {
namespace {

bool is_power_of_two(std::uint32_t n) { return n != 0 && (n & (n - 1)) == 0; }

/// The rows of one version of a source; the same four fields stand in both structs.
template <class Version>
DataReader::Rows rows_of(CheckContext& c, const SqlText& setup, const Version& version) {
  if (version.csv) return c.data.csv(*version.csv);
  if (version.jsonl) return c.data.json_lines(*version.jsonl);
  if (version.generate) return c.data.generate(*version.generate);
  if (version.sql) return c.data.query(setup, *version.sql, c.job());
  return {};
}

void check_loader(CheckContext& c) {
  const LaneSpec& lane = c.spec().lane;
  const LoaderSpec& loader = lane.loader;
  if (!lane.loads()) {
    c.out.error(lane.span, fmt::format("lane '{}' has no loader", lane.name.value),
                "give it 'row', 'statement', 'script' or 'script-file'");
    return;
  }
  if (loader.table.value.empty())
    c.out.error(lane.span, fmt::format("lane '{}' does not say which table it loads", lane.name.value),
                "give it table = \"…\"");
  const bool batches = loader.commit.kind == CommitRule::Kind::kEvery;
  for (const auto* list : {&loader.batch_start, &loader.batch_end, &loader.batch_done})
    if (!list->empty() && !batches)
      c.out.error(list->front().span, "SQL around batches needs batches", "give the lane commit = \"every 100\"");
  if (loader.row.empty() && (batches || loader.commit.kind == CommitRule::Kind::kEachRow))
    c.out.error(loader.commit.span,
                fmt::format("commit = \"{}\" counts rows, and this lane has no 'row'", to_text(loader.commit)),
                "\"once\" or \"none\"");
  if (loader.script && loader.commit.kind == CommitRule::Kind::kOnce)
    c.out.error(loader.commit.span, "a script has its own BEGIN and COMMIT", "leave 'commit' out, or use 'statement'");
  if (!loader.row.empty() && !c.spec().source)
    c.out.error(loader.row.front().span, "there are no source rows to load", "add a section [source]");
}

void check_warehouse(CheckContext& c) {
  const WarehouseSpec& warehouse = *c.spec().warehouse;
  if (!is_power_of_two(warehouse.page_size))
    c.out.error(warehouse.span, fmt::format("'page-size' must be a power of two, not {}", warehouse.page_size));
  if (!is_power_of_two(warehouse.sector_size))
    c.out.error(warehouse.span, fmt::format("'sector-size' must be a power of two, not {}", warehouse.sector_size));
  if (warehouse.sector_size > warehouse.page_size) c.out.error(warehouse.span, "a sector cannot be larger than a page");
}

/// A file needs a loader that reads rows, and a schema where somebody checks it.
void check_format(CheckContext& c) {
  const SourceSpec& source = *c.spec().source;
  if (!source.format || !c.sound("lane")) return;
  using pipeline::formats::Check;
  const std::string_view format = name_of(source.format->value);
  if (c.spec().lane.loader.row.empty())
    c.out.error(source.format->span, "nothing reads this file: rows come from it only for a lane with 'row'",
                "set-based SQL and scripts find the source's rows staged in a table: leave 'format' out");
  const bool carries = carries_schema(source.format->value);
  if (source.schema.empty() && carries)
    c.out.error(source.format->span, fmt::format("a file of kind \"{}\" carries its schema, and there is none", format),
                "add schema = { column = \"integer\", … }");
  if (!source.check) return;
  if (carries && source.check->value != Check::kWriter)
    c.out.error(source.check->span, fmt::format("nothing but what fits the schema can be written as \"{}\"", format),
                "leave 'check' out, or say check = \"writer\"");
  if (source.schema.empty() && source.check->value != Check::kNobody)
    c.out.error(source.check->span, "there is no schema to check against", "add schema = { column = \"integer\", … }");
}

/// Every column that may not be NULL must be there, under that name.
void check_schema(CheckContext& c) {
  const SourceSpec& source = *c.spec().source;
  const std::vector<std::string>& columns = c.variant.source.front().table->columns;
  for (const auto& [name, type] : source.schema)
    if (!type.optional && std::find(columns.begin(), columns.end(), name) == columns.end())
      c.out.error(source.span, fmt::format("the schema speaks of '{}', and the source has no such column", name),
                  did_you_mean(name, columns, fmt::format("its columns: {}", fmt::join(columns, ", "))));
}

}  // namespace

SqlParameters CheckContext::job() const {
  SqlParameters parameters;
  for (const auto& [name, value] : spec().job) parameters.emplace_back(name, value.value);
  return parameters;
}

void load_source(CheckContext& c) {
  if (!c.spec().source || !c.sound("source") || !c.sound("job")) return;
  const SourceSpec& source = *c.spec().source;
  if (auto rows = rows_of(c, source.setup, source))
    c.variant.source.push_back({1, *rows});
  else
    return;
  check_format(c);
  check_schema(c);
  for (const SourceVersion& version : source.then) {
    const auto rows = rows_of(c, source.setup, version);
    if (!rows) continue;
    if (version.from_attempt <= c.variant.source.back().from_attempt)
      c.out.error(version.span,
                  fmt::format("this version begins at attempt {}, not after the one before it", version.from_attempt),
                  "order the versions by 'from-attempt'");
    if ((*rows)->columns != c.variant.source.front().table->columns && !c.spec().lane.loader.row.empty())
      c.out.warning(version.span, "this version has other columns than the first");
    c.variant.source.push_back({version.from_attempt, *rows});
  }
}

void check_pipeline(CheckContext& c) {
  const Spec& spec = c.spec();
  if (!spec.warehouse && !spec.cluster && c.sound("warehouse") && c.sound("cluster")) {
    c.out.error({0, {1, 1}, {1, 1}}, "there is nothing to run: no [warehouse] and no [cluster]");
    return;
  }
  if (!spec.warehouse || !c.sound("warehouse")) return;
  check_warehouse(c);
  if (c.lanes.empty()) {
    c.out.error(spec.warehouse->span, "there is a warehouse and nothing that loads it",
                "add a [[lane]] with a table and a 'row'");
    return;
  }
  if (spec.lane.loader.script_file && c.sound("lane")) {
    if (auto script = c.data.script(*spec.lane.loader.script_file)) c.spec().lane.loader.script = std::move(*script);
  }
  const bool has_lane = spec.lane.span.begin.line > 0;
  if (has_lane && c.sound("lane")) check_loader(c);
}

}  // namespace twice::scenario
