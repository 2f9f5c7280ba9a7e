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

constexpr const char* kCluster = R"toml(# A cluster whose primary dies. Run all seeds:  twice run FILE
# One seed, with the trace of what happened:    twice run FILE --seed 1
# What a field means, or which words it takes:  twice explain cluster.protocol
scenario = 1
title    = "The primary dies after it said yes"
seeds    = { first = 1, count = 20 }
until    = "8s"

[cluster]                                     # what the nodes are: twice explain cluster.protocol
nodes    = 3                                  # n1, n2, n3; or a list of names
protocol = "primary-backup"

[network]                                     # every link alike; [[link]] makes one different
latency = "1ms..10ms"
loss    = 0.02

[[client]]                                    # who asks, and how often: what is heard is judged below
name     = "app"
count    = 3
workload = "append"
think    = "10ms"
timeout  = "500ms"
until    = "5s"

[timeline]                                    # the same faults for every lane, and for every seed
steps = [
  { at = "2s", crash = "n1" },
  { at = "5s", restart = "n1" },
]

[[lane]]                                      # a design; each lane runs in a world of its own
name = "asynchronous"
cluster.primary-backup.acknowledge = "async"
expect.sometimes = ["not acked-never-lost"]   # seen in at least one seed, else this fails

[[lane]]
name = "synchronous"
cluster.primary-backup.acknowledge = "sync"
expect.finally = ["acked-never-lost", "converged"]
)toml";

}  // namespace

Exit new_scenario(const NewArguments& arguments) {
  const std::filesystem::path file = arguments.file.empty() ? "scenario.toml" : arguments.file;
  if (file.extension() != ".toml") return refuse(Exit::kUsage, "a scenario's name ends in .toml").code;
  if (auto error = cannot_write(file.string())) return refuse(Exit::kUsage, *error).code;
  if (auto error = write_files({{file.string(), kCluster}}, false)) return refuse(Exit::kUsage, *error).code;
  const std::string word = lab::shell_path(file.string());
  print(fmt::format("wrote {}\ntry: twice run {}\nwatch it: twice ui {}\n", scenario::printable(file.string()), word,
                    word));
  return Exit::kMet;
}

}  // namespace twice::cli
