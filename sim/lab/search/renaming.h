#pragma once
// Symmetry for described values. A renamed value has every NodeId in it renamed; a map by NodeId is sorted anew, all
// other containers keep their order. Fields that are not described are fixed: a node that takes another's place keeps
// its own.
#include <algorithm>
#include <utility>

#include "core/assert.h"
#include "lab/search/model.h"

namespace twice::lab::search {

namespace detail {

/// A visitor that renames in place.
class Renamer {
 public:
  explicit Renamer(const Renaming& renaming) : renaming_(&renaming) {}
  template <class T>
  void operator()(std::string_view, T& x) {
    rename(x);
  }
  template <class T>
  void rename(T& x) {
    static_assert(!std::is_const_v<T>);
    if constexpr (std::is_same_v<T, NodeId>) {
      x = (*renaming_)(x);
    } else if constexpr (Described<T>) {
      T::visit(x, *this);
    } else if constexpr (twice::detail::IsVector<T>::value) {
      for (auto& item : x) rename(item);
    } else if constexpr (twice::detail::IsMap<T>::value) {
      T sorted;
      for (auto& entry : x) {
        auto key = entry.first;
        rename(key), rename(entry.second);
        sorted.emplace(std::move(key), std::move(entry.second));
      }
      x = std::move(sorted);
    } else if constexpr (twice::detail::IsPair<T>::value) {
      rename(x.first), rename(x.second);
    } else if constexpr (twice::detail::IsOptional<T>::value) {
      if (x) rename(*x);
    } else if constexpr (twice::detail::IsVariant<T>::value) {
      std::visit([&](auto& alternative) { rename(alternative); }, x);
    } else {
      static_assert(!SelfDescribed<T> && !twice::detail::IsBlock<T>::value, "names inside this type cannot be changed");
    }
  }

 private:
  const Renaming* renaming_;
};

/// A visitor that hashes values so that renaming members other than `self` changes nothing.
class NeutralHasher {
 public:
  NeutralHasher(const std::vector<bool>& is_member, NodeId self) : is_member_(&is_member), self_(self) {}
  std::uint64_t value() const { return hasher_.value(); }
  template <class T>
  void operator()(std::string_view, const T& x) {
    add(x);
  }
  template <class T>
  void add(const T& x) {
    if constexpr (std::is_same_v<T, NodeId>) {
      const bool member = x.index < is_member_->size() && (*is_member_)[x.index];
      hasher_.word(x == self_ ? 1u : member ? 2u : 3u + x.index);
    } else if constexpr (Described<T>) {
      T::visit(x, *this);
    } else if constexpr (twice::detail::IsVector<T>::value) {
      hasher_.word(x.size());
      for (const auto& item : x) add(item);
    } else if constexpr (twice::detail::IsMap<T>::value) {
      std::uint64_t sum = 0;
      for (const auto& entry : x) {
        NeutralHasher one(*is_member_, self_);
        one.add(entry.first), one.add(entry.second);
        sum += one.value();
      }
      hasher_.word(sum);
    } else if constexpr (twice::detail::IsPair<T>::value) {
      add(x.first), add(x.second);
    } else if constexpr (twice::detail::IsOptional<T>::value) {
      hasher_.word(x.has_value());
      if (x) add(*x);
    } else if constexpr (twice::detail::IsVariant<T>::value) {
      hasher_.word(x.index());
      std::visit([&](const auto& alternative) { add(alternative); }, x);
    } else {
      hasher_.add(x);
    }
  }

 private:
  const std::vector<bool>* is_member_;
  NodeId self_;
  Hasher hasher_;
};

/// Takes the described fields of one value over into another of the same type.
struct FieldsFrom {
  template <class T>
  void operator()(std::string_view, const T& x) {
    fields.push_back(&x);
  }
  std::vector<const void*> fields;
};
struct FieldsTo {
  template <class T>
  void operator()(std::string_view, T& x) {
    x = *static_cast<const T*>(fields[next++]);
  }
  const std::vector<const void*>& fields;
  std::size_t next = 0;
};

}  // namespace detail

/// The types that a symmetric protocol's nodes and its messages and records are made of.
template <class... T>
struct States {};
template <class... T>
struct Bodies {};

template <class... State, class... Body>
Symmetry make_symmetry(std::vector<NodeId> members, States<State...>, Bodies<Body...>) {
  Symmetry symmetry;
  symmetry.members = std::move(members);
  symmetry.rename_node = [](const Node& from, const Node& at, const Renaming& renaming) {
    std::unique_ptr<Node> made;
    const auto one = [&]<class S>(const S* source) {
      const S* fixed = state_of<S>(at);
      if (!source || !fixed) return;
      S state = *fixed;
      detail::FieldsFrom fields;
      S::visit(*source, fields);
      detail::FieldsTo target{fields.fields};
      S::visit(state, target);
      detail::Renamer(renaming).rename(state);
      made = make_node(std::move(state));
    };
    (one(state_of<State>(from)), ...);
    TWICE_ASSERT(made != nullptr, "a node of this kind cannot be renamed: " + std::string(from.kind()));
    return made;
  };
  symmetry.rename_body = [](const Payload& body, const Renaming& renaming) {
    Payload made;
    const auto one = [&]<class B>(const B* source) {
      if (!source) return;
      B value = *source;
      detail::Renamer(renaming).rename(value);
      made = Payload(std::move(value));
    };
    (one(body.get<Body>()), ...);
    TWICE_ASSERT(body.empty() == made.empty(), "a message of this kind cannot be renamed: " + std::string(body.name()));
    return made;
  };
  symmetry.node_digest = [](const Node& node, const std::vector<bool>& is_member, NodeId self) {
    detail::NeutralHasher hasher(is_member, self);
    const auto one = [&]<class S>(const S* state) {
      if (state) hasher.add(*state);
    };
    (one(state_of<State>(node)), ...);
    return hasher.value();
  };
  symmetry.body_digest = [](const Payload& body, const std::vector<bool>& is_member, NodeId self) {
    detail::NeutralHasher hasher(is_member, self);
    const auto one = [&]<class B>(const B* value) {
      if (value) hasher(B::kName, hash_text(B::kName)), hasher.add(*value);
    };
    (one(body.get<Body>()), ...);
    return hasher.value();
  };
  return symmetry;
}

}  // namespace twice::lab::search
