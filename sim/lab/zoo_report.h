#pragma once
// The zoo as it is told: on a terminal, as JSON Lines, and as the page docs/bug-zoo.md.
#include <optional>
#include <string>
#include <vector>

#include "lab/report.h"
#include "lab/search/report.h"
#include "lab/zoo.h"

namespace twice::lab::zoo {

struct Exhibit {
  Bug bug = Bug::kNone;
  std::string file, title, story;
  Shown shown;
  std::optional<Hunt> hunt;
  std::optional<search::Report> searched;
};

struct Page {
  std::vector<Exhibit> exhibits;
  std::optional<search::Report> clean;  // of a small cluster without a mistake
  HuntOptions options;                  // of the hunts
  std::optional<Control> control;       // what they break without the mistakes
};

std::string zoo_text(const Page& page, const Style& style);
/// One line a mistake. Two zoos of one version are equal byte by byte.
std::string zoo_json(const Page& page);
std::string zoo_markdown(const Page& page);

}  // namespace twice::lab::zoo
