#pragma once
// State describes itself once. A describable type has
//     static constexpr std::string_view kName = "Ping";
//     template <class Self, class V> static void visit(Self& self, V& v) { v("round", self.round); }
// and everything else comes from it: hash, JSON, the inspector's fields, the diff of a step.
#include <array>
#include <bit>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/block.h"
#include "core/ids.h"
#include "core/random.h"
#include "core/time.h"

namespace twice {

/// Receives the fields of a described value, in order. Numbers keep their kind, so that units can be printed.
class FieldSink {
 public:
  virtual ~FieldSink() = default;
  virtual void boolean(std::string_view name, bool value) = 0;
  virtual void integer(std::string_view name, std::int64_t value) = 0;
  virtual void natural(std::string_view name, std::uint64_t value) = 0;
  virtual void real(std::string_view name, double value) = 0;
  virtual void text(std::string_view name, std::string_view value) = 0;
  virtual void duration(std::string_view name, Duration value) = 0;
  virtual void time(std::string_view name, Time value) = 0;
  virtual void node(std::string_view name, NodeId value) = 0;
  virtual void nothing(std::string_view name) = 0;
  /// A nested value; `type` is its kName, empty for a plain list.
  virtual void begin(std::string_view name, std::string_view type, bool is_list) = 0;
  virtual void end() = 0;
};

namespace detail {
struct AnyVisitor {
  template <class T>
  void operator()(std::string_view, const T&) {}
};
template <class T>
struct IsVector : std::false_type {};
template <class T>
struct IsVector<std::vector<T>> : std::true_type {};
template <class T, std::size_t N>
struct IsVector<std::array<T, N>> : std::true_type {};
template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};
template <class T>
struct IsVariant : std::false_type {};
template <class... T>
struct IsVariant<std::variant<T...>> : std::true_type {};
template <class T>
struct IsBlock : std::false_type {};
template <class T>
struct IsBlock<Block<T>> : std::true_type {};
template <class T>
struct IsMap : std::false_type {};
template <class K, class T>
struct IsMap<std::map<K, T>> : std::true_type {};
template <class T>
struct IsPair : std::false_type {};
template <class A, class B>
struct IsPair<std::pair<A, B>> : std::true_type {};
}  // namespace detail

template <class T>
concept Described = requires(const T& t, detail::AnyVisitor& v) {
  T::visit(t, v);
};

/// A type that hashes and describes itself by hand (type-erased payloads, blocks with a cached hash).
template <class T>
concept SelfDescribed = requires(const T& t, FieldSink& sink, std::string_view name) {
  { t.digest() } -> std::convertible_to<std::uint64_t>;
  t.describe(sink, name);
};

/// An enum with `std::string_view name_of(E)` found by argument-dependent lookup.
template <class T>
concept NamedEnum = std::is_enum_v<T> && requires(T t) {
  { name_of(t) } -> std::convertible_to<std::string_view>;
};

constexpr std::uint64_t hash_text(std::string_view s) {
  std::uint64_t h = 0xcbf29ce484222325u ^ s.size();
  std::size_t i = 0;
  for (; i + 8 <= s.size(); i += 8) {
    std::uint64_t word = 0;
    for (std::size_t b = 0; b < 8; ++b)
      word |= static_cast<std::uint64_t>(static_cast<unsigned char>(s[i + b])) << (8 * b);
    h = (std::rotl(h, 27) ^ word) * 0x9e3779b97f4a7c15u;
  }
  std::uint64_t tail = 0;
  for (std::size_t b = 0; i < s.size(); ++i, ++b)
    tail |= static_cast<std::uint64_t>(static_cast<unsigned char>(s[i])) << (8 * b);
  return mix(h ^ tail);
}

/// Folds described values into 64 bits. Sees fields, never padding, pointers or capacity.
class Hasher {
 public:
  explicit constexpr Hasher(std::uint64_t start = 0) : h_(start) {}
  constexpr std::uint64_t value() const { return mix(h_); }

  template <class T>
  constexpr void operator()(std::string_view, const T& x) {
    add(x);
  }

  constexpr void word(std::uint64_t w) { h_ = (std::rotl(h_, 5) ^ w) * 0x9fb21c651e98df25u; }

