#include "pipeline/formats/csv_cells.h"

#include <optional>
#include <utility>

#include <fmt/format.h>

#include "pipeline/formats/source_file_error.h"

namespace twice::pipeline {

std::string text_of(const CsvCell& cell) {
  if (!cell.doubled) return std::string(cell.raw());
  std::string result;
  for (std::size_t i = 0; i < cell.size; ++i) {
    result += cell.begin[i];
    if (cell.begin[i] == '"') ++i;
  }
  return result;
}

namespace {

/// Splits the file into cells. Lines are numbered only when an error needs it.
class CsvReader {
 public:
  explicit CsvReader(std::string_view text) : text_(text) {
    if (text_.substr(0, kByteOrderMark.size()) == kByteOrderMark) at_ = kByteOrderMark.size();
  }

  std::variant<CsvCells, FileError> read() {
    if (at_ >= text_.size()) return file_error(text_, 0, "the file is empty", "its first line names the columns");
    const std::size_t header_at = at_;
    if (!read_record()) return *error_;
    std::vector<std::string> columns;
    for (const CsvCell& cell : cells_) columns.push_back(text_of(cell));
    if (!check_header(columns, header_at)) return *error_;
    const std::size_t width = cells_.size();
    cells_.clear();
    while (at_ < text_.size()) {
      const std::size_t start = at_, had = cells_.size();
      if (!read_record()) return *error_;
      if (cells_.size() - had != width && !ragged(start, had, width)) return *error_;
    }
    return CsvCells{std::move(columns), std::move(cells_)};
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

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<CsvCell> cells_;
  std::optional<FileError> error_;
};

}  // namespace

std::variant<CsvCells, FileError> CsvCells::split(std::string_view text) { return CsvReader(text).read(); }

}  // namespace twice::pipeline
