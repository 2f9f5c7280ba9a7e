#pragma once
// Little-endian numbers and variable-length integers in strings of bytes.
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace twice::pipeline::formats {

/// Small magnitudes become small numbers: 0, -1, 1, -2 … are 0, 1, 2, 3.
constexpr std::uint64_t zigzag(std::int64_t n) {
  return (static_cast<std::uint64_t>(n) << 1) ^ (n < 0 ? ~std::uint64_t{0} : 0);
}
constexpr std::int64_t unzigzag(std::uint64_t n) {
  return static_cast<std::int64_t>((n >> 1) ^ (n & 1 ? ~std::uint64_t{0} : 0));
}

inline void put_varint(std::string& out, std::uint64_t n) {
  for (; n >= 0x80; n >>= 7) out += static_cast<char>(n | 0x80);
  out += static_cast<char>(n);
}
inline void put_u32(std::string& out, std::uint32_t n) {
  for (int i = 0; i < 4; ++i) out += static_cast<char>(n >> (8 * i));
}
inline void put_u64(std::string& out, std::uint64_t n) {
  for (int i = 0; i < 8; ++i) out += static_cast<char>(n >> (8 * i));
}
inline void put_real(std::string& out, double value) { put_u64(out, std::bit_cast<std::uint64_t>(value)); }

/// Reads from the front of untrusted bytes; nullopt: they end too early, or are no such number.
class ByteCursor {
 public:
  explicit ByteCursor(std::string_view bytes) : bytes_(bytes) {}

  std::size_t at() const { return at_; }
  std::size_t left() const { return bytes_.size() - at_; }

  std::optional<std::uint64_t> varint() {
    std::uint64_t n = 0;
    for (unsigned shift = 0; shift < 64 && at_ < bytes_.size(); shift += 7) {
      const auto byte = static_cast<unsigned char>(bytes_[at_++]);
      if (shift == 63 && byte > 1) return std::nullopt;
      n |= static_cast<std::uint64_t>(byte & 0x7fu) << shift;
      if (byte < 0x80) return n;
    }
    return std::nullopt;
  }
  std::optional<std::string_view> take(std::uint64_t size) {
    if (size > left()) return std::nullopt;
    at_ += static_cast<std::size_t>(size);
    return bytes_.substr(at_ - static_cast<std::size_t>(size), static_cast<std::size_t>(size));
  }
  std::optional<std::uint64_t> little_endian(std::size_t size) {
    const auto bytes = take(size);
    if (!bytes) return std::nullopt;
    std::uint64_t n = 0;
    for (std::size_t i = 0; i < size; ++i)
      n |= static_cast<std::uint64_t>(static_cast<unsigned char>((*bytes)[i])) << (8 * i);
    return n;
  }
  std::optional<double> real() {
    const auto bits = little_endian(8);
    if (!bits) return std::nullopt;
    return std::bit_cast<double>(*bits);
  }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
};

}  // namespace twice::pipeline::formats
