#pragma once
// How events, messages and dense stretches of the space-time view look.
#include <optional>
#include <string>
#include <vector>

#include "ui/panels/labels.h"
#include "ui/panels/scene.h"
#include "ui/panels/space_time_layout.h"

namespace twice::ui {

/// What the hovered event has to do with the others; empty: nothing is hovered.
using Relations = std::vector<playback::Relation>;

void draw_axis(ImDrawList& list, const Scene& scene, const SpaceTimeLayout& layout, float left);
void draw_columns(ImDrawList& list, const Scene& scene, const SpaceTimeLayout& layout);
/// The nodes' names above the columns: smaller and in two lines where columns are narrow.
float height_of_headers(const Scene& scene, float column_width);
void draw_headers(ImDrawList& list, const Scene& scene, const SpaceTimeLayout& layout, float top);
void draw_arrows(ImDrawList& list, const Scene& scene, const SpaceTimeLayout& layout, const Relations& relations);
void draw_arrow_labels(ImDrawList& list, const Scene& scene, const SpaceTimeLayout& layout, FreeSpace& space);
void draw_clusters(ImDrawList& list, const Scene& scene, const SpaceTimeLayout& layout, const Relations& relations,
                   std::optional<Sequence> selected);
/// How many events a cluster stands for.
void draw_counts(ImDrawList& list, const Scene& scene, const SpaceTimeLayout& layout, FreeSpace& space);
/// The whole name of the column at `mouse` when its header shows a part of it only; empty otherwise.
std::string header_tip(const Scene& scene, const SpaceTimeLayout& layout, ImVec2 mouse);
/// Room for the steps' texts; 0 when the run has no steps.
float width_of_steps(const Scene& scene, float width);
void draw_step_labels(ImDrawList& list, const Scene& scene, const SpaceTimeLayout& layout);
/// The steps at `mouse` in words; empty when there is none.
std::string step_tip(const Scene& scene, const SpaceTimeLayout& layout, ImVec2 mouse);
/// Crashes, steps of the timeline and what nodes reported.
void draw_moments(ImDrawList& list, const Scene& scene, const SpaceTimeLayout& layout, FreeSpace& space);
void draw_density(ImDrawList& list, const Scene& scene, const SpaceTimeLayout& layout);
void draw_cursor_line(ImDrawList& list, const Scene& scene, const SpaceTimeLayout& layout);
void draw_cursor_flag(ImDrawList& list, const Scene& scene, const SpaceTimeLayout& layout, float left);

std::uint32_t most_of_a_slice(const playback::SpaceTimeView& view);
Legend space_time_legend(const Scene& scene, bool hovering);
Legend density_legend(const Scene& scene, std::string_view most, std::string_view slice, float one);

}  // namespace twice::ui
