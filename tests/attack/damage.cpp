#include <algorithm>

#include "attack/attempt.h"

namespace twice::attack {
namespace {

const std::vector<std::string>& hostile_pieces() {
  static const std::vector<std::string> kPieces{
      std::string(1, '\0'),
      "99999999999999999999999",
      "9223372036854775807",
      "-9223372036854775808",
      "1e308",
      "-inf",
      "nan",
      "0x7fffffffffffffff",
      "\xff\xfe",
      "\xed\xa0\x80",
      "\xe2\x80\xae",
      "\x1b]0;title\x07",
      "\xc2\x9b"
      "31m",
      "'''",
      "\"\"\"",
      "\r\n",
      "\r",
      "[[lane]]\n",
      "= ",
      "../../../../etc/passwd",
      "{day}",
      "--",
      "/*",
      ";",
      "::error::injected",
      "]]>",
      "<!--",
      "%n%s",
      "${HOME}",
      "$(touch injected)",
      "`touch injected`",
      repeated("[", 3000),
      repeated("{a=", 3000),
      repeated("(", 3000),
      repeated("a.", 3000),
      repeated("x", 70'000),
  };
  return kPieces;
}

void replace_number(std::string& text, std::size_t at, const std::string& by) {
  const std::size_t digit = text.find_first_of("0123456789", at);
  if (digit == std::string::npos) return;
  text.replace(digit, std::min(text.find_first_not_of("0123456789", digit), text.size()) - digit, by);
}

void change(std::string& text, const std::string& other, Draws& draws) {
  static const std::vector<std::string> kNumbers{
      "0", "-1", "1e18", "99999999999999999999", "9223372036854775807", "4294967296", "0.0000001", "inf", "65536"};
  const std::size_t at = draws.below(text.size() + 1);
  switch (draws.below(8)) {
    case 0:
      text.resize(at);
      break;
    case 1:
      if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1u << draws.below(8)));
      break;
    case 2:
      text.insert(at, other, draws.below(other.size() + 1), draws.below(400));
      break;
    case 3:
      replace_number(text, at, draws.one_of(kNumbers));
      break;
    case 4:
      text.insert(at, draws.one_of(hostile_pieces()));
      break;
    case 5:
      text.erase(at, draws.below(60));
      break;
    case 6: {  // a line twice
      const std::size_t end = std::min(text.find('\n', at), text.size());
      text.insert(at, text.substr(at, end - at) + "\n");
      break;
    }
    case 7:
      if (at < text.size()) text[at] = static_cast<char>(draws.below(256));
      break;
  }
}

}  // namespace

std::string damage(const std::string& text, const std::string& other, Draws& draws) {
  std::string damaged = text;
  const std::uint64_t changes = 1 + draws.below(4);
  for (std::uint64_t i = 0; i < changes; ++i) change(damaged, other, draws);
  return damaged;
}

}  // namespace twice::attack
