#pragma once
// Clients of a cluster: what they ask, how often, and what they do without an answer.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "scenario/field.h"
#include "scenario/protocol_words.h"

namespace twice::scenario {

struct ClientRetrySpec {
  protocols::RetryPolicy policy = protocols::RetryPolicy::kGiveUp;
  std::uint32_t attempts = 3;
  Duration backoff = milliseconds(50);
  Probability jitter{};

  template <class Self, class V>
  static void fields(Self& self, V& v) {
    v(Field{.name = "policy", .doc = "What a client does without an answer."}, self.policy);
    v(Field{.name = "attempts",
            .doc = "How often one operation is asked for, the first time included.",
            .unit = "attempts",
            .min = 1,
            .max = 1000},
      self.attempts);
    v(Field{.name = "backoff",
            .doc = "The wait before the second attempt; it doubles with each further one.",
            .min = 0},
      self.backoff);
    v(Field{.name = "jitter", .doc = "The part of a wait that is drawn: 0.5 makes it 50 to 150 % as long."},
      self.jitter);
  }
};

struct ClientSpec {
  Spanned<std::string> name;
  std::uint32_t count = 1;
  std::vector<Spanned<std::string>> to;
  std::optional<Spanned<std::string>> at;
  protocols::Workload workload = protocols::Workload::kRegister;
  std::uint32_t keys = 1;
  std::uint32_t first_key = 0;
  Probability reads{500'000'000};
  std::optional<Spanned<Rate>> rate;
  Duration think{};
  Duration wait{};
  std::uint64_t opening = 100;
  std::uint32_t operations = 0;
  Duration from{};
  std::optional<Spanned<Duration>> until;
  Duration timeout = seconds(1);
  ClientRetrySpec retry;
  protocols::Route route = protocols::Route::kHome;
  bool follow = true;
  Duration latency{};
  Span span{};

  template <class Self, class V>
  static void fields(Self& self, V& v) {
    v(Field{.name = "name",
            .doc = "What the client is called; several are name-1, name-2 and so on.",
            .required = true},
      self.name);
    v(Field{.name = "count", .doc = "How many clients of this kind.", .unit = "clients", .min = 1, .max = 10'000},
      self.count);
    v(Field{.name = "to", .doc = "The servers it may ask; without it, all.", .example = "[\"n1\", \"n2\"]"}, self.to);
    v(Field{.name = "at",
            .doc = "It lives beside this node: its messages to all others travel as that node's would. Without it, it "
                   "is equally near to all.",
            .example = "\"n1\""},
      self.at);
    v(Field{.name = "workload", .doc = "What it asks for."}, self.workload);
    v(Field{.name = "keys", .doc = "How many keys it uses.", .unit = "keys", .min = 1, .max = 1'000'000}, self.keys);
    v(Field{.name = "first-key", .doc = "The first of them.", .unit = "keys", .max = 1'000'000}, self.first_key);
    v(Field{.name = "reads", .doc = "The part of its operations that read.", .example = "0.5"}, self.reads);
    v(Field{.name = "rate",
            .doc = "How often it asks, whether or not it was answered; without it, it asks again when it was answered.",
            .example = "\"20/s\""},
      self.rate);
    v(Field{.name = "think",
            .doc = "Without a rate: the mean wait between an answer and the next operation, drawn from half to one and "
                   "a half of it.",
            .min = 0},
      self.think);
    v(Field{.name = "wait", .doc = "Of the workload \"probe\": from the answer to the write until the read.", .min = 0},
      self.wait);
    v(Field{.name = "opening", .doc = "Of the workload \"bank\": what each account holds at first."}, self.opening);
    v(Field{.name = "operations", .doc = "It stops after this many; 0: it does not.", .unit = "operations"},
      self.operations);
    v(Field{.name = "from", .doc = "It begins at this time.", .min = 0}, self.from);
    v(Field{.name = "until", .doc = "It begins no operation from this time on.", .min = 1}, self.until);
    v(Field{.name = "timeout", .doc = "How long it waits for an answer.", .min = 1}, self.timeout);
    v(Field{.name = "retry", .doc = "What it does without an answer."}, self.retry);
    v(Field{.name = "route", .doc = "Which of its servers it asks."}, self.route);
    v(Field{.name = "follow", .doc = "It asks whom a server names instead of itself."}, self.follow);
    v(Field{.name = "latency",
            .doc = "How long its messages travel, each way. Zero shows most: a slow link to the client hides what "
                   "happens behind it.",
            .min = 0},
      self.latency);
  }
};

}  // namespace twice::scenario
