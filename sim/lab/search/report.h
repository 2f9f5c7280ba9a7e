#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "lab/report.h"
#include "lab/search/search.h"

namespace twice::lab::search {

/// One search of one lane, as it is told.
struct Report {
  std::string file, lane;
  std::uint64_t seed = 0;
  std::optional<Sequence> from;  // the simulated event it began after
  Options options;
  bool symmetry = false;  // the protocol knows who may swap names, and it was asked for
  Result result;
  double seconds = 0;  // of the wall clock
  std::string saved;   // the file that runs the way to what was found; empty: none was asked for
};

std::string search_text(const Report& report, const Style& style);
/// One line, without the time it took: two searches of one thing are equal byte by byte.
std::string search_json(const Report& report);

}  // namespace twice::lab::search
