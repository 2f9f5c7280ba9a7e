#include <filesystem>

#include <fmt/format.h>

#include "cli/new_files.h"
#include "cli/output_files.h"
#include "cli/subject.h"
#include "cli/terminal.h"
#include "lab/report_format.h"
#include "scenario/text.h"

namespace twice::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kLesson = R"md(+++
title         = "Ten orders twice"
number        = 100
minutes       = 5
goals         = ["Say how many rows a retry leaves"]
misconception = "A retry goes on where the first attempt stopped"
leaves-out    = "One loader at a time, one day of data."

# A number of its own for each learner. {crash} stands for it anywhere below, {10 + crash} is computed.
[draw]
crash = { first = 8, from = 4, to = 8, step = 2 }
+++

# Ten orders twice

## What happens

A job loads ten orders and commits after every second one. It dies after row {crash}. Then it runs again, from the
first row.

```predict
question = "How many rows does the table hold in the end?"
scenario = "scenario.toml"
set      = ["timeline.steps=[{ after-row = {crash}, attempt = 1, crash = 'loader' }]"]
of       = "orders finally"

[[choices]]
text = "{crash}"
is   = "== {crash}"

[[choices]]
text = "10"
is   = "== 10"
says = "That would be so if the loader remembered where it was."

[[choices]]
text = "{10 + crash}"
is   = "== {10 + crash}"
```

## What happened

```run
scenario = "scenario.toml"
set      = ["timeline.steps=[{ after-row = {crash}, attempt = 1, crash = 'loader' }]"]
shows    = ["orders finally", "rows.duplicated", "verdict"]
```

```explain
question = "What, had it been otherwise, would have left ten rows?"
scenario = "scenario.toml"
set      = ["timeline.steps=[{ after-row = {crash}, attempt = 1, crash = 'loader' }]"]
goal     = [{ of = "orders finally", is = "== 10" }]

[[candidates]]
text    = "the crash"
without = "step 1"

[[candidates]]
text = "the slow network"
set  = ["network.latency='0ms'"]
```

## Make it safe

```challenge
question = "Change the loader so that ten rows are left, wherever it dies."
scenario = "scenario.toml"
set      = ["timeline.steps=[{ after-row = {crash}, attempt = 1, crash = 'loader' }]"]
edit     = ["lane.mine.commit", "lane.mine.before"]
goal     = [{ of = "orders finally", is = "== 10" }, { of = "sweep.wrong", is = "== 0" }]
solution = "solution.toml"
wrong    = ["wrong-commit-each-row.toml", "wrong-transaction-only.toml"]
hints    = ["Who removes what the first attempt left?"]
```

## Somewhere else

```transfer
question = "The same job, and no crash: the scheduler simply runs it a second time. How many rows?"
scenario = "scenario.toml"
set      = ["timeline.steps=[]", "orchestrator.runs=2"]
of       = "orders finally"

[[choices]]
text = "10"
is   = "== 10"

[[choices]]
text = "20"
is   = "== 20"
```
)md";

constexpr const char* kScenario = R"toml(scenario = 1
title    = "Ten orders, a crash, one retry"

[warehouse]
setup = "CREATE TABLE orders (order_date TEXT, order_id INTEGER, amount INTEGER);"

[source]
generate = { rows = 10, columns = { order_id = "row", amount = "1..500" } }

[job]
day = "2026-06-23"

[timeline]
steps = [{ after-row = 8, attempt = 1, crash = "loader" }]

[dashboard]
every = "1s"
sql   = "SELECT count(*) AS orders FROM {table} WHERE order_date = :day"

[[lane]]
name    = "mine"
verdict = ["duplicates", "exactly-once", "partial-state"]   # a learner changes this lane: any of these is expected
table   = "orders"
slice   = "order_date = :day"
commit  = "every 2"
row     = "INSERT INTO {table} VALUES (:day, :order_id, :amount);"
)toml";

constexpr const char* kSolution = R"toml([lane.mine]
commit = "once"
before = "DELETE FROM orders WHERE order_date = :day;"
)toml";
constexpr const char* kWrongEachRow = "lane.mine.commit = \"each-row\"\n";
constexpr const char* kWrongTransaction = "lane.mine.commit = \"once\"\n";

}  // namespace

Exit new_lesson(const NewArguments& arguments) {
  const fs::path folder = arguments.file.empty() ? "lessons/my-lesson" : arguments.file;
  const auto in = [&](const char* name) { return (folder / name).string(); };
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return refuse(Exit::kUsage, fmt::format("{}: {}", folder.string(), error.message())).code;
  if (auto reason = cannot_write(in("lesson.md"))) return refuse(Exit::kUsage, *reason).code;
  const std::vector<OutputFile> files{{in("lesson.md"), kLesson},
                                      {in("scenario.toml"), kScenario},
                                      {in("solution.toml"), kSolution},
                                      {in("wrong-commit-each-row.toml"), kWrongEachRow},
                                      {in("wrong-transaction-only.toml"), kWrongTransaction}};
  if (auto reason = write_files(files, false)) return refuse(Exit::kUsage, *reason).code;
  const std::string word = lab::shell_path(folder.string());
  print(fmt::format("wrote {} files to {}\ntry: twice lesson run {}\nis it honest? twice lesson check {}\n",
                    files.size(), scenario::printable(folder.string()), word, word));
  return Exit::kMet;
}

}  // namespace twice::cli
