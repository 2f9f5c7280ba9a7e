#include "ui/app/actions.h"

#include <algorithm>

#include <fmt/format.h>

#include "lab/report_format.h"
#include "ui/panels/lesson_answers.h"
#include "ui/panels/network_panel.h"

namespace twice::ui {
namespace {

using namespace playback;

template <class T>
std::function<Requests(const Scene&)> ask(T what) {
  return [what](const Scene&) {
    Requests requests;
    push(requests, what);
    return requests;
  };
}

KeyPress key(int k) { return {k, false, false, false, false}; }
KeyPress ctrl(int k) { return {k, true, false, false, false}; }
KeyPress shift(int k) { return {k, false, true, false, false}; }

// While a question is open, Space answers it: the run is what comes next.
Requests space(const Scene& scene) {
  Requests requests;
  if (scene.prologue.asks())
    push(requests, NextAct{});
  else
    push(requests, TogglePlay{});
  return requests;
}

Requests zoom_by(const Scene& scene, float factor) {
  Requests requests;
  push(requests, SetZoom{scene.zoom * factor});
  return requests;
}

std::string only_when_free(const Scene& scene) {
  if (!scene.veil.plain) return {};
  return scene.lesson ? "first answer the question" : "first answer the question, or skip to the sandbox";
}

std::string only_outside_lessons(const Scene& scene) {
  return scene.lesson ? "a lesson has its own scenarios: a challenge is where they are changed" : only_when_free(scene);
}

std::string only_of_loads(const Scene& scene) {
  return scene.session.lanes()[scene.lane()].loads() ? only_when_free(scene) : "this scenario loads nothing";
}

std::string only_of_failures(const Scene& scene) {
  const std::string early = only_when_free(scene);
  if (!early.empty()) return early;
  if (!scene.session.complete()) return "the run is still being recorded";
  const lab::RunReport* report = scene.session.report(scene.lane());
  const bool wrong = report && report->load ? lab::is_bad(report->load->letter) : !scene.pictures.wrong.empty();
  return wrong ? std::string() : "nothing went wrong in this lane";
}

Action act_on_network(std::string_view id, std::string_view label, int k, Act act) {
  return {id,
          "Act",
          label,
          {key(k)},
          [act](const Scene& scene) {
            Requests requests;
            if (const auto command = scene.network->command_for(scene, act)) requests.push_back(*command);
            return requests;
          },
          [act](const Scene& scene) {
            const std::string early = only_when_free(scene);
            return early.empty() ? scene.network->why_not(scene, act) : early;
          }};
}

Requests spread_branches(const Scene& scene) {
  Requests requests;
  push(requests, ShowBranch{(scene.session.branch() + 1) % scene.session.branches().size()});
  return requests;
}

void add_time(std::vector<Action>& all) {
  all.push_back({"time.play", "Time", "Play or pause (run the prediction)", {key(keys::kSpace)}, space});
  all.push_back({"time.on", "Time", "One event on", {key(keys::kRight)}, ask(StepEvents{1})});
  all.push_back({"time.back", "Time", "One event back", {key(keys::kLeft)}, ask(StepEvents{-1})});
  all.push_back({"time.next", "Time", "Next interesting event", {shift(keys::kRight)}, ask(StepInteresting{1})});
  all.push_back({"time.previous", "Time", "Interesting event before", {shift(keys::kLeft)}, ask(StepInteresting{-1})});
  all.push_back({"time.start", "Time", "To the start", {key(keys::kHome)}, ask(SeekStart{})});
  all.push_back({"time.end", "Time", "To the end", {key(keys::kEnd)}, ask(SeekEnd{})});
  all.push_back({"time.slower", "Time", "Slower", {key('[')}, ask(ChangeSpeed{-1})});
  all.push_back({"time.faster", "Time", "Faster", {key(']')}, ask(ChangeSpeed{1})});
}

void add_views(std::vector<Action>& all) {
  for (std::size_t i = 0; i < kViews.size(); ++i)
    all.push_back({name_of(kViews[i]),
                   "View",
                   name_of(kViews[i]),
                   {key('1' + static_cast<int>(i))},
                   ask(ShowView{kViews[i]}),
                   only_when_free});
  all.push_back({"view.lane",
                 "View",
                 "Next lane",
                 {key(keys::kTab)},
                 [](const Scene& scene) {
                   Requests requests;
                   push(requests, FocusLane{(scene.lane() + 1) % scene.lanes()});
                   return requests;
                 },
                 [](const Scene& scene) { return scene.lanes() > 1 ? "" : "there is one lane"; }});
  all.push_back({"view.larger", "View", "Larger letters", {ctrl('+'), ctrl('=')}, [](const Scene& scene) {
                   return zoom_by(scene, 1.25f);
                 }});
  all.push_back({"view.smaller", "View", "Smaller letters", {ctrl('-')}, [](const Scene& scene) {
                   return zoom_by(scene, 0.8f);
                 }});
  all.push_back({"view.plain", "View", "Letters at 100 %", {ctrl('0')}, ask(SetZoom{1})});
  all.push_back({"view.light", "View", "Light theme", {}, ask(SetTheme{ThemeName::kLight})});
  all.push_back({"view.dark", "View", "Dark theme", {}, ask(SetTheme{ThemeName::kDark})});
  all.push_back({"view.contrast", "View", "High contrast theme", {}, ask(SetTheme{ThemeName::kHighContrast})});
  all.push_back({"view.motion", "View", "Reduced motion on or off", {}, [](const Scene& scene) {
                   Requests requests;
                   push(requests, SetReducedMotion{!scene.reduced_motion});
                   return requests;
                 }});
  all.push_back({"view.reset", "View", "Reset the layout", {}, ask(ResetLayout{})});
}

void add_acts(std::vector<Action>& all) {
  all.push_back(act_on_network("act.crash", "Crash or restart the node", 'X', Act::kCrashOrRestart));
  all.push_back(act_on_network("act.pause", "Pause or resume the node", 'Z', Act::kPauseOrResume));
  all.push_back(act_on_network("act.partition", "Partition or heal", 'P', Act::kPartitionOrHeal));
  all.push_back(act_on_network("act.isolate", "Isolate the node", 'I', Act::kIsolate));
  all.push_back(act_on_network("act.one-way", "Cut one way: what the chosen side says", 'O', Act::kOneWay));
  all.push_back(act_on_network("act.heal", "Heal all links", 'H', Act::kHeal));
  all.push_back(act_on_network("act.drop", "Drop the message", 'D', Act::kDrop));
  all.push_back(act_on_network("act.duplicate", "Duplicate the message", 'U', Act::kDuplicate));
  all.push_back(act_on_network("act.delay", "Delay the message", 'L', Act::kDelay));
  all.push_back(act_on_network("act.spread", "Spread the election timers", 'T', Act::kSpreadTimers));
  all.push_back(act_on_network("act.align", "Align the election timers", 'A', Act::kAlignTimers));
  all.push_back({"act.sweep", "Act", "Sweep: crash at every point", {key('W')}, ask(StartSweep{}), only_of_loads});
  all.push_back(
      {"act.inevitable", "Act", "When was it inevitable?", {key('R')}, ask(FindNoReturn{}), only_of_failures});
  all.push_back({"act.branches", "Act", "Next branch", {key('B')}, spread_branches, [](const Scene& scene) {
                   return scene.session.branches().size() > 1 ? "" : "there is one branch: act in the past to fork";
                 }});
}

void add_rest(std::vector<Action>& all) {
  all.push_back({"file.repro", "File", "Copy repro", {key('Y')}, ask(CopyRepro{})});
  all.push_back({"file.save", "File", "Save as scenario", {ctrl('S')}, ask(SaveScenario{})});
  all.push_back({"file.copy-schedule",
                 "File",
                 "Copy what I did as a schedule",
                 {shift('Y')},
                 ask(KeepSchedule{false}),
                 only_when_free});
  all.push_back(
      {"file.save-schedule", "File", "Save what I did as a schedule", {}, ask(KeepSchedule{true}), only_when_free});
  all.push_back({"file.edit", "File", "Edit the scenario", {key('E')}, ask(ShowEditor{true}), only_outside_lessons});
  all.push_back({"file.sql", "File", "Your SQL", {key('Q')}, ask(ShowSqlEditor{true}), only_outside_lessons});
  all.push_back({"file.quit", "File", "Quit", {ctrl('Q')}, ask(Quit{})});
  all.push_back({"help.first", "Help", "First question again", {}, ask(RestartPrologue{})});
  all.push_back({"help.palette", "Help", "Find an action", {ctrl('K')}, ask(ShowPalette{true})});
  all.push_back({"help.keys", "Help", "All keys", {key('?'), shift('?'), shift('/')}, ask(ShowHelp{true})});
}

const lesson::StepPart* active(const Scene& scene) { return scene.lesson ? scene.lesson->active() : nullptr; }

std::string only_in_lessons(const Scene& scene) { return scene.lesson ? "" : "no lesson is open: M shows them"; }

// Of the step that waits, as `make` says; nothing where none does.
template <class F>
Action on_step(std::string_view id, std::string_view label, std::vector<KeyPress> pressed, F make) {
  return {id,
          "Lesson",
          label,
          std::move(pressed),
          [make](const Scene& scene) {
            Requests requests;
            if (const lesson::StepPart* part = active(scene)) make(scene, *part, requests);
            return requests;
          },
          [](const Scene& scene) {
            const std::string none = only_in_lessons(scene);
            return !none.empty() || active(scene) ? none : "nothing on this screen waits for an answer";
          }};
}

// On the map, which lesson; on the card, which answer.
Requests choose_by(const Scene& scene, int by) {
  Requests requests;
  if (scene.map) return push(requests, MoveOnMap{by}), requests;
  const lesson::StepPart* part = active(scene);
  const int count = part ? static_cast<int>(scene.lesson->session().choices(*part).size()) : 0;
  if (count == 0) return requests;
  const int now = static_cast<int>(scene.lesson->draft(*part).choice.value_or(by > 0 ? 0 : count + 1));
  push(requests, Choose{part->name, static_cast<std::uint32_t>(std::clamp(now + by, 1, count))});
  return requests;
}

Requests open_or_send(const Scene& scene) {
  Requests requests;
  if (scene.map)
    push(requests, OpenChosenLesson{});
  else if (const lesson::StepPart* part = active(scene))
    push(requests, SendAnswer{part->name});
  return requests;
}

Requests surer_by(const Scene& scene, const lesson::StepPart& part, int by) {
  Requests requests;
  const auto& all = confidences();
  int at = by > 0 ? -1 : static_cast<int>(all.size());
  for (std::size_t i = 0; i < all.size(); ++i)
    if (scene.lesson->draft(part).confidence == all[i].percent) at = static_cast<int>(i);
  at = std::clamp(at + by, 0, static_cast<int>(all.size()) - 1);
  push(requests, SetConfidence{part.name, all[static_cast<std::size_t>(at)].percent});
  return requests;
}

std::string why_not_send(const Scene& scene) {
  if (scene.map) return {};
  if (!scene.lesson) return only_in_lessons(scene);
  const lesson::StepPart* part = active(scene);
  return part ? scene.lesson->why_not_send(*part) : "nothing on this screen waits for an answer";
}

void add_lesson(std::vector<Action>& all) {
  const auto map_or_lesson = [](const Scene& scene) { return scene.map ? std::string() : only_in_lessons(scene); };
  all.push_back({"lesson.map", "Lesson", "All lessons", {key('M')}, [](const Scene& scene) {
                   Requests requests;
                   push(requests, ShowLessonMap{!scene.map});
                   return requests;
                 }});
  all.push_back({"lesson.next",
                 "Lesson",
                 "Next screen (of the first question: next step)",
                 {key('N')},
                 [](const Scene& scene) {
                   Requests requests;
                   if (scene.lesson)
                     push(requests, NextScreen{});
                   else
                     push(requests, NextAct{});
                   return requests;
                 },
                 [](const Scene& scene) { return scene.prologue.over() ? only_in_lessons(scene) : std::string(); }});
  all.push_back({"lesson.back", "Lesson", "Screen before", {shift('N')}, ask(PreviousScreen{}), only_in_lessons});
  all.push_back({"lesson.down",
                 "Lesson",
                 "Next answer",
                 {key(keys::kDown)},
                 [](const Scene& scene) { return choose_by(scene, 1); },
                 map_or_lesson});
  all.push_back({"lesson.up",
                 "Lesson",
                 "Answer before",
                 {key(keys::kUp)},
                 [](const Scene& scene) { return choose_by(scene, -1); },
                 map_or_lesson});
  const auto surer = [](int by) {
    return [by](const Scene& scene, const lesson::StepPart& part, Requests& requests) {
      requests = surer_by(scene, part, by);
    };
  };
  all.push_back(on_step("lesson.surer", "Surer", {key('.')}, surer(1)));
  all.push_back(on_step("lesson.less-sure", "Less sure", {key(',')}, surer(-1)));
  all.push_back({"lesson.send",
                 "Lesson",
                 "Give the answer",
                 {key(keys::kEnter), ctrl(keys::kEnter)},
                 open_or_send,
                 why_not_send});
  const auto on = [](auto what) {
    return [what](const Scene&, const lesson::StepPart& part, Requests& requests) {
      auto request = what;
      request.step = part.name;
      push(requests, request);
    };
  };
  all.push_back(on_step("lesson.hint", "A hint", {key(keys::kF1 + 1)}, on(AskHint{})));
  all.push_back(
      on_step("lesson.write", "Write the edits of a challenge", {key(keys::kF1 + 3)},
              [](const Scene&, const lesson::StepPart&, Requests& requests) { push(requests, WriteEditsByKey{}); }));
  all.push_back(on_step("lesson.beside", "Run it beside", {key(keys::kF1 + 4)}, on(ShowBeside{})));
  all.push_back(on_step("lesson.seeds", "Try 1,000 seeds", {key(keys::kF1 + 5)}, on(TrySeeds{})));
  all.push_back({"lesson.stop", "Lesson", "Stop what is being run", {}, ask(StopWork{}), only_in_lessons});
  all.push_back(on_step("lesson.without", "Go on without an answer", {shift('G')}, on(GiveUp{})));
  all.push_back({"lesson.ahead", "Lesson", "I know this: to the last question", {}, ask(SkipAhead{}), only_in_lessons});
  all.push_back({"lesson.leave", "Lesson", "Leave the lesson", {}, ask(LeaveLesson{}), only_in_lessons});
}

std::vector<Action> make_actions() {
  std::vector<Action> all;
  add_time(all);
  add_views(all);
  add_acts(all);
  add_lesson(all);
  add_rest(all);
  return all;
}

std::string name_of_key(int k) {
  switch (k) {
    case keys::kSpace:
      return "Space";
    case keys::kRight:
      return "→";
    case keys::kLeft:
      return "←";
    case keys::kDown:
      return "↓";
    case keys::kUp:
      return "↑";
    case keys::kEnter:
      return "Enter";
    case keys::kHome:
      return "Home";
    case keys::kEnd:
      return "End";
    case keys::kTab:
      return "Tab";
    case keys::kEscape:
      return "Esc";
    default:
      if (k >= keys::kF1 && k <= keys::kF12) return fmt::format("F{}", k - keys::kF1 + 1);
      return std::string(1, static_cast<char>(k));
  }
}

}  // namespace

const std::vector<Action>& actions() {
  static const std::vector<Action> kAll = make_actions();
  return kAll;
}

const std::vector<std::string_view>& menus() {
  static const std::vector<std::string_view> kMenus{"File", "Time", "View", "Act", "Lesson", "Help"};
  return kMenus;
}

const Action* action_for(const KeyPress& pressed) {
  KeyPress wanted = pressed;
  wanted.repeat = false;
  for (const Action& action : actions())
    if (std::find(action.keys.begin(), action.keys.end(), wanted) != action.keys.end()) return &action;
  return nullptr;
}

const Action* action_named(std::string_view id) {
  for (const Action& action : actions())
    if (action.id == id) return &action;
  return nullptr;
}

std::string key_text(const KeyPress& k) {
  std::string text;
  if (k.ctrl) text += "Ctrl+";
  if (k.alt) text += "Alt+";
  if (k.shift && k.key != '?') text += "Shift+";
  return text + name_of_key(k.key);
}

}  // namespace twice::ui
