#include "cli/lesson_pictures.h"

#include <fmt/format.h>

#include "ui/app/screenshot.h"
#include "ui/draw/png.h"

namespace twice::cli {

Pictured draw_runs(const lesson::Session& session, const std::filesystem::path& folder) {
  constexpr int kWidth = 1280, kHeight = 860;
  Pictured pictured;
  for (const lesson::StepPart* part : session.lesson().steps()) {
    const auto* show = std::get_if<lesson::Show>(&part->step);
    if (!show) continue;
    auto run = playback::run_of_case(session.context(), show->run);
    if (const auto* trouble = std::get_if<lesson::Trouble>(&run)) return {{}, trouble->text};
    const ui::Shot shot = ui::take_run_shot(std::get<playback::BesideRun>(std::move(run)), kWidth, kHeight);
    if (!shot.error.empty()) return {{}, shot.error};
    const std::string name = fmt::format("{}-{}.png", name_of(session.lesson()), part->name);
    if (auto error = ui::write_png((folder / name).string(), shot.image)) return {{}, *error};
    pictured.pictures[part->name] = name;
  }
  return pictured;
}

}  // namespace twice::cli
