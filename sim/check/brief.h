#pragma once
// Values in sentences. A sentence about a list of a thousand elements is not a list of a thousand elements.
#include <string>

#include "check/history.h"

namespace twice::check {

/// The value as to_text has it while it is short; a long list by its ends and its length, [1 2 … 45, 45 elements]; a
/// long text by its beginning and its length.
std::string brief(const Value& value);

/// For two lists of which one is too long to be read: "; the first difference is element 44: 7 against 9". Else empty.
std::string first_difference(const Value& one, const Value& other);

}  // namespace twice::check
