#include <algorithm>

#include <fmt/format.h>

#include "pipeline/warehouse/split_sql.h"
#include "pipeline/warehouse/sql_tokens.h"
#include "scenario/checks.h"
#include "scenario/text.h"
#include "scenario/value.h"

namespace twice::scenario {
namespace {

constexpr std::string_view kTableWord = "{table}";

/// A text with {table} replaced, and the way back to where a byte was written.
struct Placed {
  std::string text;
  std::vector<std::size_t> words;  // offsets of {table} in the written text
  std::size_t table_size = 0;

  std::size_t written(std::size_t offset) const {
    std::size_t shift = 0;  // how much longer the new text is than the written one, so far; may wrap, sums stay right
    for (const std::size_t word : words) {
      const std::size_t begin = word + shift;
      if (offset < begin) break;
      if (offset < begin + table_size) return word;
      shift += table_size - kTableWord.size();
    }
    return offset - shift;
  }
};

Placed place_table(std::string_view sql, std::string_view table) {
  Placed placed;
  placed.table_size = table.size();
  std::size_t from = 0;
  for (std::size_t at; (at = sql.find(kTableWord, from)) != std::string_view::npos; from = at + kTableWord.size()) {
    placed.words.push_back(at);
    placed.text += fmt::format("{}{}", sql.substr(from, at - from), table);
  }
  placed.text += sql.substr(from);
  return placed;
}

Position position_of_sql(const Sources& sources, const SqlText& sql, std::size_t offset) {
  const std::string& file = sources[sql.span.source].text;
  const bool whole_file = sql.span.begin == sql.span.end;
  return whole_file ? position_of(file, offset) : position_in_string(file, sql.span, offset);
}

std::string written_table(std::string_view name) {
  const bool plain = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
  return plain ? std::string(name) : quoted_name(name);
}

/// What would change the statement around a piece of SQL: behind a comment or a semicolon the rest of it is lost.
struct Break {
  std::size_t offset = 0, length = 0;
  std::string_view what;
};
std::optional<Break> first_break(std::string_view piece) {
  pipeline::SqlTokens tokens(piece);
  int depth = 0;
  for (std::size_t from = 0;;) {
    const auto token = tokens.next();
    // Between two tokens are blanks and comments only.
    const std::size_t comment = piece.find_first_not_of(" \t\r\n\f", from);
    if (comment < (token ? token->offset : piece.size())) return Break{comment, 2, "a comment"};
    if (!token) return std::nullopt;
    if (token->is_symbol(";")) return Break{token->offset, 1, "a semicolon"};
    depth += token->is_symbol("(") - token->is_symbol(")");
    if (depth < 0) return Break{token->offset, 1, "a parenthesis that it does not open"};
    from = token->end();
  }
}

bool only_reads(std::string_view statement) {
  pipeline::SqlTokens tokens(statement);
  auto token = tokens.next();
  const auto is_any = [&](std::initializer_list<std::string_view> words) {
    return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return token->is_word(word); });
  };
  if (!token || !token->is_word("WITH")) return token && is_any({"SELECT", "VALUES", "EXPLAIN", "PRAGMA"});
  for (int depth = 0; (token = tokens.next());) {
    depth += token->is_symbol("(") - token->is_symbol(")");
    if (depth == 0 && is_any({"SELECT", "VALUES"})) return true;
    if (depth == 0 && is_any({"INSERT", "UPDATE", "DELETE", "REPLACE"})) return false;
  }
  return true;
}

std::vector<std::string> names_of(const std::vector<TableFacts>& tables) {
  std::vector<std::string> names;
  for (const TableFacts& table : tables) names.push_back(table.name);
  return names;
}

class SqlChecks {
 public:
  explicit SqlChecks(CheckContext& context)
      : c_(context), spec_(context.spec()), table_(written_table(spec_.lane.loader.table.value)) {
    for (const auto& parameter : spec_.job) job_.push_back(parameter.first);
  }

  void run() {
    if (spec_.warehouse && !check_setup()) return;
    schema_ = schema();
    const bool readable = c_.sound("lane") && c_.sound("warehouse") && c_.sound("job") && c_.sound("source");
    if (readable && spec_.lane.loads()) check_loader();
    if (c_.sound("dashboard") && spec_.dashboard && readable) check_dashboard();
    if (c_.sound("expect") && readable)
      for (auto& [name, define] : spec_.expect.define) check_query(define.sql, "an expectation");
  }

 private:
  using Names = std::vector<std::string>;

  bool check_setup() {
    if (!c_.sound("warehouse")) return false;
    SqlText& setup = spec_.warehouse->setup;
    const std::size_t before = c_.out.reports();
    if (!setup.empty()) check(setup, {});
    return c_.out.reports() == before;
  }

