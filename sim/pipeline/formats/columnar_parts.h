#pragma once
// The parts of a columnar file: chunks and the footer.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/formats/bytes.h"
#include "pipeline/formats/schema.h"

namespace twice::pipeline::formats {

constexpr std::string_view kColumnarMagic = "TWC1";
constexpr std::size_t kColumnarTail = 8;  // size of the footer, magic

struct ChunkPlace {
  std::uint64_t at = 0, size = 0, nulls = 0;
  std::optional<std::pair<SqlValue, SqlValue>> bounds{};  // none: no values, or texts too long to repeat
};
struct GroupPlace {
  std::uint64_t rows = 0;
  std::vector<ChunkPlace> chunks;  // one a column of the schema
};
struct Footer {
  Schema schema;
  std::vector<GroupPlace> groups;
};

/// Column `c` of rows first..last (last excluded), with the place it takes at the end of `out`.
ChunkPlace append_chunk(const SqlTable& table, const Column& column, std::size_t c, std::size_t first, std::size_t last,
                        std::string& out);
void append_footer(const Footer& footer, std::string& out);
/// The length, then the bytes.
void put_counted(std::string& out, std::string_view bytes);

/// Untrusted bytes; the text says what is wrong with them and `bytes.at()` where.
std::variant<std::vector<SqlValue>, std::string> read_chunk(ByteCursor& bytes, const Column& column,
                                                            const ChunkPlace& place, std::uint64_t rows);
/// Chunks must lie one after another between the first magic and the footer, at `footer_at`.
std::variant<Footer, std::string> read_footer(ByteCursor& bytes, std::uint64_t footer_at);

}  // namespace twice::pipeline::formats
