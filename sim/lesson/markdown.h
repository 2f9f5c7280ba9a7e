#pragma once
// The little Markdown that lessons use: paragraphs, lists, tables, code, **strong**, *stressed*, `code`, [links](to).
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace twice::lesson {

struct Block {
  enum class Kind : std::uint8_t { kParagraph, kItem, kTableRow, kCode, kHeading };
  Kind kind = Kind::kParagraph;
  std::string text;                // of code: all its lines; of an item: without its mark
  std::string mark;                // of an item: "-" or "1."
  std::vector<std::string> cells;  // of a row
};
std::vector<Block> blocks_of(std::string_view markdown);

/// A stretch of text that looks alike.
struct Inline {
  std::string text;
  bool strong = false, stressed = false, code = false;
  std::string link;  // where it leads; empty: nowhere
};
std::vector<Inline> inlines_of(std::string_view text);

/// For a terminal: wrapped to `width`, each block set apart.
std::string plain(std::string_view markdown, unsigned width);
/// For a page: every character that means something to HTML is escaped.
std::string html(std::string_view markdown);
/// One line of text: escaped, with strong, stressed, code and links.
std::string html_inline(std::string_view text);

}  // namespace twice::lesson
