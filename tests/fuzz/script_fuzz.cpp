// Damaged SQL scripts must be answered, not survived: how they are split, what is known about each statement, and
// whether they can be loaded. Nothing is run.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "lab/script.h"

using namespace twice;

namespace {

// The script is the only file that is damaged.
scenario::FileText file(const std::string& path, const std::string& script) {
  if (path == "fuzz.sql") return script;
  if (path == "setup.sql")
    return std::string("CREATE TABLE fact (order_date TEXT, order_id INTEGER, shop TEXT, amount INTEGER);");
  if (path == "stg_orders.csv") return std::string("order_date,order_id,shop,amount\n2026-06-23,1,oslo,8\n");
  return scenario::FileProblem{"there is no such file", {}};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string script(reinterpret_cast<const char*>(data), size);
  lab::ScriptRequest request;
  request.script = "fuzz.sql", request.setup = {"setup.sql"}, request.source = "stg_orders.csv";
  request.params = {"day=2026-06-23"};
  const auto read = [&script](const std::string& path, std::size_t) { return file(path, script); };
  const lab::LoadedScript loaded = lab::load_script(request, read);
  if (loaded.loaded.scenario.has_value() == loaded.loaded.diagnostics.has_errors()) std::abort();
  if (render(loaded.loaded.diagnostics, true).size() > (4u << 20)) std::abort();
  return 0;
}
