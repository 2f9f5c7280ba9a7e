#include "ui/draw/image_difference.h"

#include <algorithm>
#include <cstdlib>

namespace twice::ui {
namespace {

constexpr std::uint32_t kDiffers = 0xffff00ff, kGap = 0xff808080, kFrame = 0xff0000ff;
constexpr int kGapWidth = 8;  // pixels

bool holds(const Image& image, int x, int y) { return x < image.width && y < image.height; }

int distance(std::uint32_t a, std::uint32_t b) {
  int largest = 0;
  for (int shift = 0; shift < 32; shift += 8) {
    const int one = static_cast<int>((a >> shift) & 0xff), other = static_cast<int>((b >> shift) & 0xff);
    largest = std::max(largest, std::abs(one - other));
  }
  return largest;
}

int distance_at(const Image& wanted, const Image& got, int x, int y) {
  const bool in_one = holds(wanted, x, y), in_other = holds(got, x, y);
  if (in_one && in_other) return distance(wanted.at(x, y), got.at(x, y));
  return in_one || in_other ? 255 : 0;
}

std::uint32_t faded(std::uint32_t pixel) {
  const std::uint32_t grey = ((pixel & 0xff) + ((pixel >> 8) & 0xff) + ((pixel >> 16) & 0xff)) / 3;
  const std::uint32_t pale = 170 + grey / 3;
  return 0xff000000 | pale << 16 | pale << 8 | pale;
}

void paste(Image& onto, const Image& image, int left) {
  for (int y = 0; y < image.height; ++y)
    for (int x = 0; x < image.width; ++x) onto.at(left + x, y) = image.at(x, y);
}

void frame(Image& image, int left, int top, int right, int bottom) {
  for (int y = std::max(top, 0); y < std::min(bottom, image.height); ++y)
    for (int x = std::max(left, 0); x < std::min(right, image.width); ++x)
      if (x == left || x == right - 1 || y == top || y == bottom - 1) image.at(x, y) = kFrame;
}

}  // namespace

ImageDifference difference_of(const Image& wanted, const Image& got, int tolerance) {
  ImageDifference found;
  for (int y = 0; y < std::max(wanted.height, got.height); ++y)
    for (int x = 0; x < std::max(wanted.width, got.width); ++x) {
      const int by = distance_at(wanted, got, x, y);
      found.largest = std::max(found.largest, by);
      if (by <= tolerance) continue;
      const bool first = found.pixels++ == 0;
      found.left = first ? x : std::min(found.left, x);
      found.top = first ? y : std::min(found.top, y);
      found.right = std::max(found.right, x + 1);
      found.bottom = y + 1;
    }
  return found;
}

Image side_by_side(const Image& wanted, const Image& got, int tolerance) {
  const int width = std::max(wanted.width, got.width), height = std::max(wanted.height, got.height);
  const int second = wanted.width + kGapWidth, third = second + got.width + kGapWidth;
  Image picture(third + width, height, kGap);
  paste(picture, wanted, 0);
  paste(picture, got, second);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      const bool differs = distance_at(wanted, got, x, y) > tolerance;
      if (differs)
        picture.at(third + x, y) = kDiffers;
      else if (holds(wanted, x, y))
        picture.at(third + x, y) = faded(wanted.at(x, y));
    }
  const ImageDifference found = difference_of(wanted, got, tolerance);
  if (found.pixels) frame(picture, third + found.left - 3, found.top - 3, third + found.right + 3, found.bottom + 3);
  return picture;
}

}  // namespace twice::ui
