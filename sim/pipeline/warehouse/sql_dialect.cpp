#include "pipeline/warehouse/sql_dialect.h"

#include <array>
#include <vector>

#include "pipeline/warehouse/sql_tokens.h"

namespace twice::pipeline {
namespace {

struct HeadRule {
  std::array<std::string_view, 3> words;  // the statement's first words, case ignored; unused ones empty
  std::string_view message, help;
};

constexpr HeadRule kHeads[] = {
    {{"MERGE"},
     "SQLite has no MERGE",
     "INSERT INTO target SELECT ... FROM source WHERE true ON CONFLICT (key) DO UPDATE SET column = excluded.column"},
    {{"TRUNCATE"}, "SQLite has no TRUNCATE", "DELETE FROM table"},
    {{"INSERT", "OVERWRITE"},
     "SQLite has no INSERT OVERWRITE",
     "DELETE FROM table WHERE day = :day, then INSERT, in one transaction"},
    {{"CREATE", "OR", "REPLACE"},
     "SQLite has no CREATE OR REPLACE",
     "DROP TABLE IF EXISTS table, then CREATE TABLE table"},
    {{"START", "TRANSACTION"}, "SQLite has no START TRANSACTION", "BEGIN"},
    {{"SET", "TRANSACTION"}, "SQLite has no isolation levels to set: every transaction is serializable", "BEGIN"},
    {{"LOCK", "TABLE"}, "SQLite locks the whole database, not a table", "BEGIN IMMEDIATE"},
    {{"SELECT", "*", "INTO"}, "SQLite has no SELECT INTO", "CREATE TABLE copy AS SELECT * FROM table"},
    {{"COPY"}, "SQLite has no COPY", "INSERT INTO table VALUES (:a, :b)"},
    {{"VACUUM"}, "VACUUM is not offered: it rewrites the whole file through a second database", ""},
};

struct FunctionRule {
  std::string_view name, help;
};

constexpr FunctionRule kFunctions[] = {
    {"now", "datetime('now')"},
    {"getdate", "datetime('now')"},
    {"sysdate", "datetime('now')"},
    {"curdate", "date('now')"},
    {"today", "date('now')"},
    {"dateadd", "date(x, '+1 day')"},
    {"date_add", "date(x, '+1 day')"},
    {"date_sub", "date(x, '-1 day')"},
    {"datediff", "julianday(a) - julianday(b)"},
    {"date_diff", "julianday(a) - julianday(b)"},
    {"date_trunc", "date(x, 'start of month')"},
    {"to_date", "date(x)"},
    {"to_char", "strftime('%Y-%m-%d', x)"},
    {"date_format", "strftime('%Y-%m-%d', x)"},
    {"extract", "CAST(strftime('%Y', x) AS INTEGER)"},
    {"year", "CAST(strftime('%Y', x) AS INTEGER)"},
    {"month", "CAST(strftime('%m', x) AS INTEGER)"},
    {"day", "CAST(strftime('%d', x) AS INTEGER)"},
    {"nvl", "coalesce(a, b)"},
    {"isnull", "coalesce(a, b)"},
    {"greatest", "max(a, b)"},
    {"least", "min(a, b)"},
    {"concat", "a || b"},
    {"left", "substr(x, 1, n)"},
    {"right", "substr(x, -n)"},
    {"len", "length(x)"},
    {"string_agg", "group_concat(x, ',')"},
    {"uuid", "lower(hex(randomblob(16)))"},
    {"newid", "lower(hex(randomblob(16)))"},
    {"gen_random_uuid", "lower(hex(randomblob(16)))"},
};

SqlDiagnosis diagnose(const SqlToken& at, std::string_view message, std::string_view help) {
  return {std::string(message), std::string(help), at.offset, at.text.size()};
}

std::optional<SqlDiagnosis> check_head(std::string_view statement) {
  std::array<std::optional<SqlToken>, 3> head;
  SqlTokens tokens(statement);
  for (auto& token : head) token = tokens.next();
  for (const HeadRule& rule : kHeads) {
    bool fits = true;
    for (std::size_t i = 0; i < rule.words.size() && !rule.words[i].empty(); ++i) {
      fits = fits && head[i] && same_ignoring_case(head[i]->text, rule.words[i]);
    }
    if (fits) return diagnose(*head[0], rule.message, rule.help);
  }
  return std::nullopt;
}

bool is_current(const SqlToken& token) {
  return token.is_word("CURRENT_DATE") || token.is_word("CURRENT_TIME") || token.is_word("CURRENT_TIMESTAMP");
}
/// Functions whose text looks like a date and counts as its year in arithmetic.
bool returns_date_text(const SqlToken& token) {
  return token.is_word("date") || token.is_word("datetime") || token.is_word("time");
}
bool takes_modifiers(const SqlToken& token) {
  return returns_date_text(token) || token.is_word("strftime") || token.is_word("julianday") ||
         token.is_word("unixepoch");
}
bool is_sum(const SqlToken& token) { return token.is_symbol("+") || token.is_symbol("-"); }
bool names_time_zone(const SqlToken& token) {
  return token.kind == SqlTokenKind::kText &&
         (same_ignoring_case(token.text, "'localtime'") || same_ignoring_case(token.text, "'utc'"));
}

constexpr std::string_view kDateSum = "arithmetic on a date: SQLite takes the text's year and computes with that";
constexpr std::string_view kDateHelp = "date('now', '-1 day'), or a parameter :day";

/// One walk over the tokens, with the calls that are open.
class Reader {
 public:
  std::optional<SqlDiagnosis> read(const SqlToken& token) {
    if (is_sum(token) && previous_is_date_) return diagnose(date_, kDateSum, kDateHelp);
    if (is_current(token) && is_sum(previous_)) return diagnose(token, kDateSum, kDateHelp);
    if (names_time_zone(token) && !calls_.empty() && takes_modifiers(calls_.back())) {
      return diagnose(token, "the machine's time zone must not reach a run: times are UTC", "leave the modifier out");
    }
    if (token.is_symbol("::")) return diagnose(token, "SQLite has no :: cast", "CAST(value AS INTEGER)");
    if (previous_.is_word("INTERVAL") && token.kind == SqlTokenKind::kText) {
      return diagnose(previous_, "SQLite has no INTERVAL", kDateHelp);
    }
    // sqlite.org/lang_upsert.html, "Parsing Ambiguity".
    if (token.is_word("CONFLICT") && previous_.is_word("ON") && from_is_open_) {
      return diagnose(previous_, "SQLite takes this ON for a join's: a SELECT needs its WHERE before ON CONFLICT",
                      "SELECT ... FROM source WHERE true ON CONFLICT (key) DO UPDATE SET column = excluded.column");
    }
    step_over(token);
    return std::nullopt;
  }

