// Why a script is not safe to run again, as far as its words tell, and what would help.
#include <algorithm>

#include <fmt/format.h>

#include "lab/outcome.h"
#include "lab/report_format.h"
#include "lab/script.h"
#include "lab/sql_facts.h"
#include "pipeline/warehouse/sql_tokens.h"
#include "scenario/text.h"

namespace twice::lab {
namespace {

using scenario::Severity;

struct Advice {
  const SqlFacts* at = nullptr;  // null: no statement of the script stands out
  std::string message, help;
};

class Advisor {
 public:
  Advisor(const scenario::Variant& variant, const std::vector<SqlFacts>& facts)
      : variant_(variant), facts_(facts), table_(variant.spec.lane.loader.table.value) {
    if (const SqlFacts* rename = first([&](const SqlFacts& f) {
          return f.act == SqlAct::kRename && pipeline::same_ignoring_case(f.renamed_to, table_);
        }))
      staging_ = rename->table;
  }

  Advice unsafe(const PointOutcome& smallest, const std::string& last_error) const {
    switch (smallest.letter) {
      case 'D':
        return duplicates();
      case 'L':
        return lost();
      case 'W':
        return wrong_values(smallest);
      case 'F':
        return fails(last_error);
      default:
        return {insert(), "a crash leaves the table damaged", {}};
    }
  }

  /// What is no failure here and may become one.
  std::optional<Advice> clock() const {
    const SqlFacts* at = first(
        [&](const SqlFacts& f) { return f.reads_clock && (f.act == SqlAct::kDelete || f.act == SqlAct::kInsert); });
    if (!at || (at->act == SqlAct::kInsert && at->where.empty() && !selects_by_clock(*at))) return std::nullopt;
    return Advice{at, "the slice comes from the clock: a retry after midnight loads another day",
                  "pass the day as a parameter: --param day=2026-06-23, and :day in the SQL"};
  }

  /// A BEGIN that no COMMIT follows.
  std::optional<Advice> never_commits() const {
    const SqlFacts* begin = nullptr;
    for (const SqlFacts& f : facts_) {
      if (f.act == SqlAct::kBegin) begin = &f;
      if (f.act == SqlAct::kCommit || f.act == SqlAct::kRollback) begin = nullptr;
    }
    if (!begin) return std::nullopt;
    return Advice{begin, "this transaction is never committed: nothing of it stays when the script ends",
                  "add COMMIT; at the end"};
  }

  Advice changes_nothing() const {
    return {insert(), fmt::format("a run without faults changes nothing in {}", table_),
            "are the parameters right, and does the source hold their rows?"};
  }

  /// Tables besides the judged one that the script writes too: nothing was looked at there.
  std::vector<Advice> not_judged() const {
    std::vector<Advice> advice;
    for (const std::string& table : tables_written(facts_)) {
      if (pipeline::same_ignoring_case(table, table_) || pipeline::same_ignoring_case(table, staging_)) continue;
      advice.push_back(
          {first([&](const SqlFacts& f) { return pipeline::same_ignoring_case(f.table, table); }),
           fmt::format("{} is written as well, and was not judged: this verdict is about {} alone", table, table_),
           fmt::format("sweep again with --table {}", table)});
    }
    return advice;
  }

  Advice partial() const {
    const SqlFacts* at = first([&](const SqlFacts& f) { return writes(f); });
    return {at, "safe to run again, but readers can see a half-loaded table on the way",
            "put BEGIN; before it and COMMIT; at the end: then readers see the old state or the new one"};
  }

 private:
  template <class Condition>
  const SqlFacts* first(const Condition& condition) const {
    const auto at = std::find_if(facts_.begin(), facts_.end(), condition);
    return at == facts_.end() ? nullptr : &*at;
  }

  bool on_table(const SqlFacts& f) const {
    return pipeline::same_ignoring_case(f.table, table_) ||
           (!staging_.empty() && pipeline::same_ignoring_case(f.table, staging_));
  }
  bool writes(const SqlFacts& f) const {
    return on_table(f) && (f.act == SqlAct::kInsert || f.act == SqlAct::kUpdate || f.act == SqlAct::kDelete);
  }
  const SqlFacts* insert() const {
    return first([&](const SqlFacts& f) { return on_table(f) && f.act == SqlAct::kInsert; });
  }
  const SqlFacts* removal() const {
    return first(
        [&](const SqlFacts& f) { return on_table(f) && (f.act == SqlAct::kDelete || f.act == SqlAct::kDrop); });
  }
  // The clock in a SELECT's condition, not in a column like loaded_at: then a text 'now' stands behind WHERE.
  bool selects_by_clock(const SqlFacts& f) const {
    const std::string& script = variant_.spec.lane.loader.script->text;
    bool in_condition = false;
    pipeline::SqlTokens walk(std::string_view(script).substr(f.offset, f.length));
    while (const auto token = walk.next()) {
      if (token->is_word("WHERE")) in_condition = true;
      if (in_condition &&
          (token->is_word("CURRENT_DATE") || token->is_word("CURRENT_TIMESTAMP") || token->text == "'now'"))
        return true;
    }
    return false;
  }

