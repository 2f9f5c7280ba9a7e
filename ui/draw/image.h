#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace twice::ui {

/// A picture in memory, rows from the top. A pixel is 0xAABBGGRR, as ImU32 packs it.
struct Image {
  int width = 0, height = 0;
  std::vector<std::uint32_t> rgba;  // width * height

  Image() = default;
  Image(int w, int h, std::uint32_t fill)
      : width(w), height(h), rgba(static_cast<std::size_t>(w) * static_cast<std::size_t>(h), fill) {}

  std::uint32_t& at(int x, int y) { return rgba[index(x, y)]; }
  std::uint32_t at(int x, int y) const { return rgba[index(x, y)]; }
  bool operator==(const Image&) const = default;

 private:
  std::size_t index(int x, int y) const {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x);
  }
};

}  // namespace twice::ui
