#include "ui/panels/compare_moments.h"

#include <map>
#include <set>

#include <fmt/format.h>

#include "ui/panels/widgets.h"

namespace twice::ui {

MomentStyle style_of(const Theme& theme, playback::MomentKind kind) {
  using playback::MomentKind;
  switch (kind) {
    case MomentKind::kStep:
      return {"⚑", theme.mark.partition, 0};
    case MomentKind::kCrash:
      return {"✗", theme.mark.crash, 1};
    case MomentKind::kLost:
      return {"✕", theme.mark.drop, 5};
    case MomentKind::kDuplicated:
      return {"⇒", theme.mark.drop, 5};
    case MomentKind::kAttempt:
      return {"▶", theme.text, 2};
    case MomentKind::kRetry:
      return {"↻", theme.text, 2};
    case MomentKind::kOk:
      return {"✓", theme.verdict.good, 2};
    case MomentKind::kGaveUp:
      return {"■", theme.verdict.bad, 2};
    case MomentKind::kSuspect:
      return {"⚠", theme.verdict.unsure, 3};
    case MomentKind::kTrust:
      return {"☑", theme.verdict.good, 3};
    case MomentKind::kElected:
      return {"★", theme.text, 2};
    case MomentKind::kSteppedDown:
      return {"☆", theme.faint, 3};
    case MomentKind::kDecided:
      return {"●", theme.mark.commit, 2};
    case MomentKind::kBroken:
      return {"⚠", theme.verdict.bad, 0};
    case MomentKind::kCommit:
      return {"◆", theme.mark.commit, 4};
    case MomentKind::kReading:
      return {"○", theme.faint, 6};
  }
  return {"?", theme.text, 0};
}

std::string label_of(const MomentStyle& style, std::size_t count) {
  return count > 1 ? fmt::format("{} {}", style.icon, count) : style.icon;
}

std::vector<MomentGroup> group_moments(const Scene& scene, const playback::Recording& run, const TimeAxis& axis) {
  std::vector<MomentGroup> groups;
  std::map<playback::MomentKind, std::pair<std::size_t, float>> newest;  // group and its width
  for (const playback::Moment& moment : run.moments()) {
    const float x = axis.place(moment.at);
    const MomentStyle style = style_of(scene.theme, moment.kind);
    const auto last = newest.find(moment.kind);
    if (last != newest.end() && x - groups[last->second.first].x < last->second.second) {
      const std::size_t count = ++groups[last->second.first].count;
      // Widths change with the digits only.
      if (count == 2 || count == 10 || count == 100 || count == 1000 || count == 10000)
        last->second.second = width_of(scene.fonts.text, label_of(style, count)) + 10 * scene.scale;
      continue;
    }
    newest[moment.kind] = {groups.size(), width_of(scene.fonts.text, style.icon)};
    groups.push_back({moment.kind, x});
  }
  return groups;
}

Legend legend_of(const Scene& scene, const playback::ComparePicture& compare) {
  std::set<playback::MomentKind> kinds;
  for (const playback::Recording* run : {compare.left, compare.right})
    for (const playback::Moment& moment : run->moments()) kinds.insert(moment.kind);
  Legend legend;
  for (const playback::MomentKind kind : kinds) {
    const MomentStyle style = style_of(scene.theme, kind);
    legend.push_back({playback::name_of(kind), [&scene, style](ImDrawList& list, ImVec2 c, float) {
                        draw_centred(list, scene.fonts.text, c, style.colour, style.icon);
                      }});
  }
  const ImU32 now = scene.theme.accent, end = scene.theme.faint;
  const float u = scene.scale;
  const auto line = [u](ImU32 colour) {
    return [u, colour](ImDrawList& list, ImVec2 c, float h) {
      list.AddLine({c.x, c.y - h}, {c.x, c.y + h}, colour, 2 * u);
    };
  };
  legend.push_back({"end of the run", line(end)});
  legend.push_back({"cursor", line(now)});
  return legend;
}

}  // namespace twice::ui
