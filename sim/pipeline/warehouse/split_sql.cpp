#include "pipeline/warehouse/split_sql.h"

#include <algorithm>

#include "pipeline/warehouse/sql_tokens.h"

namespace twice::pipeline {
namespace {

/// Follows one statement to its end. The body of CREATE [TEMP] TRIGGER ends with "; END ;" and nothing less.
class StatementEnd {
 public:
  bool reached_by(const SqlToken& token) {
    note_head(token);
    const bool ends = token.is_symbol(";") && (!is_trigger_ || body_closed_);
    body_closed_ = is_trigger_ && after_semicolon_ && token.is_word("END");
    after_semicolon_ = token.is_symbol(";");
    return ends;
  }

 private:
  enum class Head : std::uint8_t { kStart, kCreate, kOther };

  void note_head(const SqlToken& token) {
    switch (head_) {
      case Head::kStart:
        if (token.is_word("CREATE"))
          head_ = Head::kCreate;
        else if (!token.is_word("EXPLAIN") && !token.is_word("QUERY") && !token.is_word("PLAN"))
          head_ = Head::kOther;
        break;
      case Head::kCreate:
        if (token.is_word("TEMP") || token.is_word("TEMPORARY")) break;
        is_trigger_ = token.is_word("TRIGGER");
        head_ = Head::kOther;
        break;
      case Head::kOther:
        break;
    }
  }

  Head head_ = Head::kStart;
  bool is_trigger_ = false, after_semicolon_ = false, body_closed_ = false;
};

}  // namespace

std::vector<SqlPiece> split_sql(std::string_view script) {
  std::vector<SqlPiece> pieces;
  SqlTokens tokens(script);
  StatementEnd end;
  std::size_t first = 0, last_end = 0, counted_to = 0;
  std::uint32_t line = 1;
  const auto finish = [&] {
    if (last_end == 0) return;
    line += static_cast<std::uint32_t>(std::count(script.begin() + counted_to, script.begin() + first, '\n'));
    counted_to = first;
    pieces.push_back({script.substr(first, last_end - first), first, line});
    last_end = 0;
  };
  while (const auto token = tokens.next()) {
    if (end.reached_by(*token)) {
      finish();
      end = {};
      continue;
    }
    if (last_end == 0) first = token->offset;
    last_end = token->end();
  }
  finish();
  return pieces;
}

}  // namespace twice::pipeline
