#pragma once
#include <cstdint>
#include <memory>
#include <utility>

namespace twice {

/// The one owner of shared memory: an immutable value shared by all copies of a world. Copying a Block copies a
/// pointer; changing one means making a new one. This is what lets a fork of a world cost no more than its small state.
template <class T>
class Block {
 public:
  Block() = default;
  explicit Block(T value) : shared_(std::make_shared<const T>(std::move(value))) {}

  const T& operator*() const { return *shared_; }
  const T* operator->() const { return shared_.get(); }
  explicit operator bool() const { return shared_ != nullptr; }
  /// True when both are the very same block; equal contents in two blocks are not.
  bool same(const Block& other) const { return shared_ == other.shared_; }
  long owners() const { return shared_.use_count(); }

 private:
  std::shared_ptr<const T> shared_;
};

}  // namespace twice
