#pragma once
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "scenario/spec.h"

namespace twice::scenario {

/// What one variant's table says, and which of its sections could not be read.
struct Resolved {
  Spec spec;
  std::vector<std::string> broken;
  bool sound(std::string_view section) const {
    return std::find(broken.begin(), broken.end(), section) == broken.end();
  }
};

/// `table` has the lane's overrides merged in and the lane itself as table "lane".
Resolved read_spec(Diagnostics& out, const Table& table);

}  // namespace twice::scenario
