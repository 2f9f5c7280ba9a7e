#include "ui/panels/timeline_marks.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "ui/panels/widgets.h"

namespace twice::ui {
namespace {

using playback::Moment;
using playback::MomentKind;

// From what matters most; the first six must not vanish.
constexpr std::array kByWeight{
    MomentKind::kBroken, MomentKind::kCrash,      MomentKind::kGaveUp, MomentKind::kOk,    MomentKind::kAttempt,
    MomentKind::kStep,   MomentKind::kDecided,    MomentKind::kRetry,  MomentKind::kTrust, MomentKind::kSuspect,
    MomentKind::kLost,   MomentKind::kDuplicated, MomentKind::kCommit};
constexpr std::size_t kImportant = 7;

ImU32 colour_of(const Theme& theme, MomentKind kind) {
  switch (kind) {
    case MomentKind::kCrash:
      return theme.mark.crash;
    case MomentKind::kStep:
      return theme.mark.action;
    case MomentKind::kGaveUp:
    case MomentKind::kBroken:
      return theme.verdict.bad;
    case MomentKind::kDecided:
      return theme.mark.commit;
    case MomentKind::kOk:
    case MomentKind::kTrust:
      return theme.verdict.good;
    case MomentKind::kRetry:
    case MomentKind::kAttempt:
      return theme.accent;
    case MomentKind::kSuspect:
      return theme.verdict.unsure;
    case MomentKind::kLost:
      return theme.mark.drop;
    case MomentKind::kDuplicated:
      return theme.mark.message;
    case MomentKind::kCommit:
      return theme.mark.commit;
    case MomentKind::kElected:
      return theme.text;
    case MomentKind::kReading:
    case MomentKind::kSteppedDown:
      return theme.faint;
  }
  return theme.faint;
}

std::string_view glyph_of(MomentKind kind) {
  switch (kind) {
    case MomentKind::kRetry:
      return "↻";
    case MomentKind::kSuspect:
      return "?";
    case MomentKind::kDuplicated:
      return "×2";
    default:
      return "·";
  }
}

void draw_cross(ImDrawList& list, ImVec2 at, float half, ImU32 colour, float thickness) {
  list.AddLine({at.x - half, at.y - half}, {at.x + half, at.y + half}, colour, thickness);
  list.AddLine({at.x - half, at.y + half}, {at.x + half, at.y - half}, colour, thickness);
}

void draw_tick(ImDrawList& list, ImVec2 at, float half, ImU32 colour, float thickness) {
  const ImVec2 corner{at.x - half * 0.25f, at.y + half * 0.75f};
  list.AddLine({at.x - half, at.y + half * 0.05f}, corner, colour, thickness);
  list.AddLine(corner, {at.x + half, at.y - half * 0.8f}, colour, thickness);
}

void draw_glyph(const Scene& scene, ImDrawList& list, MomentKind kind, ImVec2 at, float half) {
  const std::string_view sign = glyph_of(kind);
  const float size = 2.4f * half;
  const ImVec2 box = scene.fonts.text->CalcTextSizeA(size, FLT_MAX, 0, sign.data(), sign.data() + sign.size());
  draw_text(list, scene.fonts.text, size, {at.x - box.x / 2, at.y - box.y / 2}, colour_of(scene.theme, kind), sign);
}

/// A mark with its place.
struct Placed {
  MomentKind kind;
  const Moment* first;
  float x, half;
  std::size_t count;
};

// Half the width a mark keeps free of others.
float half_width(MomentKind kind, float half) { return kind == MomentKind::kCommit ? half * 0.3f : half + 0.5f; }

class Placer {
 public:
  Placer(const TimeAxis& axis, float half)
      : axis_(axis), half_(half), owner_(static_cast<std::size_t>(std::max(1.0f, axis.end - axis.begin)) + 1, kFree) {}

  void place(MomentKind kind, const Moment& first, std::size_t count, bool important) {
    const float x = axis_.place(first.at), half = half_width(kind, half_);
    const int meets = owner_at(x, half);
    const bool same = meets != kFree && placed_[static_cast<std::size_t>(meets)].kind == kind;
    const bool one_moment = meets != kFree && placed_[static_cast<std::size_t>(meets)].first->at == first.at;
    // A crash says what its step did; two of a kind at one place are one mark.
    const bool gives_way = same || (one_moment && kind == MomentKind::kStep);
    if (meets == kFree) return take(kind, first, count, x, half);
    if (important && !gives_way)
      if (const auto aside = beside(x, half)) return take(kind, first, count, *aside, half);
    placed_[static_cast<std::size_t>(meets)].count += count;
  }
  const std::vector<Placed>& placed() const { return placed_; }