  /// The condition of this load's rows: as given, or the source column that holds the one value of a parameter.
  std::string slice() const {
    const scenario::Spec& spec = variant_.spec;
    if (!spec.lane.loader.slice.empty()) return spec.lane.loader.slice.text;
    if (variant_.source.empty()) return "…";
    const pipeline::SqlTable& rows = *variant_.source.front().table;
    for (const auto& [name, value] : spec.job)
      for (std::size_t c = 0; c < rows.columns.size(); ++c) {
        const bool all = !rows.rows.empty() && std::all_of(rows.rows.begin(), rows.rows.end(),
                                                           [&, wanted = &value.value](const pipeline::SqlRow& row) {
                                                             return row[c] == *wanted;
                                                           });
        if (all) return fmt::format("{} = :{}", rows.columns[c], name);
      }
    return "…";
  }

  std::string delete_first() const {
    return fmt::format(
        "delete the slice first, in the same transaction:\n  BEGIN;\n  DELETE FROM {} WHERE {};\n  … this statement "
        "…\n  COMMIT;",
        table_, slice());
  }

  Advice duplicates() const {
    const SqlFacts* in = insert();
    if (!in) return {nullptr, "running it again leaves rows twice", {}};
    const SqlFacts* out = removal();
    if (in->draws_random)
      return {in, "the key is made anew on each attempt, so a retry inserts every row once more",
              "derive the key from the source's own columns, or delete the slice first"};
    if (out && out->transaction != in->transaction)
      return {out, "rows are deleted in one transaction and inserted in another",
              "put both between one BEGIN; and COMMIT;"};
    if (out)
      return {out, "this does not remove all that the script inserts",
              fmt::format("delete exactly the slice that is inserted: WHERE {}", slice())};
    if (in->conflict != OnConflict::kFails)
      return {in, "the conflict clause does not recognise rows that are there already",
              fmt::format("give {} a PRIMARY KEY or UNIQUE index that names a row, without NULL in it", table_)};
    if (in->skips_known) return {in, "the test for known rows does not recognise all of them", delete_first()};
    return {in, "each run of this INSERT adds its rows once more", delete_first()};
  }

  Advice lost() const {
    const SqlFacts* in = insert();
    const SqlFacts* out = removal();
    const SqlFacts* mark = first([&](const SqlFacts& f) {
      return !on_table(f) && (f.act == SqlAct::kInsert || f.act == SqlAct::kUpdate) && !f.table.empty();
    });
    if (mark && in && mark->transaction != in->transaction)
      return {mark,
              fmt::format("{} is written in another transaction than {}: after a crash in between, one knows what the "
                          "other does not",
                          mark->table, table_),
              "write both between one BEGIN; and COMMIT;"};
    if (out && in && out->transaction != in->transaction)
      return {out, "a crash after this leaves the table without the rows it deleted",
              "put both between one BEGIN; and COMMIT;"};
    return {out ? out : in, "rows are missing after a crash and a retry",
            "put all changes between one BEGIN; and COMMIT;"};
  }

  Advice wrong_values(const PointOutcome& smallest) const {
    const SqlFacts* step = first([&](const SqlFacts& f) { return on_table(f) && !f.increments.empty(); });
    if (step)
      return {step, fmt::format("{} is added to: a retry adds once more", step->increments),
              fmt::format("assign instead of adding: SET {0} = excluded.{0}", step->increments)};
    if (smallest.others_touched)
      return {removal() ? removal() : insert(), "rows of other slices change",
              fmt::format("touch only rows WHERE {}", slice())};
    return {insert(), "some rows hold other values than after a run without faults", {}};
  }

  Advice fails(const std::string& last_error) const {
    const SqlFacts* create =
        first([&](const SqlFacts& f) { return f.act == SqlAct::kCreate && !f.if_exists && !f.in_transaction; });
    const std::string words = last_error.empty() ? "the second try fails" : "the second try fails: " + last_error;
    if (create && last_error.find("already exists") != std::string::npos)
      return {create, words,
              fmt::format("DROP TABLE IF EXISTS {}; before it, or CREATE TABLE IF NOT EXISTS", create->table)};
    if (last_error.find("UNIQUE") != std::string::npos)
      return {insert(), words, "add ON CONFLICT (key) DO UPDATE SET …, or " + delete_first()};
    return {insert() ? insert() : removal(), words, {}};
  }

