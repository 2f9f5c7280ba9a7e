#pragma once
// The card of a lesson: one screen of it, its questions and what came of them. The view model is
// playback/lesson_card.h.
#include <map>

#include "ui/panels/scene.h"
#include "ui/playback/lesson_card.h"

namespace twice::ui {

class LessonCardPanel {
 public:
  /// REQUIRES a scene with a lesson.
  Requests draw(const Scene& scene);
  /// The next frame puts the keyboard into the edit field.
  void type() { wants_field_ = true; }

 private:
  void draw_part(const Scene& scene, const lesson::Part& part, Requests& requests);
  void draw_step(const Scene& scene, const lesson::StepPart& part, Requests& requests);
  void draw_challenge(const Scene& scene, const lesson::StepPart& part, Requests& requests);
  void draw_field(const Scene& scene, const lesson::StepPart& part, Requests& requests);

  struct Text {
    std::string now, seen;  // as typed, as the card last had it
  };
  std::map<std::string, Text> texts_;  // of challenges, by lesson and step
  bool wants_field_ = false;
  std::string screen_;  // which one was drawn last: another one begins at its top
};

}  // namespace twice::ui
