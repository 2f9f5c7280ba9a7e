#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "pipeline/formats/columnar_parts.h"

namespace twice::pipeline::formats {
namespace {

enum class Encoding : std::uint8_t { kPlain, kDictionary };

constexpr std::size_t kLongestBound = 32;
constexpr std::uint64_t kMostText = 64u << 20;  // of a chunk with a dictionary, which could claim any size

using Values = std::vector<const SqlValue*>;

std::string plain(const Values& values, Type type) {
  std::string out;
  std::uint64_t last = 0;
  for (const SqlValue* value : values) switch (type) {
      case Type::kInteger: {
        const auto whole = static_cast<std::uint64_t>(std::get<std::int64_t>(*value));
        put_varint(out, zigzag(static_cast<std::int64_t>(whole - last)));
        last = whole;
        break;
      }
      case Type::kReal:
        put_real(out, std::get<double>(*value));
        break;
      case Type::kText:
        put_counted(out, std::get<std::string>(*value));
        break;
    }
  return out;
}

std::string dictionary(const Values& values) {
  std::map<std::string_view, std::uint64_t> number;  // in the order in which they first appear
  std::string entries, indices;
  for (const SqlValue* value : values) {
    const auto& text = std::get<std::string>(*value);
    const auto [at, is_new] = number.emplace(text, number.size());
    if (is_new) put_counted(entries, text);
    put_varint(indices, at->second);
  }
  std::string out;
  put_varint(out, number.size());
  return out + entries + indices;
}

std::optional<std::pair<SqlValue, SqlValue>> bounds_of(const Values& values) {
  if (values.empty()) return std::nullopt;
  const auto less = [](const SqlValue* a, const SqlValue* b) { return *a < *b; };
  const auto [low, high] = std::minmax_element(values.begin(), values.end(), less);
  for (const SqlValue* bound : {*low, *high})
    if (const auto* text = std::get_if<std::string>(bound); text && text->size() > kLongestBound) return std::nullopt;
  return std::pair(**low, **high);
}

/// Takes the values of one chunk.
class ChunkReader {
 public:
  ChunkReader(ByteCursor& bytes, Type type) : bytes_(bytes), type_(type) {}

  bool begin() {
    const auto encoding = bytes_.little_endian(1);
    if (!encoding || *encoding > 1) return false;
    has_dictionary_ = *encoding == static_cast<std::uint64_t>(Encoding::kDictionary);
    return !has_dictionary_ || type_ == Type::kText;
  }

  bool read_dictionary() {
    if (!has_dictionary_) return true;
    const auto count = bytes_.varint();
    if (!count || *count > bytes_.left()) return false;
    for (std::uint64_t i = 0; i < *count; ++i) {
      const auto size = bytes_.varint();
      const auto text = size ? bytes_.take(*size) : std::nullopt;
      if (!text || !is_utf8(*text)) return false;
      entries_.push_back(*text);
    }
    return true;
  }

  std::optional<SqlValue> value() {
    if (has_dictionary_) return from_dictionary();
    switch (type_) {
      case Type::kInteger: {
        const auto difference = bytes_.varint();
        if (!difference) return std::nullopt;
        last_ += static_cast<std::uint64_t>(unzigzag(*difference));
        return static_cast<std::int64_t>(last_);
      }
      case Type::kReal: {
        const auto real = bytes_.real();
        if (!real || *real - *real != 0) return std::nullopt;
        return *real;
      }
      case Type::kText: {
        const auto size = bytes_.varint();
        const auto text = size ? bytes_.take(*size) : std::nullopt;
        if (!text || !is_utf8(*text)) return std::nullopt;
        return std::string(*text);
      }
    }
    return std::nullopt;
  }

 private:
  std::optional<SqlValue> from_dictionary() {
    const auto index = bytes_.varint();
    if (!index || *index >= entries_.size()) return std::nullopt;
    const std::string_view text = entries_[static_cast<std::size_t>(*index)];
    text_so_far_ += text.size();
    if (text_so_far_ > kMostText) return std::nullopt;
    return std::string(text);
  }

  ByteCursor& bytes_;
  Type type_;
  bool has_dictionary_ = false;
  std::vector<std::string_view> entries_;
  std::uint64_t last_ = 0, text_so_far_ = 0;
};

}  // namespace

ChunkPlace append_chunk(const SqlTable& table, const Column& column, std::size_t c, std::size_t first, std::size_t last,
                        std::string& out) {
  Values values;
  std::string present((last - first + 7) / 8, '\0');
  for (std::size_t r = first; r < last; ++r) {
    if (std::holds_alternative<Null>(table.rows[r][c])) continue;
    values.push_back(&table.rows[r][c]);
    char& bits = present[(r - first) / 8];
    bits = static_cast<char>(static_cast<unsigned char>(bits) | (1u << ((r - first) % 8)));
  }
  std::string data = plain(values, column.type.type);
  Encoding encoding = Encoding::kPlain;
  if (column.type.type == Type::kText && data.size() <= kMostText)
    if (std::string shorter = dictionary(values); shorter.size() < data.size()) {
      data = std::move(shorter);
      encoding = Encoding::kDictionary;
    }
  ChunkPlace place{out.size(), 0, last - first - values.size(), bounds_of(values)};
  out += static_cast<char>(encoding);
  if (place.nulls > 0) out += present;
  out += data;
  place.size = out.size() - place.at;
  return place;
}

std::variant<std::vector<SqlValue>, std::string> read_chunk(ByteCursor& bytes, const Column& column,
                                                            const ChunkPlace& place, std::uint64_t rows) {
  ChunkReader reader(bytes, column.type.type);
  if (!reader.begin()) return fmt::format("'{}' is encoded in no way that is known", column.name);
  std::string_view present;
  if (place.nulls > 0) {
    const auto bits = bytes.take((rows + 7) / 8);
    if (!bits) return fmt::format("the chunk of '{}' ends early", column.name);
    present = *bits;
  }
  if (!reader.read_dictionary()) return fmt::format("the dictionary of '{}' cannot be read", column.name);
  std::vector<SqlValue> values;
  std::uint64_t nulls = 0;
  for (std::uint64_t r = 0; r < rows; ++r) {
    if (!present.empty() && !(static_cast<unsigned char>(present[r / 8]) >> (r % 8) & 1u)) {
      values.emplace_back(Null{});
      ++nulls;
      continue;
    }
    auto value = reader.value();
    if (!value) return fmt::format("a value of '{}' cannot be read", column.name);
    values.push_back(std::move(*value));
  }
  if (bytes.left() > 0) return fmt::format("the chunk of '{}' is longer than its values", column.name);
  if (nulls != place.nulls)
    return fmt::format("'{}' has {} NULLs and the footer says {}", column.name, nulls, place.nulls);
  return values;
}

}  // namespace twice::pipeline::formats
