#pragma once
// What may not be seen while a question is open: whatever answers it.
#include <cstddef>

namespace twice::playback {

struct Veil {
  bool asks = false;                    // time stands still until the answer is given
  bool future = false;                  // what has not happened yet stays unseen
  bool results = false;                 // nor the expected number, the difference, the verdict
  bool strip = false;                   // nor the strip of all crash points
  bool plain = false;                   // one view, and nothing to play with
  std::size_t lanes = ~std::size_t{0};  // more are not shown

  /// Of a lesson's open question.
  static Veil question() { return {true, true, true, true, true}; }
};

}  // namespace twice::playback
