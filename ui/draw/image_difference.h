#pragma once
#include <cstddef>

#include "ui/draw/image.h"

namespace twice::ui {

struct ImageDifference {
  std::size_t pixels = 0;                        // how many differ
  int largest = 0;                               // of any channel, 0..255
  int left = 0, top = 0, right = 0, bottom = 0;  // what they span; right and bottom lie just outside
};

/// Pixels whose red, green, blue or alpha differ by more than `tolerance`. Where only one of the pictures has a pixel,
/// it differs.
ImageDifference difference_of(const Image& wanted, const Image& got, int tolerance);

/// For people: wanted | got | what differs, in magenta over a faded copy.
Image side_by_side(const Image& wanted, const Image& got, int tolerance);

}  // namespace twice::ui
