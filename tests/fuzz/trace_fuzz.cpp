// Damaged traces must be refused, and a trace whose seal was made right again must be read or refused, never half.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "core/visit.h"
#include "lab/trace_file.h"

using namespace twice;

namespace {

void read(const std::string& bytes) {
  const auto decoded = lab::decode_trace(bytes);
  if (const auto* wrong = std::get_if<std::string>(&decoded)) {
    if (wrong->empty()) std::abort();
    return;
  }
  const auto& trace = std::get<lab::TraceFile>(decoded);
  if (lab::encode(trace) != bytes && lab::encode(trace).size() > bytes.size()) std::abort();
  Trace now;
  TraceRecord record;
  record.sequence = 1;
  now.event(record, "Ping", 1);
  const auto difference = first_difference(trace, now);
  if (difference && (difference->recorded.empty() || difference->now.empty())) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  read(bytes);
  if (size < 8) return 0;
  std::string sealed = bytes.substr(0, size - 8);
  const std::uint64_t seal = hash_text(sealed);
  for (unsigned i = 0; i < 8; ++i) sealed += static_cast<char>(seal >> (8 * i));
  read(sealed);
  return 0;
}
