#include "scenario/words.h"

#include "core/assert.h"
#include "scenario/spec_schedule.h"

namespace twice::scenario {
namespace {

template <class E>
std::string_view name_in(E value) {
  for (const Word<E>& word : words(E{}))
    if (word.value == value) return word.name;
  TWICE_ASSERT(false, "a value of a closed set has no word");
  return {};
}

}  // namespace

const std::vector<Word<EngineKind>>& words(EngineKind) {
  static const std::vector<Word<EngineKind>> kWords{
      {EngineKind::kSqlite, "sqlite", "embedded SQLite over the simulated disk"}};
  return kWords;
}

const std::vector<Word<Journal>>& words(Journal) {
  static const std::vector<Word<Journal>> kWords{
      {Journal::kDelete, "delete", "a rollback journal; deleting it is the commit"},
      {Journal::kTruncate, "truncate", "a rollback journal; emptying it is the commit"},
      {Journal::kWal, "wal", "a write-ahead log; its commit record is the commit"}};
  return kWords;
}

const std::vector<Word<Synchronous>>& words(Synchronous) {
  static const std::vector<Word<Synchronous>> kWords{
      {Synchronous::kOff, "off", "never asks: a power loss may corrupt the database"},
      {Synchronous::kNormal, "normal", "asks at the critical moments; a power loss may undo the last commits (wal)"},
      {Synchronous::kFull, "full",
       "asks at every commit, but not for the directory: an acknowledged commit may vanish (delete)"},
      {Synchronous::kExtra, "extra", "asks at every commit, the directory included"}};
  return kWords;
}

const std::vector<Word<Verdict>>& words(Verdict) {
  static const std::vector<Word<Verdict>> kWords{
      {Verdict::kExactlyOnce, "exactly-once", "the slice holds every row once"},
      {Verdict::kDuplicates, "duplicates", "rows are there more than once"},
      {Verdict::kLost, "lost", "rows are missing, or rows of another slice are gone"},
      {Verdict::kWrongValues, "wrong-values", "every row is there once and some hold a wrong value"},
      {Verdict::kPartialState, "partial-state", "the end is right, but a reader saw a half-loaded slice"},
      {Verdict::kCorrupt, "corrupt", "the engine's own integrity check fails"},
      {Verdict::kFails, "fails", "the load never succeeds"}};
  return kWords;
}

const std::vector<Word<ScheduledDisk>>& words(ScheduledDisk) {
  static const std::vector<Word<ScheduledDisk>> kWords{
      {ScheduledDisk::kAtOnce, "at-once", "with the step that makes them"},
      {ScheduledDisk::kLater, "later", "when a `sync` says so; a crash before that loses them"}};
  return kWords;
}

const std::vector<Word<LinkOrder>>& words(LinkOrder) {
  static const std::vector<Word<LinkOrder>> kWords{
      {LinkOrder::kAny, "any", "each message travels by itself: a fast one overtakes a slow one"},
      {LinkOrder::kFifo, "fifo", "no message arrives before an earlier one of its link"}};
  return kWords;
}

const std::vector<Word<physics::Lose>>& words(physics::Lose) {
  using physics::Lose;
  static const std::vector<Word<Lose>> kWords{
      {Lose::kNothing, "nothing", "only the process dies: the operating system keeps every write"},
      {Lose::kUnsynced, "unsynced", "power is lost: exactly the durable bytes remain"},
      {Lose::kMixed, "mixed", "power is lost: each unsynced sector is kept, dropped or torn"},
      {Lose::kEverything, "all", "the machine is gone: another with an empty disk takes its place"}};
  return kWords;
}

const std::vector<Word<physics::DiskFault::Kind>>& words(physics::DiskFault::Kind) {
  using Kind = physics::DiskFault::Kind;
  static const std::vector<Word<Kind>> kWords{{Kind::kIoError, "io-error", "this one operation fails"},
                                              {Kind::kFull, "full", "the disk is full from this operation on"}};
  return kWords;
}

std::string_view name_of(EngineKind engine) { return name_in(engine); }
std::string_view name_of(Journal journal) { return name_in(journal); }
std::string_view name_of(Synchronous synchronous) { return name_in(synchronous); }
std::string_view name_of(Verdict verdict) { return name_in(verdict); }

}  // namespace twice::scenario
