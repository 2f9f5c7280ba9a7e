#include "check/form.h"

#include <charconv>
#include <optional>

#include <fmt/format.h>

namespace twice::check {
namespace {

constexpr std::string_view kDelimiters = " \t\r\n,;()[]{}\"";

std::string shown(std::string_view token) {
  constexpr std::size_t kLongest = 24;
  std::string text;
  for (const char c : token.substr(0, kLongest)) text += c >= ' ' && c < '\x7f' ? c : '?';
  return token.size() > kLongest ? text + "..." : text;
}

// Length of the UTF-8 sequence that starts here, 0 when it is none (Unicode 15, table 3-7).
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  const unsigned first = byte(0);
  const auto follows = [&](std::size_t i, unsigned low = 0x80, unsigned high = 0xbf) {
    return byte(i) >= low && byte(i) <= high;
  };
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return follows(1) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef)
    return follows(1, first == 0xe0 ? 0xa0 : 0x80, first == 0xed ? 0x9f : 0xbf) && follows(2) ? 3 : 0;
  if (first >= 0xf0 && first <= 0xf4)
    return follows(1, first == 0xf0 ? 0x90 : 0x80, first == 0xf4 ? 0x8f : 0xbf) && follows(2) && follows(3) ? 4 : 0;
  return 0;
}

void append_utf8(std::string& to, std::uint32_t code) {
  const auto tail = [&](unsigned shift) { to += static_cast<char>(0x80 | ((code >> shift) & 0x3f)); };
  if (code < 0x80) {
    to += static_cast<char>(code);
  } else if (code < 0x800) {
    to += static_cast<char>(0xc0 | (code >> 6));
    tail(0);
  } else if (code < 0x10000) {
    to += static_cast<char>(0xe0 | (code >> 12));
    tail(6), tail(0);
  } else {
    to += static_cast<char>(0xf0 | (code >> 18));
    tail(12), tail(6), tail(0);
  }
}

}  // namespace

const Form* Form::find(std::string_view name) const {
  if (kind != Kind::kMap) return nullptr;
  for (std::size_t i = 0; i + 1 < items.size(); i += 2)
    if ((items[i].kind == Kind::kWord || items[i].kind == Kind::kText) && items[i].text == name) return &items[i + 1];
  return nullptr;
}

char FormReader::take() {
  const char c = text_[at_++];
  if (c == '\n') {
    ++place_.line;
    place_.column = 1;
  } else {
    ++place_.column;
  }
  return c;
}

// Commas are blanks in EDN; in JSON they stand between values, and one too many does no harm.
bool FormReader::skip_blanks() {
  while (more()) {
    const char c = peek();
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == ',') {
      take();
    } else if (c == ';' && syntax_ == Syntax::kEdn) {
      while (more() && peek() != '\n') take();
    } else {
      return true;
    }
  }
  return false;
}

std::variant<bool, FormError> FormReader::at_end() {
  while (skip_blanks()) {
    if (syntax_ != Syntax::kEdn || !text_.substr(at_).starts_with("#_")) return false;
    take(), take();
    const Result skipped = value(0);
    if (const auto* wrong = std::get_if<FormError>(&skipped)) return *wrong;
  }
  return true;
}

FormReader::Result FormReader::value(std::size_t depth) {
  if (depth > kDeepest) return error("nested too deeply", fmt::format("at most {} levels", kDeepest));
  if (!skip_blanks()) return error("the text ends where a value should stand", "is the file complete?");
  const char c = peek();
  Form form;
  form.place = place_;
  switch (c) {
    case '"':
      return quoted();
    case '[':
      take();
      form.kind = Form::Kind::kList;
      return items(std::move(form), ']', depth);
    case '(':
      if (syntax_ == Syntax::kJson) break;
      take();
      form.kind = Form::Kind::kList;
      return items(std::move(form), ')', depth);
    case '{':
      take();
      form.kind = Form::Kind::kMap;
      return items(std::move(form), '}', depth);
    case '#':
      if (syntax_ == Syntax::kJson) break;
      return dispatch(depth);
    case ']':
    case ')':
    case '}':
      return error(fmt::format("'{}' closes nothing", c), "remove it, or write the value before it");
    default:
      return word();
  }
  return error(fmt::format("'{}' begins no value", c), "JSON has numbers, texts, lists, objects, true, false and null");
}

// #{set}, #_ discarded, #tag value: the tag says nothing here.
FormReader::Result FormReader::dispatch(std::size_t depth) {
  Form form;
  form.place = place_;
  take();
  if (more() && peek() == '{') {
    take();
    form.kind = Form::Kind::kList;
    return items(std::move(form), '}', depth);
  }
  if (more() && peek() == '_') {
    take();
    Result skipped = value(depth + 1);
    if (std::holds_alternative<FormError>(skipped)) return skipped;
    return value(depth + 1);
  }
  while (more() && kDelimiters.find(peek()) == std::string_view::npos) take();
  return value(depth + 1);
}

