#include "pipeline/formats/avro.h"

#include <avro.h>

#include <array>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "core/assert.h"
#include "core/visit.h"
#include "pipeline/formats/avro_schema.h"
#include "pipeline/formats/bytes.h"

namespace twice::pipeline::formats {
namespace {

constexpr std::string_view kMagic{"Obj\x01", 4};
constexpr std::size_t kSyncSize = 16, kBlockSize = 16'384;

/// One record of avro-c, and what it is read from and written to.
class Record {
 public:
  explicit Record(const Schema& schema) : schema_(schema), reader_(avro_reader_memory("", 0)) {
    const std::string text = avro_schema_text(schema);
    TWICE_ASSERT(avro_schema_from_json_length(text.data(), text.size(), &avro_schema_) == 0, avro_strerror());
    class_ = avro_generic_class_from_schema(avro_schema_);
    TWICE_ASSERT(avro_generic_value_new(class_, &value_) == 0, avro_strerror());
    writer_ = avro_writer_memory(nullptr, 0);
  }
  ~Record() {
    avro_writer_free(writer_);
    avro_reader_free(reader_);
    avro_value_decref(&value_);
    avro_value_iface_decref(class_);
    avro_schema_decref(avro_schema_);
  }
  Record(const Record&) = delete;
  Record& operator=(const Record&) = delete;

  void append(const SqlRow& row, std::string& out) {
    avro_value_reset(&value_);
    for (std::size_t c = 0; c < row.size(); ++c) set(c, row[c]);
    std::size_t size = 0;
    TWICE_ASSERT(avro_value_sizeof(&value_, &size) == 0, avro_strerror());
    const std::size_t old = out.size();
    out.resize(old + size);
    avro_writer_memory_set_dest(writer_, out.data() + old, static_cast<std::int64_t>(size));
    TWICE_ASSERT(avro_value_write(writer_, &value_) == 0, avro_strerror());
  }

  /// The bytes of exactly one record; nullopt: avro-c says no.
  std::optional<SqlRow> read(std::string_view bytes) {
    avro_value_reset(&value_);
    avro_reader_memory_set_source(reader_, bytes.data(), static_cast<std::int64_t>(bytes.size()));
    if (avro_value_read(reader_, &value_) != 0) return std::nullopt;
    SqlRow row;
    row.reserve(schema_.size());
    for (std::size_t c = 0; c < schema_.size(); ++c) row.push_back(get(c));
    return row;
  }

 private:
  void set(std::size_t c, const SqlValue& value) {
    avro_value_t field;
    avro_value_get_by_index(&value_, c, &field, nullptr);
    if (schema_[c].type.optional) {
      avro_value_t branch;
      avro_value_set_branch(&field, std::holds_alternative<Null>(value) ? 0 : 1, &branch);
      field = branch;
    }
    if (const auto* whole = std::get_if<std::int64_t>(&value))
      avro_value_set_long(&field, *whole);
    else if (const auto* real = std::get_if<double>(&value))
      avro_value_set_double(&field, *real);
    else if (const auto* text = std::get_if<std::string>(&value))  // avro-c counts the terminating null
      avro_value_set_string_len(&field, const_cast<char*>(text->c_str()), text->size() + 1);
    else
      avro_value_set_null(&field);
  }

  SqlValue get(std::size_t c) {
    avro_value_t field;
    avro_value_get_by_index(&value_, c, &field, nullptr);
    if (schema_[c].type.optional) {
      int branch = 0;
      avro_value_get_discriminant(&field, &branch);
      if (branch == 0) return Null{};
      avro_value_t inner;
      avro_value_get_current_branch(&field, &inner);
      field = inner;
    }
    switch (schema_[c].type.type) {
      case Type::kInteger: {
        std::int64_t whole = 0;
        avro_value_get_long(&field, &whole);
        return whole;
      }
      case Type::kReal: {
        double real = 0;
        avro_value_get_double(&field, &real);
        return real;
      }
      case Type::kText: {
        const char* text = nullptr;
        std::size_t size = 1;
        avro_value_get_string(&field, &text, &size);
        return std::string(text, size - 1);
      }
    }
    return Null{};
  }

  const Schema& schema_;
  avro_schema_t avro_schema_{};
  avro_value_iface_t* class_{};
  avro_value_t value_{};
  avro_reader_t reader_;
  avro_writer_t writer_{};
};

std::string sync_marker(std::string_view schema) {
  std::string sync;
  put_u64(sync, mix(hash_text(schema), 1));
  put_u64(sync, mix(hash_text(schema), 2));
  return sync;
}

void put_long(std::string& out, std::uint64_t n) { put_varint(out, zigzag(static_cast<std::int64_t>(n))); }

void put_sized(std::string& out, std::string_view bytes) {
  put_long(out, bytes.size());
  out += bytes;
}

/// Walks an untrusted container. Lengths are checked before avro-c sees a record: it would allocate what they claim.
class Container {
 public:
  explicit Container(std::string_view file) : file_(file), cursor_(file) {}

