#include "lesson/written_whole.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/overload.h"
#include "scenario/expand.h"

namespace twice::lesson {
namespace {

using scenario::Decimal;
using scenario::Entry;
using scenario::Table;

std::optional<double> number_in(const scenario::Value& value) {
  if (const auto* whole = value.integer()) return static_cast<double>(*whole);
  if (const auto* decimal = std::get_if<Decimal>(&value.data)) return decimal->value;
  return std::nullopt;
}

bool is_same(const Table& a, const Table& b);

// 0 and 0.0 are the same; the order of keys does not matter.
bool is_same(const scenario::Value& a, const scenario::Value& b) {
  if (const auto left = number_in(a), right = number_in(b); left && right) return *left == *right;
  if (a.data.index() != b.data.index()) return false;
  return std::visit(Overload{[&](const std::string& text) { return text == *b.text(); },
                             [&](const scenario::List& list) {
                               return std::equal(list.begin(), list.end(), b.list()->begin(), b.list()->end(),
                                                 [](const auto& x, const auto& y) { return is_same(x, y); });
                             },
                             [&](const Table& table) { return is_same(table, *b.table()); },
                             [&](bool word) { return word == std::get<bool>(b.data); },
                             [](const auto&) { return true; }},  // numbers are done; a scenario has no calendar
                    a.data);
}

bool is_same(const Table& a, const Table& b) {
  return a.size() == b.size() && std::all_of(a.begin(), a.end(), [&](const Entry& entry) {
           const Entry* other = find(b, entry.key);
           return other && is_same(entry.value, other->value);
         });
}

std::string shown_value(const scenario::Value& value) {
  if (const auto* whole = value.integer()) return fmt::format("{}", *whole);
  if (const auto* decimal = std::get_if<Decimal>(&value.data)) return decimal->written;
  if (const std::string* text = value.text()) return fmt::format("\"{}\"", *text);
  return "what the scenario says";
}

/// Compares lists of tables with the scenario's.
class WholeLists {
 public:
  WholeLists(const Challenge& challenge, scenario::Diagnostics& out) : challenge_(challenge), out_(out) {}

  void compare(const Table& edits, const Table& base) {
    for (const Entry& entry : edits) {
      if (may_change(entry.key) || !is_list_of_tables(entry.value)) continue;
      const Entry* own = find(base, entry.key);
      const bool alike =
          own && is_list_of_tables(own->value) && own->value.list()->size() == entry.value.list()->size();
      if (!alike) {
        out_.error(entry.key_span, fmt::format("how many there are of '{}' may not be changed here", entry.key),
                   help());
        continue;
      }
      for (std::size_t i = 0; i < entry.value.list()->size(); ++i) {
        const scenario::Value& item = (*entry.value.list())[i];
        compare_item(*item.table(), *(*own->value.list())[i].table(), entry.key, item.span);
      }
    }
  }

 private:
  bool may_change(const std::string& path) const {
    return std::any_of(challenge_.edit.begin(), challenge_.edit.end(),
                       [&](const std::string& allowed) { return path == allowed || path.starts_with(allowed + "."); });
  }
  std::string help() const { return fmt::format("what may be: {}", fmt::join(challenge_.edit, ", ")); }

  void compare_item(const Table& item, const Table& base, const std::string& where, const scenario::Span& span) {
    for (const Entry& entry : item) {
      const std::string path = where + "." + entry.key;
      if (may_change(path)) continue;
      const Entry* own = find(base, entry.key);
      if (own && is_same(entry.value, own->value)) continue;
      out_.error(entry.key_span,
                 own ? fmt::format("'{}' may not be changed here: it is {}", path, shown_value(own->value))
                     : fmt::format("'{}' may not be changed here", path),
                 help());
    }
    for (const Entry& own : base) {
      const std::string path = where + "." + own.key;
      if (find(item, own.key) || may_change(path)) continue;
      out_.error(span, fmt::format("'{}' may not be left out here: it is {}", path, shown_value(own.value)), help());
    }
  }

  const Challenge& challenge_;
  scenario::Diagnostics& out_;
};

/// The scenario of the case as one table, before anything is read from it.
std::optional<Table> table_of(const Context& context, const Case& what, const std::string& lane) {
  const scenario::FileText read =
      scenario::read_text_file(beside(context.lesson, what.scenario.value), scenario::ReadLimits{}.bytes);
  const auto* text = std::get_if<std::string>(&read);
  scenario::Diagnostics ignored;  // whoever runs it tells what is wrong
  auto file = text ? scenario::read_toml(*text, 0, ignored) : std::nullopt;
  if (!file) return std::nullopt;
  std::vector<Table> overrides;
  for (const std::string& set : what.set)
    if (auto table = scenario::read_override(set, 0, ignored)) overrides.push_back(std::move(*table));
  for (scenario::Draft& draft : scenario::expand(std::move(*file), overrides, ignored))
    if (draft.name == lane) return std::move(draft.table);
  return std::nullopt;
}

}  // namespace

bool is_list_of_tables(const scenario::Value& value) {
  const scenario::List* list = value.list();
  return list && !list->empty() && std::all_of(list->begin(), list->end(), [](const auto& v) { return v.table(); });
}

std::string changed_beside(const Context& context, const Challenge& challenge, const std::string& lane,
                           const Variation& edits) {
  scenario::Diagnostics ignored, out;
  const auto table = scenario::read_toml(edits.edits, 0, ignored);
  if (!table || std::none_of(table->begin(), table->end(), [](const Entry& e) { return is_list_of_tables(e.value); }))
    return {};
  const auto base = table_of(context, challenge.run, lane);
  if (!base) return {};
  WholeLists(challenge, out).compare(*table, *base);
  return out.errors() > 0 ? render(out.finish({{edits.edits_name, edits.edits}})) : std::string();
}

}  // namespace twice::lesson
