#pragma once
// A forced schedule as it is written.
#include <vector>

#include "scenario/field.h"
#include "scenario/words.h"
#include "world/schedule.h"

namespace twice::scenario {

/// When a write is durable in a run that follows a schedule.
enum class ScheduledDisk : std::uint8_t { kAtOnce, kLater };
const std::vector<Word<ScheduledDisk>>& words(ScheduledDisk);

struct ScheduleSpec {
  std::vector<Spanned<world::Choice>> choices;
  Duration every = milliseconds(1);
  ScheduledDisk disk = ScheduledDisk::kAtOnce;
  Span span{};

  template <class Self, class V>
  static void fields(Self& self, V& v) {
    v(Field{.name = "choices",
            .doc =
                "What happens, in this order: deliver FROM>TO#N (message N of that link, from 1; it arrives as often "
                "as it is named, and never if it is not), drop FROM>TO#N, fire NODE TIMER (a timer that is set, by "
                "its number), crash NODE (what is not durable is lost), restart NODE, and where disks write later "
                "sync NODE (the oldest writes that wait).",
            .required = true,
            .example = "[\"fire n1 0\", \"deliver n1>n2#1\", \"crash n1\"]"},
      self.choices);
    v(Field{.name = "every", .doc = "How long each choice takes; the first happens after this time.", .min = 1},
      self.every);
    v(Field{.name = "disk", .doc = "When a node's writes are durable."}, self.disk);
  }
};

}  // namespace twice::scenario
