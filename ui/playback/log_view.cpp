#include "ui/playback/log_view.h"

#include <algorithm>

#include <fmt/format.h>

namespace twice::playback {

std::string sentence(const Recording& recording, const TraceRecord& record) {
  const world::World& world = recording.last_world();
  const Trace& trace = recording.trace();
  const std::string& label = trace.labels()[record.label];
  const bool outside = record.node.index >= world.size();
  const std::string who = outside ? std::string("the environment") : world.name(record.node);
  const auto sender = [&]() -> std::string {
    const auto cause = trace.record_of(record.cause);
    if (!cause || cause->node.index >= world.size() || cause->kind == RecordKind::kStep) return "outside";
    return world.name(cause->node);
  };
  const std::string peer = record.peer.index < world.size() ? world.name(record.peer) : std::string("nobody");
  switch (record.kind) {
    case RecordKind::kStart:
      return fmt::format("{} starts", who);
    case RecordKind::kDeliver:
      return fmt::format("{} gets {} from {}", who, label, sender());
    case RecordKind::kTimer:
      return fmt::format("a timer of {} ends", who);
    case RecordKind::kWritten:
      return fmt::format("a write of {} is durable", who);
    case RecordKind::kDone:
      return fmt::format("the disk of {} has finished {}", who, label);
    case RecordKind::kDown:
      return fmt::format("{} learns that a process it watches has died", who);
    case RecordKind::kStep:
      // The trace keeps a step's index only.
      return fmt::format("timeline: {}",
                         record.value < world.steps().size() ? world::to_text(world.steps()[record.value]) : label);
    case RecordKind::kLost:
      return fmt::format("{} from {} to {} is lost", label, who, peer);
    case RecordKind::kCut:
      return fmt::format("{} from {} to {} meets a cut link", label, who, peer);
    case RecordKind::kDuplicated:
      return fmt::format("{} from {} to {} will arrive twice", label, who, peer);
    case RecordKind::kIgnored:
      return fmt::format("{} is down: nothing hears {}", who, label);
    case RecordKind::kCrash:
      return fmt::format("{} dies", who);
    case RecordKind::kMark:
      return fmt::format("{}: {} {}", who, label, record.value);
  }
  return {};
}

std::string sentence(const Recording& recording, Sequence event) {
  if (event == 0) return "nothing has happened yet";
  const auto record = recording.trace().record_of(event);
  return record ? sentence(recording, *record) : std::string();
}

std::vector<LogLine> log_around(const Recording& recording, Sequence centre, std::size_t count) {
  std::vector<LogLine> lines;
  if (!recording.error().empty()) return lines;
  const Sequence half = count / 2;
  Sequence first = centre > half ? centre - half : 1;
  const Sequence last = std::min<Sequence>(first + count, recording.events());
  if (last == recording.events()) first = last > count ? last - count : 1;
  recording.trace().for_each_from(first, [&](const TraceRecord& record) {
    if (record.sequence > last) return false;
    lines.push_back({record.sequence, record.at, record.node, record.kind, sentence(recording, record)});
    return true;
  });
  return lines;
}

std::vector<TableView> look_at_tables(const world::World& world) {
  std::vector<TableView> tables;
  const pipeline::Engine& engine = lab::warehouse_of(world).engine();
  for (const std::string& name : engine.tables()) {
    TableView table;
    table.name = name;
    if (auto dump = engine.dump(name)) {
      table.columns = std::move(dump->columns);
      table.rows_in_all = dump->rows.size();
      dump->rows.resize(std::min(dump->rows.size(), TableView::kMostRows));
      table.rows = std::move(dump->rows);
    }
    tables.push_back(std::move(table));
  }
  return tables;
}

}  // namespace twice::playback
