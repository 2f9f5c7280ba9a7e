#include "ui/panels/sweep_words.h"

#include <algorithm>

#include <fmt/format.h>

#include "lab/report.h"
#include "lab/report_format.h"
#include "ui/panels/labels.h"
#include "ui/panels/widgets.h"

namespace twice::ui {
namespace {

using lab::PointOutcome;

std::string words_of(char letter) {
  if (letter == '~') return "exactly once, readers saw a part";
  return std::string(badge_of(Theme{}, letter).word);
}

}  // namespace

std::string counts_of(const SweptPoints& points) {
  std::vector<std::pair<char, std::uint64_t>> counts;
  for (const PointOutcome* p : points) {
    const auto known = std::find_if(counts.begin(), counts.end(), [&](const auto& c) { return c.first == p->letter; });
    known == counts.end() ? void(counts.emplace_back(p->letter, 1)) : void(++known->second);
  }
  std::sort(counts.begin(), counts.end(),
            [](const auto& a, const auto& b) { return harm_of(a.first) > harm_of(b.first); });
  const std::string all = lab::grouped(points.size());
  if (counts.size() == 1) return fmt::format("all {} crash points: {}", all, words_of(counts.front().first));
  std::string text;
  for (const auto& [letter, n] : counts)
    text += text.empty() ? fmt::format("{} of {} crash points: {}", lab::grouped(n), all, words_of(letter))
                         : fmt::format(" · {}: {}", lab::grouped(n), words_of(letter));
  return text;
}

void draw_sweep_legend(const Scene& scene, const playback::SweepOutput& output) {
  bool good = false, part = false, wrong = false, untried = false;
  for (const playback::SweptLane& lane : output.lanes)
    for (const PointOutcome& p : lane.points) {
      good |= p.letter == '=', part |= p.letter == '~', untried |= p.letter == '?';
      wrong |= lab::is_bad(p.letter);
    }
  bool first = true;
  const auto entry = [&](char letter, std::string_view words) {
    const Badge badge = badge_of(scene.theme, letter);
    if (!first) ImGui::SameLine(0, ImGui::GetFontSize());
    const float wide = width_of(scene.fonts.text, words) + 2.5f * ImGui::GetFontSize();
    if (!first && ImGui::GetContentRegionAvail().x < wide) ImGui::NewLine();
    first = false;
    ImGui::PushStyleColor(ImGuiCol_Text, badge.colour);
    ImGui::TextUnformatted(fmt::format("■ {}", badge.icon).c_str());
    ImGui::PopStyleColor();
    ImGui::SameLine(0, ImGui::GetFontSize() * 0.3f);
    ImGui::PushStyleColor(ImGuiCol_Text, scene.theme.faint);
    ImGui::TextUnformatted(words.data(), words.data() + words.size());
    ImGui::PopStyleColor();
  };
  if (good) entry('=', words_of('='));
  if (part) entry('~', words_of('~'));
  if (wrong) entry('D', "wrong");
  if (untried) entry('?', "not tried");
  for (const std::string_view rest : {"height: rows in the end · - - rows wanted · a click crashes there",
                                      "- - rows wanted · click: crash there", "- - rows wanted"}) {
    ImGui::SameLine(0, ImGui::GetFontSize());
    if (width_of(scene.fonts.text, rest) <= ImGui::GetContentRegionAvail().x) return faint(scene, rest);
  }
  ImGui::NewLine();
}

}  // namespace twice::ui
