#pragma once
// What the program said at some time, kept for ever: commands, and the facts in their output. README.md tells how items
// are added and how a wanted difference is written down.
#include <map>
#include <string>
#include <vector>

#include "cli/program.h"

namespace twice::archive {

/// "run append seed 1: hash" -> "32810ca8b76af665". Only what has a meaning: no places, no sentences, no figures that
/// another fact contains.
using Facts = std::map<std::string, std::string>;

/// A fact that is another one by now.
struct Difference {
  std::string fact, was, now;
  friend bool operator==(const Difference&, const Difference&) = default;
};

/// Differences that are wanted, and the rule that changed.
struct Change {
  std::string rule;
  std::vector<Difference> differences;
};

struct Item {
  std::string name;             // "zoo/vote-twice"; its facts are in recorded/NAME.json, '/' written as '.'
  std::string command;          // arguments of twice, run in this folder
  std::string by;               // what recorded it: version and commit
  std::vector<Change> changed;  // in the order in which it came to be
};

/// A value that is no longer said.
inline const std::string kGone = "(gone)";

/// The facts in what a command said.
Facts facts_of(const test::Outcome& outcome);

/// What differs from the recorded facts, with `changed` taken into account. A fact that was not recorded is none of
/// these; a command that only fails now differs in its exit code alone. Hashes count while the SQL engine is the same.
std::vector<Difference> unlisted(const Facts& recorded, const std::vector<Change>& changed, const Facts& now);
/// Listed changes that cannot be seen any more, or that do not fit to what was recorded: a sentence each.
std::vector<std::string> stale(const Facts& recorded, const std::vector<Change>& changed, const Facts& now);

/// "was X, is Y" for each.
std::string tell(const std::vector<Difference>& differences);

// --- the folder

std::string folder();  // ends without '/'
std::vector<Item> read_manifest();
void write_manifest(const std::vector<Item>& items);
std::string facts_file(const Item& item);  // relative to the folder
Facts read_facts(const Item& item);
void write_facts(const Item& item, const Facts& facts);

/// Runs an item's command with the program of today, or with the one that TWICE_ARCHIVE_PROGRAM names.
test::Outcome replay(const Item& item);
/// "0.1.0 (44a4777)" of that program.
std::string version();

}  // namespace twice::archive
