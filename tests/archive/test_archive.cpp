// What earlier versions of the program said about the files of this folder, against what it says today.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <set>
#include <sstream>

#include "archive/archive.h"
#include "support/catch.h"

using namespace twice::archive;

namespace {

#ifdef TWICE_SANITIZED
constexpr std::size_t kEvery = 6;  // each run costs many times more
#else
constexpr std::size_t kEvery = 1;
#endif
constexpr std::size_t kWorkers = 2;

struct Replayed {
  Item item;
  Facts now;
};

// Every item, or every sixth one, in the order of the manifest.
std::vector<Replayed> replay_all() {
  std::vector<Replayed> all;
  for (const Item& item : read_manifest()) all.push_back({item, {}});
  const auto some = [&all](std::size_t first) {
    for (std::size_t i = first * kEvery; i < all.size(); i += kWorkers * kEvery)
      all[i].now = facts_of(replay(all[i].item));
  };
  std::vector<std::future<void>> workers;
  for (std::size_t w = 0; w < kWorkers; ++w) workers.push_back(std::async(std::launch::async, some, w));
  for (auto& worker : workers) worker.get();
  all.erase(std::remove_if(all.begin(), all.end(), [](const Replayed& r) { return r.now.empty(); }), all.end());
  return all;
}

// With TWICE_ARCHIVE_RULE set, unlisted differences are written into the manifest as wanted ones with that rule.
void list_changes(const std::vector<Replayed>& all, const std::string& rule) {
  std::vector<Item> items = read_manifest();
  for (const Replayed& r : all) {
    const auto differences = unlisted(read_facts(r.item), r.item.changed, r.now);
    const auto item = std::find_if(items.begin(), items.end(), [&r](const Item& i) { return i.name == r.item.name; });
    if (!differences.empty()) item->changed.push_back({rule, differences});
  }
  write_manifest(items);
}

const Facts kRecorded{{"exit", "0"}, {"run a seed 1: hash", "12ab"}, {"run a seed 1: held", "held"}};

Facts with(Facts facts, const std::string& fact, const std::string& value) {
  facts[fact] = value;
  return facts;
}

}  // namespace

TEST_CASE("what was recorded is still so, or the manifest names the rule that changed") {
  const auto all = replay_all();
  if (const char* rule = std::getenv("TWICE_ARCHIVE_RULE")) return list_changes(all, rule);
  CHECK(all.size() * kEvery >= 150);
  for (const Replayed& r : all) {
    const Facts recorded = read_facts(r.item);
    const auto differences = unlisted(recorded, r.item.changed, r.now);
    INFO(r.item.name << ", twice " << r.item.command << ", recorded by " << r.item.by << "\n" << tell(differences));
    CHECK(differences.empty());
    const auto sentences = stale(recorded, r.item.changed, r.now);
    for (const std::string& sentence : sentences) UNSCOPED_INFO(sentence);
    CHECK(sentences.empty());
  }
}

TEST_CASE("every item of the archive has its files, and every file belongs to an item") {
  const auto items = read_manifest();
  std::set<std::string> names, files;
  std::string unused;
  for (const Item& item : items) {
    CHECK(names.insert(item.name).second);
    CHECK(!item.by.empty());
    CHECK(!read_facts(item).empty());
    files.insert(facts_file(item));
  }
  for (const char* kind : {"recorded", "traces", "answers"})
    for (const auto& entry : std::filesystem::directory_iterator(folder() + "/" + kind)) {
      const std::string file = std::string(kind) + "/" + entry.path().filename().string();
      const auto uses = [&file](const Item& i) { return i.command.find(file) != std::string::npos; };
      if (!files.count(file) && std::none_of(items.begin(), items.end(), uses)) unused += " " + file;
    }
  CHECK(unused.empty());
}

TEST_CASE("a tampered hash is found, with the item's old and new value") {
  const auto items = read_manifest();
  const auto item =
      std::find_if(items.begin(), items.end(), [](const Item& i) { return i.name == "run/cluster/paused-node"; });
  REQUIRE(item != items.end());
  Facts recorded = read_facts(*item);
  const std::string fact = "run main seed 1: hash", true_hash = recorded.at(fact);
  recorded[fact] = "0123456789abcdef";
  const auto differences = unlisted(recorded, {}, facts_of(replay(*item)));
  REQUIRE(differences.size() == 1);
  CHECK(differences[0] == Difference{fact, "0123456789abcdef", true_hash});
}

