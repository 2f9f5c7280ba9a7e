// The binary formats: what other programs make of our Avro, and what a columnar reader leaves unread.
#include <avro.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "formats/orders.h"
#include "pipeline/formats/avro.h"
#include "pipeline/formats/columnar.h"
#include "pipeline/formats/columnar_parts.h"

namespace twice::pipeline::formats {
namespace {

struct Temporary {
  std::string path = (std::filesystem::temp_directory_path() / "twice-test-formats.avro").string();
  ~Temporary() { std::filesystem::remove(path); }
};

SqlTable numbered(std::int64_t rows) {
  SqlTable table{{"id", "day", "amount", "note"}, {}};
  for (std::int64_t i = 0; i < rows; ++i)
    table.rows.push_back(
        {i, i < rows / 2 ? "2026-06-22" : "2026-06-23", (i * 7919) % 500, "note " + std::to_string(i)});
  return table;
}
const Schema kNumbered{{"id", {Type::kInteger, false}},
                       {"day", {Type::kText, false}},
                       {"amount", {Type::kInteger, false}},
                       {"note", {Type::kText, true}}};

ColumnarRows columns_of(const std::string& file, const ColumnarQuery& query) {
  auto read = read_columnar(file, query);
  if (const auto* error = std::get_if<FormatError>(&read)) FAIL(to_text(*error));
  return std::get<ColumnarRows>(std::move(read));
}

}  // namespace

TEST_CASE("avro-c's own file reader reads our container") {
  const Temporary file;
  const SqlTable table = numbered(3000);
  std::ofstream(file.path, std::ios::binary) << write_avro(table, kNumbered);
  avro_file_reader_t reader{};
  REQUIRE(avro_file_reader(file.path.c_str(), &reader) == 0);
  avro_schema_t schema = avro_file_reader_get_writer_schema(reader);
  avro_value_iface_t* kind = avro_generic_class_from_schema(schema);
  avro_value_t row{}, amount{};
  avro_generic_value_new(kind, &row);
  std::int64_t rows = 0, sum = 0, wanted = 0, value = 0;
  while (avro_file_reader_read_value(reader, &row) == 0) {
    avro_value_get_by_name(&row, "amount", &amount, nullptr);
    avro_value_get_long(&amount, &value);
    sum += value;
    ++rows;
    avro_value_reset(&row);
  }
  for (const SqlRow& r : table.rows) wanted += std::get<std::int64_t>(r[2]);
  CHECK(rows == 3000);
  CHECK(sum == wanted);
  avro_value_decref(&row);
  avro_value_iface_decref(kind);
  avro_schema_decref(schema);
  avro_file_reader_close(reader);
}

TEST_CASE("our reader reads a container that avro-c's own writer made") {
  const Temporary file;
  const std::string text = avro_schema_text(kNumbered);
  avro_schema_t schema{};
  REQUIRE(avro_schema_from_json_length(text.data(), text.size(), &schema) == 0);
  avro_file_writer_t writer{};
  std::filesystem::remove(file.path);
  REQUIRE(avro_file_writer_create(file.path.c_str(), schema, &writer) == 0);
  avro_value_iface_t* kind = avro_generic_class_from_schema(schema);
  avro_value_t row{}, field{}, branch{};
  avro_generic_value_new(kind, &row);
  for (int i = 0; i < 3; ++i) {
    avro_value_get_by_name(&row, "id", &field, nullptr);
    avro_value_set_long(&field, i);
    avro_value_get_by_name(&row, "day", &field, nullptr);
    avro_value_set_string(&field, "2026-06-23");
    avro_value_get_by_name(&row, "amount", &field, nullptr);
    avro_value_set_long(&field, -i);
    avro_value_get_by_name(&row, "note", &field, nullptr);
    avro_value_set_branch(&field, i == 1 ? 1 : 0, &branch);
    if (i == 1) avro_value_set_string(&branch, "ü");
    avro_file_writer_append_value(writer, &row);
    avro_value_reset(&row);
  }
  avro_file_writer_close(writer);
  avro_value_decref(&row);
  avro_value_iface_decref(kind);
  avro_schema_decref(schema);
  std::ostringstream bytes;
  bytes << std::ifstream(file.path, std::ios::binary).rdbuf();
  CHECK(text_of(read(Format::kAvro, bytes.str(), {&kNumbered})) ==
        "id|day|amount|note|\n0|'2026-06-23'|0|NULL|\n1|'2026-06-23'|-1|'ü'|\n2|'2026-06-23'|-2|NULL|");
}

TEST_CASE("an Avro file that is compressed is refused") {
  std::string file = write_avro(numbered(1), kNumbered);
  const std::size_t at = file.find("\x08null");
  REQUIRE(at != std::string::npos);
  file.replace(at + 1, 4, "zstd");
  CHECK(problem(read(Format::kAvro, file, {})).find("a codec other than 'null'") != std::string::npos);
}

TEST_CASE("a columnar reader reads the chunks of the columns asked for and no others") {
  const std::string file = write_columnar(numbered(10'000), kNumbered, 1000);
  const std::vector<std::string> amount{"amount"}, two{"note", "id"};
  const ColumnarRows all = columns_of(file, {}), one = columns_of(file, {&amount}), both = columns_of(file, {&two});
  CHECK(all.bytes_read == file.size() - 4);  // all but the magic in front
  CHECK(one.bytes_read < all.bytes_read / 4);
  CHECK(one.bytes_read < both.bytes_read);
  CHECK(one.table.columns == amount);
  CHECK(one.table.rows[9999] == SqlRow{std::int64_t{9999} * 7919 % 500});
  CHECK(both.table.rows[7] == SqlRow{"note 7", std::int64_t{7}});
}

TEST_CASE("a columnar reader skips groups in which no row can lie in the range") {
  const std::string file = write_columnar(numbered(10'000), kNumbered, 1000);
  const std::vector<std::string> amount{"amount"};
  const ColumnarRows some = columns_of(file, {&amount, Range{"id", std::int64_t{2500}, std::int64_t{3499}}});
  CHECK(some.groups == 10);
  CHECK(some.groups_skipped == 8);
  CHECK(some.table.rows.size() == 1000);
  CHECK(some.table.rows.front() == SqlRow{std::int64_t{2500} * 7919 % 500});
  // Every group has small and large amounts: nothing can be skipped, and the rows are right all the same.
  const ColumnarRows scattered = columns_of(file, {&amount, Range{"amount", std::int64_t{0}, std::int64_t{0}}});
  CHECK(scattered.groups_skipped == 0);
  CHECK(scattered.table.rows.size() == 20);
}

TEST_CASE("a columnar reader refuses a column that is not there") {
  const std::vector<std::string> none{"price"};
  CHECK(problem(read_columnar(write_columnar(numbered(1), kNumbered), {&none})).find("no column 'price'") !=
        std::string::npos);
}

TEST_CASE("chunks that share bytes are refused: a small file cannot stand for many rows") {
  const std::string file = write_columnar(numbered(100), kNumbered, 50);
  const std::size_t tail = file.size() - kColumnarTail;
  const std::size_t footer_at = tail - static_cast<std::size_t>(*ByteCursor(file.substr(tail)).little_endian(4));
  const auto rebuilt = [&](std::uint64_t chunk_at) {
    ByteCursor bytes(std::string_view(file).substr(footer_at, tail - footer_at));
    Footer footer = std::get<Footer>(read_footer(bytes, footer_at));
    footer.groups[1].chunks[0].at = chunk_at;
    std::string out = file.substr(0, footer_at);
    append_footer(footer, out);
    put_u32(out, static_cast<std::uint32_t>(out.size() - footer_at));
    return out.append(kColumnarMagic);
  };
  ByteCursor bytes(std::string_view(file).substr(footer_at, tail - footer_at));
  const std::uint64_t honest = std::get<Footer>(read_footer(bytes, footer_at)).groups[1].chunks[0].at;
  CHECK(problem(read_columnar(rebuilt(honest), {})) == "read");
  CHECK(problem(read_columnar(rebuilt(kColumnarMagic.size()), {})).find("the footer is damaged") != std::string::npos);
}

}  // namespace twice::pipeline::formats
