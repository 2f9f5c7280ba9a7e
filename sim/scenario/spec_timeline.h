#pragma once
// One step of [timeline] as it is written: exactly one "when", exactly one "what" and what belongs to them.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "scenario/field.h"
#include "scenario/words.h"
#include "world/step.h"

namespace twice::scenario {

using Name = Spanned<std::string>;

struct StepSpec {
  // when
  std::optional<Spanned<Duration>> at;
  std::optional<Spanned<std::uint64_t>> after_row, before_statement, after_statement, lost_reply, io, event;
  std::optional<Name> on;
  std::optional<Spanned<MessageName>> message;
  std::optional<Spanned<std::uint32_t>> attempt;
  std::optional<std::uint64_t> value;
  std::string words;
  bool applied = false;
  // what
  std::optional<Name> crash, restart, pause, resume, run, tell, fail_disk;
  physics::Lose lose = physics::Lose::kNothing;
  physics::DiskFault::Kind how = physics::DiskFault::Kind::kIoError;
  std::optional<Name> bridge, isolate, clog, unclog, slow, clock;
  std::optional<std::vector<std::vector<Name>>> partition, one_way;
  std::optional<std::vector<Name>> among, swizzle_clog, back;
  std::optional<Spanned<LinkName>> cut;
  std::optional<NameList> heal;
  std::optional<std::string> note;
  std::optional<bool> drop, duplicate, majorities_ring, halves;
  std::optional<Duration> by, skew, lasts;
  std::optional<Drift> drift;
  std::optional<Duration> delay;
  Span span{};

