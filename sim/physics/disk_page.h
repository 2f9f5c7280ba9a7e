#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace twice::physics {

/// 4 KiB of a file, shared by all copies of a disk and changed in place only while it has one owner (core/block.h is
/// for values that never change; a page that nobody else sees may). An empty page reads as zeros.
class DiskPage {
 public:
  static constexpr std::size_t kBytes = 4096;

  DiskPage() = default;
  /// A copy of kBytes bytes.
  static DiskPage holding(const std::byte* bytes);

  explicit operator bool() const { return body_ != nullptr; }
  bool same(const DiskPage& other) const { return body_ == other.body_; }
  /// kBytes bytes, or null for a page of zeros.
  const std::byte* bytes() const { return body_ ? body_->bytes : nullptr; }
  /// The bytes for writing: copied first when another disk sees this page.
  std::byte* own();
  /// Of the bytes; computed once per content. A page of zeros and an empty page have the same digest.
  std::uint64_t digest() const;

 private:
  struct Body {
    std::byte bytes[kBytes];
    mutable std::atomic<std::uint64_t> digest;  // 0 = not computed yet
  };
  std::shared_ptr<Body> body_;
};

}  // namespace twice::physics
