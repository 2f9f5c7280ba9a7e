// Object stores: file names, listings and pointers, and what a repeated load does to them.
#include "pipeline/models.h"

namespace twice::pipeline::store {
namespace {

Parameters swapped() {
  Parameters p;
  p.names = Names::kFresh;
  p.publish = Publish::kSwap;
  p.timeout = milliseconds(60);
  return p;
}

bool is_exact(const check::EffectTally& tally) {
  INFO(tally.unsettled << ", " << tally.lost << " lost, " << tally.doubled << " doubled");
  CHECK(tally.unsettled.empty());
  return tally.unsettled.empty() && tally.lost + tally.doubled == 0;
}

constexpr std::string_view kCrashAtPart3 = "crash n1 @part:3; restart n1 @1s";

}  // namespace

TEST_CASE("Without a fault every way to publish shows every row once") {
  for (const Names names : {Names::kDeterministic, Names::kFresh})
    for (const Publish publish : {Publish::kListing, Publish::kOverwrite, Publish::kSwap})
      for (const Mode mode : {Mode::kAdd, Mode::kReplace}) {
        Parameters p;
        p.names = names, p.publish = publish, p.mode = mode, p.loads = 3;
        const Ran ran = run_store(1, p);
        INFO(name_of(names) << ", " << name_of(publish) << ", " << name_of(mode));
        CHECK(is_exact(ran.tally));
        CHECK(ran.tally.records == 360);
        CHECK(ran.seen.table.files(ran.world).listed == 12);
        CHECK(ran.seen.table.files(ran.world).stale == 0);
      }
}

TEST_CASE("Fresh names leave the files of an interrupted load in a listing, deterministic ones are written over") {
  Parameters p;
  p.names = Names::kFresh;
  const Ran fresh = run_store(1, p, kCrashAtPart3);
  CHECK(fresh.tally.doubled == 90);
  CHECK(fresh.seen.table.files(fresh.world).listed == 7);
  CHECK(fresh.seen.table.files(fresh.world).stale == 3);
  p.names = Names::kDeterministic;
  const Ran same = run_store(1, p, kCrashAtPart3);
  CHECK(is_exact(same.tally));
  CHECK(same.seen.table.files(same.world).listed == 4);
}

TEST_CASE("Fewer parts on a retry leave a stale part under deterministic names, unless the load deletes first") {
  Parameters p;
  p.parts_on_retry = 3;
  const std::string_view crash = "crash n1 @part:4; restart n1 @1s";
  const Ran stale = run_store(1, p, crash);
  CHECK(stale.seen.table.files(stale.world).stale == 1);
  CHECK(stale.tally.doubled == 30);
  p.mode = Mode::kReplace;
  const Ran clean = run_store(1, p, crash);
  CHECK(is_exact(clean.tally));
  CHECK(clean.seen.table.files(clean.world).stale == 0);
}

TEST_CASE("At whatever event a job dies: the same names, deleting first or a swapped pointer end with the same files") {
  const auto at_event = [](std::uint64_t n) { return fmt::format("crash n1 @event:{}; restart n1 @2s", n); };
  Parameters same, fresh, first, pointer = swapped();
  fresh.names = first.names = Names::kFresh;
  first.mode = Mode::kReplace;
  pointer.recognise = true;
  std::uint64_t bitten = 0, doubled = 0;
  for (std::uint64_t n = 2; n <= 40; ++n) {
    INFO("event " << n);
    for (const Parameters& p : {same, first, pointer}) {
      const Ran ran = run_store(1, p, at_event(n));
      CHECK(is_exact(ran.tally));
      CHECK(ran.seen.table.files(ran.world).listed == 4);
      bitten += ran.world.took_effect(0);
    }
    doubled += run_store(1, fresh, at_event(n)).tally.doubled > 0;
  }
  CHECK(bitten >= 50);
  CHECK(doubled >= 5);
}

TEST_CASE("A listing shows half a load, a pointer shows it as a whole or not at all") {
  for (const Mode mode : {Mode::kAdd, Mode::kReplace}) {
    Parameters p;
    p.mode = mode;
    CHECK(run_store(1, p).seen.table.inconsistent());
    CHECK_FALSE(run_store(1, swapped()).seen.table.inconsistent());
  }
  const Ran orphans = run_store(1, swapped(), kCrashAtPart3);
  CHECK(is_exact(orphans.tally));
  CHECK(orphans.seen.table.files(orphans.world).orphaned == 3);
}

TEST_CASE("Two writers of one pointer lose each other's loads, unless the pointer is compared first") {
  Parameters p = swapped();
  p.loads = 10, p.between = milliseconds(5);
  std::uint64_t losing = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    INFO("seed " << seed);
    p.publish = Publish::kOverwrite;
    losing += run_store(seed, p, "", 2).tally.lost > 0;
    p.publish = Publish::kSwap;
    CHECK(is_exact(run_store(seed, p, "", 2).tally));
  }
  CHECK(losing >= 10);
}

