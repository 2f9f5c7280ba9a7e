#pragma once
// Object stores in a scenario file: writers that load slices of a table.
#include <string_view>

#include "scenario/field.h"
#include "scenario/pipeline_words.h"

namespace twice::scenario {

struct ObjectStoreSpec {
  static constexpr std::string_view kName = "object-store";
  static constexpr std::string_view kDoc =
      "The cluster's nodes load slices of a table as files into a node \"store\", and begin a load again that a crash "
      "interrupted.";
  pipeline::store::Parameters p;
  Span span{};

  template <class Self, class V>
  static void fields(Self& self, V& v) {
    v(Field{.name = "loads",
            .doc = "How many slices each writer loads, one after another.",
            .unit = "loads",
            .min = 1,
            .max = 1000},
      self.p.loads);
    v(Field{.name = "rows", .doc = "Rows of a slice.", .unit = "rows", .min = 1, .max = 10'000}, self.p.rows);
    v(Field{.name = "parts", .doc = "Files that a slice is written as.", .unit = "files", .min = 1, .max = 1000},
      self.p.parts);
    v(Field{.name = "parts-on-retry",
            .doc = "Files of a load that was begun before, as when fewer workers share it; 0: as many.",
            .unit = "files",
            .max = 1000},
      self.p.parts_on_retry);
    v(Field{.name = "same-slices", .doc = "All writers load the same slices: a load that was started twice."},
      self.p.same_slices);
    v(Field{.name = "names", .doc = "What a file is called."}, self.p.names);
    v(Field{.name = "publish", .doc = "What makes files part of the table."}, self.p.publish);
    v(Field{.name = "mode", .doc = "What becomes of files that are there."}, self.p.mode);
    v(Field{.name = "recognise",
            .doc = "A writer that does not know whether its load is in the table looks for it there; without, it loads "
                   "again."},
      self.p.recognise);
    v(Field{.name = "between", .doc = "A writer's pause between two loads.", .min = 1000}, self.p.between);
    v(Field{.name = "timeout", .doc = "Without an answer for this long, a writer asks again.", .min = 1000},
      self.p.timeout);
  }
};

}  // namespace twice::scenario
