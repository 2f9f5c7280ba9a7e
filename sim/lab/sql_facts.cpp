#include "lab/sql_facts.h"

#include <algorithm>
#include <optional>

#include "pipeline/warehouse/split_sql.h"
#include "pipeline/warehouse/sql_tokens.h"

namespace twice::lab {
namespace {

using pipeline::SqlToken;
using pipeline::SqlTokenKind;
using Tokens = std::vector<SqlToken>;

Tokens tokens_of(std::string_view sql) {
  Tokens tokens;
  pipeline::SqlTokens walk(sql);
  while (auto token = walk.next()) tokens.push_back(*token);
  return tokens;
}

bool is_name(const SqlToken& token) { return token.kind == SqlTokenKind::kWord || token.kind == SqlTokenKind::kQuoted; }

std::string name_of(const SqlToken& token) {
  return std::string(token.kind == SqlTokenKind::kQuoted && token.text.size() >= 2
                         ? token.text.substr(1, token.text.size() - 2)
                         : token.text);
}

bool same_name(const SqlToken& a, const SqlToken& b) {
  return is_name(a) && is_name(b) && pipeline::same_ignoring_case(name_of(a), name_of(b));
}

class Statement {
 public:
  explicit Statement(std::string_view sql) : sql_(sql), tokens_(tokens_of(sql)) {}

  SqlFacts facts() {
    find_act();
    for (const SqlToken& token : tokens_) notice(token);
    if (facts_.act == SqlAct::kInsert) facts_.skips_known = follows("NOT", "EXISTS") || follows("NOT", "IN");
    if (facts_.act == SqlAct::kDelete) find_where();
    return std::move(facts_);
  }

 private:
  const SqlToken* at(std::size_t i) const { return i < tokens_.size() ? &tokens_[i] : nullptr; }
  bool word(std::size_t i, std::string_view text) const { return at(i) && at(i)->is_word(text); }

  bool follows(std::string_view first, std::string_view second) const {
    for (std::size_t i = 0; i + 1 < tokens_.size(); ++i)
      if (word(i, first) && word(i + 1, second)) return true;
    return false;
  }

  // The verb may stand behind a WITH clause, outside of all brackets.
  void find_act() {
    int depth = 0;
    for (std::size_t i = 0; i < tokens_.size() && facts_.act == SqlAct::kOther; ++i) {
      if (at(i)->is_symbol("(")) ++depth;
      if (at(i)->is_symbol(")")) --depth;
      if (depth == 0 && at(i)->kind == SqlTokenKind::kWord) read_verb(i);
      if (i == 0 && !word(0, "WITH")) return;
    }
  }

  void read_verb(std::size_t i) {
    if (word(i, "BEGIN"))
      facts_.act = SqlAct::kBegin;
    else if (word(i, "COMMIT") || word(i, "END"))
      facts_.act = SqlAct::kCommit;
    else if (word(i, "ROLLBACK"))
      facts_.act = word(i + 1, "TO") || word(i + 2, "TO") ? SqlAct::kOther : SqlAct::kRollback;
    else if (word(i, "INSERT"))
      read_insert(i + 1);
    else if (word(i, "REPLACE"))
      facts_.conflict = OnConflict::kReplaces, read_insert(i + 1);
    else if (word(i, "UPDATE"))
      read_update(i + 1);
    else if (word(i, "DELETE"))
      facts_.act = SqlAct::kDelete, read_table(i + 2);
    else if (word(i, "CREATE"))
      read_schema(SqlAct::kCreate, i + 1);
    else if (word(i, "DROP"))
      read_schema(SqlAct::kDrop, i + 1);
    else if (word(i, "ALTER") && word(i + 1, "TABLE"))
      read_rename(i + 2);
  }

  /// Reads `name` or `schema.name`; gives the index behind it.
  std::size_t read_table(std::size_t i) {
    if (!at(i) || !is_name(*at(i))) return i;
    const bool qualified = at(i + 1) && at(i + 1)->is_symbol(".") && at(i + 2) && is_name(*at(i + 2));
    facts_.table = name_of(tokens_[qualified ? i + 2 : i]);
    return qualified ? i + 3 : i + 1;
  }

  void read_insert(std::size_t i) {
    facts_.act = SqlAct::kInsert;
    if (word(i, "OR")) {
      if (word(i + 1, "REPLACE")) facts_.conflict = OnConflict::kReplaces;
      if (word(i + 1, "IGNORE")) facts_.conflict = OnConflict::kIgnores;
      i += 2;
    }
    i = read_table(word(i, "INTO") ? i + 1 : i);
    for (; i < tokens_.size(); ++i) {
      if (!word(i, "DO")) continue;
      facts_.conflict = word(i + 1, "UPDATE") ? OnConflict::kUpdates : OnConflict::kIgnores;
      if (word(i + 1, "UPDATE")) find_increment(i + 2);
    }
  }

