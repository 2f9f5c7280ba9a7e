#pragma once
// The colour of a term, or of any other reign that is numbered: pale, so that its number can be read on it.
#include <cstdint>

#include "ui/draw/contrast.h"
#include "ui/draw/theme.h"

namespace twice::ui {

inline ImU32 term_fill(const Theme& theme, std::uint64_t term) {
  return term == 0 ? theme.raised : mixed(theme.identity(static_cast<std::size_t>(term - 1)), theme.raised, 84);
}
/// For narrow bands that carry no text.
inline ImU32 term_edge(const Theme& theme, std::uint64_t term) {
  return term == 0 ? theme.faint : mixed(theme.identity(static_cast<std::size_t>(term - 1)), theme.raised, 190);
}

}  // namespace twice::ui
