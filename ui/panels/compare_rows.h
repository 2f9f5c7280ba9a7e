#pragma once
// What two runs have in common, as rows: lines of their logs by event, and a few facts.
#include <optional>
#include <string>
#include <vector>

#include "ui/panels/scene.h"
#include "ui/panels/widgets.h"

namespace twice::ui {

/// Lines of the same event, left and right; null where one side has none.
struct ComparedRow {
  const playback::LogLine* left = nullptr;
  const playback::LogLine* right = nullptr;
  bool differs = false;
};
/// The lines must outlive the rows.
std::vector<ComparedRow> rows_of(const std::vector<playback::LogLine>& left,
                                 const std::vector<playback::LogLine>& right);

struct ComparedFact {
  struct Side {
    std::string text;
    std::optional<Badge> badge{};  // of a verdict
  };
  std::string name, meaning;
  Side left, right;
  bool differs() const { return left.text != right.text; }
};
/// `results`: verdicts and rows may be shown.
std::vector<ComparedFact> facts_of(const Scene& scene, bool results);

}  // namespace twice::ui