  void read_update(std::size_t i) {
    facts_.act = SqlAct::kUpdate;
    i = read_table(word(i, "OR") ? i + 2 : i);
    while (i < tokens_.size() && !word(i, "SET")) ++i;
    find_increment(i);
  }

  // SET x = x + …, SET x = t.x + …, SET x = coalesce(x, 0) + …
  void find_increment(std::size_t i) {
    if (!word(i, "SET")) return;
    int depth = 0;
    std::optional<std::size_t> column;
    bool again = false;
    for (++i; i < tokens_.size() && !(depth == 0 && word(i, "WHERE")); ++i) {
      const SqlToken& token = tokens_[i];
      if (token.is_symbol("(")) ++depth;
      if (token.is_symbol(")")) --depth;
      if (depth == 0 && token.is_symbol(","))
        column.reset();
      else if (!column && is_name(token) && at(i + 1) && at(i + 1)->is_symbol("="))
        column = i, again = false;
      else if (column && same_name(token, tokens_[*column]) && !is_excluded(i))
        again = true;
      else if (column && again && (token.is_symbol("+") || token.is_symbol("-")))
        facts_.increments = name_of(tokens_[*column]);
    }
  }

  // excluded.x is the new value, not the stored one.
  bool is_excluded(std::size_t i) const { return i >= 2 && tokens_[i - 1].is_symbol(".") && word(i - 2, "excluded"); }

  void read_schema(SqlAct act, std::size_t i) {
    if (word(i, "TEMP") || word(i, "TEMPORARY")) ++i;
    if (!word(i, "TABLE")) return;
    facts_.act = act;
    ++i;
    if (word(i, "IF")) {
      facts_.if_exists = true;
      i += word(i + 1, "NOT") ? 3 : 2;
    }
    read_table(i);
  }

  void read_rename(std::size_t i) {
    const std::size_t next = read_table(i);
    if (!word(next, "RENAME") || !word(next + 1, "TO") || !at(next + 2)) return;
    facts_.act = SqlAct::kRename;
    facts_.renamed_to = name_of(*at(next + 2));
  }

  void notice(const SqlToken& token) {
    if (token.kind == SqlTokenKind::kText && pipeline::same_ignoring_case(token.text, "'now'"))
      facts_.reads_clock = true;
    for (const std::string_view clock : {"CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP"})
      facts_.reads_clock = facts_.reads_clock || token.is_word(clock);
    for (const std::string_view random : {"random", "randomblob", "uuid"})
      facts_.draws_random = facts_.draws_random || token.is_word(random);
  }

  void find_where() {
    for (const SqlToken& token : tokens_) {
      if (!token.is_word("WHERE")) continue;
      facts_.where = std::string(sql_.substr(token.end()));
      const std::size_t first = facts_.where.find_first_not_of(" \t\r\n");
      facts_.where.erase(0, std::min(first, facts_.where.size()));
      return;
    }
  }

  std::string_view sql_;
  Tokens tokens_;
  SqlFacts facts_;
};

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::any_of(names.begin(), names.end(),
                     [&](const std::string& n) { return pipeline::same_ignoring_case(n, name); });
}

}  // namespace

std::vector<SqlFacts> facts_of(std::string_view script) {
  std::vector<SqlFacts> all;
  bool open = false;
  std::uint32_t transaction = 0;
  for (const pipeline::SqlPiece& piece : pipeline::split_sql(script)) {
    SqlFacts facts = Statement(piece.text).facts();
    if (facts.act == SqlAct::kBegin) open = true;
    if (!open || facts.act == SqlAct::kBegin) ++transaction;
    facts.in_transaction = open;
    facts.transaction = transaction;
    facts.offset = piece.offset, facts.length = piece.text.size(), facts.line = piece.line;
    if (facts.act == SqlAct::kCommit || facts.act == SqlAct::kRollback) open = false;
    all.push_back(std::move(facts));
  }
  return all;
}

std::vector<std::string> tables_written(const std::vector<SqlFacts>& facts) {
  std::vector<std::string> own, written;
  for (const SqlFacts& f : facts)
    if ((f.act == SqlAct::kCreate && !f.if_exists) || f.act == SqlAct::kDrop) own.push_back(f.table);
  for (const SqlFacts& f : facts) {
    const bool writes = f.act == SqlAct::kInsert || f.act == SqlAct::kUpdate || f.act == SqlAct::kDelete;
    if (f.act == SqlAct::kRename && !contains(written, f.renamed_to)) written.push_back(f.renamed_to);
    if (writes && !contains(own, f.table) && !contains(written, f.table)) written.push_back(f.table);
  }
  return written;
}

}  // namespace twice::lab