 private:
  static constexpr int kFree = -1;
  static constexpr float kFarthest = 4;  // widths that a mark may move aside

  int owner_at(float x, float half) const {
    const auto at = [&](float place) {
      const float last = static_cast<float>(owner_.size() - 1);
      return static_cast<std::size_t>(std::clamp(std::round(place - axis_.begin), 0.0f, last));
    };
    for (std::size_t p = at(x - half); p <= at(x + half); ++p)
      if (owner_[p] != kFree) return owner_[p];
    return kFree;
  }

  // Later rather than earlier: what follows a crash stands behind it.
  std::optional<float> beside(float x, float half) const {
    for (float off = 1; off < kFarthest * 2 * half; off += 1) {
      if (x + off <= axis_.end && owner_at(x + off, half) == kFree) return x + off;
      if (x - off >= axis_.begin && owner_at(x - off, half) == kFree) return x - off;
    }
    return std::nullopt;
  }

  void take(MomentKind kind, const Moment& first, std::size_t count, float x, float half) {
    const int last = static_cast<int>(owner_.size()) - 1;
    const int from = static_cast<int>(std::round(x - half - axis_.begin));
    const int to = static_cast<int>(std::round(x + half - axis_.begin));
    for (int p = std::clamp(from, 0, last); p <= std::clamp(to, 0, last); ++p)
      owner_[static_cast<std::size_t>(p)] = static_cast<int>(placed_.size());
    placed_.push_back({kind, &first, x, half, count});
  }

