// Labels are derived from runs: each shipped design's, and where it differs from the literature's, why.
#include "lab/pacelc.h"

#include <map>

#include "lab/shipped.h"

namespace twice::lab {
namespace {

using check::Judgement;

PacelcReport measured(const scenario::Scenario& s, PacelcOptions options = {}) {
  return measure_pacelc(variants_of(s), options);
}

/// Every design that ships, measured once.
const PacelcReport& designs() {
  static const PacelcReport report = measured(shipped("consistency/designs.toml"));
  return report;
}

const PacelcRow& row(const std::string& design) {
  for (const PacelcRow& r : designs().rows)
    if (r.design == design) return r;
  FAIL("there is no design " << design);
  return designs().rows.front();
}

}  // namespace

TEST_CASE("each design's label comes out of its runs") {
  const std::map<std::string, std::string> wanted{{"one server", "–"},
                                                  {"async, failover", "PA/EC"},
                                                  {"async, fixed primary", "PC/EC"},
                                                  {"async, read anywhere", "neither/EL"},
                                                  {"semi-sync, failover", "neither/EC"},
                                                  {"sync, confirmed reads", "PC/EC"},
                                                  {"chain", "PC/EC"},
                                                  {"quorum R1 W1", "PA/EL"},
                                                  {"quorum R3 W3", "PC/EC"},
                                                  {"quorum, write-back", "PC/EC"},
                                                  {"sloppy quorum", "PC/EC"},
                                                  {"counter CRDT", "PA/EL"}};
  CHECK(designs().rows.size() == wanted.size());
  for (const auto& [design, label] : wanted) {
    INFO(design);
    CHECK(row(design).error.empty());
    CHECK(row(design).label == label);
  }
}

TEST_CASE("a label says what was counted and judged, and nothing else") {
  for (const PacelcRow& r : designs().rows) {
    INFO(r.design);
    if (r.sides.empty()) continue;
    const bool all = std::all_of(r.sides.begin(), r.sides.end(), [](const auto& side) { return side.available(); });
    CHECK(all == r.label.starts_with("PA"));
    if (r.label.starts_with("PC")) CHECK(r.split_linearizable == Judgement::kHeld);
    if (r.label.starts_with("neither")) CHECK(r.split_linearizable == Judgement::kViolated);
    CHECK(r.label.ends_with("EC") == (r.healthy_linearizable == Judgement::kHeld));
    CHECK((r.split_linearizable == Judgement::kViolated) == !r.split_witness.empty());
    for (const PacelcSide& side : r.sides) {
      CHECK(side.asked() > 30);
      CHECK(side.reads.answered <= side.reads.asked);
    }
  }
}

TEST_CASE("a primary whose replicas answer reads is neither: writes stop on one side, and reads there are stale") {
  const PacelcRow& r = row("async, read anywhere");
  REQUIRE(r.sides.size() == 2);
  CHECK(r.sides[0].available());
  CHECK(r.sides[1].reads.percent() == 100);
  CHECK(r.sides[1].writes.percent() == 0);
  CHECK(r.label.starts_with("neither"));
}

TEST_CASE("latency and consistency are traded as the literature says: one replica near, a quorum a round trip away") {
  const Duration one = designs().one_round_trip, quorum = designs().quorum_round_trip;
  CHECK(one > milliseconds(18));
  CHECK(one < milliseconds(22));
  CHECK(quorum <= one + milliseconds(2));
  CHECK(row("quorum R1 W1").reads.p50 < one / 10);
  CHECK(row("quorum R1 W1").writes.p50 < one / 10);
  CHECK(row("quorum R1 W1").stale_versions > 0);
  for (const char* waits : {"quorum R3 W3", "quorum, write-back"}) {
    CHECK(row(waits).reads.p50 > quorum - milliseconds(2));
    CHECK(row(waits).stale_versions == 0);
  }
  CHECK(row("quorum, write-back").reads.p50 > quorum + one / 2);
  CHECK(row("sync, confirmed reads").reads.p50 > row("async, fixed primary").reads.p50);
}

TEST_CASE("where the measured label is another than the literature's, what was measured is said beside it") {
  for (const PacelcRow& r : designs().rows) {
    INFO(r.design);
    const bool same = r.literature.empty() || r.label == r.literature.substr(0, 5);
    CHECK(r.difference.empty() == same);
  }
  CHECK(row("semi-sync, failover").difference ==
        "at n1 100 % of reads and 0 % of writes were answered; answers given while split were not linearizable");
}

TEST_CASE("a deadline shorter than a failover takes availability away") {
  const scenario::Scenario s = shipped("consistency/designs.toml");
  const auto variant =
      std::find_if(s.variants.begin(), s.variants.end(), [](const auto& v) { return v.name == "async, failover"; });
  REQUIRE(variant != s.variants.end());
  const PacelcReport strict = measure_pacelc({&*variant}, {.seeds = 2, .deadline = milliseconds(15)});
  CHECK_FALSE(strict.rows.at(0).sides.at(1).available());
  CHECK_FALSE(strict.rows.at(0).label.starts_with("PA"));
}

TEST_CASE("the same seeds give the same table, and the table fits its width") {
  const scenario::Scenario s = shipped("consistency/designs.toml");
  const std::vector<const scenario::Variant*> some{&s.variants.at(1), &s.variants.at(7)};
  const PacelcOptions options{.seeds = 2};
  CHECK(pacelc_json(measure_pacelc(some, options)) == pacelc_json(measure_pacelc(some, options)));
  const std::string text = pacelc_text(designs(), {}, false, 100);
  for (const char* part :
       {"While split", "While healthy", "PACELC", "x one / quorum", "semi-sync, failover is neither"})
    CHECK(text.find(part) != std::string::npos);
}

}  // namespace twice::lab
