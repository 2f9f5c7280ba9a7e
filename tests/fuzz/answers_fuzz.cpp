// Damaged files of answers must be answered, not survived: what is read is the same after it was written.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "lesson/answers.h"

using namespace twice;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto read = lesson::read_answers("nowhere/answers.toml", text);
  const auto* answers = std::get_if<lesson::Answers>(&read);
  if (!answers) {
    if (!std::get<scenario::DiagnosticList>(read).has_errors()) std::abort();
    return 0;
  }
  const std::string written = to_text(*answers);
  const auto again = lesson::read_answers("nowhere/answers.toml", written);
  const auto* same = std::get_if<lesson::Answers>(&again);
  if (!same || to_text(*same) != written) std::abort();
  return 0;
}