  TimeAxis axis_;
  float half_;
  std::vector<int> owner_;  // by pixel
  std::vector<Placed> placed_;
};

// Of each kind, the first moment in every few pixels: what follows costs no more for a million moments than for ten.
struct Pile {
  const Moment* first = nullptr;
  std::size_t count = 0;
};

std::vector<Placed> place_all(const Scene& scene, const TimeAxis& axis, const playback::Recording& run, float half) {
  const float step = std::max(2.0f, half);
  const auto slots = static_cast<std::size_t>(std::max(1.0f, (axis.end - axis.begin) / step)) + 1;
  std::array<std::vector<Pile>, kByWeight.size()> piles;
  for (const Moment& moment : run.moments()) {
    const auto kind = std::find(kByWeight.begin(), kByWeight.end(), moment.kind);
    if (kind == kByWeight.end() || hides(scene, moment.at)) continue;
    std::vector<Pile>& of_kind = piles[static_cast<std::size_t>(kind - kByWeight.begin())];
    of_kind.resize(slots);
    const float place = std::max(0.0f, (axis.place(moment.at) - axis.begin) / step);
    Pile& pile = of_kind[std::min(static_cast<std::size_t>(place), slots - 1)];
    if (pile.count++ == 0) pile.first = &moment;
  }
  Placer placer(axis, half);
  for (std::size_t i = 0; i < kByWeight.size(); ++i)
    for (const Pile& pile : piles[i])
      if (pile.first) placer.place(kByWeight[i], *pile.first, pile.count, i < kImportant);
  return placer.placed();
}

void mark_tip(const Placed& mark) {
  std::string words = fmt::format("{} at {}", name_of(mark.kind), time_text(mark.first->at));
  if (!mark.first->text.empty()) words += "\n" + mark.first->text;
  if (mark.count > 1) words += fmt::format("\nand {} more here", mark.count - 1);
  tip(words);
}

}  // namespace

void draw_mark(const Scene& scene, ImDrawList& list, MomentKind kind, ImVec2 at, float half) {
  const ImU32 colour = colour_of(scene.theme, kind);
  const float thick = std::max(1.0f, std::min(2 * scene.scale, half * 0.45f)), h = half * 0.85f;
  switch (kind) {
    case MomentKind::kCrash:
      return draw_cross(list, at, h, colour, thick * 1.2f);
    case MomentKind::kLost:
      return draw_cross(list, at, half * 0.5f, colour, thick * 0.7f);
    case MomentKind::kOk:
      return draw_tick(list, at, h, colour, thick * 1.2f);
    case MomentKind::kGaveUp:
      return list.AddRectFilled({at.x - h * 0.8f, at.y - h * 0.8f}, {at.x + h * 0.8f, at.y + h * 0.8f}, colour);
    case MomentKind::kAttempt:
      return list.AddTriangleFilled({at.x - h * 0.8f, at.y - h}, {at.x + h, at.y}, {at.x - h * 0.8f, at.y + h}, colour);
    case MomentKind::kStep:
      return list.AddQuadFilled({at.x, at.y - h}, {at.x + h, at.y}, {at.x, at.y + h}, {at.x - h, at.y}, colour);
    case MomentKind::kTrust:
      return list.AddCircle(at, h * 0.8f, colour, 0, thick * 0.8f);
    case MomentKind::kDecided:
      return list.AddCircleFilled(at, h * 0.7f, colour);
    case MomentKind::kBroken: {
      list.AddTriangleFilled({at.x, at.y - h * 1.1f}, {at.x + h * 1.15f, at.y + h * 0.9f},
                             {at.x - h * 1.15f, at.y + h * 0.9f}, colour);
      const float wide = std::max(1.0f, h * 0.22f);
      list.AddRectFilled({at.x - wide / 2, at.y - h * 0.45f}, {at.x + wide / 2, at.y + h * 0.25f}, scene.theme.panel);
      return list.AddRectFilled({at.x - wide / 2, at.y + h * 0.45f}, {at.x + wide / 2, at.y + h * 0.7f},
                                scene.theme.panel);
    }
    case MomentKind::kCommit: {
      const float x = std::floor(at.x), wide = std::max(1.0f, std::round(scene.scale));
      return list.AddRectFilled({x, at.y - h}, {x + wide, at.y + h}, colour);
    }
    default:
      return draw_glyph(scene, list, kind, at, half);
  }
}

std::string_view words_of(MomentKind kind) {
  switch (kind) {
    case MomentKind::kSuspect:
      return "suspect";
    case MomentKind::kTrust:
      return "trust";
    case MomentKind::kLost:
      return "lost";
    case MomentKind::kDuplicated:
      return "duplicated";
    case MomentKind::kBroken:
      return "rule broken";
    default:
      return name_of(kind);
  }
}

std::vector<MomentKind> legend_of(const Scene& scene) {
  if (scene.session.lanes()[scene.lane()].loads())
    return {MomentKind::kAttempt, MomentKind::kCommit, MomentKind::kCrash,
            MomentKind::kRetry,   MomentKind::kOk,     MomentKind::kStep};
  std::vector<MomentKind> kinds;
  for (const MomentKind rare : {MomentKind::kBroken, MomentKind::kDecided})
    if (scene.run().shows(rare)) kinds.push_back(rare);
  kinds.insert(kinds.end(), {MomentKind::kCrash, MomentKind::kStep});
  // Elections are told by the band's colour and number.
  const bool suspects = scene.run().reigns().empty() && kinds.size() == 2;
  if (suspects) kinds.insert(kinds.end(), {MomentKind::kSuspect, MomentKind::kTrust});
  kinds.insert(kinds.end(), {MomentKind::kLost, MomentKind::kDuplicated});
  return kinds;
}

float small_text() { return std::floor(ImGui::GetFontSize() * 0.78f); }

bool has_two_rows(const Scene& scene, float height) { return height >= small_text() + 10 * scene.scale; }

bool draw_marks(const Scene& scene, const TimeAxis& axis, const playback::Recording& run, float top, float height,
                std::vector<MarkRoom>& taken) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const bool reigns = run.error().empty() && !run.reigns().empty();
  const float words = reigns && has_two_rows(scene, height) ? small_text() : 0;
  const float half = std::max(2.5f, std::min(height - words, ImGui::GetFontSize() * 0.8f) / 2);
  const float middle = top + (height + words) / 2;
  const std::vector<Placed> placed = place_all(scene, axis, run, half);
  for (const Placed& mark : placed) taken.push_back({mark.x - mark.half, mark.x + mark.half});
  std::sort(taken.begin(), taken.end(), [](const MarkRoom& a, const MarkRoom& b) { return a.from < b.from; });
  // What matters most is drawn last.
  for (auto mark = placed.rbegin(); mark != placed.rend(); ++mark)
    draw_mark(scene, list, mark->kind, {mark->x, middle}, half);
  if (!ImGui::IsItemHovered()) return false;
  for (const Placed& mark : placed) {
    const float near = std::max(mark.half, 3 * scene.scale);
    if (!ImGui::IsMouseHoveringRect({mark.x - near, top}, {mark.x + near, top + height})) continue;
    mark_tip(mark);
    return true;
  }
  return false;
}

}  // namespace twice::ui
