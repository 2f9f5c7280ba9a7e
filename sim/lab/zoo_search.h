#pragma once
// Which mistakes exhaustive search finds in a small cluster, and within which bounds it looks.
#include <optional>

#include "lab/search/report.h"
#include "lab/zoo.h"

namespace twice::lab::zoo {

/// nullopt: not one of those that are searched. kNone: bounds in which nothing may be found.
std::optional<search::Options> bounds_of(Bug bug);

/// Searches that mistake's lane of scenarios/zoo/search.toml; nullopt: it has none, or no bounds.
std::optional<search::Report> search_for(Bug bug, const scenario::Scenario& small, const search::Watcher& watcher);

}  // namespace twice::lab::zoo
