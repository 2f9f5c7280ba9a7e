#pragma once
// Recorded outcomes of runs. A suite is one file tests/golden/NAME.hash of lines "run hash outcome".
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace twice::golden {

/// What a run came to. The outcome is one word or more for people ("exactly once"); it holds on every version of what
/// the suite's key names, the hash only on the very same one.
struct Result {
  std::uint64_t hash = 0;
  std::string outcome;
};

struct Run {
  std::string name;  // no blanks
  std::function<Result()> execute;
};

struct Suite {
  std::string name;  // of the file
  std::string key;   // what else the hashes depend on (sqlite3_sourceid); empty: nothing else
  std::vector<Run> runs;
};

/// Every suite there is. A new one is added here and nowhere else.
std::vector<Suite> all_suites();

/// Small worlds built in C++: messages, timers, clocks, disks and faults, without any scenario file.
Suite worlds();
/// Every shipped scenario without a warehouse, and every one with.
Suite clusters();  // without clients
Suite loaders();
Suite formats();  // those with a warehouse whose source writes a file
/// The folders of clusters with clients, and of streams and object stores, each scenario with several seeds.
Suite network();
Suite replication();
Suite consistency();
Suite sharding();
Suite consensus();
Suite zoo();
Suite pipeline();

struct Line {
  std::string name;
  Result result;
};

/// The text of a suite's file, and back. Unreadable lines are left out, so they show up as missing runs.
struct Recording {
  std::string key;
  std::vector<Line> lines;
};
std::string to_text(const Recording& recording);
Recording parse_recording(std::string_view text);

/// What differs between a recording and a fresh one, a sentence each. With another key only outcomes are compared.
std::vector<std::string> differences(const Recording& recorded, const Recording& fresh);

}  // namespace twice::golden
