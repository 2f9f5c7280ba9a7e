#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <string_view>
#include <type_traits>
#include <utility>

#include "core/block.h"
#include "core/visit.h"

namespace twice {

/// Any described value (a message, a durable record, a device request), 24 bytes in place. Small trivial values live
/// inside; everything else is an immutable Block shared by all copies. Hash and description come from the value's
/// visit.
class Payload {
 public:
  Payload() = default;

  template <class T>
  requires(!std::is_same_v<std::remove_cvref_t<T>, Payload>) explicit Payload(T&& value)
      : ops_(&kOps<std::remove_cvref_t<T>>) {
    using V = std::remove_cvref_t<T>;
    if constexpr (fits<V>)
      new (bytes_) V(std::forward<T>(value));
    else
      new (bytes_) Block<V>(V(std::forward<T>(value)));
  }

  Payload(const Payload& other) : ops_(other.ops_) { copy_bytes(other); }
  Payload(Payload&& other) noexcept : ops_(std::exchange(other.ops_, nullptr)) {
    std::memcpy(bytes_, other.bytes_, kInline);
  }
  Payload& operator=(const Payload& other) {
    if (this != &other) *this = Payload(other);
    return *this;
  }
  // Both kinds of content may be moved by copying their bytes: a trivial value, or a Block whose source is forgotten.
  Payload& operator=(Payload&& other) noexcept {
    if (this == &other) return *this;
    drop();
    ops_ = std::exchange(other.ops_, nullptr);
    std::memcpy(bytes_, other.bytes_, kInline);
    return *this;
  }
  ~Payload() { drop(); }

  bool empty() const { return ops_ == nullptr; }
  template <class T>
  bool holds() const {
    return ops_ == &kOps<T>;
  }
  /// The value as a T; nullptr when it holds something else.
  template <class T>
  const T* get() const {
    return holds<T>() ? value<T>() : nullptr;
  }

  /// The literature's name of what it holds ("RequestVote"); for a variant, of its current alternative.
  std::string_view name() const { return ops_ ? ops_->name(*this) : std::string_view{}; }
  std::uint64_t digest() const { return ops_ ? ops_->digest(*this) : 0; }
  void describe(FieldSink& sink, std::string_view name) const {
    ops_ ? ops_->describe(*this, sink, name) : sink.nothing(name);
  }

 private:
  static constexpr std::size_t kInline = 16;
  static_assert(sizeof(Block<int>) <= kInline);

  struct Ops {
    std::string_view (*name)(const Payload&);
    std::uint64_t (*digest)(const Payload&);
    void (*describe)(const Payload&, FieldSink&, std::string_view);
    void (*copy)(void* to, const void* from);  // null: bytes are enough
    void (*destroy)(void* at);
  };

  template <class T>
  static constexpr bool fits = std::is_trivially_copyable_v<T> && sizeof(T) <= kInline &&
                               alignof(T) <= alignof(std::max_align_t);

  template <class T>
  const T* value() const {
    if constexpr (fits<T>)
      return std::launder(reinterpret_cast<const T*>(bytes_));
    else
      return &**std::launder(reinterpret_cast<const Block<T>*>(bytes_));
  }

  template <class T>
  static constexpr std::uint64_t kNameHash = hash_text(T::kName);

  template <class T>
  static std::string_view name_of_value(const T& x) {
    if constexpr (detail::IsVariant<T>::value)
      return std::visit([](const auto& alternative) { return std::remove_cvref_t<decltype(alternative)>::kName; }, x);
    else
      return T::kName;
  }
  template <class T>
  static std::uint64_t name_hash_of_value(const T& x) {
    if constexpr (detail::IsVariant<T>::value)
      return std::visit([](const auto& alternative) { return kNameHash<std::remove_cvref_t<decltype(alternative)>>; },
                        x);
    else
      return kNameHash<T>;
  }

  template <class T>
  static constexpr Ops make_ops() {
    Ops ops{};
    ops.name = [](const Payload& p) { return name_of_value(*p.value<T>()); };
    ops.digest = [](const Payload& p) {
      const T& x = *p.value<T>();
      Hasher h(name_hash_of_value(x));
      h.add(x);
      return h.value();
    };
    ops.describe = [](const Payload& p, FieldSink& sink, std::string_view name) {
      twice::describe(sink, name, *p.value<T>());
    };
    if constexpr (!fits<T>) {
      ops.copy = [](void* to, const void* from) {
        new (to) Block<T>(*std::launder(static_cast<const Block<T>*>(from)));
      };
      ops.destroy = [](void* at) { std::launder(static_cast<Block<T>*>(at))->~Block<T>(); };
    }
    return ops;
  }
  template <class T>
  static constexpr Ops kOps = make_ops<T>();

  void copy_bytes(const Payload& other) {
    if (ops_ && ops_->copy)
      ops_->copy(bytes_, other.bytes_);
    else
      std::memcpy(bytes_, other.bytes_, kInline);
  }
  void drop() {
    if (ops_ && ops_->destroy) ops_->destroy(bytes_);
    ops_ = nullptr;
  }

  const Ops* ops_ = nullptr;
  alignas(8) std::byte bytes_[kInline] = {};
};

}  // namespace twice
