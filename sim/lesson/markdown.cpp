#include "lesson/markdown.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "lab/report_format.h"
#include "scenario/scan.h"
#include "scenario/text.h"

namespace twice::lesson {
namespace {

using Kind = Block::Kind;

bool is_rule(std::string_view row) { return row.find_first_not_of("|-: ") == std::string_view::npos; }

std::vector<std::string> cells_of(std::string_view row) {
  std::vector<std::string> cells;
  row.remove_prefix(1);
  if (row.ends_with('|')) row.remove_suffix(1);
  while (true) {
    const std::size_t bar = row.find('|');
    cells.emplace_back(scenario::trim(row.substr(0, bar)));
    if (bar == std::string_view::npos) return cells;
    row.remove_prefix(bar + 1);
  }
}

/// "- text" or "12. text": how long the mark is; 0: no item.
std::size_t mark_length(std::string_view line) {
  if (line.starts_with("- ")) return 1;
  const std::size_t digits = line.find_first_not_of("0123456789");
  return digits > 0 && digits != std::string_view::npos && line.substr(digits, 2) == ". " ? digits + 1 : 0;
}

class Splitter {
 public:
  std::vector<Block> run(std::string_view text) {
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      line(text.substr(0, end));
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    return std::move(blocks_);
  }

 private:
  // A list begins with "1."; "297. The bus …" is a sentence after a number.
  bool may_begin(std::string_view mark) const {
    return mark == "-" || mark == "1." || (!blocks_.empty() && blocks_.back().kind == Kind::kItem);
  }

  void line(std::string_view text) {
    const std::string_view trimmed = scenario::trim(text);
    if (trimmed.starts_with("```")) {
      in_code_ = !in_code_;
      open_ = false;
      if (in_code_) blocks_.push_back({Kind::kCode, {}, {}, {}});
    } else if (in_code_) {
      blocks_.back().text += std::string(text) + "\n";
    } else if (trimmed.empty()) {
      open_ = false;
    } else if (trimmed.starts_with("|")) {
      open_ = false;
      if (!is_rule(trimmed)) blocks_.push_back({Kind::kTableRow, {}, {}, cells_of(trimmed)});
    } else if (trimmed.starts_with("### ")) {
      begin(Kind::kHeading, trimmed.substr(4), {});
      open_ = false;
    } else if (const std::size_t mark = mark_length(trimmed); mark > 0 && may_begin(trimmed.substr(0, mark))) {
      begin(Kind::kItem, scenario::trim(trimmed.substr(mark)), trimmed.substr(0, mark));
    } else if (open_) {
      blocks_.back().text += " " + std::string(trimmed);
    } else {
      begin(Kind::kParagraph, trimmed, {});
    }
  }

  void begin(Kind kind, std::string_view text, std::string_view mark) {
    blocks_.push_back({kind, std::string(text), std::string(mark), {}});
    open_ = true;
  }

  std::vector<Block> blocks_;
  bool in_code_ = false, open_ = false;
};

std::string indented(std::string_view text, unsigned width, std::string_view first, std::size_t by) {
  std::string out;
  const auto narrow = width > by + 20 ? width - static_cast<unsigned>(by) : width;
  for (const std::string& line : lab::wrapped(text, narrow))
    out += (out.empty() ? std::string(first) : std::string(by, ' ')) + line + "\n";
  return out;
}

/// Rows of one table, each cell as wide as the widest of its column.
std::string table_text(const std::vector<Block>& blocks, std::size_t from, std::size_t to) {
  std::vector<std::size_t> widths;
  for (std::size_t i = from; i < to; ++i)
    for (std::size_t c = 0; c < blocks[i].cells.size(); ++c) {
      if (widths.size() <= c) widths.push_back(0);
      widths[c] = std::max(widths[c], scenario::code_points(blocks[i].cells[c]));
    }
  std::string out;
  for (std::size_t i = from; i < to; ++i) {
    std::string row = " ";
    for (std::size_t c = 0; c < blocks[i].cells.size(); ++c)
      row += " " + lab::left(blocks[i].cells[c], widths[c]) + " ";
    out += row.substr(0, row.find_last_not_of(' ') + 1) + "\n";
  }
  return out;
}

/// Line ends stay, no other control character does.
std::string clean(std::string_view text) {
  std::string out;
  while (true) {
    const std::size_t end = text.find('\n');
    out += scenario::printable(text.substr(0, end));
    if (end == std::string_view::npos) return out;
    out += '\n';
    text.remove_prefix(end + 1);
  }
}

std::string escaped(std::string_view from) {
  std::string out;
  for (const char c : clean(from)) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else
      out += c;
  }
  return out;
}

/// A page is opened in a browser: a link may lead to the web, write a letter or stay on the page's own site. Browsers
/// skip blanks and control characters in a scheme.
bool may_lead_to(std::string_view target) {
  const std::size_t colon = target.find(':');
  if (colon == std::string_view::npos || target.find_first_of("/?#") < colon) return true;
  const std::string_view scheme = target.substr(0, colon);
  return scheme == "http" || scheme == "https" || scheme == "mailto";
}

/// The text between `mark` here and the next one; nullopt: none is open here.
std::optional<std::string_view> between(std::string_view text, std::string_view mark) {
  if (!text.starts_with(mark)) return std::nullopt;
  const std::size_t end = text.find(mark, mark.size());
  if (end == std::string_view::npos || end == mark.size()) return std::nullopt;
  return text.substr(mark.size(), end - mark.size());
}

struct Link {
  std::string_view words, target;
  std::size_t length = 0;  // of the whole, with its brackets
};

/// "[words](target)" here. `has_more` becomes false when no link can follow, so that a long text is searched once.
std::optional<Link> link_at(std::string_view text, bool& has_more) {
  if (text.front() != '[') return std::nullopt;
  const std::size_t middle = text.find("]("), close = text.find(')', middle);
  has_more = middle != std::string_view::npos && close != std::string_view::npos;
  if (!has_more) return std::nullopt;
  return Link{text.substr(1, middle - 1), text.substr(middle + 2, close - middle - 2), close + 1};
}

void split_inline(std::string_view text, const Inline& look, std::vector<Inline>& out) {
  const auto add = [&](std::string_view piece, const Inline& as) {
    out.push_back(as);
    out.back().text = piece;
  };
  Inline inner = look;
  bool joins = false;  // the letter before stands in the last piece
  bool has_links = true;
  while (!text.empty()) {
    const bool joined = std::exchange(joins, false);
    inner = look;
    if (const auto code = between(text, "`")) {
      inner.code = true;
      add(*code, inner);
      text.remove_prefix(code->size() + 2);
    } else if (const auto strong = between(text, "**")) {
      inner.strong = true;
      split_inline(*strong, inner, out);
      text.remove_prefix(strong->size() + 4);
    } else if (const auto stressed = between(text, "*")) {
      inner.stressed = true;
      split_inline(*stressed, inner, out);
      text.remove_prefix(stressed->size() + 2);
    } else if (const auto link = has_links ? link_at(text, has_links) : std::nullopt) {
      inner.link = may_lead_to(link->target) ? link->target : std::string_view();
      add(link->words, inner);
      text.remove_prefix(link->length);
    } else {
      if (joined)
        out.back().text += text.front();
      else
        add(text.substr(0, 1), look);
      joins = true;
      text.remove_prefix(1);
    }
  }
}

}  // namespace