  // Tables that are there before the first attempt.
  std::string schema() const {
    std::string text = spec_.warehouse ? spec_.warehouse->setup.text : std::string();
    const bool staged = !spec_.lane.loader.statement.empty() || spec_.lane.loader.script || spec_.lane.loader.expected;
    if (!staged || c_.variant.source.empty()) return text;
    std::vector<std::string> columns;
    for (const std::string& column : c_.variant.source.front().table->columns) columns.push_back(quoted_name(column));
    return fmt::format("{}\n;CREATE TABLE {} ({});", text, quoted_name(spec_.source->table.value),
                       fmt::join(columns, ", "));
  }

  Names with_columns() const {
    Names names = job_;
    if (!c_.variant.source.empty())
      for (const std::string& column : c_.variant.source.front().table->columns) names.push_back(column);
    return names;
  }

  // Statements of an attempt may also ask which attempt of which run they belong to.
  static Names with_attempt(Names names) {
    for (const char* own : {"attempt", "run"}) names.emplace_back(own);
    return names;
  }

  void check_loader() {
    LoaderSpec& loader = spec_.lane.loader;
    const std::string before_load = schema_;
    const Names bound = with_attempt(job_);
    check_all(loader.before, bound);
    if (!c_.variant.source.empty())
      for (auto* list : {&loader.batch_start, &loader.row, &loader.batch_end, &loader.batch_done})
        check_all(*list, with_attempt(with_columns()));
    check_all(loader.after, bound);
    check_all(loader.statement, bound);
    if (loader.script) check(*loader.script, bound);
    if (loader.expected) check_query(*loader.expected, "`expected`");
    check_table(before_load);
    if (!loader.slice.empty()) check_slice();
  }

  void check_all(std::vector<SqlText>& list, const Names& bound) {
    for (SqlText& sql : list) check(sql, bound);
  }

  /// Checks one text and replaces {table} in it. What it does to the schema holds for the texts after it.
  void check(SqlText& sql, const Names& bound, std::string_view prefix = {}, std::string_view suffix = {}) {
    const Placed placed = place_table(sql.text, table_);
    sql.first_line = position_of_sql(c_.sources, sql, 0).line;
    if (!check_parameters(sql, placed, bound)) return;
    if (const auto problem = c_.sql.check(schema_, fmt::format("{}{}{}", prefix, placed.text, suffix))) {
      const std::size_t behind = problem->offset < prefix.size() ? 0 : problem->offset - prefix.size();
      const std::size_t offset = std::min(behind, placed.text.size());
      report(sql, placed, offset, problem->length, problem->message,
             problem->help.empty() ? hint_for(problem->message) : problem->help);
    } else if (prefix.empty()) {
      for (const pipeline::SqlPiece& piece : pipeline::split_sql(placed.text))
        if (changes_schema(piece.text)) schema_ += fmt::format("\n;{};", piece.text);
    }
    sql.text = placed.text;
  }

  /// One statement that only reads: whoever asks it looks at the answer, and must change nothing.
  void check_query(SqlText& sql, std::string_view asker) {
    const Placed placed = place_table(sql.text, table_);
    const std::size_t before = c_.out.reports();
    check(sql, job_);
    if (c_.out.reports() != before) return;
    const std::vector<pipeline::SqlPiece> pieces = pipeline::split_sql(placed.text);
    for (const pipeline::SqlPiece& piece : pieces)
      if (!only_reads(piece.text))
        return report(sql, placed, piece.offset, piece.text.size(),
                      fmt::format("{} asks and changes nothing, and this statement writes", asker),
                      "one SELECT is wanted here; what is to be written belongs to the loader or to the setup");
    if (pieces.size() > 1)
      report(sql, placed, pieces[1].offset, pieces[1].text.size(),
             fmt::format("{} asks one query, and this is a second statement", asker),
             "only the first would be asked: leave one SELECT");
  }

  void report(const SqlText& sql, const Placed& placed, std::size_t offset, std::size_t length, std::string message,
              std::string help) {
    const Position begin = position_of_sql(c_.sources, sql, placed.written(offset));
    const Position end = position_of_sql(c_.sources, sql, placed.written(offset + length));
    c_.out.error({sql.span.source, begin, end}, std::move(message), std::move(help));
  }

  bool check_parameters(const SqlText& sql, const Placed& placed, const Names& bound) {
    bool ok = true;
    for (const SqlParameter& parameter : parameters_in(placed.text)) {
      if (std::find(bound.begin(), bound.end(), parameter.name) != bound.end()) continue;
      const std::string otherwise =
          bound.empty() ? "give it a value in [job]" : fmt::format("bound here: {}", fmt::join(bound, ", "));
      report(sql, placed, parameter.offset, parameter.name.size() + 1,
             fmt::format("nothing binds the parameter :{}", parameter.name),
             did_you_mean(parameter.name, bound, otherwise));
      ok = false;
    }
    return ok;
  }

