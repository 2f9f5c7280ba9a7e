#include "ui/playback/session.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "core/overload.h"
#include "lab/report_format.h"
#include "lab/shipped_files.h"

namespace twice::playback {
namespace {

constexpr double kLoadSeconds = 12;  // a load plays this long at speed 0, whatever its length
constexpr int kSlowest = -10, kFastest = 10;
constexpr std::size_t kMostBranches = 64;

// "crash n3 at 2.70 s": what was done, and when as a person remembers it.
std::string name_of_step(const world::Step& step, Time at) {
  const std::string text = world::to_text(step);
  const std::string when = world::to_text(step.when);
  if (!std::holds_alternative<world::AtEvent>(step.when) || !text.ends_with(when)) return text;
  return fmt::format("{}at {:.3f} s", text.substr(0, text.size() - when.size()), static_cast<double>(at.ns) / 1e9);
}

}  // namespace

Session::Session(scenario::Scenario scenario, std::uint64_t seed, std::vector<std::string> shown,
                 std::vector<std::string> set)
    : scenario_(std::make_unique<scenario::Scenario>(std::move(scenario))), seed_(seed), set_(std::move(set)) {
  for (const scenario::Variant& variant : scenario_->variants) {
    if (!shown.empty() && std::find(shown.begin(), shown.end(), variant.name) == shown.end()) continue;
    lanes_.push_back({&variant, std::make_unique<lab::Ready>(lab::make_ready(variant)), std::nullopt});
  }
  cursor_.event.assign(lanes_.size(), 0);
  playheads_.resize(lanes_.size());
  add_branch({.name = "as the scenario says",
              .parent = std::nullopt,
              .did = {},
              .forked_at = std::vector<std::optional<Sequence>>(lanes_.size()),
              .recording = {}});
}

// --- recording

std::size_t Session::record(std::size_t lane, bool timeline, const std::vector<world::Step>& steps,
                            std::optional<std::uint32_t> runs) {
  lab::RunOptions options;
  options.steps = steps;
  options.timeline = timeline;
  options.runs = runs;
  recordings_.push_back(std::make_unique<Recording>(++last_recording_, *lanes_[lane].ready, seed_, options));
  return recordings_.size() - 1;
}

std::vector<world::Step> Session::steps(std::size_t branch, std::size_t lane) const {
  std::vector<world::Step> steps;
  for (const Intervention& did : branches_[branch].did)
    if (!did.lane || *did.lane == lane) steps.push_back(did.step);
  return steps;
}

void Session::add_branch(Branch branch) {
  branches_.push_back(std::move(branch));
  const std::size_t index = branches_.size() - 1;
  for (std::size_t lane = 0; lane < lanes_.size(); ++lane) {
    Branch& added = branches_[index];
    // A lane in which nothing else happens than in the parent shares the parent's run.
    const bool same = added.parent && branches_[*added.parent].timeline == added.timeline &&
                      branches_[*added.parent].runs == added.runs && steps(index, lane) == steps(*added.parent, lane);
    added.recording.push_back(same ? branches_[*added.parent].recording[lane]
                                   : record(lane, added.timeline, steps(index, lane), added.runs));
  }
  branch_ = index;
  ++revision_;
}

void Session::restart_recordings() {
  recordings_.clear();
  for (Lane& lane : lanes_) lane.reference.reset();
  std::vector<Branch> branches = std::exchange(branches_, {});
  const std::size_t shown = branch_;
  for (Branch& branch : branches) {
    branch.recording.clear();
    add_branch(std::move(branch));
  }
  branch_ = shown;
  ++revision_;
}

bool Session::work(Sequence events) {
  std::vector<std::size_t> wanted = branches_[branch_].recording;
  for (const Branch& branch : branches_) wanted.insert(wanted.end(), branch.recording.begin(), branch.recording.end());
  // The shown lane that lags most in time goes first, so that all of them can be watched while they are recorded.
  std::size_t next = recordings_.size();
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const Recording& candidate = *recordings_[wanted[i]];
    if (candidate.complete()) continue;
    const bool shown = i < lanes_.size();
    if (next == recordings_.size() || (shown && candidate.end() < recordings_[next]->end())) next = wanted[i];
    if (!shown) break;
  }
  if (next < recordings_.size()) {
    const bool lagged = recordings_[next]->end() <= cursor_.at || wanted_at_;
    recordings_[next]->advance(events);
    ++revision_;
    if (follows_end_) seek(end());
    if (lagged && !follows_end_) catch_up();
    return true;
  }
  for (Lane& lane : lanes_)
    if (lane.loads() && !lane.reference) {
      lane.reference = lab::make_reference(*lane.ready->pipeline, seed_);
      ++revision_;
      return true;
    }
  return false;
}

