// Damaged lessons must be answered, not survived: a lesson, or what is wrong with it, for somebody with a name and for
// somebody without.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "lesson/load.h"
#include "lesson/markdown.h"

using namespace twice;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  for (const char* name : {"", "ada"}) {
    lesson::Learner learner;
    learner.name = name;
    const lesson::LoadedLesson loaded = lesson::parse_lesson("nowhere/lesson.md", text, learner);
    if (loaded.lesson.has_value() == loaded.diagnostics.has_errors()) std::abort();
    if (render(loaded.diagnostics, true).size() > (4u << 20)) std::abort();
  }
  return 0;
}
