#pragma once
// A step of the timeline: when, and what happens then. A scenario's fault, a `--do` on the command line and a
// learner's click are all this one type, so any of them can be replayed, saved and printed as any other.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/ids.h"
#include "core/time.h"
#include "core/visit.h"
#include "physics/byte_disk.h"

namespace twice::world {

// --- when. Nodes are named as people name them: a node's own name ("loader-2") or its group's ("loader" = the member
// started last; "app", clients that live side by side = all of them). A step fires at most once.

/// At a moment of virtual time, before any event of that moment.
struct AtTime {
  Time at;
  bool operator==(const AtTime&) const = default;
};
/// Just before the event with this sequence number is executed.
struct AtEvent {
  Sequence event = 0;
  bool operator==(const AtEvent&) const = default;
};
/// When a node reports progress: "row" 800, "stmt" 801 (about to be sent), "reply" 801 (done, answer on its way),
/// "ack" 801 (answer received), "commit" 3, "suspect" … `scope` is the attempt, 0 = whichever comes first.
struct AtMark {
  std::string mark;
  std::uint64_t value = 0;
  std::uint32_t scope = 0;
  bool operator==(const AtMark&) const = default;
};
/// At I/O operation `operation` (from 1) of a node's disk: it never happened, or (`applied`) it did and nobody was
/// told.
struct AtIo {
  std::uint64_t operation = 0;
  bool applied = false;
  bool operator==(const AtIo&) const = default;
};
/// When message number `ordinal` (from 1) is sent on the directed link.
struct AtMessage {
  std::string from, to;
  std::uint64_t ordinal = 0;
  bool operator==(const AtMessage&) const = default;
};
using Trigger = std::variant<AtTime, AtEvent, AtMark, AtIo, AtMessage>;

// --- what
/// The process dies; its machine's disk loses what `lose` says (nothing: only the process was killed).
struct Crash {
  std::string node;
  physics::Lose lose = physics::Lose::kNothing;
  bool operator==(const Crash&) const = default;
};
/// Starts a crashed node again from its durable state; no effect on a running one.
struct Restart {
  std::string node;
  bool operator==(const Restart&) const = default;
};
/// Stops executing: everything that arrives waits until Resume.
struct Pause {
  std::string node;
  bool operator==(const Pause&) const = default;
};
struct Resume {
  std::string node;
  bool operator==(const Resume&) const = default;
};
// Partitions, one-way partitions, bridges, rings and halves replace all earlier cuts; Cut and Isolate add to them.
// Those that speak of "the others" mean `among`, or every node of the world when it is empty.

/// Nodes of different groups cannot reach each other; nodes in no group reach everybody.
struct Partition {
  std::vector<std::vector<std::string>> groups;
  bool operator==(const Partition&) const = default;
};
/// The nodes of `from` cannot reach those of `to`; the other direction works.
struct OneWay {
  std::vector<std::string> from, to;
  bool operator==(const OneWay&) const = default;
};
/// The others fall into two halves, in their order; only `node` reaches both.
struct Bridge {
  std::string node;
  std::vector<std::string> among;
  bool operator==(const Bridge&) const = default;
};
/// Each node hears a majority, itself included, and no two hear the same (with three nodes or more).
struct MajoritiesRing {
  std::vector<std::string> among;
  bool operator==(const MajoritiesRing&) const = default;
};
/// Two halves drawn from the seed and this step; each node's side is a mark "side", 1 or 2.
struct Halves {
  std::vector<std::string> among;
  bool operator==(const Halves&) const = default;
};
/// This node reaches nobody and nobody reaches it.
struct Isolate {
  std::string node;
  bool operator==(const Isolate&) const = default;
};
/// One direction of one link stops.
struct Cut {
  std::string from, to;
  bool operator==(const Cut&) const = default;
};
/// All links from and to these nodes work again; without names, all links.
struct Heal {
  std::vector<std::string> nodes{};
  bool operator==(const Heal&) const = default;
};
/// Nothing comes out of a link, or (`to` empty) of any link from and to the node `from`; nothing is lost, what comes
/// to its end waits there.
struct Clog {
  std::string from, to{};
  bool operator==(const Clog&) const = default;
};
/// What waited arrives, in the order it came. `from` empty: everywhere; `to` empty: at every link of that node.
struct Unclog {
  std::string from{}, to{};
  bool operator==(const Unclog&) const = default;
};
/// From here on each input keeps the node busy for this long, and what comes meanwhile waits its turn; 0 ends it.
struct Slow {
  std::string node;
  Duration by;
  bool operator==(const Slow&) const = default;
};
/// The node's clock is this far off from here on, and drifts away from there. A timer that runs keeps its end.
struct SetClock {
  std::string node;
  Duration skew{};
  std::int64_t drift_ppb = 0;
  bool operator==(const SetClock&) const = default;
};
/// Fate of the one message named by AtMessage.
struct Drop {
  bool operator==(const Drop&) const = default;
};
struct Duplicate {
  bool operator==(const Duplicate&) const = default;
};
struct Delay {
  Duration by;
  bool operator==(const Delay&) const = default;
};
/// The disk of `node` fails at the operation named by AtIo: one I/O error, or full from there on. A server's disk of
/// records fails from this moment on, until another takes its place.
struct FailDisk {
  std::string node;
  physics::DiskFault::Kind kind = physics::DiskFault::Kind::kIoError;
  bool operator==(const FailDisk&) const = default;
};
/// A command from outside ("add-shard"), delivered to the node as a message ("run" to the orchestrator: load the same
/// slice again).
struct Command {
  std::string node, text;
  bool operator==(const Command&) const = default;
};
/// Words for the narration; changes nothing.
struct Note {
  std::string text;
  bool operator==(const Note&) const = default;
};
using Action = std::variant<Crash, Restart, Pause, Resume, Partition, OneWay, Bridge, MajoritiesRing, Halves, Isolate,
                            Cut, Heal, Clog, Unclog, Slow, SetClock, Drop, Duplicate, Delay, FailDisk, Command, Note>;

/// What a node receives for a Command.
struct OutsideCommand {
  static constexpr std::string_view kName = "Command";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("text", self.text);
  }
  std::string text;
};