// What was not recorded yet when the cursor came by.
void Session::catch_up() {
  const std::vector<Sequence> before = cursor_.event;
  seek(wanted_at_.value_or(cursor_.at));
  if (complete()) wanted_at_.reset();
  const std::size_t lane = cursor_.focus;
  if (!wanted_at_ && before[lane] > cursor_.event[lane]) cursor_.event[lane] = before[lane];
}

bool Session::complete() const {
  for (std::size_t lane = 0; lane < lanes_.size(); ++lane)
    if (!recording(lane).complete() || (lanes_[lane].loads() && !lanes_[lane].reference)) return false;
  return true;
}

double Session::progress() const {
  double least = 1;
  for (std::size_t lane = 0; lane < lanes_.size(); ++lane) {
    if (recording(lane).complete()) continue;
    const auto until = static_cast<double>(lanes_[lane].variant->spec.until.ns);
    least = std::min(least, until > 0 ? static_cast<double>(recording(lane).end().ns) / until : 0);
  }
  return least;
}

const lab::RunReport* Session::report(std::size_t branch, std::size_t lane) const {
  const Recording& run = recording(branch, lane);
  if (!run.complete()) return nullptr;
  if (lanes_[lane].loads() && !lanes_[lane].reference) return nullptr;
  return &run.report(lanes_[lane].reference ? &*lanes_[lane].reference : nullptr);
}

const world::World& Session::world(std::size_t lane) const {
  return playheads_[lane].seek(recording(lane), cursor_.event[lane]);
}

Time Session::end() const {
  Time end{};
  for (std::size_t lane = 0; lane < lanes_.size(); ++lane) end = std::max(end, recording(lane).end());
  return end;
}

// --- the cursor

void Session::seek(Time at) {
  cursor_.at = std::clamp(at, Time{}, end());
  for (std::size_t lane = 0; lane < lanes_.size(); ++lane)
    cursor_.event[lane] = recording(lane).error().empty() ? recording(lane).trace().events_until(cursor_.at) : 0;
}

void Session::seek_event(std::size_t lane, Sequence event) {
  if (lane >= lanes_.size() || !recording(lane).error().empty()) return;
  const Sequence wanted = std::min(event, recording(lane).events());
  const auto record = recording(lane).trace().record_of(wanted);
  seek(record ? record->at : Time{});
  cursor_.event[lane] = wanted;
  cursor_.focus = lane;
  settle(lane);
}

// A step of the timeline and the event it stands before happen as one: the cursor is never between them.
void Session::settle(std::size_t lane) {
  const world::World& here = world(lane);
  cursor_.event[lane] = here.events();
  cursor_.at = std::max(cursor_.at, here.now());
}

void Session::step_events(std::int64_t by) {
  const std::size_t lane = cursor_.focus;
  const auto now = static_cast<std::int64_t>(cursor_.event[lane]);
  seek_event(lane, static_cast<Sequence>(std::max<std::int64_t>(0, now + by)));
  const bool stayed = by < 0 && now > 1 && static_cast<std::int64_t>(cursor_.event[lane]) >= now;
  if (stayed) seek_event(lane, static_cast<Sequence>(now + by - 1));
}