 private:
  void step_over(const SqlToken& token) {
    previous_is_date_ = is_current(token);
    if (previous_is_date_) date_ = token;
    if (token.is_symbol("(")) {
      calls_.push_back(previous_);
    } else if (token.is_symbol(")") && !calls_.empty()) {
      date_ = calls_.back();
      previous_is_date_ = returns_date_text(date_);
      calls_.pop_back();
    }
    if (calls_.empty() && token.is_word("FROM")) from_is_open_ = true;
    for (const char* word : {"WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "WINDOW"})
      if (calls_.empty() && token.is_word(word)) from_is_open_ = false;
    previous_ = token;
  }

  SqlToken previous_, date_;
  bool from_is_open_ = false;      // a FROM outside parentheses that no later clause has ended
  bool previous_is_date_ = false;  // the value before this token is text that looks like a date
  std::vector<SqlToken> calls_;    // what stands before each open parenthesis
};

}  // namespace

std::optional<SqlDiagnosis> find_foreign_dialect(std::string_view statement) {
  if (auto found = check_head(statement)) return found;
  Reader reader;
  SqlTokens tokens(statement);
  while (const auto token = tokens.next()) {
    if (auto found = reader.read(*token)) return found;
  }
  return std::nullopt;
}

std::string_view equivalent_of_function(std::string_view name) {
  for (const FunctionRule& rule : kFunctions) {
    if (same_ignoring_case(rule.name, name)) return rule.help;
  }
  return {};
}

std::string in_one_line(const SqlDiagnosis& diagnosis) {
  return diagnosis.help.empty() ? diagnosis.message : diagnosis.message + "; in SQLite: " + diagnosis.help;
}

}  // namespace twice::pipeline
