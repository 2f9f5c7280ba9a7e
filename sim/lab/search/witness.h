#pragma once
// From the way that a search found to a scenario that anybody can run: its choices as a forced schedule.
#include <string>
#include <variant>

#include "lab/search/report.h"
#include "scenario/spec.h"

namespace twice::lab::search {

struct Witness {
  std::string property;
  std::string text;  // the file
};
/// The first property that is broken, otherwise the first that is shown, as a file that runs the same way. The run has
/// been tried. An error says why there is none.
std::variant<Witness, std::string> witness_of(const scenario::Scenario& scenario, const scenario::Variant& lane,
                                              const Report& report);

}  // namespace twice::lab::search
