#include "ui/panels/compare_rows.h"

#include <algorithm>

#include <fmt/format.h>

#include "lab/report_format.h"
#include "ui/panels/widgets.h"

namespace twice::ui {
namespace {

bool same(const playback::LogLine& a, const playback::LogLine& b) {
  return a.at == b.at && a.node == b.node && a.kind == b.kind && a.text == b.text;
}

struct Sides {
  const playback::Recording *left, *right;
  const lab::RunReport *left_report, *right_report;
};

Sides sides_of(const Scene& scene) {
  const playback::Session& session = scene.session;
  const std::size_t lane = scene.lane(), branch = session.branch();
  Sides sides{scene.pictures.compare.left, scene.pictures.compare.right, session.report(branch, lane), nullptr};
  if (scene.compare_branch && *scene.compare_branch < session.branches().size())
    sides.right_report = session.report(*scene.compare_branch, lane);
  else if (scene.compare_lane && *scene.compare_lane < session.lanes().size())
    sides.right_report = session.report(branch, *scene.compare_lane);
  return sides;
}

void add_results(const Theme& theme, const Sides& sides, std::vector<ComparedFact>& facts) {
  const lab::RunReport *a = sides.left_report, *b = sides.right_report;
  const auto load = [](const lab::RunReport* r) { return r && r->load ? &*r->load : nullptr; };
  const lab::LoadReport *la = load(a), *lb = load(b);
  if (la || lb) {
    const auto verdict = [&](const lab::LoadReport* l) -> ComparedFact::Side {
      if (!l) return {"not judged yet"};
      return {fmt::format("{} ({})", lab::words_of(l->letter), l->letter), badge_of(theme, l->letter)};
    };
    facts.push_back({"verdict", "What became of the load, judged by its table", verdict(la), verdict(lb)});
    const auto number = [&](const char* name, const char* meaning, std::uint64_t lab::LoadReport::*field) {
      const auto text = [&](const lab::LoadReport* l) { return l ? lab::grouped(l->*field) : std::string("?"); };
      facts.push_back({name, meaning, {text(la)}, {text(lb)}});
    };
    number("rows", "Rows in the table at the end", &lab::LoadReport::rows);
    number("twice", "Rows that are there more than once", &lab::LoadReport::duplicated);
    number("lost", "Wanted rows that are not there", &lab::LoadReport::lost);
  } else if (a || b) {
    const auto word = [&](const lab::RunReport* r) -> ComparedFact::Side {
      if (!r) return {"not judged yet"};
      const Badge badge = badge_of(theme, r->held());
      return {std::string(badge.word), badge};
    };
    facts.push_back({"checks", "Whether all that was expected of the run held", word(a), word(b)});
  }
}

}  // namespace

std::vector<ComparedRow> rows_of(const std::vector<playback::LogLine>& left,
                                 const std::vector<playback::LogLine>& right) {
  std::vector<ComparedRow> rows;
  std::size_t a = 0, b = 0;
  while (a < left.size() || b < right.size()) {
    ComparedRow row;
    const Sequence la = a < left.size() ? left[a].event : ~Sequence{0};
    const Sequence lb = b < right.size() ? right[b].event : ~Sequence{0};
    if (la <= lb) row.left = &left[a++];
    if (lb <= la) row.right = &right[b++];
    row.differs = !row.left || !row.right || !same(*row.left, *row.right);
    rows.push_back(row);
  }
  return rows;
}

std::vector<ComparedFact> facts_of(const Scene& scene, bool results) {
  const Sides sides = sides_of(scene);
  const auto add = [&](std::vector<ComparedFact>& facts, const char* name, const char* meaning, auto&& text) {
    facts.push_back({name, meaning, {text(*sides.left)}, {text(*sides.right)}});
  };
  std::vector<ComparedFact> facts;
  using playback::Recording;
  const auto open = [](const Recording& r) { return r.complete() ? "" : " …"; };
  add(facts, "events", "Events of the whole run",
      [&](const Recording& r) { return lab::grouped(r.events()) + open(r); });
  add(facts, "end", "When the run was over, in its own time",
      [&](const Recording& r) { return time_text(r.end()) + open(r); });
  add(facts, "hash", "Of all events: equal hashes, equal runs",
      [&](const Recording& r) { return fmt::format("{:016x}", r.trace().hash()) + open(r); });
  if (results) add_results(scene.theme, sides, facts);
  return facts;
}

}  // namespace twice::ui
