#pragma once
// Marks upon a lane's band: signs drawn at any size, placed so that what matters never hides.
#include "ui/panels/scene.h"
#include "ui/panels/time_axis.h"

namespace twice::ui {

/// The sign of a kind within a square of side 2 * `half`.
void draw_mark(const Scene& scene, ImDrawList& list, playback::MomentKind kind, ImVec2 centre, float half);
/// What a sign means: "attempt", "told ok".
std::string_view words_of(playback::MomentKind kind);
/// The kinds worth a legend.
std::vector<playback::MomentKind> legend_of(const Scene& scene);

/// Before an answer is given, what is still to come stays hidden.
inline bool hides(const Scene& scene, Time at) { return scene.veil.future && at > scene.session.cursor().at; }

/// Of the timeline's words, in pixels.
float small_text();
/// A band this high has room for words above its marks.
bool has_two_rows(const Scene& scene, float height);

/// From left to right.
struct MarkRoom {
  float from = 0, to = 0;
};
/// Where two marks meet, the one that matters more stays where it is; another one that matters moves aside, the rest
/// give way. Shows what happened under the mouse if the last item is hovered; true when it did. `taken`: where marks
/// stand now, in order.
bool draw_marks(const Scene& scene, const TimeAxis& axis, const playback::Recording& run, float top, float height,
                std::vector<MarkRoom>& taken);

}  // namespace twice::ui
