#include "pipeline/formats/json_line.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace twice::pipeline {
namespace {

using Json = nlohmann::json;

/// The parser's callbacks: false stops it.
class Taker {
 public:
  explicit Taker(JsonLine& to) : to_(&to) {}

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
    return ++depth_ == 1 || stop(fmt::format("'{}' holds an object: a row holds plain values", key_), true);
  }
  bool end_object() { return true; }
  bool start_array(std::size_t) {
    return depth_ == 0 ? stop("a line must be one object")
                       : stop(fmt::format("'{}' holds a list: a row holds plain values", key_), true);
  }
  bool end_array() { return true; }
  bool key(std::string& name) {
    key_ = std::move(name);
    return true;
  }
  bool parse_error(std::size_t position, const std::string&, const Json::exception&) {
    to_->problem = "this line is not JSON";
    to_->problem_at = position > 0 ? position - 1 : 0;
    return false;
  }

  // The callbacks know no position; the key does.
  bool of_key() const { return of_key_; }
  const std::string& key() const { return key_; }

 private:
  bool stop(std::string problem, bool of_key = false) {
    to_->problem = std::move(problem);
    of_key_ = of_key;
    return false;
  }
  bool put(SqlValue value) {
    if (depth_ == 0) return stop("a line must be one object");
    to_->fields.emplace_back(key_, std::move(value));
    return true;
  }

  JsonLine* to_;
  std::string key_;
  std::size_t depth_ = 0;
  bool of_key_ = false;
};

}  // namespace

bool JsonLine::read(std::string_view line) {
  fields.clear();
  problem.clear();
  problem_at = 0;
  Taker taker(*this);
  if (Json::sax_parse(line.begin(), line.end(), &taker)) return true;
  if (taker.of_key()) problem_at = place_of_key(line, taker.key());
  problem_at = std::min(problem_at, line.size());
  return false;
}

std::size_t place_of_key(std::string_view line, std::string_view key) {
  const std::size_t at = line.rfind(fmt::format("\"{}\"", key));
  return at == std::string_view::npos ? 0 : at;
}

}  // namespace twice::pipeline