TEST_CASE("a difference counts unless it is listed, value by value") {
  const Facts now = with(kRecorded, "run a seed 1: held", "unknown");
  CHECK(unlisted(kRecorded, {}, kRecorded).empty());
  CHECK(unlisted(kRecorded, {}, now) == std::vector<Difference>{{"run a seed 1: held", "held", "unknown"}});
  CHECK(unlisted(kRecorded, {{"vacuous", {{"run a seed 1: held", "held", "unknown"}}}}, now).empty());
  CHECK(unlisted(kRecorded, {{"vacuous", {{"run a seed 1: held", "held", "failed"}}}}, now) ==
        std::vector<Difference>{{"run a seed 1: held", "failed", "unknown"}});
}

TEST_CASE("a fact that is gone differs; one that is new does not; a command that only fails says so once") {
  CHECK(unlisted(kRecorded, {}, with(kRecorded, "run b seed 1: held", "held")).empty());
  const auto gone = unlisted(kRecorded, {}, {{"exit", "0"}, {"batch: held", "held"}});
  CHECK(gone.size() == 2);
  CHECK(gone[0] == Difference{"run a seed 1: hash", "12ab", kGone});
  CHECK(unlisted(kRecorded, {}, {{"exit", "3"}}) == std::vector<Difference>{{"exit", "0", "3"}});
}

TEST_CASE("a change of a change is listed after it") {
  const std::vector<Change> twice_changed{{"first", {{"run a seed 1: held", "held", "unknown"}}},
                                          {"second", {{"run a seed 1: held", "unknown", "failed"}}}};
  const Facts now = with(kRecorded, "run a seed 1: held", "failed");
  CHECK(unlisted(kRecorded, twice_changed, now).empty());
  CHECK(stale(kRecorded, twice_changed, now).empty());
}

TEST_CASE("a listed difference that no longer occurs fails, and so does one that never was so") {
  const std::vector<Change> changed{{"vacuous", {{"run a seed 1: held", "held", "unknown"}}}};
  CHECK(stale(kRecorded, changed, with(kRecorded, "run a seed 1: held", "unknown")).empty());
  CHECK(stale(kRecorded, changed, kRecorded).size() == 1);
  CHECK(unlisted(kRecorded, changed, kRecorded).size() == 1);
  CHECK(stale(kRecorded, {{"vacuous", {{"run a seed 1: held", "failed", "unknown"}}}},
              with(kRecorded, "run a seed 1: held", "unknown"))
            .size() == 1);
  CHECK(stale(kRecorded, {{"", {{"exit", "0", "1"}}}}, with(kRecorded, "exit", "1")).size() == 1);
}

TEST_CASE("a hash counts as long as the SQL engine is the recorded one") {
  const Facts recorded{{"exit", "0"}, {"run a seed 1: engine", "sqlite 3.40.1"}, {"run a seed 1: hash", "12ab"}};
  const Facts newer = with(with(recorded, "run a seed 1: engine", "sqlite 3.50.0"), "run a seed 1: hash", "34cd");
  CHECK(unlisted(recorded, {}, newer).empty());
  CHECK(unlisted(recorded, {}, with(recorded, "run a seed 1: hash", "34cd")).size() == 1);
}

// Not a test but the way into the archive; README.md tells how. Each line of the file: NAME COMMAND...
TEST_CASE("add items", "[.add]") {
  const char* list = std::getenv("TWICE_ARCHIVE_ADD");
  REQUIRE(list);
  std::vector<Item> items =
      std::filesystem::exists(folder() + "/manifest.json") ? read_manifest() : std::vector<Item>{};
  const std::string by = version();
  std::ifstream lines(list);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t blank = line.find(' ');
    REQUIRE(blank != std::string::npos);
    const Item item{line.substr(0, blank), line.substr(blank + 1), by, {}};
    CAPTURE(item.name, item.command);
    REQUIRE(std::none_of(items.begin(), items.end(), [&item](const Item& i) { return i.name == item.name; }));
    const auto outcome = replay(item);
    REQUIRE(outcome.code <= 3);
    write_facts(item, facts_of(outcome));
    items.push_back(item);
  }
  write_manifest(items);
}
