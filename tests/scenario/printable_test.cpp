#include "scenario/text.h"
#include "support/catch.h"

using namespace twice::scenario;

TEST_CASE("what a terminal obeys is written as its escape, and what it shows stays") {
  CHECK(printable("plain, äöü, 日本, 👍, עברית") == "plain, äöü, 日本, 👍, עברית");
  CHECK(printable("a\x1b[2Jb") == "a\\u001b[2Jb");
  CHECK(printable("bell\x07 del\x7f") == "bell\\u0007 del\\u007f");
  CHECK(printable("csi\u009b31m") == "csi\\u009b31m");
  CHECK(printable("a\tb\nc\rd") == "a b\\nc\\rd");
  CHECK(printable(std::string_view("nul\0", 4)) == "nul\\u0000");
}

TEST_CASE("letters that turn others round, hide, or end lines elsewhere are written as their escapes") {
  for (const auto& [text, seen] : std::initializer_list<std::pair<const char*, const char*>>{{"\u202e", "\\u202e"},
                                                                                             {"\u2066", "\\u2066"},
                                                                                             {"\u2069", "\\u2069"},
                                                                                             {"\u200f", "\\u200f"},
                                                                                             {"\u061c", "\\u061c"},
                                                                                             {"\u2028", "\\u2028"},
                                                                                             {"\ufeff", "\\ufeff"},
                                                                                             {"\u200b", "\\u200b"},
                                                                                             {"\uffff", "\\uffff"}})
    CHECK(printable(text) == seen);
  CHECK(printable("\U000e0041") == "\\udb40\\udc41");
  CHECK(printable("\u200d") == "\u200d");  // joins letters of Indic scripts and emoji
}

TEST_CASE("bytes that are no UTF-8 are shown one by one") {
  CHECK(printable("a\xff"
                  "b") == "a\\xffb");
  CHECK(printable("\xc0\xaf") == "\\xc0\\xaf");           // overlong
  CHECK(printable("\xed\xa0\x80") == "\\xed\\xa0\\x80");  // a surrogate
  CHECK(printable("\xe2\x80") == "\\xe2\\x80");           // cut off
  CHECK_FALSE(first_invalid_utf8(printable("\x80\xbf\xfe")));
}

TEST_CASE("doing it twice changes nothing, several lines stay several, and columns stay columns") {
  const std::string odd = "x\x1b\u202e\xff\n\ty";
  CHECK(printable(printable(odd)) == printable(odd));
  CHECK(printable_lines(odd) == "x\\u001b\\u202e\\xff\n y");
  CHECK(printable_columns("x\x1b\u202e\xffy") == "x???y");
}