  // "no such table: ordrs" and "no such column: amont" have an answer in the schema.
  std::string hint_for(std::string_view message) {
    const std::size_t colon = message.rfind(": ");
    if (colon == std::string_view::npos) return {};
    const std::string_view name = message.substr(colon + 2);
    const auto& tables = c_.sql.tables(schema_);
    if (message.find("no such table") != std::string_view::npos)
      return did_you_mean(name, names_of(tables), fmt::format("tables here: {}", fmt::join(names_of(tables), ", ")));
    if (message.find("no such column") == std::string_view::npos) return {};
    Names columns;
    for (const TableFacts& table : tables) columns.insert(columns.end(), table.columns.begin(), table.columns.end());
    return did_you_mean(name, columns);
  }

  void check_table(const std::string& before_load) {
    const LoaderSpec& loader = spec_.lane.loader;
    const std::string& wanted = loader.table.value;
    if (wanted.empty()) return;
    for (const std::string* schema : std::initializer_list<const std::string*>{&before_load, &schema_}) {
      const auto& tables = c_.sql.tables(*schema);
      const auto at = std::find_if(tables.begin(), tables.end(), [&](const TableFacts& t) { return t.name == wanted; });
      if (at == tables.end()) continue;
      check_columns(loader.key, at->columns);
      return check_columns(loader.ignore, at->columns);
    }
    const Names known = names_of(c_.sql.tables(before_load));
    c_.out.error(loader.table.span, fmt::format("the setup creates no table '{}'", wanted),
                 did_you_mean(wanted, known,
                              known.empty() ? "create it in the setup of [warehouse]"
                                            : fmt::format("it creates: {}", fmt::join(known, ", "))));
  }

  void check_columns(const std::vector<Spanned<std::string>>& names, const Names& columns) {
    for (const auto& name : names)
      if (std::find(columns.begin(), columns.end(), name.value) == columns.end())
        c_.out.error(name.span, fmt::format("table '{}' has no column '{}'", spec_.lane.loader.table.value, name.value),
                     did_you_mean(name.value, columns, fmt::format("its columns: {}", fmt::join(columns, ", "))));
  }

  void check_slice() {
    if (spec_.lane.loader.table.value.empty()) return;
    SqlText& slice = spec_.lane.loader.slice;
    const Placed placed = place_table(slice.text, table_);
    if (const auto found = first_break(placed.text))
      return report(
          slice, placed, found->offset, found->length,
          fmt::format("{} cannot stand in a slice: it is put into larger statements as their condition", found->what),
          "write the condition alone, like: order_date = :day");
    check(slice, job_, fmt::format("SELECT * FROM {} WHERE (", table_), ")");
  }

  void check_dashboard() {
    const std::size_t before = c_.out.reports();
    check_query(spec_.dashboard->sql, "the dashboard");
    if (c_.out.reports() != before || !c_.sound("expect")) return;
    const auto columns = c_.sql.columns(schema_, spec_.dashboard->sql.text, c_.job());
    if (!columns) return;
    Names known = *columns;
    known.insert(known.end(), {"always", "finally", "sometimes", "eventually", "metrics", "define"});
    for (const auto& [name, expect] : spec_.expect.columns)
      if (std::find(columns->begin(), columns->end(), name) == columns->end())
        c_.out.error(expect.span, fmt::format("'{}' is no column of the dashboard", name),
                     did_you_mean(name, known, fmt::format("its columns: {}", fmt::join(*columns, ", "))));
  }

  CheckContext& c_;
  Spec& spec_;
  std::string table_, schema_;
  Names job_;
};

}  // namespace

std::optional<pipeline::SqlDiagnosis> SqlMemory::check(std::string_view schema, std::string_view statement) {
  std::string key = fmt::format("{}\n--\n{}", schema, statement);
  if (const auto known = checks_.find(key); known != checks_.end()) return known->second;
  return checks_.emplace(std::move(key), tools_->check(schema, statement)).first->second;
}

const std::vector<TableFacts>& SqlMemory::tables(const std::string& schema) {
  if (const auto known = tables_.find(schema); known != tables_.end()) return known->second;
  return tables_.emplace(schema, tools_->tables(schema)).first->second;
}

std::optional<std::vector<std::string>> SqlMemory::columns(const std::string& schema, const std::string& query,
                                                           const SqlParameters& parameters) {
  std::string key = fmt::format("{}\n--\n{}", schema, query);
  if (const auto known = columns_.find(key); known != columns_.end()) return known->second;
  auto rows = tools_->rows(schema, query, parameters);
  std::optional<std::vector<std::string>> columns;
  if (auto* table = std::get_if<pipeline::SqlTable>(&rows)) columns = std::move(table->columns);
  return columns_.emplace(std::move(key), std::move(columns)).first->second;
}

void check_sql_texts(CheckContext& context) { SqlChecks(context).run(); }

}  // namespace twice::scenario
