// Damaged scenario files must be answered, not survived: no crash, no hang, and never both a scenario and an error.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "scenario/load.h"

using namespace twice::scenario;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  LoadOptions options;
  // The input is the only file there is, so that what it names cannot matter.
  options.read_file = [](const std::string& path, std::size_t) -> FileText {
    if (path.ends_with(".csv")) return std::string("order_date,order_id,amount\n2026-06-23,1,10\n2026-06-23,2,20\n");
    if (path.ends_with(".jsonl")) return std::string("{\"id\": 1, \"amount\": 10}\n");
    return FileProblem{"there is no such file", {}};
  };
  const Loaded loaded = parse_scenario("fuzz.toml", std::string(reinterpret_cast<const char*>(data), size), options);
  if (loaded.scenario.has_value() == loaded.diagnostics.has_errors()) std::abort();
  if (loaded.diagnostics.shown.size() > kMaxShown) std::abort();
  if (render(loaded.diagnostics, true).size() + to_json(loaded.diagnostics).size() > (4u << 20)) std::abort();
  return 0;
}