struct Step {
  Trigger when;
  Action what;
  bool operator==(const Step&) const = default;
};

/// The grammar of `--do`, one step: "crash loader @row:800", "crash warehouse lose mixed @io:57+", "drop n1>n2#37",
/// "delay n1>n2#3 by 2s", "duplicate n1>n2#3", "partition n1,n2|n3 @3s", "partition n1,n2>n3 @3s" (one way), "bridge n3
/// @3s", "bridge n3 among n1,n2,n4 @3s", "majorities-ring @3s", "halves among n1,n2,n3 @3s", "isolate n1 @3s", "cut
/// n1>n2
/// @3s", "heal @10s", "heal n1,n2 @10s", "clog n1>n2 @3s", "clog n1 @3s", "unclog @9s", "unclog n1 @9s", "slow n1 by
/// 50ms
/// @3s", "slow n1 by 0s @9s", "clock n1 skew -200ms drift 50ppm @3s", "pause n1 @1s", "resume n1 @2s", "restart n1
/// @7s", "fail warehouse io-error @io:57", "fail warehouse full @io:57", "fail n1 io-error @3s",
/// "crash n1 lose all @3s", "run orchestrator @90s", "note half way @5s".
/// Triggers: @1.5s @event:120 @row:800 @row:800/2 (attempt 2) @stmt:801
/// @reply:801 @ack:801 @io:57 (never happened) @io:57+ (happened, nobody was told) @MARK:VALUE.
std::string to_text(const Step& step);
std::string to_text(const std::vector<Step>& steps);  // joined with "; "
std::string to_text(const Trigger& trigger);          // "@row:800"

/// "50ppm", "-7ppb", "1.5ppm": how fast a clock runs away, in parts per million or billion.
std::string drift_text(std::int64_t ppb);
/// nullopt when it is no drift, or a tenth of the clock's speed or more.
std::optional<std::int64_t> parse_drift(std::string_view text);

/// What is wrong with a `--do` text and where (byte offset in the text).
struct StepError {
  std::string message, help;
  std::size_t offset = 0, length = 1;
};
/// Steps separated by ';'. All steps or the first error.
std::variant<std::vector<Step>, StepError> parse_steps(std::string_view text);

}  // namespace twice::world
