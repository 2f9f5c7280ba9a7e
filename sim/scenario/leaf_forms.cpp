// Leaves that may be written in more than one form.
#include <algorithm>

#include <fmt/format.h>

#include "core/limits.h"
#include "scenario/leaf.h"
#include "scenario/scan.h"
#include "scenario/text.h"

namespace twice::scenario {
namespace {

constexpr std::int64_t kOne = 1'000'000'000;  // parts per billion

// The decimal as written, in parts per billion; nullopt when it is no plain decimal or has more than nine places.
std::optional<std::int64_t> parts_per_billion(std::string_view written) {
  if (!written.empty() && written[0] == '+') written.remove_prefix(1);
  const std::size_t point = written.find('.');
  if (point == std::string_view::npos) return std::nullopt;
  std::string digits(written.substr(point + 1));
  if (digits.size() > 9 || digits.find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
  digits.resize(9, '0');
  const auto whole = number<std::int64_t>(written.substr(0, point));
  const auto part = number<std::int64_t>(digits);
  if (!whole || !part || *whole < 0 || *whole > 1000) return std::nullopt;
  return *whole * kOne + *part;
}

std::optional<std::uint64_t> seed_number(std::string_view text) { return number<std::uint64_t>(trim(text)); }

std::optional<Seeds> parse_seeds(std::string_view text) {
  const std::size_t dots = text.find("..");
  const auto first = seed_number(text.substr(0, dots));
  const auto last = dots == std::string_view::npos ? first : seed_number(text.substr(dots + 2));
  if (!first || !last) return std::nullopt;
  return Seeds{*first, *last - *first + 1};
}

std::optional<IntegerRange> parse_range(std::string_view text) {
  const std::size_t dots = text.find("..");
  if (dots == std::string_view::npos) return std::nullopt;
  const auto low = number<std::int64_t>(trim(text.substr(0, dots)));
  const auto high = number<std::int64_t>(trim(text.substr(dots + 2)));
  if (!low || !high) return std::nullopt;
  return IntegerRange{*low, *high};
}

struct RuleText {
  std::string operator()(const RowNumber& r) const {
    return r.first == 1 ? "\"row\"" : fmt::format("\"row from {}\"", r.first);
  }
  std::string operator()(const IntegerRange& r) const { return fmt::format("\"{}..{}\"", r.low, r.high); }
  std::string operator()(const OneOfValues& r) const {
    std::string text = "[";
    for (const auto& value : r.values) text += (text.size() > 1 ? ", " : "") + pipeline::to_literal(value);
    return text + "]";
  }
  std::string operator()(const Constant& c) const { return write(c.value); }
};

}  // namespace

std::optional<TimeWindow> Grammar<TimeWindow>::parse(std::string_view text) {
  const std::size_t dots = text.find("..");
  if (dots == std::string_view::npos) return std::nullopt;
  const auto from = parse_duration(trim(text.substr(0, dots)));
  const auto to = parse_duration(trim(text.substr(dots + 2)));
  if (!from || !to || from->ns < 0) return std::nullopt;
  return TimeWindow{Time{} + *from, Time{} + *to};
}

std::optional<LinkName> Grammar<LinkName>::parse(std::string_view text) {
  const std::size_t arrow = text.find('>');
  if (arrow == std::string_view::npos) return std::nullopt;
  LinkName link{std::string(trim(text.substr(0, arrow))), std::string(trim(text.substr(arrow + 1)))};
  if (link.from.empty() || link.to.empty() || link.to.find('>') != std::string::npos) return std::nullopt;
  return link;
}

std::optional<MessageName> Grammar<MessageName>::parse(std::string_view text) {
  const std::size_t hash = text.rfind('#');
  if (hash == std::string_view::npos) return std::nullopt;
  auto link = Grammar<LinkName>::parse(text.substr(0, hash));
  const auto ordinal = number<std::uint64_t>(trim(text.substr(hash + 1)));
  if (!link || !ordinal || *ordinal == 0) return std::nullopt;
  return MessageName{std::move(link->from), std::move(link->to), *ordinal};
}

Shape shape_of(const Probability*) { return {"a probability from 0 to 1", "0.02", {"number"}}; }

bool read(Diagnostics& out, const Field& field, const Value& value, Probability& to) {
  std::optional<std::int64_t> ppb;
  if (const auto* n = value.integer()) {
    ppb = *n == 0 || *n == 1 ? *n * kOne : kOne + 1;
  } else if (const auto* d = std::get_if<Decimal>(&value.data)) {
    if (d->value < 0 || d->value > 1)
      ppb = kOne + 1;
    else
      ppb = parts_per_billion(d->written);
  } else {
    return wrong_kind(out, field, value, shape_of(&to)), false;
  }
  if (!ppb) {
    out.error(value.span, fmt::format("'{}' must be a plain decimal with at most nine places", field.name),
              "for example 0.02");
    return false;
  }
  if (*ppb > kOne) {
    out.error(value.span, fmt::format("'{}' is a probability: from 0 to 1", field.name), "2 % is 0.02");
    return false;
  }
  return to.ppb = static_cast<std::uint32_t>(*ppb), true;
}

bool read(Diagnostics& out, const Field& field, const Value& value, Latency& to) {
  if (!value.text()) return wrong_kind(out, field, value, shape_of(&to)), false;
  auto given = read_latency(*value.text());
  if (auto* latency = std::get_if<Latency>(&given)) return to = std::move(*latency), true;
  const auto& error = std::get<LatencyError>(given);
  if (error.message.empty()) return wrong_kind(out, field, value, shape_of(&to)), false;
  return out.error(value.span, fmt::format("'{}' {}", field.name, error.message), error.help), false;
}

Shape shape_of(const NameList*) {
  return {"a name or a list of names", "\"all\", \"n1\" or [\"n1\", \"n2\"]", {"string", "array"}};
}

bool read(Diagnostics& out, const Field& field, const Value& value, NameList& to) {
  NameList given{{}, value.span};
  if (const auto* text = value.text()) {
    given.names.push_back({*text, value.span});
  } else if (const List* list = value.list()) {
    for (const Value& item : *list) {
      if (!item.text()) return wrong_kind(out, field, item, shape_of(&to)), false;
      given.names.push_back({*item.text(), item.span});
    }
    if (list->empty()) return out.error(value.span, fmt::format("'{}' lists no name", field.name)), false;
  } else {
    return wrong_kind(out, field, value, shape_of(&to)), false;
  }
  return to = std::move(given), true;
}

Shape shape_of(const VerdictSet*) {
  Shape shape = shape_of(static_cast<const Verdict*>(nullptr));
  shape.json = {"string", "array"};
  return shape;
}

bool read(Diagnostics& out, const Field& field, const Value& value, VerdictSet& to) {
  VerdictSet given{{}, value.span};
  const auto add = [&](const Value& item) {
    Verdict verdict{};
    if (read(out, field, item, verdict)) given.any_of.push_back(verdict);
  };
  if (const List* list = value.list())
    for (const Value& item : *list) add(item);
  else
    add(value);
  if (value.list() && value.list()->empty()) out.error(value.span, fmt::format("'{}' lists no verdict", field.name));
  if (given.any_of.empty()) return false;
  return to = std::move(given), true;
}

Shape shape_of(const Seeds*) {
  return {"seeds", "{ first = 1, count = 100 }, \"1..100\" or 42", {"object", "string", "integer"}};
}

bool read(Diagnostics& out, const Field& field, const Value& value, Seeds& to) {
  Seeds given;
  if (const auto* n = value.integer(); n && *n >= 0) {
    given = {static_cast<std::uint64_t>(*n), 1};
  } else if (const auto* text = value.text()) {
    const auto parsed = parse_seeds(*text);
    if (!parsed) return wrong_kind(out, field, value, shape_of(&to)), false;
    given = *parsed;
  } else if (const Table* table = value.table()) {
    const Field count{.name = "count", .doc = {}, .min = 1};
    for (const Entry& e : *table) {
      if (e.key != "first" && e.key != "count") {
        out.error(
            e.key_span, fmt::format("unknown key '{}' in seeds", e.key),
            did_you_mean(e.key, std::vector<std::string_view>{"first", "count"}, "seeds have 'first' and 'count'"));
        return false;
      }
      if (!(e.key == "first" ? read(out, Field{.name = "first", .doc = {}}, e.value, given.first)
                             : read(out, count, e.value, given.count)))
        return false;
    }
  } else {
    return wrong_kind(out, field, value, shape_of(&to)), false;
  }
  if (given.count == 0 || given.count > limits::kSeeds || given.first + given.count < given.first) {
    const std::string* text = value.text();
    out.error(value.span, fmt::format("{}{} is no range of seeds: 1..1000 (at most {}, limit seeds)", field.name,
                                      text ? fmt::format(" '{}'", printable(*text)) : std::string(),
                                      limits::with_commas(limits::kSeeds)));
    return false;
  }
  return to = given, true;
}

Shape shape_of(const Comparison*) {
  return {
      "a comparison", "\"== 10\", \">= 500\" or 10", {"string", "number", "integer"}, "^(==|!=|<|<=|>|>=) *.+$", {}};
}

bool read(Diagnostics& out, const Field& field, const Value& value, Comparison& to) {
  std::optional<Comparison> given;
  if (const auto* n = value.integer())
    given = Comparison{Compare::kEqual, *n, {}};
  else if (const auto* d = std::get_if<Decimal>(&value.data))
    given = Comparison{Compare::kEqual, d->value, {}};
  else if (const auto* text = value.text())
    given = parse_comparison(*text);
  if (!given) {
    wrong_kind(out, field, value, shape_of(&to));
    return false;
  }
  given->span = value.span;
  return to = *given, true;
}

Shape shape_of(const CalendarTime*) {
  return {"a calendar time in UTC",
          "\"2026-06-24T02:00:00Z\"",
          {"string"},
          "^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}Z$",
          {}};
}

bool read(Diagnostics& out, const Field& field, const Value& value, CalendarTime& to) {
  const auto* date = std::get_if<Calendar>(&value.data);
  const std::string* text = date ? &date->written : value.text();
  const auto given = text ? parse_calendar(*text) : std::nullopt;
  if (!given) return wrong_kind(out, field, value, shape_of(&to)), false;
  return to = *given, true;
}

Shape shape_of(const ColumnRule*) {
  return {"a column rule", "\"row\", \"1..500\", [\"a\", \"b\"] or a value", {"string", "number", "integer", "array"}};
}

bool read(Diagnostics& out, const Field& field, const Value& value, ColumnRule& to) {
  if (const List* list = value.list()) {
    OneOfValues choice;
    for (const Value& item : *list) {
      pipeline::SqlValue one;
      if (!read(out, field, item, one)) return false;
      choice.values.push_back(std::move(one));
    }
    if (choice.values.empty())
      return out.error(value.span, fmt::format("'{}' has nothing to choose from", field.name)), false;
    return to = std::move(choice), true;
  }
  pipeline::SqlValue constant;
  if (!read(out, field, value, constant)) return false;
  const std::string text = value.text() ? *value.text() : std::string();
  if (text == "row") return to = RowNumber{}, true;
  if (const auto from = after(text, "row from "))
    if (const auto first = number<std::int64_t>(*from)) return to = RowNumber{*first}, true;
  if (const auto range = parse_range(text)) {
    if (range->low > range->high)
      return out.error(value.span,
                       fmt::format("'{}' is upside down: {} is more than {}", field.name, range->low, range->high)),
             false;
    return to = *range, true;
  }
  return to = Constant{std::move(constant)}, true;
}

std::string write(const Probability& p) {
  if (p.ppb % kOne == 0) return std::to_string(p.ppb / kOne);
  std::string text = fmt::format("{}.{:09}", p.ppb / kOne, p.ppb % kOne);
  return text.erase(text.find_last_not_of('0') + 1);
}
std::string write(const VerdictSet& v) { return v.any_of.empty() ? "" : write(v.any_of.front()); }
std::string write(const NameList& list) {
  return list.names.size() == 1 ? write(list.names.front().value) : std::string();
}
std::string write(const Seeds& s) { return fmt::format("{{ first = {}, count = {} }}", s.first, s.count); }
std::string write(const Comparison& c) { return "\"" + to_text(c) + "\""; }
std::string write(const CalendarTime& t) { return "\"" + to_text(t) + "\""; }
std::string write(const ColumnRule& rule) { return std::visit(RuleText{}, rule); }

}  // namespace twice::scenario