  const scenario::Variant& variant_;
  const std::vector<SqlFacts>& facts_;
  std::string table_, staging_;
};

scenario::Diagnostic diagnostic(const scenario::Scenario& scenario, Severity severity, const Advice& advice,
                                std::string message) {
  const scenario::SqlText& script = *scenario.variants.front().spec.lane.loader.script;
  const scenario::SourceText& file = scenario.sources[script.span.source];
  scenario::Diagnostic d;
  d.severity = severity;
  d.file = file.name;
  d.message = std::move(message);
  d.help = advice.help;
  if (!advice.at) return d;
  d.span = {script.span.source, scenario::position_of(file.text, advice.at->offset),
            scenario::position_of(file.text, advice.at->offset + advice.at->length)};
  d.source_line = scenario::printable_columns(scenario::line_of(file.text, d.span.begin.line));
  return d;
}

// A load that does nothing is always safe; that is not what its author asks.
bool changes_table(const scenario::Variant& variant, std::uint64_t seed) {
  auto prepared = prepare(variant);
  auto* pipeline = std::get_if<Pipeline>(&prepared);
  if (!pipeline) return true;
  const Reference reference = make_reference(*pipeline, seed);
  return !check::compare(reference.before_slice, reference.wanted_slice, {}).equal();
}

}  // namespace

ScriptVerdict judge_script(const scenario::Scenario& scenario, const LaneSweep& lane,
                           const std::optional<RunReport>& smallest, std::uint64_t seed) {
  const scenario::Variant& variant = scenario.variants.front();
  const std::vector<SqlFacts> facts = facts_of(variant.spec.lane.loader.script->text);
  const Advisor advisor(variant, facts);
  ScriptVerdict verdict;
  if (!lane.undecided.empty()) {
    verdict.kind = ScriptVerdict::Kind::kUndecided;
    verdict.diagnostics.push_back(diagnostic(scenario, Severity::kWarning, {}, lane.undecided));
    return verdict;
  }
  if (!lane.error.empty()) {
    verdict.kind = ScriptVerdict::Kind::kCannotRun;
    verdict.diagnostics.push_back(
        diagnostic(scenario, Severity::kError, {}, "the script fails without any fault: " + lane.error));
    return verdict;
  }
  if (!lane.limit.empty())
    verdict.diagnostics.push_back(diagnostic(scenario, Severity::kWarning, {}, "not judged: " + lane.limit));
  if (const auto advice = advisor.never_commits()) {
    verdict.kind = ScriptVerdict::Kind::kCannotRun;
    verdict.diagnostics.push_back(diagnostic(scenario, Severity::kError, *advice, advice->message));
    return verdict;
  }
  const auto has = [&](char letter) {
    return std::any_of(lane.points.begin(), lane.points.end(),
                       [&](const PointOutcome& p) { return p.letter == letter; });
  };
  if (lane.smallest) {
    const std::string error = smallest && smallest->load ? smallest->load->last_error : std::string();
    const Advice advice = advisor.unsafe(*lane.smallest, error);
    verdict.kind = ScriptVerdict::Kind::kUnsafe;
    verdict.diagnostics.push_back(
        diagnostic(scenario, Severity::kError, advice, "not safe to run again: " + advice.message));
  } else {
    verdict.kind = untried(lane) > 0 ? ScriptVerdict::Kind::kUndecided : ScriptVerdict::Kind::kSafe;
    if (has('~')) {
      const Advice advice = advisor.partial();
      verdict.diagnostics.push_back(diagnostic(scenario, Severity::kWarning, advice, advice.message));
    }
  }
  if (verdict.kind == ScriptVerdict::Kind::kSafe && !changes_table(variant, seed)) {
    verdict.kind = ScriptVerdict::Kind::kUndecided;  // what loads nothing proves nothing
    const Advice advice = advisor.changes_nothing();
    verdict.diagnostics.push_back(diagnostic(scenario, Severity::kWarning, advice, advice.message));
  }
  for (const Advice& advice : advisor.not_judged())
    verdict.diagnostics.push_back(diagnostic(scenario, Severity::kWarning, advice, advice.message));
  if (const auto advice = advisor.clock())
    verdict.diagnostics.push_back(diagnostic(scenario, Severity::kWarning, *advice, advice->message));
  return verdict;
}

}  // namespace twice::lab