  template <class Self, class V>
  static void fields(Self& self, V& v) {
    v(Field{.name = "at", .doc = "At this virtual time.", .one_of = "when", .min = 0, .example = "\"3s\""}, self.at);
    v(Field{.name = "after-row",
            .doc = "When the loader has this many rows done and, where the row ends a batch, its commit acknowledged.",
            .unit = "rows",
            .one_of = "when"},
      self.after_row);
    v(Field{.name = "before-statement",
            .doc = "Just before the loader sends this statement (from 1 in each attempt).",
            .unit = "statements",
            .one_of = "when",
            .min = 1},
      self.before_statement);
    v(Field{.name = "after-statement",
            .doc = "When the loader has the answer to this statement.",
            .unit = "statements",
            .one_of = "when",
            .min = 1},
      self.after_statement);
    v(Field{.name = "lost-reply",
            .doc = "When this statement is done and its answer is on the way: without another verb the loader dies "
                   "before it arrives; with one, that happens while the answer travels.",
            .unit = "statements",
            .one_of = "when",
            .min = 1},
      self.lost_reply);
    v(Field{.name = "io",
            .doc = "At this I/O operation of the warehouse's disk (from 1): it never happens, or with `applied` it "
                   "does and nobody is told.",
            .unit = "operations",
            .one_of = "when",
            .min = 1},
      self.io);
    v(Field{.name = "event", .doc = "Just before the event with this number.", .one_of = "when", .min = 1}, self.event);
    v(Field{.name = "on",
            .doc = "When a node reports this mark, for example \"commit\" or \"suspect\", with the number `value`.",
            .one_of = "when",
            .example = "\"commit\""},
      self.on);
    v(Field{.name = "message",
            .doc = "When this message is sent: sender, receiver, number on that link from 1.",
            .one_of = "when",
            .example = "\"n1>n2#37\""},
      self.message);
    v(Field{.name = "attempt",
            .doc = "Only in this attempt; without it, whichever comes first.",
            .with = "after-row before-statement after-statement lost-reply on",
            .min = 1,
            .max = 1000},
      self.attempt);
    v(Field{.name = "value",
            .doc = "The mark's number, compared exactly; without it, 0. A mark that never comes with 0 needs it: an "
                   "error lists the marks there are and what their numbers count.",
            .with = "on"},
      self.value);
    v(Field{.name = "applied", .doc = "The operation happened; only its answer is missing.", .with = "io"},
      self.applied);
    v(Field{.name = "crash", .doc = "This node's process dies.", .one_of = "what", .optional_group = true}, self.crash);
    v(Field{.name = "restart", .doc = "This node starts again from what its disk kept.", .one_of = "what"},
      self.restart);
    v(Field{.name = "pause", .doc = "This node stops executing; what arrives waits.", .one_of = "what"}, self.pause);
    v(Field{.name = "resume", .doc = "This node goes on.", .one_of = "what"}, self.resume);
    v(Field{.name = "run", .doc = "Tells this node (the orchestrator) to load the same slice again.", .one_of = "what"},
      self.run);
    v(Field{.name = "tell", .doc = "Tells this node something it understands, in 'words'.", .one_of = "what"},
      self.tell);
    v(Field{.name = "words",
            .doc = "What the node is told: \"add-shard\", \"remove-shard\", \"scan 3 5\" (a router).",
            .with = "tell"},
      self.words);
    v(Field{.name = "fail-disk",
            .doc = "This node's disk fails: the warehouse's at the operation that `io` names, a server's from here on.",
            .one_of = "what"},
      self.fail_disk);
    v(Field{.name = "partition",
            .doc =
                "Nodes of different groups cannot reach each other; nodes in no group reach everyone: the clients too, "
                "and a chain's master. The group [\"others\"] is every node and client that no group names. A message "
                "is lost when its link is cut as it is sent; one that is on its way already arrives.",
            .one_of = "what",
            .example = "[[\"n1\"], [\"n2\", \"n3\"]]"},
      self.partition);
    v(Field{.name = "cut",
            .doc = "One direction of one link stops: what is sent while it is cut is lost, even if the link heals "
                   "before it would have arrived; what was sent before the cut arrives.",
            .one_of = "what",
            .example = "\"n1>n2\""},
      self.cut);
    v(Field{.name = "one-way",
            .doc = "The nodes of the first list cannot reach those of the second; the other direction works.",
            .one_of = "what",
            .example = "[[\"n1\"], [\"n2\", \"n3\"]]"},
      self.one_way);
    v(Field{.name = "bridge",
            .doc = "The others fall into two halves, in their order; only this node reaches both.",
            .one_of = "what"},
      self.bridge);
    v(Field{.name = "majorities-ring",
            .doc = "Each node hears a majority, and no two the same one. Needs three nodes.",
            .one_of = "what"},
      self.majorities_ring);
    v(Field{.name = "halves",
            .doc = "Two halves, drawn anew for each seed, cannot reach each other.",
            .one_of = "what"},
      self.halves);
    v(Field{.name = "isolate", .doc = "This node reaches nobody, and nobody reaches it.", .one_of = "what"},
      self.isolate);
    v(Field{.name = "heal",
            .doc = "All links work again (\"all\"), or those from and to these nodes, for what is sent from now on: "
                   "messages sent during the cut stay lost.",
            .one_of = "what",
            .example = "\"all\""},
      self.heal);
    v(Field{.name = "clog",
            .doc = "This link, or every link from and to this node, delivers nothing; what is on its way waits.",
            .one_of = "what",
            .example = "\"n1>n2\""},
      self.clog);
    v(Field{.name = "unclog",
            .doc = "What waited arrives: on this link, at this node's links, or everywhere (\"all\").",
            .one_of = "what",
            .example = "\"all\""},
      self.unclog);
    v(Field{.name = "swizzle-clog",
            .doc = "These nodes are clogged one after the other, and opened one after the other in another order. "
                   "Needs `at`.",
            .one_of = "what",
            .example = "[\"n1\", \"n2\", \"n3\"]"},
      self.swizzle_clog);
    v(Field{.name = "slow",
            .doc = "From here on this node needs `by` more for each input: added time, not a factor. What arrives "
                   "meanwhile waits its turn.",
            .one_of = "what"},
      self.slow);
    v(Field{.name = "clock",
            .doc =
                "From here on this node's clock is `skew` off and drifts by `drift`; timers that run keep their end.",
            .one_of = "what"},
      self.clock);
    v(Field{.name = "drop", .doc = "The message vanishes.", .one_of = "what", .with = "message"}, self.drop);
    v(Field{.name = "duplicate", .doc = "The message arrives twice.", .one_of = "what", .with = "message"},
      self.duplicate);
    v(Field{.name = "delay",
            .doc = "The message arrives this much later.",
            .one_of = "what",
            .with = "message",
            .min = 0},
      self.delay);
    v(Field{.name = "note", .doc = "Words for the narration, alone or beside what happens."}, self.note);
    v(Field{.name = "among",
            .doc = "The nodes that are meant; without it, the cluster's.",
            .with = "bridge majorities-ring halves"},
      self.among);
    v(Field{.name = "by", .doc = "Time added to each input; \"0s\" ends it.", .with = "slow", .min = 0}, self.by);
    v(Field{.name = "lasts",
            .doc = "From the first clog to the last opening; \"2s\" without it.",
            .with = "swizzle-clog",
            .min = 1},
      self.lasts);
    v(Field{.name = "back", .doc = "The order of opening; without it, the last first.", .with = "swizzle-clog"},
      self.back);
    v(Field{.name = "skew", .doc = "How far the clock is off; negative = behind.", .with = "clock"}, self.skew);
    v(Field{.name = "drift", .doc = "How much faster the clock runs; negative = slower.", .with = "clock"}, self.drift);
    v(Field{.name = "lose", .doc = "What the crashed machine's disk loses.", .with = "crash"}, self.lose);
    v(Field{.name = "how", .doc = "How the disk fails.", .with = "fail-disk"}, self.how);
  }
};

struct TimelineSpec {
  std::vector<StepSpec> steps;

  template <class Self, class V>
  static void fields(Self& self, V& v) {
    v(Field{.name = "steps",
            .doc = "What happens and when, one step a line.",
            .example = "[{ after-row = 800, attempt = 1, crash = \"loader\" }]"},
      self.steps);
  }
};

/// A step ready for the world, and where it was written.
struct PlannedStep {
  world::Step step;
  Span span{};
};

}  // namespace twice::scenario