void Session::step_interesting(int by) {
  const std::size_t lane = cursor_.focus;
  const std::vector<Moment>& moments = recording(lane).moments();
  const Sequence now = cursor_.event[lane];
  if (by > 0) {
    const auto next = std::find_if(moments.begin(), moments.end(), [&](const Moment& m) { return m.event > now; });
    next == moments.end() ? seek_event(lane, recording(lane).events()) : seek_event(lane, next->event);
  } else {
    const auto back = std::find_if(moments.rbegin(), moments.rend(), [&](const Moment& m) { return m.event < now; });
    back == moments.rend() ? seek_event(lane, 0) : seek_event(lane, back->event);
  }
}

void Session::refresh_pace() const {
  if (pace_revision_ == revision_) return;
  pace_revision_ = revision_;
  pace_.clear();
  for (std::size_t lane = 0; lane < lanes_.size(); ++lane)
    pace_.insert(pace_.end(), recording(lane).ticks().begin(), recording(lane).ticks().end());
  pace_.push_back(end());
  std::sort(pace_.begin(), pace_.end());
  pace_.erase(std::unique(pace_.begin(), pace_.end()), pace_.end());
}

double Session::position_of(Time at) const {
  const auto next = std::upper_bound(pace_.begin(), pace_.end(), at);
  if (next == pace_.begin()) return 0;
  const auto before = std::prev(next);
  const auto index = static_cast<double>(before - pace_.begin());
  if (next == pace_.end()) return index;
  return index + static_cast<double>((at - *before).ns) / static_cast<double>((*next - *before).ns);
}

Time Session::time_at(double position) const {
  const auto index = static_cast<std::size_t>(std::max(0.0, position));
  if (index + 1 >= pace_.size()) return pace_.back();
  const double within = position - static_cast<double>(index);
  return pace_[index] +
         Duration{static_cast<std::int64_t>(within * static_cast<double>((pace_[index + 1] - pace_[index]).ns))};
}

void Session::pass(double seconds) {
  if (!cursor_.playing) return;
  double rate = 1;
  for (int i = 0; i < cursor_.speed; ++i) rate *= 2;
  for (int i = 0; i > cursor_.speed; --i) rate /= 2;
  Time next;
  if (lanes_.front().loads()) {
    refresh_pace();
    const double all = static_cast<double>(pace_.size());
    next = time_at(position_of(cursor_.at) + all * rate * seconds / kLoadSeconds);
  } else {
    next = cursor_.at + Duration{static_cast<std::int64_t>(rate * seconds * 1e9)};
  }
  seek(std::max(next, cursor_.at));
  if (cursor_.at >= end() && complete()) cursor_.playing = false;
}

// --- acting

world::Step Session::step_here(std::size_t lane, world::Action action) const {
  return {world::AtEvent{cursor_.event[lane] + 1}, std::move(action)};
}

std::string Session::why_not(std::size_t lane, const world::Action& action) const {
  if (!recording(lane).error().empty()) return recording(lane).error();
  world::World copy = world(lane);
  if (auto error = copy.carry_out_now({world::AtTime{copy.now()}, action})) return *error;
  if (copy.took_effect(copy.steps().size() - 1)) return {};
  const auto is = [&](const std::string& node) { return fmt::format("{} is", node); };
  return std::visit(Overload{[&](const world::Crash& c) { return is(c.node) + " not running"; },
                             [&](const world::Restart& r) { return is(r.node) + " running already"; },
                             [&](const world::Pause& p) { return is(p.node) + " not running, or paused already"; },
                             [&](const world::Resume& r) { return is(r.node) + " not paused"; },
                             [](const world::Heal&) { return std::string("no link is cut"); },
                             [](const world::Cut&) { return std::string("this link is cut already"); },
                             [](const world::Partition&) { return std::string("these links are cut already"); },
                             [](const auto&) { return std::string("it would change nothing here"); }},
                    action);
}

