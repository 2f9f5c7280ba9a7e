#include "physics/disk_page.h"

#include <bit>
#include <cstring>

#include "core/random.h"

namespace twice::physics {
namespace {

std::uint64_t digest_of(const std::byte* bytes) {
  constexpr std::uint64_t kOdd = 0x9fb21c651e98df25u;
  std::uint64_t lanes[4] = {1, 2, 3, 4};  // independent, so that the multiplications overlap
  for (std::size_t i = 0; i < DiskPage::kBytes; i += sizeof lanes) {
    std::uint64_t words[4];
    std::memcpy(words, bytes + i, sizeof words);
    for (std::size_t lane = 0; lane < 4; ++lane) lanes[lane] = (std::rotl(lanes[lane], 5) ^ words[lane]) * kOdd;
  }
  const std::uint64_t digest = mix(mix(lanes[0], lanes[1]), mix(lanes[2], lanes[3]));
  return digest == 0 ? 1 : digest;
}

std::uint64_t digest_of_zeros() {
  static const std::uint64_t digest = [] {
    const std::byte zeros[DiskPage::kBytes] = {};
    return digest_of(zeros);
  }();
  return digest;
}

}  // namespace

DiskPage DiskPage::holding(const std::byte* bytes) {
  DiskPage page;
  page.body_ = std::make_shared_for_overwrite<Body>();
  std::memcpy(page.body_->bytes, bytes, kBytes);
  page.body_->digest.store(0, std::memory_order_relaxed);
  return page;
}

std::byte* DiskPage::own() {
  if (body_ == nullptr) {
    body_ = std::make_shared<Body>();
  } else if (body_.use_count() > 1) {
    *this = holding(body_->bytes);
  }
  body_->digest.store(0, std::memory_order_relaxed);
  return body_->bytes;
}

std::uint64_t DiskPage::digest() const {
  if (body_ == nullptr) return digest_of_zeros();
  std::uint64_t digest = body_->digest.load(std::memory_order_relaxed);
  if (digest == 0) {
    digest = digest_of(body_->bytes);
    body_->digest.store(digest, std::memory_order_relaxed);
  }
  return digest;
}

}  // namespace twice::physics
