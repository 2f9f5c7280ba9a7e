#pragma once
// Lists of tables, [[client]] for one, are written whole where a learner changes them. A challenge that lets only some
// of their fields be changed ("client.retry") holds the others against the scenario's own list.
#include <string>

#include "lesson/measure.h"
#include "scenario/value.h"

namespace twice::lesson {

bool is_list_of_tables(const scenario::Value& value);

/// What the edits change in such a list besides the fields of `edit`, with line and column; empty: nothing.
std::string changed_beside(const Context& context, const Challenge& challenge, const std::string& lane,
                           const Variation& edits);

}  // namespace twice::lesson
