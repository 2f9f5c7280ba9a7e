#pragma once
// A run in words: every event and every fault near the cursor, and the rows of a table as a reader sees them.
#include <string>
#include <vector>

#include "ui/playback/recording.h"

namespace twice::playback {

struct LogLine {
  Sequence event = 0;
  Time at;
  NodeId node;
  RecordKind kind = RecordKind::kStart;
  std::string text;  // "warehouse gets Execute from loader-1"
};

/// The narrated line of one event; empty for event 0.
std::string sentence(const Recording& recording, Sequence event);
/// Records of the `count` events around `centre`, in order.
std::vector<LogLine> log_around(const Recording& recording, Sequence centre, std::size_t count);

struct TableView {
  std::string name;
  std::vector<std::string> columns;
  std::vector<pipeline::SqlRow> rows;  // at most kMostRows, from `first`
  std::size_t rows_in_all = 0;
  static constexpr std::size_t kMostRows = 2'000;
};
/// All tables of the warehouse, as a reader sees them now. REQUIRES a load.
std::vector<TableView> look_at_tables(const world::World& world);

}  // namespace twice::playback