  TableOrFormatError read(const Schema* wanted) {
    if (!header()) return *error_;
    if (wanted && schema_ != *wanted) {
      fail("the file's schema is not the one that was agreed", 0);
      return *error_;
    }
    for (const Column& column : schema_) table_.columns.push_back(column.name);
    Record record(schema_);
    while (cursor_.left() > 0)
      if (!block(record)) return *error_;
    return std::move(table_);
  }

 private:
  bool fail(std::string message, std::size_t at) {
    error_ = FormatError{row_, at, 0, 0, std::move(message)};
    return false;
  }
  bool ends_early() { return fail("the file ends in the middle, or a number in it is none", cursor_.at()); }

  std::optional<std::int64_t> integer() {
    const auto n = cursor_.varint();
    return n ? std::optional(unzigzag(*n)) : std::nullopt;
  }
  std::optional<std::string_view> bytes() {
    const auto size = integer();
    if (!size || *size < 0) return std::nullopt;
    return cursor_.take(static_cast<std::uint64_t>(*size));
  }

  bool header() {
    if (cursor_.take(kMagic.size()) != kMagic) return fail("this is no Avro file: it does not begin with Obj", 0);
    std::optional<std::string_view> schema;
    std::string_view codec = "null";
    while (true) {
      auto count = integer();
      if (count && *count < 0) {  // a count below zero is followed by the size in bytes
        count = unzigzag(zigzag(*count) + 1);
        if (!integer()) return ends_early();
      }
      if (!count) return ends_early();
      if (*count == 0) break;
      for (std::int64_t i = 0; i < *count; ++i) {
        const auto key = bytes();
        const auto value = key ? bytes() : std::nullopt;
        if (!value) return ends_early();
        if (*key == "avro.schema") schema = value;
        if (*key == "avro.codec") codec = *value;
      }
    }
    if (codec != "null") return fail("the file is compressed with a codec other than 'null'", cursor_.at());
    const auto parsed = schema ? parse_avro_schema(*schema) : std::nullopt;
    if (!parsed) return fail("the header holds no schema of a record of long, double and string", cursor_.at());
    schema_ = *parsed;
    const auto sync = cursor_.take(kSyncSize);
    if (!sync) return ends_early();
    sync_ = *sync;
    return true;
  }

  bool block(Record& record) {
    const auto count = integer();
    const auto size = integer();
    if (!count || !size || *count < 0 || *size < 0) return ends_early();
    const std::size_t begin = cursor_.at();
    if (!cursor_.take(static_cast<std::uint64_t>(*size))) return ends_early();
    ByteCursor inside(file_.substr(0, cursor_.at()));
    inside.take(begin);
    for (std::int64_t i = 0; i < *count; ++i)
      if (!one(record, inside)) return false;
    row_ = 0;
    if (inside.left() > 0) return fail("a block has bytes after its last record", inside.at());
    const std::size_t at = cursor_.at();
    return cursor_.take(kSyncSize) == sync_ || fail("a block does not end with the file's sync marker", at);
  }

  bool one(Record& record, ByteCursor& inside) {
    row_ = table_.rows.size() + 1;
    const std::size_t begin = inside.at();
    for (const Column& column : schema_)
      if (!skim(column, inside)) return fail(fmt::format("'{}' does not end in its block", column.name), inside.at());
    auto row = record.read(file_.substr(begin, inside.at() - begin));
    if (!row) return fail(avro_strerror(), begin);
    for (std::size_t c = 0; c < schema_.size(); ++c)
      if (auto problem = misfit(schema_[c], (*row)[c])) return fail(std::move(*problem), begin);
    table_.rows.push_back(std::move(*row));
    return true;
  }

  static bool skim(const Column& column, ByteCursor& inside) {
    if (column.type.optional) {
      const auto branch = inside.varint();
      if (!branch || *branch > 2 || *branch == 1) return false;
      if (*branch == 0) return true;
    }
    if (column.type.type == Type::kReal) return inside.take(8).has_value();
    const auto n = inside.varint();
    if (!n || column.type.type == Type::kInteger) return n.has_value();
    return unzigzag(*n) >= 0 && inside.take(static_cast<std::uint64_t>(unzigzag(*n)));
  }

  std::string_view file_;
  ByteCursor cursor_;
  Schema schema_;
  std::string_view sync_;
  SqlTable table_;
  std::uint64_t row_ = 0;
  std::optional<FormatError> error_;
};

}  // namespace

std::string write_avro(const SqlTable& table, const Schema& schema) {
  const std::string text = avro_schema_text(schema), sync = sync_marker(text);
  std::string out(kMagic);
  put_long(out, 2);
  put_sized(out, "avro.codec");
  put_sized(out, "null");
  put_sized(out, "avro.schema");
  put_sized(out, text);
  put_long(out, 0);
  out += sync;
  Record record(schema);
  std::string block;
  std::uint64_t count = 0;
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    record.append(table.rows[r], block);
    ++count;
    if (block.size() < kBlockSize && r + 1 < table.rows.size()) continue;
    put_long(out, count);
    put_sized(out, block);
    out += sync;
    block.clear();
    count = 0;
  }
  return out;
}

TableOrFormatError read_avro(std::string_view file, const Schema* schema) { return Container(file).read(schema); }

}  // namespace twice::pipeline::formats
