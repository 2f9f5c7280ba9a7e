#include "pipeline/formats/columnar.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "core/assert.h"
#include "pipeline/formats/columnar_parts.h"

namespace twice::pipeline::formats {
namespace {

class ColumnarReader {
 public:
  ColumnarReader(std::string_view file, const ColumnarQuery& query) : file_(file), query_(query) {}

  std::variant<ColumnarRows, FormatError> read() {
    if (!open() || !choose()) return *error_;
    for (const GroupPlace& group : footer_.groups)
      if (!take(group)) return *error_;
    return std::move(result_);
  }

 private:
  bool fail(std::string message, std::uint64_t at) {
    error_ = FormatError{0, at, 0, 0, std::move(message)};
    return false;
  }

  bool open() {
    const std::size_t least = kColumnarMagic.size() + kColumnarTail;
    if (file_.size() < least || !file_.starts_with(kColumnarMagic) || !file_.ends_with(kColumnarMagic))
      return fail("this is no columnar file: it does not begin and end with TWC1", 0);
    const std::size_t tail_at = file_.size() - kColumnarTail;
    const std::uint64_t size = *ByteCursor(file_.substr(tail_at)).little_endian(4);
    if (size > tail_at - kColumnarMagic.size()) return fail("the footer would be larger than the file", tail_at);
    const std::size_t footer_at = tail_at - static_cast<std::size_t>(size);
    ByteCursor bytes(file_.substr(footer_at, static_cast<std::size_t>(size)));
    auto footer = read_footer(bytes, footer_at);
    if (auto* problem = std::get_if<std::string>(&footer)) return fail(std::move(*problem), footer_at + bytes.at());
    footer_ = std::get<Footer>(std::move(footer));
    result_.bytes_read = size + kColumnarTail;
    result_.groups = footer_.groups.size();
    if (query_.schema && *query_.schema != footer_.schema)
      return fail("the file's schema is not the one that was agreed", footer_at);
    return true;
  }

  bool choose() {
    if (!query_.columns)
      for (std::size_t c = 0; c < footer_.schema.size(); ++c) chosen_.push_back(c);
    else
      for (const std::string& name : *query_.columns) {
        const auto c = find_column(footer_.schema, name);
        if (!c) return fail(fmt::format("the file has no column '{}'", name), file_.size() - kColumnarTail);
        chosen_.push_back(*c);
      }
    if (query_.range) {
      range_ = find_column(footer_.schema, query_.range->column);
      if (!range_)
        return fail(fmt::format("the file has no column '{}'", query_.range->column), file_.size() - kColumnarTail);
    }
    for (const std::size_t c : chosen_) result_.table.columns.push_back(footer_.schema[c].name);
    return true;
  }

  bool may_hold(const ChunkPlace& chunk, std::uint64_t rows) const {
    if (chunk.nulls == rows) return false;
    return !chunk.bounds || !(chunk.bounds->second < query_.range->low || query_.range->high < chunk.bounds->first);
  }

  std::optional<std::vector<SqlValue>> column(const GroupPlace& group, std::size_t c) {
    const ChunkPlace& chunk = group.chunks[c];
    ByteCursor bytes(file_.substr(static_cast<std::size_t>(chunk.at), static_cast<std::size_t>(chunk.size)));
    auto read = read_chunk(bytes, footer_.schema[c], chunk, group.rows);
    result_.bytes_read += chunk.size;
    if (auto* problem = std::get_if<std::string>(&read))
      return fail(std::move(*problem), chunk.at + bytes.at()), std::nullopt;
    return std::get<std::vector<SqlValue>>(std::move(read));
  }

  bool take(const GroupPlace& group) {
    std::vector<bool> wanted(static_cast<std::size_t>(group.rows), true);
    if (range_) {
      if (!may_hold(group.chunks[*range_], group.rows)) return ++result_.groups_skipped, true;
      const auto values = column(group, *range_);
      if (!values) return false;
      for (std::size_t r = 0; r < values->size(); ++r)
        wanted[r] = !((*values)[r] < query_.range->low) && !(query_.range->high < (*values)[r]);
    }
    auto& rows = result_.table.rows;
    const std::size_t first = rows.size();
    rows.resize(first + static_cast<std::size_t>(std::count(wanted.begin(), wanted.end(), true)));
    for (const std::size_t c : chosen_) {
      if (c == range_) result_.bytes_read -= group.chunks[c].size;  // looked at once
      auto values = column(group, c);
      if (!values) return false;
      std::size_t to = first;
      for (std::size_t r = 0; r < values->size(); ++r)
        if (wanted[r]) rows[to++].push_back(std::move((*values)[r]));
    }
    return true;
  }

  std::string_view file_;
  const ColumnarQuery& query_;
  Footer footer_;
  std::vector<std::size_t> chosen_;
  std::optional<std::size_t> range_;
  ColumnarRows result_;
  std::optional<FormatError> error_;
};

}  // namespace

std::string write_columnar(const SqlTable& table, const Schema& schema, std::size_t rows_of_group) {
  TWICE_ASSERT(rows_of_group > 0, "a group of no rows");
  Footer footer{schema, {}};
  std::string out(kColumnarMagic);
  for (std::size_t first = 0; first < table.rows.size(); first += rows_of_group) {
    const std::size_t last = std::min(first + rows_of_group, table.rows.size());
    GroupPlace group{last - first, {}};
    for (std::size_t c = 0; c < schema.size(); ++c)
      group.chunks.push_back(append_chunk(table, schema[c], c, first, last, out));
    footer.groups.push_back(std::move(group));
  }
  const std::size_t footer_at = out.size();
  append_footer(footer, out);
  put_u32(out, static_cast<std::uint32_t>(out.size() - footer_at));
  out += kColumnarMagic;
  return out;
}

std::variant<ColumnarRows, FormatError> read_columnar(std::string_view file, const ColumnarQuery& query) {
  return ColumnarReader(file, query).read();
}

}  // namespace twice::pipeline::formats
