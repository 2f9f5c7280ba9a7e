#pragma once
// [chaos]: random faults with a budget, and the phase in which all must be well again.
#include <cstdint>
#include <optional>
#include <vector>

#include "scenario/field.h"
#include "scenario/words.h"

namespace twice::scenario {

/// How often each kind is drawn, relative to the others.
struct ChaosKindsSpec {
  std::uint32_t crash = 0, pause = 0, slow = 0, partition = 0, one_way = 0, bridge = 0, majorities_ring = 0,
                isolate = 0, clog = 0, swizzle_clog = 0, clock = 0;
  Span span{};

  template <class Self, class V>
  static void fields(Self& self, V& v) {
    v(Field{.name = "crash", .doc = "A node dies, and starts again later.", .max = 1000}, self.crash);
    v(Field{.name = "pause", .doc = "A node stops executing, and goes on later.", .max = 1000}, self.pause);
    v(Field{.name = "slow", .doc = "A node is busy for `slow-by` with each input.", .max = 1000}, self.slow);
    v(Field{.name = "partition", .doc = "Two drawn groups cannot reach each other.", .max = 1000}, self.partition);
    v(Field{.name = "one-way", .doc = "One drawn group cannot reach the others.", .max = 1000}, self.one_way);
    v(Field{.name = "bridge", .doc = "Two drawn halves that only one node reaches both.", .max = 1000}, self.bridge);
    v(Field{.name = "majorities-ring", .doc = "Each node hears a majority, no two the same one.", .max = 1000},
      self.majorities_ring);
    v(Field{.name = "isolate", .doc = "A node is alone.", .max = 1000}, self.isolate);
    v(Field{.name = "clog", .doc = "A node's links deliver nothing for a while, and lose nothing.", .max = 1000},
      self.clog);
    v(Field{.name = "swizzle-clog",
            .doc = "Some nodes are clogged one by one, and unclogged in another order.",
            .max = 1000},
      self.swizzle_clog);
    v(Field{.name = "clock", .doc = "A node's clock is set wrong, and stays so.", .max = 1000}, self.clock);
  }
};

struct LivenessSpec {
  Spanned<Duration> at;
  NameList core{{{"majority", {}}}, {}};
  Span span{};

  template <class Self, class V>
  static void fields(Self& self, V& v) {
    v(Field{.name = "at", .doc = "When chaos stops and the core is healed.", .required = true, .example = "\"20s\""},
      self.at);
    v(Field{.name = "core",
            .doc = "Which nodes must get on: \"majority\" (one drawn anew for each seed), \"all\", or these. They run "
                   "again and their links work; faults elsewhere stay.",
            .example = "[\"n1\", \"n2\", \"n3\"]"},
      self.core);
  }
};

struct ChaosSpec {
  Spanned<Duration> from, to;
  Spanned<Duration> slot{seconds(1), {}};
  Probability chance{500'000'000};
  Latency lasts{milliseconds(200), seconds(3)};
  std::optional<ChaosKindsSpec> kinds;
  bool swarm = false;
  std::uint32_t max_faults = 100, max_crashes = 100, max_partitions = 100;
  std::optional<std::uint32_t> max_down;
  physics::Lose lose = physics::Lose::kUnsynced;
  Latency slow_by{milliseconds(5), milliseconds(50)};
  Duration max_skew = milliseconds(500);
  Drift max_drift{100'000};
  std::optional<std::vector<Spanned<std::string>>> nodes;
  std::optional<LivenessSpec> liveness;
  Span span{};

  template <class Self, class V>
  static void fields(Self& self, V& v) {
    v(Field{.name = "from", .doc = "No fault begins before this time.", .min = 0}, self.from);
    v(Field{.name = "to", .doc = "No fault begins from this time on.", .required = true, .example = "\"15s\""},
      self.to);
    v(Field{.name = "slot",
            .doc = "At most one fault begins in each slot of this length. Draws belong to slots: a change in one "
                   "leaves the others alone.",
            .min = 1'000'000},
      self.slot);
    v(Field{.name = "chance", .doc = "The probability that a fault begins in a slot."}, self.chance);
    v(Field{.name = "lasts", .doc = "How long a fault lasts.", .example = "\"200ms..3s\""}, self.lasts);
    v(Field{.name = "kinds",
            .doc = "The kinds of faults and how often each is drawn; without it, all alike.",
            .example = "{ crash = 3, partition = 1 }"},
      self.kinds);
    v(Field{.name = "swarm", .doc = "Each seed turns a random subset of the kinds off."}, self.swarm);
    v(Field{.name = "max-faults", .doc = "At most this many faults in a run.", .unit = "faults"}, self.max_faults);
    v(Field{.name = "max-crashes", .doc = "At most this many crashes in a run.", .unit = "crashes"}, self.max_crashes);
    v(Field{.name = "max-partitions", .doc = "At most this many partitions in a run.", .unit = "partitions"},
      self.max_partitions);
    v(Field{.name = "max-down",
            .doc = "At most this many nodes crashed or paused at one time; without it, a minority.",
            .unit = "nodes"},
      self.max_down);
    v(Field{.name = "lose", .doc = "What a crashed machine's disk loses."}, self.lose);
    v(Field{.name = "slow-by", .doc = "How long each input keeps a slow node busy; drawn once a fault."}, self.slow_by);
    v(Field{.name = "max-skew", .doc = "How far a clock may be set off, either way.", .min = 0}, self.max_skew);
    v(Field{.name = "max-drift", .doc = "How fast a clock may run away, either way."}, self.max_drift);
    v(Field{.name = "nodes", .doc = "Whom the faults may hit; without it, the cluster's nodes."}, self.nodes);
    v(Field{.name = "liveness",
            .doc = "The phase in which the core must get on; what must be true then is said in [expect].",
            .example = "{ at = \"20s\", core = \"majority\" }"},
      self.liveness);
  }
};

}  // namespace twice::scenario
