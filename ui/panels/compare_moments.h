#pragma once
// The moments of a run as marks on a time axis.
#include <string>
#include <vector>

#include "ui/panels/labels.h"
#include "ui/panels/scene.h"
#include "ui/panels/time_axis.h"

namespace twice::ui {

/// Moments that would be drawn on top of each other.
struct MomentGroup {
  playback::MomentKind kind = playback::MomentKind::kStep;
  float x = 0;
  std::size_t count = 1;
};
struct MomentStyle {
  const char* icon;
  ImU32 colour;
  std::size_t line;  // of a band: kinds that happen together stand apart
};
constexpr std::size_t kMomentLines = 7;
MomentStyle style_of(const Theme& theme, playback::MomentKind kind);
/// Its icon, and how many of it stand there.
std::string label_of(const MomentStyle& style, std::size_t count);
/// A group takes in what would lie under its icon and its count.
std::vector<MomentGroup> group_moments(const Scene& scene, const playback::Recording& run, const TimeAxis& axis);
/// Of the kinds that one of the two runs has.
Legend legend_of(const Scene& scene, const playback::ComparePicture& compare);

}  // namespace twice::ui
