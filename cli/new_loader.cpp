#include <filesystem>

#include <fmt/format.h>

#include "cli/new_files.h"
#include "cli/output_files.h"
#include "cli/subject.h"
#include "cli/terminal.h"
#include "core/json.h"
#include "lab/report_format.h"
#include "scenario/text.h"

namespace twice::cli {
namespace {

constexpr const char* kLoaderScenario =
    R"toml(# A load that crashes half-way and is retried. Run it:     twice run {scenario}
# Crash it everywhere:                                     twice sweep {scenario}
# What a field means:                                      twice explain orchestrator.retry
scenario = 1
title    = "Twenty orders, a crash after row 10, one retry"

[warehouse]                                   # a real SQLite database on a simulated disk
setup = '''
CREATE TABLE daily_orders (order_date TEXT, order_id INTEGER, amount INTEGER);
INSERT INTO daily_orders VALUES ('2026-06-22', 1, 10);   -- the day before: must survive
'''

[source]                                      # swap in your own rows; the header names the columns
csv = {csv}

[job]                                         # bound as :day in all SQL below
day = "2026-06-23"

[orchestrator]
retry = { attempts = 3, after = "30s" }

[timeline]                                    # the same faults for every lane
steps = [
  { after-row = 10, attempt = 1, crash = "loader" },
]

[dashboard]                                   # who looks at the table while it is loaded
every = "5s"
sql   = "SELECT count(*) AS orders, sum(amount) AS revenue FROM {table} WHERE order_date = :day"

[[lane]]                                      # a way to load; each lane runs in a world of its own
name    = "append"
verdict = "duplicates"                        # what this lane is meant to show
table   = "daily_orders"
slice   = "order_date = :day"                 # the rows this load owns
commit  = "every 5"
row     = "INSERT INTO {table} VALUES (:order_date, :order_id, :amount);"

[[lane]]
name    = "delete + insert"
table   = "daily_orders"
slice   = "order_date = :day"
commit  = "once"                              # BEGIN; before; every row; COMMIT
before  = "DELETE FROM {table} WHERE order_date = :day;"
row     = "INSERT INTO {table} VALUES (:order_date, :order_id, :amount);"
expect  = { orders = { finally = 20 } }
)toml";

std::string replaced(std::string text, std::string_view word, const std::string& by) {
  for (std::size_t at = 0; (at = text.find(word, at)) != std::string::npos; at += by.size())
    text.replace(at, word.size(), by);
  return text;
}

std::string orders() {
  std::string csv = "order_date,order_id,amount\n";
  for (int i = 1; i <= 20; ++i) csv += fmt::format("2026-06-23,{},{}\n", 50'000 + i, 5 + (i * 7919) % 496);
  return csv;
}

}  // namespace

Exit new_loader(const NewArguments& arguments) {
  const std::filesystem::path scenario = arguments.file.empty() ? "loader.toml" : arguments.file;
  if (scenario.extension() != ".toml") return refuse(Exit::kUsage, "a scenario's name ends in .toml").code;
  const std::filesystem::path csv = scenario.parent_path() / (scenario.stem().string() + "-orders.csv");
  if (auto error = cannot_write(scenario.string())) return refuse(Exit::kUsage, *error).code;
  const std::string text = replaced(replaced(kLoaderScenario, "{scenario}", lab::shell_path(scenario.string())),
                                    "{csv}", json_text(csv.filename().string()));
  // Both or neither, and nothing that is there already is lost.
  if (auto error = write_files({{scenario.string(), text}, {csv.string(), orders()}}, false))
    return refuse(Exit::kUsage, *error).code;
  print(fmt::format("wrote {} and {}\ntry: twice run {}\n", scenario::printable(scenario.string()),
                    scenario::printable(csv.string()), lab::shell_path(scenario.string())));
  return Exit::kMet;
}

}  // namespace twice::cli
