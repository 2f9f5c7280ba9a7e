#include <charconv>
#include <optional>
#include <system_error>

#include <fmt/format.h>

#include "pipeline/source_file_error.h"

namespace twice::pipeline {
namespace {

/// A field as it lies in the file; doubled quotes are still doubled.
struct Cell {
  const char* begin = nullptr;
  std::uint32_t size = 0;
  bool quoted = false;
  bool doubled = false;
  std::string_view raw() const { return {begin, size}; }
  bool is_null() const { return size == 0 && !quoted; }
};

std::string text_of(const Cell& cell) {
  if (!cell.doubled) return std::string(cell.raw());
  std::string result;
  for (std::size_t i = 0; i < cell.size; ++i) {
    result += cell.begin[i];
    if (cell.begin[i] == '"') ++i;
  }
  return result;
}

enum class Kind : std::uint8_t { kInteger, kReal, kText };

bool all_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// As SQL prints numbers: no plus sign, no leading zeros, digits on both sides of the point.
Kind kind_of(std::string_view text) {
  if (!text.empty() && text.front() == '-') text.remove_prefix(1);
  const std::string_view whole = text.substr(0, text.find_first_of(".eE"));
  if (!all_digits(whole) || (whole.size() > 1 && whole.front() == '0')) return Kind::kText;
  if (whole.size() == text.size()) return Kind::kInteger;
  std::string_view rest = text.substr(whole.size());
  if (rest.front() == '.') {
    const std::string_view digits = rest.substr(1, rest.substr(1).find_first_of("eE"));
    if (!all_digits(digits)) return Kind::kText;
    rest.remove_prefix(1 + digits.size());
  }
  if (rest.empty()) return Kind::kReal;
  rest.remove_prefix(1);
  if (!rest.empty() && (rest.front() == '-' || rest.front() == '+')) rest.remove_prefix(1);
  return all_digits(rest) ? Kind::kReal : Kind::kText;
}

template <class Number>
std::optional<Number> number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

Kind kind_of(const Cell& cell) {
  if (cell.quoted) return Kind::kText;
  const Kind kind = kind_of(cell.raw());
  if (kind == Kind::kInteger && !number<std::int64_t>(cell.raw())) return Kind::kText;  // does not fit
  if (kind == Kind::kReal && !number<double>(cell.raw())) return Kind::kText;
  return kind;
}

SqlValue value_of(const Cell& cell, Kind kind) {
  if (cell.is_null()) return Null{};
  switch (kind) {
    case Kind::kInteger:
      return *number<std::int64_t>(cell.raw());
    case Kind::kReal:
      return *number<double>(cell.raw());
    case Kind::kText:
      return text_of(cell);
  }
  return Null{};
}

/// Splits the file into cells. Lines are numbered only when an error needs it.
class CsvReader {
 public:
  explicit CsvReader(std::string_view text) : text_(text) {
    if (text_.substr(0, kByteOrderMark.size()) == kByteOrderMark) at_ = kByteOrderMark.size();
  }

  TableOrError read() {
    if (at_ >= text_.size()) return file_error(text_, 0, "the file is empty", "its first line names the columns");
    const std::size_t header_at = at_;
    if (!read_record()) return *error_;
    SqlTable table;
    for (const Cell& cell : cells_) table.columns.push_back(text_of(cell));
    if (!check_header(table.columns, header_at)) return *error_;
    const std::size_t width = cells_.size();
    cells_.clear();
    while (at_ < text_.size()) {
      const std::size_t start = at_, had = cells_.size();
      if (!read_record()) return *error_;
      if (cells_.size() - had != width && !ragged(start, had, width)) return *error_;
    }
    fill(table, width);
    return table;
  }

 private:
  bool fail(std::size_t at, std::string message, std::string help = {}) {
    error_ = file_error(text_, at, std::move(message), std::move(help));
    return false;
  }

  bool check_header(const std::vector<std::string>& columns, std::size_t at) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (columns[i].empty())
        return fail(at, fmt::format("column {} has no name", i + 1), "the first line names the columns");
      for (std::size_t j = 0; j < i; ++j)
        if (columns[i] == columns[j]) return fail(at, fmt::format("column '{}' is there twice", columns[i]));
    }
    return true;
  }

  // A blank line at the end of the file is no record; any other line of another width is an error.
  bool ragged(std::size_t start, std::size_t had, std::size_t width) {
    const std::size_t found = cells_.size() - had;
    const bool blank = found == 1 && cells_.back().is_null();
    if (blank && at_ >= text_.size()) return cells_.pop_back(), true;
    const std::size_t where =
        found > width ? static_cast<std::size_t>(cells_[had + width].begin - text_.data()) : start;
    return fail(where, fmt::format("this row has {} field{}, the header has {}", found, found == 1 ? "" : "s", width),
                "a comma or a line end inside a field needs quotes around the field");
  }

  bool read_record() {
    while (true) {
      if (at_ < text_.size() && text_[at_] == '"') {
        if (!read_quoted()) return false;
      } else {
        read_plain();
      }
      if (at_ < text_.size() && text_[at_] == ',') {
        ++at_;
        continue;
      }
      if (text_.substr(at_, 2) == "\r\n") ++at_;
      ++at_;
      return true;
    }
  }

  void read_plain() {
    const std::size_t start = at_;
    while (at_ < text_.size() && text_[at_] != ',' && text_[at_] != '\n') ++at_;
    if (at_ > start && text_[at_ - 1] == '\r' && (at_ == text_.size() || text_[at_] == '\n')) --at_;
    add(start, at_, false, false);
  }

  bool read_quoted() {
    const std::size_t open = at_++;
    bool doubled = false;
    while (at_ < text_.size()) {
      if (text_[at_] != '"') {
        ++at_;
      } else if (text_.substr(at_, 2) == "\"\"") {
        doubled = true;
        at_ += 2;
      } else {
        add(open + 1, at_, true, doubled);
        ++at_;
        const bool ends = at_ >= text_.size() || text_[at_] == ',' || text_[at_] == '\n' || text_[at_] == '\r';
        return ends ||
               fail(at_, "text after the closing quote of a field", "a quote inside a quoted field is written twice");
      }
    }
    return fail(open, "this quoted field never ends", "a quoted field ends with a quote");
  }

  void add(std::size_t from, std::size_t to, bool quoted, bool doubled) {
    cells_.push_back({text_.data() + from, static_cast<std::uint32_t>(to - from), quoted, doubled});
  }

  void fill(SqlTable& table, std::size_t width) {
    std::vector<Kind> kinds(width, Kind::kInteger);
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      Kind& kind = kinds[i % width];
      if (kind != Kind::kText && !cells_[i].is_null()) kind = std::max(kind, kind_of(cells_[i]));
    }
    table.rows.reserve(cells_.size() / width);
    for (std::size_t i = 0; i < cells_.size(); i += width) {
      SqlRow row;
      row.reserve(width);
      for (std::size_t c = 0; c < width; ++c) row.push_back(value_of(cells_[i + c], kinds[c]));
      table.rows.push_back(std::move(row));
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<Cell> cells_;
  std::optional<FileError> error_;
};

}  // namespace

TableOrError read_csv(std::string_view text) { return CsvReader(text).read(); }

}  // namespace twice::pipeline
