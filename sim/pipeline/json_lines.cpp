#include <algorithm>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "pipeline/source_file_error.h"

namespace twice::pipeline {
namespace {

using Json = nlohmann::json;

/// Takes one flat object at a time from the parser, into rows of one width.
class RowBuilder {
 public:
  explicit RowBuilder(SqlTable& table) : table_(&table) {}

  void begin_line() {
    depth_ = 0;
    problem_.clear();
    row_.assign(table_->columns.size(), Null{});
    next_ = 0;
  }
  void end_line() {
    first_ = false;
    table_->rows.push_back(std::move(row_));
  }
  const std::string& problem() const { return problem_; }
  std::size_t parse_error_at() const { return parse_error_at_; }

  // The parser's callbacks: false stops it.
  bool null() { return put(Null{}); }
  bool boolean(bool value) { return put(std::int64_t{value}); }
  bool number_integer(std::int64_t value) { return put(value); }
  bool number_unsigned(std::uint64_t value) {
    if (value > static_cast<std::uint64_t>(INT64_MAX)) return stop(fmt::format("{} does not fit 64 bits", value));
    return put(static_cast<std::int64_t>(value));
  }
  bool number_float(double value, const std::string&) { return put(value); }
  bool string(std::string& value) { return put(std::move(value)); }
  bool binary(Json::binary_t&) { return stop("binary data"); }
  bool start_object(std::size_t) {
    return ++depth_ == 1 || stop(fmt::format("'{}' holds an object: a row holds plain values", key_));
  }
  bool end_object() { return true; }
  bool start_array(std::size_t) {
    return stop(depth_ == 0 ? "a line must be one object"
                            : fmt::format("'{}' holds a list: a row holds plain values", key_));
  }
  bool end_array() { return true; }
  bool key(std::string& name) {
    key_ = std::move(name);
    auto& columns = table_->columns;
    // Most files repeat their keys in one order, so the next one is looked at first.
    if (next_ >= columns.size() || columns[next_] != key_) {
      next_ = static_cast<std::size_t>(std::find(columns.begin(), columns.end(), key_) - columns.begin());
      if (next_ == columns.size() && !first_) return stop(fmt::format("key '{}' is not in the first object", key_));
    } else if (first_) {
      return stop(fmt::format("key '{}' is there twice", key_));
    }
    if (first_) {
      if (next_ != columns.size()) return stop(fmt::format("key '{}' is there twice", key_));
      columns.push_back(key_);
      row_.push_back(Null{});
    }
    return true;
  }
  bool parse_error(std::size_t position, const std::string&, const Json::exception&) {
    parse_error_at_ = position;
    return stop("this line is not JSON");
  }

 private:
  bool stop(std::string problem) {
    problem_ = std::move(problem);
    return false;
  }
  bool put(SqlValue value) {
    if (depth_ == 0) return stop("a line must be one object");
    row_[next_++] = std::move(value);
    return true;
  }

  SqlTable* table_;
  SqlRow row_;
  std::string key_, problem_;
  std::size_t depth_ = 0, next_ = 0, parse_error_at_ = 0;
  bool first_ = true;
};

// The parser's callbacks know no position; the key does, or the first bracket that opens something inside.
std::size_t place_of_problem(std::string_view line, const RowBuilder& builder) {
  const std::string_view problem = builder.problem();
  if (problem == "this line is not JSON")
    return std::min(builder.parse_error_at() > 0 ? builder.parse_error_at() - 1 : 0, line.size());
  const std::size_t open = problem.find('\'');
  if (open == std::string_view::npos) return 0;
  const std::string quoted = fmt::format("\"{}\"", problem.substr(open + 1, problem.rfind('\'') - open - 1));
  const std::size_t at = line.rfind(quoted);
  return at == std::string_view::npos ? 0 : at;
}

}  // namespace

TableOrError read_json_lines(std::string_view text) {
  SqlTable table;
  RowBuilder builder(table);
  std::size_t at = text.substr(0, kByteOrderMark.size()) == kByteOrderMark ? kByteOrderMark.size() : 0;
  while (at < text.size()) {
    std::string_view line = text.substr(at, text.substr(at).find('\n'));
    const std::size_t next = at + line.size() + 1;
    if (line.find_first_not_of(" \t\r") != std::string_view::npos) {
      builder.begin_line();
      if (!Json::sax_parse(line.begin(), line.end(), &builder))
        return file_error(text, at + place_of_problem(line, builder), builder.problem(),
                          "one flat JSON object a line: {\"order_id\": 1, \"amount\": 30}");
      builder.end_line();
    }
    at = next;
  }
  if (table.columns.empty()) return file_error(text, 0, "the file has no rows", "one flat JSON object a line");
  return table;
}

}  // namespace twice::pipeline
