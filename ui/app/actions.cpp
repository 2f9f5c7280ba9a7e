#include "ui/app/actions.h"

#include <algorithm>

#include "lab/report_format.h"
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

std::string only_after_prologue(const Scene& scene) {
  return scene.prologue.over() ? std::string() : "first answer the question, or skip to the sandbox";
}

std::string only_of_loads(const Scene& scene) {
  return scene.session.lanes()[scene.lane()].loads() ? only_after_prologue(scene) : "this scenario loads nothing";
}

std::string only_of_failures(const Scene& scene) {
  const std::string early = only_after_prologue(scene);
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
            const std::string early = only_after_prologue(scene);
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
                   only_after_prologue});
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
  all.push_back({"file.edit", "File", "Edit the scenario", {key('E')}, ask(ShowEditor{true}), only_after_prologue});
  all.push_back({"file.sql", "File", "Your SQL", {key('Q')}, ask(ShowSqlEditor{true}), only_after_prologue});
  all.push_back({"file.quit", "File", "Quit", {ctrl('Q')}, ask(Quit{})});
  all.push_back({"lesson.next", "Help", "Next step of the lesson", {key('N')}, ask(NextAct{})});
  all.push_back({"lesson.again", "Help", "First question again", {}, ask(RestartPrologue{})});
  all.push_back({"help.palette", "Help", "Find an action", {ctrl('K')}, ask(ShowPalette{true})});
  all.push_back({"help.keys", "Help", "All keys", {key('?'), shift('?'), shift('/')}, ask(ShowHelp{true})});
}

std::vector<Action> make_actions() {
  std::vector<Action> all;
  add_time(all);
  add_views(all);
  add_acts(all);
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
    case keys::kHome:
      return "Home";
    case keys::kEnd:
      return "End";
    case keys::kTab:
      return "Tab";
    case keys::kEscape:
      return "Esc";
    default:
      return std::string(1, static_cast<char>(k));
  }
}

}  // namespace

const std::vector<Action>& actions() {
  static const std::vector<Action> kAll = make_actions();
  return kAll;
}

const std::vector<std::string_view>& menus() {
  static const std::vector<std::string_view> kMenus{"File", "Time", "View", "Act", "Help"};
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
