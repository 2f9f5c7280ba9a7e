#pragma once
// Pieces of the lesson card: answers to choose from, a confidence, what came of them, a run's table.
#include <string_view>

#include "ui/panels/scene.h"
#include "ui/playback/lesson_card.h"

namespace twice::ui {

/// Everything one can choose from in a step, as rows.
void draw_choices(const Scene& scene, const lesson::StepPart& part, Requests& requests);
void draw_confidence(const Scene& scene, const lesson::StepPart& part, Requests& requests);
/// What an answer was worth, and why.
void draw_result(const Scene& scene, const lesson::StepPart& part, Requests& requests);
/// The table of a run.
void draw_shown(const Scene& scene, const lesson::StepPart& part, Requests& requests);
/// Errors keep their lines; everything else is Markdown.
void draw_said(const Scene& scene, std::string_view text, Requests& requests);

/// What keys choose from: percents that people can tell apart.
struct Confidence {
  std::uint32_t percent;
  std::string_view word;
};
const std::vector<Confidence>& confidences();

}  // namespace twice::ui
