#pragma once
// What is known about one field of the scenario file. A Spec struct names its fields once, in
//     template <class Self, class V> static void fields(Self& self, V& v) { v(Field{.name = "loss", .doc = "…"},
//     self.loss); }
// and parsing, unknown keys, `twice schema`, `twice explain` and the reference page are visitors over that one list.
#include <cstdint>
#include <limits>
#include <string_view>

namespace twice::scenario {

struct Field {
  std::string_view name;
  std::string_view doc;          // one or two sentences for a person
  std::string_view unit = {};    // "bytes", "attempts"; durations carry their unit in the value
  std::string_view one_of = {};  // exactly one field of a group may be given, and one must (see `optional_group`)
  std::string_view with = {};    // only together with one of these fields, names separated by spaces
  bool required = false;
  bool optional_group = false;                                  // the group of `one_of` may be left out entirely
  std::int64_t min = std::numeric_limits<std::int64_t>::min();  // of integers, and of durations in nanoseconds
  std::int64_t max = std::numeric_limits<std::int64_t>::max();
  int since = 1;                  // version of the scenario format
  std::string_view example = {};  // as written in a file
};

/// Lists the keys of a table: every struct with `fields`.
struct AnyFieldVisitor {
  template <class T>
  void operator()(const Field&, T&) {}
  template <class T>
  void rest(const Field&, T&) {}
  template <class T>
  void choice(const Field&, T&) {}
  template <class T>
  void nodes(const Field&, T&) {}
};
template <class T>
concept HasFields = requires(T& t, AnyFieldVisitor& v) {
  T::fields(t, v);
};

}  // namespace twice::scenario