std::vector<Block> blocks_of(std::string_view markdown) { return Splitter().run(clean(markdown)); }

std::string plain(std::string_view markdown, unsigned width) {
  const std::vector<Block> blocks = blocks_of(markdown);
  std::string out;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const Block& block = blocks[i];
    const bool goes_on = i > 0 && block.kind == Kind::kItem && blocks[i - 1].kind == Kind::kItem;
    if (!out.empty() && !goes_on) out += "\n";
    if (block.kind == Kind::kParagraph) out += indented(block.text, width, {}, 0);
    if (block.kind == Kind::kHeading) out += block.text + "\n";
    if (block.kind == Kind::kItem)
      out += indented(block.text, width, fmt::format("  {} ", block.mark), block.mark.size() + 3);
    if (block.kind == Kind::kCode) {
      for (const std::string_view rest = block.text; const char c : rest) {
        if (out.ends_with('\n') && c != '\n') out += "    ";
        out += c;
      }
    }
    if (block.kind == Kind::kTableRow) {
      std::size_t end = i;
      while (end < blocks.size() && blocks[end].kind == Kind::kTableRow) ++end;
      out += table_text(blocks, i, end);
      i = end - 1;
    }
  }
  return out;
}

std::vector<Inline> inlines_of(std::string_view text) {
  std::vector<Inline> out;
  split_inline(text, {}, out);
  return out;
}

std::string html_inline(std::string_view text) {
  std::string out;
  for (const Inline& part : inlines_of(text)) {
    std::string html = escaped(part.text);
    if (part.code) html = "<code>" + html + "</code>";
    if (part.stressed) html = "<em>" + html + "</em>";
    if (part.strong) html = "<strong>" + html + "</strong>";
    if (!part.link.empty()) html = fmt::format("<a href=\"{}\">{}</a>", escaped(part.link), html);
    out += html;
  }
  return out;
}

std::string html(std::string_view markdown) {
  std::string out;
  std::string open;
  const auto enter = [&](const std::string& tag) {
    if (open == tag) return;
    if (!open.empty()) out += "</" + open + ">\n";
    open = tag;
    if (!open.empty()) out += "<" + open + ">\n";
  };
  bool head = true;
  for (const Block& block : blocks_of(markdown)) {
    const bool row = block.kind == Kind::kTableRow;
    if (block.kind == Kind::kItem)
      enter(block.mark == "-" ? "ul" : "ol");
    else
      enter(row ? "table" : "");
    if (!row) head = true;
    if (block.kind == Kind::kParagraph) out += "<p>" + html_inline(block.text) + "</p>\n";
    if (block.kind == Kind::kHeading) out += "<h3>" + html_inline(block.text) + "</h3>\n";
    if (block.kind == Kind::kItem) out += "<li>" + html_inline(block.text) + "</li>\n";
    if (block.kind == Kind::kCode) out += "<pre>" + escaped(block.text) + "</pre>\n";
    if (!row) continue;
    out += "<tr>";
    for (const std::string& cell : block.cells)
      out += fmt::format("<{0}>{1}</{0}>", head ? "th" : "td", html_inline(cell));
    out += "</tr>\n";
    head = false;
  }
  enter("");
  return out;
}

}  // namespace twice::lesson
