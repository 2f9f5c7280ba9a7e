#include "pipeline/formats/columnar_parts.h"

namespace twice::pipeline::formats {
namespace {

void put_value(std::string& out, const SqlValue& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return put_varint(out, zigzag(*whole));
  if (const auto* real = std::get_if<double>(&value)) return put_real(out, *real);
  put_counted(out, std::get<std::string>(value));
}

/// Reads the footer; false from any function: it is damaged here.
class FooterReader {
 public:
  FooterReader(ByteCursor& bytes, std::uint64_t footer_at) : bytes_(bytes), footer_at_(footer_at) {}

  bool read() {
    std::uint64_t columns = 0, groups = 0;
    if (!number(columns) || columns == 0 || columns > bytes_.left()) return false;
    for (std::uint64_t c = 0; c < columns; ++c)
      if (!column()) return false;
    if (!number(groups) || groups > bytes_.left()) return false;
    for (std::uint64_t g = 0; g < groups; ++g)
      if (!group()) return false;
    return bytes_.left() == 0 && next_ == footer_at_;
  }

  Footer footer;

 private:
  bool number(std::uint64_t& to) {
    const auto n = bytes_.varint();
    if (n) to = *n;
    return n.has_value();
  }
  std::optional<std::string_view> text() {
    const auto size = bytes_.varint();
    return size ? bytes_.take(*size) : std::nullopt;
  }

  bool column() {
    const auto name = text();
    const auto type = bytes_.little_endian(1), optional = bytes_.little_endian(1);
    if (!name || !type || !optional || *type > 2 || *optional > 1) return false;
    if (!is_column_name(*name) || find_column(footer.schema, *name)) return false;
    footer.schema.push_back({std::string(*name), {static_cast<Type>(*type), *optional == 1}});
    return true;
  }

  bool group() {
    GroupPlace group;
    if (!number(group.rows)) return false;
    for (const Column& column : footer.schema)
      if (!chunk(group, column)) return false;
    footer.groups.push_back(std::move(group));
    return true;
  }

  // Chunks lie one after another, so that a file cannot claim the same bytes for many rows.
  bool chunk(GroupPlace& group, const Column& column) {
    ChunkPlace place;
    std::uint64_t has_bounds = 0;
    if (!number(place.at) || !number(place.size) || !number(place.nulls) || !number(has_bounds)) return false;
    if (place.at != next_ || place.size > footer_at_ - next_) return false;
    next_ += place.size;
    if (place.nulls > group.rows || (place.nulls > 0 && !column.type.optional)) return false;
    if (group.rows / 8 > place.size) return false;  // a row needs a bit at least
    if (has_bounds > 1) return false;
    if (has_bounds == 1) {
      auto low = value(column.type.type);
      auto high = low ? value(column.type.type) : std::nullopt;
      if (!high) return false;
      place.bounds = std::pair(std::move(*low), std::move(*high));
    }
    group.chunks.push_back(std::move(place));
    return true;
  }

  std::optional<SqlValue> value(Type type) {
    switch (type) {
      case Type::kInteger: {
        const auto n = bytes_.varint();
        return n ? std::optional(SqlValue(unzigzag(*n))) : std::nullopt;
      }
      case Type::kReal: {
        const auto real = bytes_.real();
        return real ? std::optional(SqlValue(*real)) : std::nullopt;
      }
      case Type::kText: {
        const auto found = text();
        return found ? std::optional(SqlValue(std::string(*found))) : std::nullopt;
      }
    }
    return std::nullopt;
  }

  ByteCursor& bytes_;
  std::uint64_t footer_at_, next_ = kColumnarMagic.size();
};

}  // namespace

void put_counted(std::string& out, std::string_view bytes) {
  put_varint(out, bytes.size());
  out += bytes;
}

void append_footer(const Footer& footer, std::string& out) {
  put_varint(out, footer.schema.size());
  for (const Column& column : footer.schema) {
    put_counted(out, column.name);
    out += static_cast<char>(column.type.type);
    out += static_cast<char>(column.type.optional);
  }
  put_varint(out, footer.groups.size());
  for (const GroupPlace& group : footer.groups) {
    put_varint(out, group.rows);
    for (const ChunkPlace& chunk : group.chunks) {
      put_varint(out, chunk.at);
      put_varint(out, chunk.size);
      put_varint(out, chunk.nulls);
      put_varint(out, chunk.bounds ? 1 : 0);
      if (!chunk.bounds) continue;
      put_value(out, chunk.bounds->first);
      put_value(out, chunk.bounds->second);
    }
  }
}

std::variant<Footer, std::string> read_footer(ByteCursor& bytes, std::uint64_t footer_at) {
  FooterReader reader(bytes, footer_at);
  if (!reader.read()) return std::string("the footer is damaged");
  return std::move(reader.footer);
}

}  // namespace twice::pipeline::formats