  template <class T>
  constexpr void add(const T& x) {
    if constexpr (SelfDescribed<T>) {
      word(x.digest());
    } else if constexpr (Described<T>) {
      T::visit(x, *this);
    } else if constexpr (std::is_enum_v<T> || std::is_integral_v<T>) {
      word(static_cast<std::uint64_t>(x));
    } else if constexpr (std::is_same_v<T, double>) {
      word(std::bit_cast<std::uint64_t>(x));
    } else if constexpr (std::is_same_v<T, Duration> || std::is_same_v<T, Time>) {
      word(static_cast<std::uint64_t>(x.ns));
    } else if constexpr (std::is_same_v<T, NodeId>) {
      word(x.index);
    } else if constexpr (std::is_convertible_v<const T&, std::string_view>) {
      word(hash_text(x));
    } else if constexpr (detail::IsVector<T>::value) {
      word(x.size());
      for (const auto& item : x) add(item);
    } else if constexpr (detail::IsMap<T>::value) {
      word(x.size());
      for (const auto& [key, item] : x) add(key), add(item);
    } else if constexpr (detail::IsPair<T>::value) {
      add(x.first), add(x.second);
    } else if constexpr (detail::IsOptional<T>::value) {
      word(x.has_value());
      if (x) add(*x);
    } else if constexpr (detail::IsVariant<T>::value) {
      word(x.index());
      std::visit([&](const auto& alternative) { this->add(alternative); }, x);
    } else if constexpr (detail::IsBlock<T>::value) {
      word(static_cast<bool>(x));
      if (x) add(*x);
    } else {
      static_assert(std::is_empty_v<T>, "a field of this type cannot be hashed: give it kName and visit");
    }
  }

 private:
  std::uint64_t h_;
};

template <class T>
constexpr std::uint64_t hash_of(const T& x) {
  Hasher h;
  h.add(x);
  return h.value();
}

/// Feeds a described value to a sink.
class Describer {
 public:
  explicit Describer(FieldSink& sink) : sink_(&sink) {}

  template <class T>
  void operator()(std::string_view name, const T& x) {
    add(name, x);
  }

  template <class T>
  void add(std::string_view name, const T& x) {
    if constexpr (SelfDescribed<T>) {
      x.describe(*sink_, name);
    } else if constexpr (Described<T>) {
      sink_->begin(name, T::kName, false);
      T::visit(x, *this);
      sink_->end();
    } else if constexpr (std::is_same_v<T, bool>) {
      sink_->boolean(name, x);
    } else if constexpr (NamedEnum<T>) {
      sink_->text(name, name_of(x));
    } else if constexpr (std::is_enum_v<T> || std::is_unsigned_v<T>) {
      sink_->natural(name, static_cast<std::uint64_t>(x));
    } else if constexpr (std::is_integral_v<T>) {
      sink_->integer(name, static_cast<std::int64_t>(x));
    } else if constexpr (std::is_same_v<T, double>) {
      sink_->real(name, x);
    } else if constexpr (std::is_same_v<T, Duration>) {
      sink_->duration(name, x);
    } else if constexpr (std::is_same_v<T, Time>) {
      sink_->time(name, x);
    } else if constexpr (std::is_same_v<T, NodeId>) {
      sink_->node(name, x);
    } else if constexpr (std::is_convertible_v<const T&, std::string_view>) {
      sink_->text(name, x);
    } else if constexpr (detail::IsVector<T>::value) {
      sink_->begin(name, {}, true);
      for (const auto& item : x) add({}, item);
      sink_->end();
    } else if constexpr (detail::IsMap<T>::value) {
      sink_->begin(name, {}, true);
      for (const auto& entry : x) add({}, entry);
      sink_->end();
    } else if constexpr (detail::IsPair<T>::value) {
      sink_->begin(name, {}, false);
      add("key", x.first);
      add("value", x.second);
      sink_->end();
    } else if constexpr (detail::IsOptional<T>::value) {
      x ? add(name, *x) : sink_->nothing(name);
    } else if constexpr (detail::IsVariant<T>::value) {
      std::visit([&](const auto& alternative) { this->add(name, alternative); }, x);
    } else if constexpr (detail::IsBlock<T>::value) {
      x ? add(name, *x) : sink_->nothing(name);
    } else {
      static_assert(std::is_empty_v<T>, "a field of this type cannot be described: give it kName and visit");
      sink_->nothing(name);
    }
  }

 private:
  FieldSink* sink_;
};

template <class T>
void describe(FieldSink& sink, std::string_view name, const T& x) {
  Describer(sink).add(name, x);
}

}  // namespace twice
