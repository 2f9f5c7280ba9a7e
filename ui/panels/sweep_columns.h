#pragma once
// Which crash point each pixel of a strip shows.
#include <cstddef>
#include <vector>

#include "lab/sweep.h"

namespace twice::ui {

using SweptPoints = std::vector<const lab::PointOutcome*>;

/// Higher is worse; the order of the command line's strips.
std::size_t harm_of(char letter);
/// One point a pixel column, the worst of those it stands for. An outcome that is rare among its neighbours gets at
/// least `least` columns, the worse one where two of them meet. REQUIRES points.
SweptPoints columns_of(const SweptPoints& points, std::size_t columns, std::size_t least);

/// Neighbouring columns from..to of one outcome and one kind of crash.
struct SweptSegment {
  std::size_t from, to;
  const lab::PointOutcome* point;
};
std::vector<SweptSegment> segments_of(const SweptPoints& columns);

}  // namespace twice::ui
