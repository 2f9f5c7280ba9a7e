// Damaged CSV files must be answered, not survived: a table that is read can be written and read again.
#include "fuzz/read_format.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return twice::fuzz::read_format(twice::pipeline::formats::Format::kCsv, data, size);
}