void Session::intervene(const Intervene& what) {
  if (branches_.size() >= kMostBranches) {
    complaint_ =
        fmt::format("there are {} branches already: close the scenario or go on in one of them", kMostBranches);
    return;
  }
  const Time keep = cursor_.at;
  const Branch& parent = branches_[branch_];
  Branch branch{.name = what.name.empty() ? name_of_step(what.step, cursor_.at) : what.name,
                .parent = branch_,
                .timeline = parent.timeline,
                .did = parent.did,
                .runs = parent.runs,
                .forked_at = std::vector<std::optional<Sequence>>(lanes_.size()),
                .recording = {}};
  branch.did.push_back({what.lane, what.step});
  for (const world::Step& step : what.more) branch.did.push_back({what.lane, step});
  for (std::size_t lane = 0; lane < lanes_.size(); ++lane)
    if (!what.lane || *what.lane == lane) branch.forked_at[lane] = cursor_.event[lane];
  std::vector<Sequence> events = cursor_.event;
  // The step itself is the next event: the cursor goes there, so that what it did is seen at once.
  const auto* here = std::get_if<world::AtEvent>(&what.step.when);
  for (std::size_t lane = 0; lane < lanes_.size(); ++lane)
    if (here && branch.forked_at[lane] && here->event == events[lane] + 1) events[lane] += 1 + what.more.size();
  add_branch(std::move(branch));
  // Far enough that the cursor stands where it stood; the rest is recorded in the background.
  for (std::size_t lane = 0; lane < lanes_.size(); ++lane) {
    Recording& run = *recordings_[branches_[branch_].recording[lane]];
    if (run.error().empty() && events[lane] < 200'000)
      run.advance(events[lane] > run.events() ? events[lane] - run.events() : 0);
    if (!run.error().empty()) complaint_ = run.error();
  }
  seek(keep);
  // A message's step happens where it was sent: then only the moment is kept.
  for (std::size_t lane = 0; lane < lanes_.size(); ++lane)
    if (here && events[lane] <= recording(lane).events()) cursor_.event[lane] = events[lane];
  const std::size_t acted = what.lane.value_or(cursor_.focus);
  if (here && recording(acted).error().empty()) settle(acted);
}

void Session::graft(Branch branch) {
  if (branches_.size() >= kMostBranches) return;
  branch.recording.clear();
  branch.forked_at.assign(lanes_.size(), std::nullopt);
  if (branch.parent && *branch.parent >= branches_.size()) branch.parent.reset();
  std::erase_if(branch.did, [&](const Intervention& did) { return did.lane && *did.lane >= lanes_.size(); });
  for (const Intervention& did : branch.did)
    if (const auto* at = std::get_if<world::AtEvent>(&did.step.when))
      for (std::size_t lane = 0; lane < lanes_.size(); ++lane)
        if ((!did.lane || *did.lane == lane) && !branch.forked_at[lane]) branch.forked_at[lane] = at->event - 1;
  add_branch(std::move(branch));
}

void Session::keep_at(const Cursor& cursor) {
  wanted_at_ = cursor.at;
  seek(cursor.at);
  if (complete()) wanted_at_.reset();
  cursor_.focus = std::min(cursor.focus, lanes_.size() - 1);
  cursor_.speed = cursor.speed;
}

void Session::crash_at(const lab::Point& point) {
  Branch branch{.name = lab::to_text(point),
                .parent = std::nullopt,
                .timeline = false,
                .did = {},
                .runs = std::nullopt,
                .forked_at = std::vector<std::optional<Sequence>>(lanes_.size()),
                .recording = {}};
  if (point.stop == lab::Stop::kSecondRun) branch.runs = static_cast<std::uint32_t>(point.number + 1);
  for (const world::Step& step : lab::steps_of(point)) branch.did.push_back({std::nullopt, step});
  const auto known = std::find_if(branches_.begin(), branches_.end(), [&](const Branch& b) {
    return !b.timeline && b.name == branch.name && b.did.size() == branch.did.size();
  });
  const bool at_end = follows_end_ || (cursor_.at >= end() && complete());
  const Time keep = cursor_.at;
  if (known != branches_.end()) {
    branch_ = static_cast<std::size_t>(known - branches_.begin());
    ++revision_;
  } else {
    // A slider leaves many marks: the branch before the last movement is replaced, not kept, unless it was built upon.
    const std::size_t last = branches_.size() - 1;
    const bool replaces = last > 0 && last == branch_ && !branches_[last].timeline && !branches_[last].parent &&
                          branches_[last].did.size() <= 1;
    if (replaces) {
      for (const std::size_t run : branches_[last].recording) recordings_[run].reset();
      branches_.pop_back();
    }
    add_branch(std::move(branch));
  }
  follows_end_ = at_end;
  seek(at_end ? end() : keep);
}

std::string Session::repro(std::size_t lane) const {
  const Branch& branch = branches_[branch_];
  lab::Subject subject;
  subject.path = lab::short_name(scenario_->path);
  subject.arguments = lab::shell_path(subject.path);
  for (const std::string& set : set_) subject.arguments += " " + lab::shell_option("--set", set);
  subject.timeline = branch.timeline;
  subject.steps = world::to_text(steps(branch_, lane));
  std::string line = lab::repro(subject, seed_, scenario_->variants.size() > 1 ? lanes_[lane].name() : std::string());
  if (branch.runs) line += fmt::format(" --runs {}", *branch.runs);
  return line;
}

void Session::apply(const Command& command) {
  complaint_.clear();
  if (!std::holds_alternative<CrashAt>(command)) follows_end_ = false;
  wanted_at_.reset();
  std::visit(
      Overload{
          [&](const Play&) {
            if (cursor_.at >= end() && complete()) seek(Time{});
            cursor_.playing = true;
          },
          [&](const Pause&) { cursor_.playing = false; },
          [&](const TogglePlay&) {
            if (!cursor_.playing && cursor_.at >= end() && complete()) seek(Time{});
            cursor_.playing = !cursor_.playing;
          },
          [&](const StepEvents& step) { cursor_.playing = false, step_events(step.by); },
          [&](const StepInteresting& step) { cursor_.playing = false, step_interesting(step.by); },
          [&](const SeekTime& to) { seek(to.at); },
          [&](const SeekEvent& to) { cursor_.playing = false, seek_event(to.lane, to.event); },
          [&](const SeekStart&) { seek(Time{}), std::fill(cursor_.event.begin(), cursor_.event.end(), 0); },
          [&](const SeekEnd&) { seek(end()); },
          [&](const ChangeSpeed& change) { cursor_.speed = std::clamp(cursor_.speed + change.by, kSlowest, kFastest); },
          [&](const FocusLane& focus) { cursor_.focus = std::min(focus.lane, lanes_.size() - 1); },
          [&](const Select& select) { selection_ = select.what; }, [&](const Intervene& what) { intervene(what); },
          [&](const ShowBranch& show) {
            if (show.branch >= branches_.size()) return;
            branch_ = show.branch;
            ++revision_;
            seek(cursor_.at);
          },
          [&](const RenameBranch& rename) {
            if (rename.branch < branches_.size() && !rename.name.empty()) branches_[rename.branch].name = rename.name;
          },
          [&](const CrashAt& crash) { crash_at(crash.point); },
          [&](const SetSeed& set) {
            if (set.seed == seed_) return;
            seed_ = set.seed;
            restart_recordings();
            seek(cursor_.at);
          }},
      command);
}

}  // namespace twice::playback
