#pragma once
// Fields as data: a visitor over the `fields` lists that read a file. Include this only where a catalogue is made.
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "scenario/catalogue.h"
#include "scenario/read.h"

namespace twice::scenario {
namespace detail {

using Form = FieldInfo::Form;

template <class T>
std::vector<FieldInfo> children_of(T value, const std::string& path);

/// Unwraps what says only where or whether a value is given.
template <class T>
struct Core {
  using Type = T;
};
template <class T>
struct Core<Spanned<T>> : Core<T> {};
template <class T>
struct Core<std::optional<T>> : Core<T> {};

template <class T>
std::string default_of(const T& value) {
  if constexpr (detail::IsSpanned<T>::value)
    return default_of(value.value);
  else if constexpr (Leaf<T>)
    return write(value);
  else
    return {};
}

/// The describing visitor: one FieldInfo a field.
class Describe {
 public:
  explicit Describe(std::string path) : path_(std::move(path)) {}

  template <class T>
  void operator()(const Field& field, T& value) {
    FieldInfo info{Form::kLeaf, field, child(field.name), {}, {}, false, {}};
    if (!field.required) info.fallback = default_of(value);
    fill<typename Core<T>::Type>(info);
    found.push_back(std::move(info));
  }

  template <class T>
  void rest(const Field& field, std::map<std::string, T>&) {
    FieldInfo info{Form::kRest, field, child(field.name), {}, {}, true, {}};
    info.children = children_of(T{}, info.path);
    found.push_back(std::move(info));
  }

  void nodes(const Field& field, std::vector<Spanned<std::string>>&) {
    found.push_back({Form::kLeaf,
                     field,
                     child(field.name),
                     {"a count or a list of names", "5", {"integer", "array"}},
                     {},
                     false,
                     {}});
  }

  template <class... T>
  void choice(const Field& field, std::variant<T...>&) {
    FieldInfo word{Form::kLeaf, field, child(field.name), {"one of", {}, {"string"}}, {}, false, {}};
    (word.shape.words.emplace_back(T::kName, T::kDoc), ...);
    found.push_back(std::move(word));
    (alternative<T>(), ...);
  }

  std::vector<FieldInfo> found;

 private:
  std::string child(std::string_view name) const {
    return path_.empty() ? std::string(name) : fmt::format("{}.{}", path_, name);
  }

  template <class T>
  void alternative() {
    const Field field{.name = T::kName, .doc = T::kDoc};
    found.push_back({Form::kTable, field, child(T::kName), {}, {}, false, children_of(T{}, child(T::kName))});
  }

  template <class T>
  void fill(FieldInfo& info) {
    if constexpr (Leaf<T>) {
      info.shape = shape_of(static_cast<const T*>(nullptr));
    } else if constexpr (HasFields<T>) {
      info.form = Form::kTable;
      info.children = children_of(T{}, info.path);
    } else if constexpr (twice::detail::IsMap<T>::value) {
      named<typename Core<typename T::mapped_type>::Type>(info);
    } else if constexpr (detail::IsNamedList<T>::value) {
      named<typename T::value_type::second_type>(info);
    } else {
      list<typename Core<typename T::value_type>::Type>(info);
    }
  }

  template <class T>
  void named(FieldInfo& info) {
    info.form = Form::kNamed;
    info.own_table = HasFields<T>;
    if constexpr (HasFields<T>)
      info.children = children_of(T{}, info.path);
    else
      info.shape = shape_of(static_cast<const T*>(nullptr));
  }

  template <class T>
  void list(FieldInfo& info) {
    if constexpr (HasFields<T>) {
      info.form = Form::kTables;
      info.children = children_of(T{}, info.path);
    } else if constexpr (Leaf<T>) {
      info.form = Form::kLeaves;
      info.shape = shape_of(static_cast<const T*>(nullptr));
      // One text of SQL may stand for a list of one.
      if (std::is_same_v<T, SqlText>) info.shape.name = "SQL in quotes, or a list of it";
    } else {
      info.form = Form::kLeaves;
      info.shape = {"a list", {}, {"array"}};
    }
  }

  std::string path_;
};

template <class T>
std::vector<FieldInfo> children_of(T value, const std::string& path) {
  Describe describe(path);
  T::fields(value, describe);
  return std::move(describe.found);
}

}  // namespace detail

/// A table with the fields of T; `path` is what its own fields are called by.
template <class T>
FieldInfo described(const Field& field, const std::string& path) {
  return {FieldInfo::Form::kTable, field, path, {}, {}, false, detail::children_of(T{}, path)};
}

}  // namespace twice::scenario
