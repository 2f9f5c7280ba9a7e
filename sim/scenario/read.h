#pragma once
// The reading visitor: a table of the file into any struct with `fields`. Errors are collected, what could be read is.
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "scenario/leaf.h"
#include "scenario/spec.h"
#include "scenario/table_reader.h"

namespace twice::scenario {

/// Names of the fields a list mentions.
struct NameCollector {
  std::vector<std::string_view> names;
  template <class T>
  void operator()(const Field& field, T&) {
    names.push_back(field.name);
  }
  template <class T>
  void rest(const Field&, T&) {}
  template <class T>
  void choice(const Field& field, T&) {
    names.push_back(field.name);
  }
  template <class T>
  void nodes(const Field& field, T&) {
    names.push_back(field.name);
  }
};

/// The sections a lane may override: "warehouse", "network", …
std::vector<std::string_view> shared_sections();

/// The nodes of a cluster: a count makes n1, n2, …
bool read_nodes(Diagnostics& out, const Field& field, const Value& value, std::vector<Spanned<std::string>>& to);

namespace detail {
template <class T>
struct IsSpanned : std::false_type {};
template <class T>
struct IsSpanned<Spanned<T>> : std::true_type {};
template <class T>
struct IsNamedList : std::false_type {};
template <class T>
struct IsNamedList<std::vector<std::pair<std::string, T>>> : std::true_type {};
}  // namespace detail

class FieldReader;

template <class T>
void read_struct(TableReader& table, T& to);

/// Reads one value of any kind. `parent` names the table it stands in. False = an error was added.
template <class T>
bool read_value(const TableReader& parent, const Field& field, const Value& value, T& to) {
  Diagnostics& out = parent.out();
  if constexpr (Leaf<T>) {
    return read(out, field, value, to);
  } else if constexpr (detail::IsSpanned<T>::value) {
    to.span = value.span;
    return read_value(parent, field, value, to.value);
  } else if constexpr (twice::detail::IsOptional<T>::value) {
    typename T::value_type given{};
    if (!read_value(parent, field, value, given)) return false;
    return to = std::move(given), true;
  } else if constexpr (HasFields<T>) {
    if (!value.table()) return wrong_kind(out, field, value, {"a table", "{ … } or a [section]"}), false;
    if constexpr (requires { to.span; }) to.span = value.span;
    TableReader inner(out, *value.table(), value.span, parent.inside(field.name));
    return read_struct(inner, to), true;
  } else if constexpr (twice::detail::IsMap<T>::value || detail::IsNamedList<T>::value) {
    if (!value.table()) return wrong_kind(out, field, value, {"a table of names", "{ name = … }"}), false;
    const TableReader inner(out, *value.table(), value.span, parent.inside(field.name));
    for (const Entry& entry : *value.table()) read_named(inner, entry, to);
    return true;
  } else {
    return read_list(parent, field, value, to);
  }
}

template <class T>
void read_named(const TableReader& parent, const Entry& entry, std::map<std::string, T>& to) {
  T given{};
  if (read_value(parent, Field{.name = entry.key, .doc = {}}, entry.value, given))
    to.insert_or_assign(entry.key, std::move(given));
}
template <class T>
void read_named(const TableReader& parent, const Entry& entry, std::vector<std::pair<std::string, T>>& to) {
  T given{};
  if (read_value(parent, Field{.name = entry.key, .doc = {}}, entry.value, given))
    to.emplace_back(entry.key, std::move(given));
}

/// A list, each item by itself. SQL may also be one text instead of a list of one.
template <class T>
bool read_list(const TableReader& parent, const Field& field, const Value& value, std::vector<T>& to) {
  to.clear();
  std::vector<const Value*> items;
  if (const List* list = value.list()) {
    for (const Value& item : *list) items.push_back(&item);
  } else if (std::is_same_v<T, SqlText>) {
    items.push_back(&value);
  } else {
    return wrong_kind(parent.out(), field, value, {"a list", "[\"a\", \"b\"]"}), false;
  }
  for (const Value* item : items) {
    T given{};
    if (read_value(parent, field, *item, given)) to.push_back(std::move(given));
  }
  return true;
}

class FieldReader {
 public:
  explicit FieldReader(TableReader& table) : table_(&table) {}

  template <class T>
  void operator()(const Field& field, T& to) {
    if (const Entry* entry = table_->take(field)) read_value(*table_, field, entry->value, to);
  }

  /// Every other key of the table is a name of its own.
  template <class T>
  void rest(const Field&, std::map<std::string, T>& to) {
    for (const Entry* entry : table_->take_rest()) read_named(*table_, *entry, to);
  }

  void nodes(const Field& field, std::vector<Spanned<std::string>>& to) {
    if (const Entry* entry = table_->take(field)) read_nodes(table_->out(), field, entry->value, to);
  }

  /// A word that picks an alternative, whose fields are the table of that name.
  template <class... T>
  void choice(const Field& field, std::variant<T...>& to) {
    Shape shape{"one of", {}, {"string"}, {}, {{std::string(T::kName), std::string(T::kDoc)}...}};
    for (const auto& [word, doc] : shape.words) shape.example += (shape.example.empty() ? "\"" : ", \"") + word + "\"";
    const Entry* entry = table_->take(field);
    const auto index = entry ? read_word(table_->out(), field, entry->value, shape) : std::nullopt;
    std::size_t i = 0;
    (read_alternative<T>(index == i++, to), ...);
  }

 private:
  template <class T, class Variant>
  void read_alternative(bool chosen, Variant& to) {
    T parameters{};
    const Entry* entry = table_->take(Field{.name = T::kName, .doc = T::kDoc});
    if (entry) read_value(*table_, Field{.name = T::kName, .doc = {}}, entry->value, parameters);
    if (chosen) to = std::move(parameters);
  }

  TableReader* table_;
};

template <class T>
void read_struct(TableReader& table, T& to) {
  if constexpr (std::is_same_v<T, LaneSpec>) table.suggest(shared_sections());
  FieldReader reader(table);
  T::fields(to, reader);
  table.finish();
}

}  // namespace twice::scenario
