#pragma once
// The cluster's part of a scenario, and the network that clusters and pipelines share.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "scenario/field.h"
#include "scenario/spec_protocols.h"
#include "scenario/words.h"

namespace twice::scenario {

/// What a link may override; nullopt = as the network.
struct LinkSpec {
  Spanned<std::string> from, to;
  std::optional<Latency> latency;
  std::optional<Probability> loss, duplicate;
  Span span{};

  template <class Self, class V>
  static void fields(Self& self, V& v) {
    v(Field{.name = "from", .doc = "The sender.", .required = true}, self.from);
    v(Field{.name = "to", .doc = "The receiver; the other direction keeps its own setting.", .required = true},
      self.to);
    v(Field{.name = "latency", .doc = "How long a message travels on this link."}, self.latency);
    v(Field{.name = "loss", .doc = "The probability that a message on this link vanishes."}, self.loss);
    v(Field{.name = "duplicate", .doc = "The probability that a message on this link arrives twice."}, self.duplicate);
  }
};

struct NetworkSpec {
  Latency latency = DurationRange{milliseconds(1), milliseconds(1)};
  Probability loss;
  Probability duplicate;
  Duration statement_timeout = seconds(30);
  std::vector<LinkSpec> link;
  Span span{};

  template <class Self, class V>
  static void fields(Self& self, V& v) {
    v(Field{.name = "latency",
            .doc = "How long a message travels: constant \"10ms\", drawn from \"1ms..10ms\", or \"exponential 5ms\" "
                   "(the mean).",
            .example = "\"1ms..10ms\""},
      self.latency);
    v(Field{.name = "loss", .doc = "The probability that a message vanishes, up to nine decimals.", .example = "0.02"},
      self.loss);
    v(Field{.name = "duplicate", .doc = "The probability that a message arrives twice."}, self.duplicate);
    v(Field{.name = "statement-timeout",
            .doc = "How long a loader waits for the answer to a statement before it gives the attempt up.",
            .min = 1},
      self.statement_timeout);
    v(Field{.name = "link", .doc = "Links that differ, one direction each: [[network.link]]."}, self.link);
  }
};

struct ClusterSpec {
  std::vector<Spanned<std::string>> nodes;  // written as a count (n1, n2, …) or as a list of names
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
    v.choice(Field{.name = "protocol",
                   .doc = "What the nodes run; its parameters are the table of the same name.",
                   .required = true,
                   .example = "\"heartbeat\""},
             self.protocol);
  }
};

}  // namespace twice::scenario
