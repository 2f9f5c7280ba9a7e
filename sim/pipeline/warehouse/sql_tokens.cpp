#include "pipeline/warehouse/sql_tokens.h"

#include <algorithm>

namespace twice::pipeline {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }
/// Bytes beyond ASCII belong to words.
bool starts_word(char c) {
  return (lower(c) >= 'a' && lower(c) <= 'z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool in_word(char c) { return starts_word(c) || is_digit(c) || c == '$'; }

}  // namespace

bool same_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

bool SqlToken::is_word(std::string_view word) const {
  return kind == SqlTokenKind::kWord && same_ignoring_case(text, word);
}

void SqlTokens::skip_blanks() {
  while (at_ < sql_.size()) {
    const std::string_view rest = sql_.substr(at_);
    std::size_t end = at_;
    if (is_blank(rest[0]))
      end = at_ + 1;
    else if (rest.substr(0, 2) == "--")
      end = sql_.find('\n', at_);
    else if (rest.substr(0, 2) == "/*")
      end = sql_.find("*/", at_ + 2) == std::string_view::npos ? sql_.size() : sql_.find("*/", at_ + 2) + 2;
    else
      return;
    at_ = std::min(end, sql_.size());
  }
}

/// A doubled closing quote is part of the text; brackets have none.
std::size_t SqlTokens::quote_end(char closing) const {
  for (std::size_t i = at_ + 1; i < sql_.size(); ++i) {
    if (sql_[i] != closing) continue;
    if (closing != ']' && i + 1 < sql_.size() && sql_[i + 1] == closing)
      ++i;
    else
      return i + 1;
  }
  return sql_.size();
}

std::size_t SqlTokens::word_end(std::size_t from) const {
  while (from < sql_.size() && in_word(sql_[from])) ++from;
  return from;
}

SqlToken SqlTokens::take(SqlTokenKind kind, std::size_t end) {
  const SqlToken token{kind, sql_.substr(at_, end - at_), at_};
  at_ = end;
  return token;
}

std::optional<SqlToken> SqlTokens::next() {
  skip_blanks();
  if (at_ >= sql_.size()) return std::nullopt;
  const char c = sql_[at_];
  const char after = at_ + 1 < sql_.size() ? sql_[at_ + 1] : '\0';
  if (c == '\'') return take(SqlTokenKind::kText, quote_end('\''));
  if (c == '"' || c == '`') return take(SqlTokenKind::kQuoted, quote_end(c));
  if (c == '[') return take(SqlTokenKind::kQuoted, quote_end(']'));
  if (lower(c) == 'x' && after == '\'') {
    const std::size_t start = at_++;
    const std::size_t end = quote_end('\'');
    at_ = start;
    return take(SqlTokenKind::kText, end);
  }
  if (starts_word(c)) return take(SqlTokenKind::kWord, word_end(at_));
  if (is_digit(c) || (c == '.' && is_digit(after))) {
    std::size_t end = at_ + 1;
    while (end < sql_.size() && (in_word(sql_[end]) || sql_[end] == '.')) ++end;
    return take(SqlTokenKind::kNumber, end);
  }
  if (c == '?' || ((c == ':' || c == '@' || c == '$') && in_word(after)))
    return take(SqlTokenKind::kParameter, word_end(at_ + 1));
  if (c == ':' && after == ':') return take(SqlTokenKind::kSymbol, at_ + 2);
  return take(SqlTokenKind::kSymbol, at_ + 1);
}

}  // namespace twice::pipeline
