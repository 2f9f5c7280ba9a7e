// Damaged files: every reader answers with a table or with a place, whatever the bytes.
#include "core/random.h"
#include "formats/orders.h"
#include "pipeline/formats/log_lines.h"

namespace twice::pipeline::formats {
namespace {

#ifdef TWICE_SANITIZED
constexpr std::uint64_t kFiles = 3'000;
#else
constexpr std::uint64_t kFiles = 20'000;
#endif

/// One to four of: a byte changed, a piece removed, doubled or moved, a large number put somewhere.
std::string damaged(std::string file, std::uint64_t seed) {
  std::uint64_t n = 0;
  const auto roll = [&](std::uint64_t below) { return draw(seed, Purpose::kSource, ++n).below(below); };
  const std::uint64_t times = 1 + roll(4);
  for (std::uint64_t i = 0; i < times && !file.empty(); ++i) {
    const std::size_t at = roll(file.size());
    const std::size_t size = 1 + roll(12);
    const std::uint64_t how = roll(5);
    const std::uint64_t byte = roll(256);
    if (how == 0) file[at] = static_cast<char>(byte);
    if (how == 1) file[at] = static_cast<char>(static_cast<unsigned char>(file[at]) ^ (1u << (byte % 8)));
    if (how == 2) file.erase(at, size);
    if (how == 3) file.insert(at, file.substr(at, size));
    if (how == 4) file.insert(at, std::string(size, '\xff'));
  }
  return file;
}

bool has_place(const FormatError& error, std::size_t size) {
  return !error.message.empty() && error.at && *error.at <= size;
}

}  // namespace

TEST_CASE("a reader of damaged bytes gives a table or the place of the damage") {
  for (const Format format : kFormats) {
    CAPTURE(name_of(format));
    const SqlTable& table = sample_of(format);
    const std::string file = bytes_of(write(format, table, &order_schema()));
    const std::string pattern = default_pattern(table.columns);
    std::uint64_t refused = 0;
    for (std::uint64_t seed = 0; seed < kFiles; ++seed) {
      const std::string bytes = damaged(file, seed);
      for (const Schema* schema : {&order_schema(), static_cast<const Schema*>(nullptr)}) {
        const auto found = read(format, bytes, {schema, nullptr, pattern});
        const auto* error = std::get_if<FormatError>(&found);
        refused += error != nullptr;
        if (error && !has_place(*error, bytes.size())) FAIL("seed " << seed << ": " << to_text(*error));
        if (error || !schema) continue;
        // What a schema let through keeps to it.
        if (std::holds_alternative<FormatError>(conform(std::get<ReadFile>(found).table, *schema)))
          FAIL("seed " << seed);
      }
    }
    CHECK(refused > kFiles / 10);
  }
}

TEST_CASE("a reader of a file cut short anywhere does not crash") {
  for (const Format format : kFormats) {
    const SqlTable& table = sample_of(format);
    const std::string file = bytes_of(write(format, table, &order_schema()));
    const std::string pattern = default_pattern(table.columns);
    for (std::size_t size = 0; size < file.size(); ++size) {
      const std::string bytes = file.substr(0, size);
      const auto found = read(format, bytes, {&order_schema(), nullptr, pattern});
      if (carries_schema(format)) CHECK((std::holds_alternative<FormatError>(found) || format == Format::kAvro));
    }
  }
}

TEST_CASE("deep nesting and endless numbers are refused") {
  std::string deep, tags;
  for (int i = 0; i < 200'000; ++i) deep += "[", tags += "<a>";
  CHECK(problem(read(Format::kJson, deep, {})) == "row 1 (line 1, column 1): a line must be one object");
  CHECK(problem(read(Format::kXml, "<rows>" + tags, {})).find("this is not XML") != std::string::npos);
  CHECK(problem(read(Format::kAvro, std::string("Obj\x01", 4) + std::string(100, '\xff'), {})) ==
        "byte 14: the file ends in the middle, or a number in it is none");
}

TEST_CASE("a file that claims more than it holds costs no memory") {
  const std::string file = bytes_of(write(Format::kAvro, orders(), &order_schema()));
  // A block of 2^62 records, or of 2^62 bytes.
  const std::string huge("\xfe\xff\xff\xff\xff\xff\xff\xff\x7f", 9);
  const std::string header = file.substr(0, file.size() - 16);
  const std::size_t first_block = file.find(file.substr(file.size() - 16)) + 16;
  CHECK(problem(read(Format::kAvro, file.substr(0, first_block) + huge + huge, {})).find("byte ") == 0);
  CHECK(problem(read(Format::kAvro, file.substr(0, first_block) + huge + file.substr(first_block + 1), {})).find("'") !=
        std::string::npos);
}

}  // namespace twice::pipeline::formats
