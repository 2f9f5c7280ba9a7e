#pragma once
// The words of SQL, as SQLite separates them. Comments and blanks are skipped.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace twice::pipeline {

enum class SqlTokenKind : std::uint8_t {
  kWord,    // keyword or name
  kQuoted,  // "name", `name`, [name]
  kText,    // 'text', x'00ff'
  kNumber,
  kParameter,  // :name @name $name ?1
  kSymbol,     // one character, or ::
};

struct SqlToken {
  SqlTokenKind kind = SqlTokenKind::kSymbol;
  std::string_view text;   // as written, quotes included
  std::size_t offset = 0;  // in bytes

  std::size_t end() const { return offset + text.size(); }
  bool is_symbol(std::string_view symbol) const { return kind == SqlTokenKind::kSymbol && text == symbol; }
  /// Without regard to the case of ASCII letters.
  bool is_word(std::string_view word) const;
};

bool same_ignoring_case(std::string_view a, std::string_view b);

/// Walks a text token by token, in constant memory. An unfinished quote or comment reaches to the end.
class SqlTokens {
 public:
  explicit SqlTokens(std::string_view sql) : sql_(sql) {}
  std::optional<SqlToken> next();

 private:
  void skip_blanks();
  std::size_t quote_end(char closing) const;
  std::size_t word_end(std::size_t from) const;
  SqlToken take(SqlTokenKind kind, std::size_t end);

  std::string_view sql_;
  std::size_t at_ = 0;
};

}  // namespace twice::pipeline
