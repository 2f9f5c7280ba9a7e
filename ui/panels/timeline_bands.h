#pragma once
// The picture of the timeline: a band a lane, its name at the left, time below.
#include <string>

#include "ui/panels/scene.h"
#include "ui/panels/time_axis.h"
#include "ui/panels/timeline_marks.h"

namespace twice::ui {

/// Where the bands of the timeline lie.
struct BandLayout {
  float gutter = 0;    // width of the names
  float band = 0;      // height of a band with its gap
  float branches = 0;  // height of the lines above the bands
  float curve = 0;     // height of the curve below them, its gap included
  float axis = 0;      // height of the times below
  std::size_t branch_lines = 0;
  bool scrolls = false;
};
BandLayout layout_of(const Scene& scene, ImVec2 room);
/// Between two bands, part of their height.
float gap_of(const Scene& scene, const BandLayout& layout);

/// What happened in a lane over time: its attempts in its colour, hatched where nothing runs, marks on top. Draws into
/// the last item.
void draw_band(const Scene& scene, const TimeAxis& axis, std::size_t lane, float top, float height);
/// The parts of draw_band for a run in which somebody was elected (timeline_reigns.cpp): each stretch in the colour of
/// the newest leader's term, hatched while nobody leads. What there is to tell where the mouse is.
std::string draw_reigns(const Scene& scene, const TimeAxis& axis, const playback::Recording& run, float top,
                        float bottom);
/// … and its number and leader, where no mark stands in the way.
void draw_reign_words(const Scene& scene, const TimeAxis& axis, const playback::Recording& run, float top, float bottom,
                      const std::vector<MarkRoom>& taken);
/// Below the bands, for the lane in focus (timeline_no_return.cpp): how many of the futures drawn anew from each moment
/// still fail, and the event from which on all do. REQUIRES scene.no_return().
void draw_no_return(const Scene& scene, const TimeAxis& axis, const BandLayout& layout, float top);
/// A square in the lane's colour and its name, in so many columns that it can be read.
void draw_lane_names(const Scene& scene, const BandLayout& layout, ImVec2 from, Requests& requests);
/// Lines of branches: where each left its parent, and which one is shown.
void draw_branches(const Scene& scene, const TimeAxis& axis, const BandLayout& layout, float top, Requests& requests);
void draw_times(const Scene& scene, const TimeAxis& axis, float top);

}  // namespace twice::ui
