#pragma once
// The cluster's part of a scenario, and the network that clusters and pipelines share.
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "scenario/field.h"
#include "scenario/spec_protocols.h"
#include "scenario/words.h"

namespace twice::scenario {

/// What a link may override; nullopt = as the network.
struct LinkSpec {
  static constexpr std::string_view kEveryNode = "*";
  Spanned<std::string> from, to;
  std::optional<Spanned<std::string>> message;
  std::optional<Latency> latency, reorder_by;
  std::optional<Probability> loss, duplicate;
  std::optional<Spanned<Probability>> reorder;
  std::optional<Spanned<std::uint32_t>> bandwidth;
  Span span{};

  template <class Self, class V>
  static void fields(Self& self, V& v) {
    v(Field{.name = "from", .doc = "The sender; \"*\" means every node.", .required = true}, self.from);
    v(Field{.name = "to",
            .doc = "The receiver, or \"*\"; the other direction keeps its own setting.",
            .required = true},
      self.to);
    v(Field{.name = "message",
            .doc = "Only messages of this name; without it, all of the link. A later entry adds to an earlier one.",
            .example = "\"Heartbeat\""},
      self.message);
    v(Field{.name = "latency", .doc = "How long a message travels on this link."}, self.latency);
    v(Field{.name = "loss", .doc = "The probability that a message on this link vanishes."}, self.loss);
    v(Field{.name = "duplicate", .doc = "The probability that a message on this link arrives twice."}, self.duplicate);
    v(Field{.name = "reorder", .doc = "The probability that a message on this link is held back."}, self.reorder);
    v(Field{.name = "reorder-by", .doc = "How much later it then arrives."}, self.reorder_by);
    v(Field{.name = "bandwidth",
            .doc = "How many messages this link carries in a second; 0 = without limit.",
            .unit = "messages",
            .max = 1'000'000'000},
      self.bandwidth);
  }
};

struct NetworkSpec {
  Latency latency{milliseconds(1), milliseconds(1)};
  Probability loss;
  Probability duplicate;
  Spanned<Probability> reorder;
  Latency reorder_by{milliseconds(1), milliseconds(20)};
  std::uint32_t bandwidth = 0;
  LinkOrder order = LinkOrder::kAny;
  Duration statement_timeout = seconds(30);
  std::vector<LinkSpec> link;
  Span span{};

  template <class Self, class V>
  static void fields(Self& self, V& v) {
    v(Field{.name = "latency",
            .doc =
                "How long a message travels: constant \"10ms\", drawn from \"1ms..10ms\", \"exponential 5ms\" (the "
                "mean), \"pareto 1ms 2.5\" (minimum and shape), measured \"table 1ms*90 5ms*9 40ms\", a mixture "
                "\"90% 1ms..2ms | 10% exponential 20ms\", or a published one: lnkd-ssd, lnkd-disk-write, -ack, -read, "
                "-response, ymmr-write, -ack, -read, -response (Bailis et al. 2012). \"… + 75ms\" adds to all.",
            .example = "\"1ms..10ms\""},
      self.latency);
    v(Field{.name = "loss", .doc = "The probability that a message vanishes, up to nine decimals.", .example = "0.02"},
      self.loss);
    v(Field{.name = "duplicate", .doc = "The probability that a message arrives twice."}, self.duplicate);
    v(Field{.name = "reorder",
            .doc = "The probability that a message is held back, so that later ones may overtake it."},
      self.reorder);
    v(Field{.name = "reorder-by", .doc = "How much later a message that is held back arrives."}, self.reorder_by);
    v(Field{.name = "bandwidth",
            .doc = "How many messages a link carries in a second, one direction; more wait in a queue. 0 = without "
                   "limit.",
            .unit = "messages",
            .max = 1'000'000'000},
      self.bandwidth);
    v(Field{.name = "order", .doc = "Whether a message may overtake an earlier one of its link."}, self.order);
    v(Field{.name = "statement-timeout",
            .doc = "How long a loader waits for the answer to a statement before it gives the attempt up.",
            .min = 1},
      self.statement_timeout);
    v(Field{.name = "link", .doc = "Links that differ, one direction each: [[network.link]]."}, self.link);
  }
};

/// What one node's machine is like.
struct NodeSpec {
  Duration skew{};
  Drift drift;
  std::optional<Duration> sync_cost, restart_after;
  Span span{};

  template <class Self, class V>
  static void fields(Self& self, V& v) {
    v(Field{.name = "skew", .doc = "How far its clock is off at the start; negative = behind.", .example = "\"200ms\""},
      self.skew);
    v(Field{.name = "drift",
            .doc = "How much faster its clock runs; negative = slower. Less than a tenth.",
            .example = "\"50ppm\""},
      self.drift);
    v(Field{.name = "sync-cost",
            .doc = "How long its disk takes to make a write durable; \"2ms\" without it.",
            .min = 0},
      self.sync_cost);
    v(Field{.name = "restart-after", .doc = "A supervisor starts it again this long after a crash.", .min = 0},
      self.restart_after);
  }
};

struct ClusterSpec {
  std::vector<Spanned<std::string>> nodes;  // written as a count (n1, n2, …) or as a list of names
  std::map<std::string, NodeSpec> node;
  std::optional<Duration> sync_cost;
  ProtocolSpec protocol;
  Span span{};

  template <class Self, class V>
  static void fields(Self& self, V& v) {
    v.nodes(Field{.name = "nodes",
                  .doc = "How many nodes (named n1, n2, …), or their names.",
                  .required = true,
                  .min = 1,
                  .max = 1000,
                  .example = "5"},
            self.nodes);
    v(Field{.name = "sync-cost",
            .doc = "How long every node's disk takes to make a write durable; \"2ms\" without it.",
            .min = 0,
            .example = "\"0ms\""},
      self.sync_cost);
    v(Field{.name = "node",
            .doc = "Nodes whose clock, disk or supervisor differs, by name.",
            .example = "n1 = { skew = \"200ms\", drift = \"100ppm\" }"},
      self.node);
    v.choice(Field{.name = "protocol",
                   .doc = "What the nodes run; its parameters are the table of the same name.",
                   .required = true,
                   .example = "\"heartbeat\""},
             self.protocol);
  }
};

}  // namespace twice::scenario
