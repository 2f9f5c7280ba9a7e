#include "ui/app/screenshot.h"

#include <charconv>
#include <chrono>
#include <thread>

#include <fmt/format.h>

#include "core/limits.h"
#include "scenario/load.h"
#include "ui/app/lab.h"

namespace twice::ui {
namespace {

constexpr Sequence kPiece = 65'536;

void record_all(Lab& lab) {
  while (lab.session().work(kPiece)) {
  }
}

// Records on until the run in focus has come so far, or is over.
template <class F>
void record_until(Lab& lab, F&& reached) {
  playback::Session& session = lab.session();
  while (!reached(session.recording(session.cursor().focus)) && session.work(kPiece)) {
  }
}

std::optional<std::string> go_to(Lab& lab, const std::string& at) {
  playback::Session& session = lab.session();
  if (at.empty() || lab.veil().asks) return std::nullopt;  // time stands still
  if (at == "end") {
    record_all(lab);
    session.apply(playback::SeekEnd{});
    return std::nullopt;
  }
  if (at.starts_with("event:")) {
    Sequence event = 0;
    const auto [end, error] = std::from_chars(at.data() + 6, at.data() + at.size(), event);
    if (error != std::errc{} || end != at.data() + at.size()) return fmt::format("--at {}: no number of an event", at);
    record_until(lab, [&](const playback::Recording& run) { return run.events() >= event; });
    session.apply(playback::SeekEvent{session.cursor().focus, event});
    return std::nullopt;
  }
  const auto time = parse_duration(at);
  if (!time) return fmt::format("--at {}: write a time (12.5s), an event (event:801) or end", at);
  record_until(lab, [&](const playback::Recording& run) { return run.last_world().now().ns >= time->ns; });
  session.apply(playback::SeekTime{Time{time->ns}});
  return std::nullopt;
}

std::optional<std::string> zoom_time(Lab& lab, const std::string& span) {
  if (span.empty()) return std::nullopt;
  const std::size_t dots = span.find("..");
  const auto from = parse_duration(span.substr(0, dots));
  const auto to = dots == std::string::npos ? std::nullopt : parse_duration(span.substr(dots + 2));
  if (!from || !to || to->ns <= from->ns) return fmt::format("--span {}: write two times, 9.9s..10.4s", span);
  lab.handle(ZoomTime{std::pair(Time{from->ns}, Time{to->ns})});
  return std::nullopt;
}

std::optional<std::string> focus(Lab& lab, const std::string& name) {
  if (name.empty()) return std::nullopt;
  std::string names;
  for (std::size_t i = 0; i < lab.session().lanes().size(); ++i) {
    const std::string& lane = lab.session().lanes()[i].name();
    if (lane == name) {
      lab.session().apply(playback::FocusLane{i});
      return std::nullopt;
    }
    names += (names.empty() ? "" : ", ") + lane;
  }
  return fmt::format("there is no lane '{}'; there are: {}", name, names);
}

std::optional<std::string> do_steps(Lab& lab, const std::string& text) {
  if (text.empty()) return std::nullopt;
  auto steps = world::parse_steps(text);
  if (const auto* wrong = std::get_if<world::StepError>(&steps))
    return fmt::format("--do: {}{}{}", wrong->message, wrong->help.empty() ? "" : "; ", wrong->help);
  playback::Branch branch;
  branch.name = text;
  branch.parent = 0;
  for (world::Step& step : std::get<std::vector<world::Step>>(steps))
    branch.did.push_back({lab.session().cursor().focus, std::move(step)});
  lab.session().graft(std::move(branch));
  return std::nullopt;
}

// Through the first screen, with the answer most people give.
void go_on(Lab& lab, std::uint32_t acts) {
  for (std::uint32_t i = 0; i < acts; ++i) {
    if (lab.prologue().asks())
      if (const auto choices = lab.prologue().choices(lab.session()))
        for (const std::uint64_t value : choices->values)
          if (value != choices->right) lab.handle(ChooseAnswer{value});
    lab.handle(NextAct{});
    lab.update(0, 10);
  }
}

std::optional<std::string> open_file(Lab& lab, const StartOptions& options) {
  if (options.answers.empty())
    return lab.open(options.file, options.seed) ? std::nullopt : std::optional(lab.problems());
  const scenario::FileText text = scenario::read_text_file(options.answers, limits::kAnswersFile);
  if (const auto* problem = std::get_if<scenario::FileProblem>(&text)) return problem->message;
  auto answers = lesson::read_answers(options.answers, std::get<std::string>(text));
  if (const auto* wrong = std::get_if<scenario::DiagnosticList>(&answers)) return render(*wrong);
  return lab.open_lesson(options.file, std::get<lesson::Answers>(std::move(answers))) ? std::nullopt
                                                                                      : std::optional(lab.problems());
}

// Until everything that this screen shows is run and graded.
void wait_for_lesson(Lab& lab) {
  if (!lab.lesson()) return;
  lab.update(0);
  while (lab.lesson()->busy()) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    lab.update(0);
  }
  record_all(lab);
}

void wait_for_sweep(Lab& lab) {
  lab.handle(StartSweep{});
  while (lab.sweep().running()) {
    lab.update(0);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

Image photograph(Lab& lab, int width, int height) {
  Headless screen(width, height, lab.settings().zoom, lab.settings().theme);
  const auto frame = [&] {
    lab.update(1.0 / 60, 5);
    screen.frame([&] { lab.draw(screen.fonts(), screen.theme(), lab.settings().zoom); });
  };
  // ImGui settles sizes over a few frames.
  for (int i = 0; i < 4; ++i) frame();
  while (lab.judging()) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    frame();
    if (!lab.judging()) frame();
  }
  return screen.picture();
}

}  // namespace

std::optional<std::string> go_there(Lab& lab, const StartOptions& options, bool whole) {
  if (!options.file.empty())
    if (auto error = open_file(lab, options)) return error;
  if (options.screen > 0 && lab.lesson()) lab.lesson()->go_to(options.screen - 1);
  if (whole) wait_for_lesson(lab);
  if (auto error = focus(lab, options.lane)) return error;
  if (whole) record_all(lab);
  if (auto error = do_steps(lab, options.steps)) return error;
  if (whole) record_all(lab);
  if (options.file.empty()) go_on(lab, options.act);
  if (options.view) lab.handle(ShowView{*options.view});
  if (options.theme) lab.handle(SetTheme{*options.theme});
  if (options.zoom > 0) lab.handle(SetZoom{options.zoom});
  if (auto error = zoom_time(lab, options.span)) return error;
  if (auto error = go_to(lab, options.at)) return error;
  for (const Request& request : options.then) lab.handle(request);
  if (whole) record_all(lab);
  return std::nullopt;
}

Shot take_run_shot(playback::BesideRun run, int width, int height) {
  Settings settings;
  settings.knows_prologue = true;
  Lab lab(settings, {});
  lab.show_run(std::move(run));
  record_all(lab);
  Shot shot;
  if (auto error = go_to(lab, "end")) return shot.error = std::move(*error), shot;
  record_all(lab);
  shot.image = photograph(lab, width, height);
  return shot;
}

Shot take_shot(const StartOptions& options, int width, int height, const std::string& program, bool sweep_first) {
  Shot shot;
  Lab lab(Settings{}, program);
  if (auto error = go_there(lab, options, true)) {
    shot.error = std::move(*error);
    return shot;
  }
  wait_for_lesson(lab);
  if (sweep_first || lab.sweep().running()) wait_for_sweep(lab);
  while (lab.inevitable().running()) {
    lab.update(0);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  shot.image = photograph(lab, width, height);
  return shot;
}

}  // namespace twice::ui