TEST_CASE("A swap without an answer is repeated: looking first, replacing or fixed names make that harmless") {
  const std::string_view lost_answer = "drop store>n1#6";
  Parameters p = swapped();
  CHECK(run_store(1, p, lost_answer).tally.doubled == 120);
  p.recognise = true;
  CHECK(is_exact(run_store(1, p, lost_answer).tally));
  p.recognise = false, p.mode = Mode::kReplace;
  CHECK(is_exact(run_store(1, p, lost_answer).tally));
  p.mode = Mode::kAdd, p.names = Names::kDeterministic;
  CHECK(is_exact(run_store(1, p, lost_answer).tally));
}

TEST_CASE("A load that was reported and is forgotten by its writer is found in the table") {
  Parameters p = swapped();
  const std::string_view crash = "crash n1 lose unsynced @loaded:1; restart n1 @1s";
  CHECK(run_store(1, p, crash).tally.doubled == 120);
  p.recognise = true;
  CHECK(is_exact(run_store(1, p, crash).tally));
}

TEST_CASE("Compare-and-swap and looking first: every row once, whatever crashes, is cut off, lost or doubled") {
  Parameters p = swapped();
  p.recognise = true, p.loads = 8, p.rows = 30, p.parts = 3;
  std::uint64_t doubled = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    const std::string faults = drawn_faults(seed, {"n1", "n2", "n3", "store"}, seconds(3), true, " lose mixed");
    INFO("seed " << seed);
    p.recognise = true;
    const Ran ran = run_store(seed, p, faults, 3, rough_link(5, 5));
    CHECK(is_exact(ran.tally));
    CHECK(ran.tally.records == 3 * 8 * 30);
    CHECK_FALSE(ran.seen.table.inconsistent());
    p.recognise = false;
    doubled += run_store(seed, p, faults, 3, rough_link(5, 5)).tally.doubled;
  }
  CHECK(doubled > 0);
}

TEST_CASE("One load started twice doubles under fresh names in a listing only") {
  Parameters p;
  p.same_slices = true, p.loads = 3;
  CHECK(is_exact(run_store(1, p, "", 2).tally));
  p.names = Names::kFresh;
  CHECK(run_store(1, p, "", 2).tally.doubled == 360);
  p.publish = Publish::kSwap, p.mode = Mode::kReplace;
  CHECK(is_exact(run_store(1, p, "", 2).tally));
}

TEST_CASE("A store answers for nothing that its disk may lose") {
  Parameters p;
  p.loads = 5;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const std::string faults = drawn_faults(seed, {"store"}, seconds(2), false, " lose unsynced");
    INFO("seed " << seed);
    CHECK(is_exact(run_store(seed, p, faults).tally));
  }
}

TEST_CASE("Nothing is called lost while a writer is not done") {
  CHECK(run_store(1, swapped(), "crash n1 @part:3").tally.unsettled == "n1 is down");
  CHECK(run_store(1, swapped(), "cut n1>store @10ms").tally.unsettled == "n1 is not done");
}

}  // namespace twice::pipeline::store
