#include "lab/escapes.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "scenario/text.h"

namespace twice::lab {
namespace {

std::string replaced(std::string_view text, const std::vector<std::pair<char, std::string_view>>& by) {
  std::string out;
  for (const char c : text) {
    const auto at = std::find_if(by.begin(), by.end(), [&](const auto& rule) { return rule.first == c; });
    at == by.end() ? out += c : out += at->second;
  }
  return out;
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool is_plain(char c) {
  return is_letter(c) || (c >= '0' && c <= '9') || std::string_view("-_./=,:+%@").find(c) != std::string_view::npos;
}

// printf writes what a line cannot show: '%b' knows \0ooo. A shell takes line ends at the end of $(…) away; the first
// three characters of IFS are a blank, a tab and a line end, so those at the end come from there.
std::string from_printf(std::string_view word) {
  std::string lines_at_end;
  while (word.ends_with('\n')) word.remove_suffix(1), lines_at_end += "${IFS#??}";
  std::string bytes;
  for (const char c : word) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\'' || c == '\\' || c == '!' || byte < 0x20 || byte >= 0x7f)
      bytes += fmt::format("\\0{:03o}", byte);
    else
      bytes += c;
  }
  return fmt::format("\"$(printf %b '{}'){}\"", bytes, lines_at_end);
}

// The colours of `painted` and of diagnostics, and the end of both.
constexpr std::array<std::string_view, 8> kColours{"\x1b[0m",  "\x1b[1m",    "\x1b[2m",    "\x1b[32m",
                                                   "\x1b[33m", "\x1b[1;31m", "\x1b[1;32m", "\x1b[1;35m"};

// Beside ' ' and '\t', what .NET takes away at the beginning of a line.
constexpr std::array<std::string_view, 16> kBlanks{"\u00a0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003",
                                                   "\u2004", "\u2005", "\u2006", "\u2007", "\u2008", "\u2009",
                                                   "\u200a", "\u202f", "\u205f", "\u3000"};

std::size_t colour_at(std::string_view text, std::size_t at) {
  for (const std::string_view colour : kColours)
    if (text.substr(at, colour.size()) == colour) return colour.size();
  return 0;
}

// "##[error]", "##vso[task.complete]", "##teamcity[…]": with the bracket.
bool is_command(std::string_view text) {
  if (!text.starts_with("##")) return false;
  std::size_t at = 2;
  while (at < text.size() && is_letter(text[at])) ++at;
  return at < text.size() && text[at] == '[';
}

bool is_harmless(std::string_view text) {
  return text.find("::") == std::string_view::npos && text.find("##") == std::string_view::npos &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= 0x20 && c < 0x7f) || c == '\n'; });
}

// What stays as it is: line ends, tabs, colours.
std::size_t kept_at(std::string_view text, std::size_t at) {
  if (text[at] == '\n' || text[at] == '\t') return 1;
  return text[at] == '\x1b' ? colour_at(text, at) : 0;
}

std::string_view without_kept(std::string_view text) {
  for (std::size_t skip = 1; skip > 0 && !text.empty(); text.remove_prefix(skip)) {
    skip = colour_at(text, 0) + (text.front() == ' ' || text.front() == '\t' ? 1 : 0);
    for (const std::string_view blank : kBlanks)
      if (text.starts_with(blank)) skip = blank.size();
  }
  return text;
}

}  // namespace

std::string shell_quoted(std::string_view word) {
  if (!word.empty() && std::all_of(word.begin(), word.end(), is_plain)) return std::string(word);
  if (scenario::printable(word) != word) return from_printf(word);
  return "'" + replaced(word, {{'\'', "'\\''"}}) + "'";
}

std::string shell_path(std::string_view path) {
  return shell_quoted(path.starts_with('-') ? "./" + std::string(path) : std::string(path));
}

std::string shell_option(std::string_view name, std::string_view value) {
  return fmt::format("{}{}{}", name, value.starts_with('-') ? "=" : " ", shell_quoted(value));
}

std::string xml(std::string_view text) {
  return replaced(scenario::printable_lines(text),
                  {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\n', "&#10;"}});
}

std::string github(std::string_view text, bool property) {
  const std::string clean = scenario::printable_lines(text);
  if (property) return replaced(clean, {{'%', "%25"}, {'\n', "%0A"}, {':', "%3A"}, {',', "%2C"}});
  return replaced(clean, {{'%', "%25"}, {'\n', "%0A"}});
}

std::string markdown(std::string_view text) {
  std::string clean = scenario::printable_lines(text);
  return replaced(clean, {{'\n', " "},
                          {'|', "\\|"},
                          {'<', "&lt;"},
                          {'&', "&amp;"},
                          {'\\', "\\\\"},
                          {'`', "\\`"},
                          {'*', "\\*"},
                          {'_', "\\_"},
                          {'[', "\\["},
                          {']', "\\]"},
                          {'~', "\\~"}});
}

std::string markdown_code(std::string_view text) {
  const std::string clean = scenario::printable(text);
  std::size_t longest = 0, run = 0;
  for (const char c : clean) longest = std::max(longest, run = c == '`' ? run + 1 : 0);
  const std::string fence(longest + 1, '`');
  return longest == 0 ? fence + clean + fence : fence + " " + clean + " " + fence;
}

std::string for_terminal(std::string_view text) {
  if (is_harmless(text)) return std::string(text);
  std::string out, part;
  bool line_begins = true;
  for (std::size_t at = 0; at < text.size();) {
    if (line_begins && without_kept(text.substr(at)).starts_with("::")) {
      // The runner of GitHub obeys a line that begins so, blanks before it or not.
      const std::size_t begin = text.find("::", at);
      out += std::string(text.substr(at, begin - at)) + ":\\u003a";
      at = begin + 2, line_begins = false;
      continue;
    }
    if (const std::size_t kept = kept_at(text, at); kept > 0) {
      out += scenario::printable(part) + std::string(text.substr(at, kept));
      part.clear();
      line_begins = text[at] == '\n';
      at += kept;
      continue;
    }
    line_begins = false;
    if (is_command(text.substr(at))) {
      part += "#\\u0023";
      at += 2;
      continue;
    }
    part += text[at++];
  }
  return out + scenario::printable(part);
}

}  // namespace twice::lab