FormReader::Result FormReader::items(Form form, char close, std::size_t depth) {
  const bool pairs = form.kind == Form::Kind::kMap;
  while (true) {
    if (!skip_blanks())
      return FormError{form.place, fmt::format("no '{}' closes what is opened here", close), "is the file complete?"};
    if (peek() == close) break;
    if (syntax_ == Syntax::kEdn && text_.substr(at_).starts_with("#_")) {
      take(), take();
      Result skipped = value(depth + 1);
      if (std::holds_alternative<FormError>(skipped)) return skipped;
      continue;
    }
    Result item = value(depth + 1);
    if (std::holds_alternative<FormError>(item)) return item;
    form.items.push_back(std::get<Form>(std::move(item)));
    if (syntax_ == Syntax::kJson && pairs && form.items.size() % 2 == 1) {
      if (form.items.back().kind != Form::Kind::kText)
        return FormError{form.items.back().place, "a name of a JSON object is a text", "write it in quotes"};
      if (!skip_blanks() || peek() != ':') return error("a ':' belongs behind a name", "write \"name\": value");
      take();
    }
  }
  take();
  if (pairs && form.items.size() % 2 == 1)
    return FormError{form.items.back().place, "a key without a value", "a map holds keys and values in turn"};
  return form;
}

FormReader::Result FormReader::quoted() {
  Form form;
  form.kind = Form::Kind::kText;
  form.place = place_;
  take();
  while (more() && peek() != '"') {
    const std::size_t length = utf8_length(text_.substr(at_));
    if (length == 0) return error("these bytes are no UTF-8", "save the file as UTF-8");
    if (peek() == '\\') {
      const Place place = place_;
      take();
      if (!escaped(form.text))
        return FormError{place, "an unknown escape in a text",
                         "there are \\n \\t \\r \\b \\f \\\" \\\\ \\/ and \\uXXXX"};
      continue;
    }
    for (std::size_t i = 0; i < length; ++i) form.text += take();
  }
  if (!more()) return FormError{form.place, "a text without its closing quote", "is the file complete?"};
  take();
  return form;
}

bool FormReader::escaped(std::string& to) {
  constexpr std::string_view kNames = "ntrbf\"\\/", kMeanings = "\n\t\r\b\f\"\\/";
  if (!more()) return false;
  const char c = take();
  if (c == 'u') return code_point(to);
  const std::size_t which = kNames.find(c);
  if (which == std::string_view::npos) return false;
  to += kMeanings[which];
  return true;
}

// Four hexadecimal digits; two such halves make one character beyond the first 65,536.
bool FormReader::code_point(std::string& to) {
  const auto unit = [this]() -> std::optional<std::uint32_t> {
    std::uint32_t code = 0;
    const std::string_view digits = text_.substr(at_, 4);
    const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
    if (problem != std::errc() || digits.size() != 4 || end != digits.data() + 4) return std::nullopt;
    for (std::size_t i = 0; i < 4; ++i) take();
    return code;
  };
  const auto high = unit();
  if (!high || (*high >= 0xdc00 && *high < 0xe000)) return false;
  if (*high < 0xd800 || *high >= 0xe000) return append_utf8(to, *high), true;
  if (!text_.substr(at_).starts_with("\\u")) return false;
  take(), take();
  const auto low = unit();
  if (!low || *low < 0xdc00 || *low >= 0xe000) return false;
  append_utf8(to, 0x10000 + ((*high - 0xd800) << 10) + (*low - 0xdc00));
  return true;
}

FormReader::Result FormReader::word() {
  Form form;
  form.kind = Form::Kind::kWord;
  form.place = place_;
  const std::size_t from = at_;
  while (more() && kDelimiters.find(peek()) == std::string_view::npos && !(syntax_ == Syntax::kJson && peek() == ':')) {
    const auto c = static_cast<unsigned char>(peek());
    if (c < ' ' || c >= 0x7f) return error("this character belongs in a text", "put it in quotes, as UTF-8");
    take();
  }
  const std::string_view token = text_.substr(from, at_ - from);
  if (token.empty()) return error(fmt::format("'{}' begins no value", shown(text_.substr(at_, 1))), "remove it");
  const bool signs = token.size() > 1 && (token[0] == '-' || token[0] == '+');
  const char first = signs ? token[1] : token[0];
  if (first >= '0' && first <= '9') return number(token, form.place);
  const bool json = syntax_ == Syntax::kJson;
  if (token == (json ? "null" : "nil")) {
    form.kind = Form::Kind::kNil;
  } else if (token == "true" || token == "false") {
    form.kind = Form::Kind::kBool;
    form.number = token == "true";
  } else if (json) {
    return FormError{form.place, fmt::format("'{}' is no JSON value", shown(token)), "put texts in quotes"};
  } else {
    form.text = token.substr(token[0] == ':' ? 1 : 0);
  }
  return form;
}

FormReader::Result FormReader::number(std::string_view token, Place place) const {
  Form form;
  form.kind = Form::Kind::kNumber;
  form.place = place;
  std::string_view digits = token;
  if (digits[0] == '+') digits.remove_prefix(1);
  if (syntax_ == Syntax::kEdn && digits.ends_with('N')) digits.remove_suffix(1);
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), form.number);
  if (problem == std::errc::result_out_of_range)
    return FormError{place, fmt::format("{} does not fit into 64 bits", shown(token)), "use smaller numbers"};
  if (problem != std::errc() || end != digits.data() + digits.size())
    return FormError{place, fmt::format("'{}' is no whole number", shown(token)), "values and times are whole numbers"};
  return form;
}

}  // namespace twice::check
