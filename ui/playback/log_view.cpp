#include "ui/playback/log_view.h"

#include <algorithm>

#include <fmt/format.h>

#include "lab/report_format.h"
#include "ui/playback/node_view.h"

namespace twice::playback {
namespace {

// Far enough back that most messages of a stretch were sent inside it.
constexpr Sequence kBefore = 64;

/// Whom events happened to: looked up once for a whole stretch of the trace.
class Senders {
 public:
  Senders(const Recording& recording, Sequence first, Sequence last) : recording_(recording), first_(first) {
    recording.trace().for_each_from(first, [&](const TraceRecord& record) {
      if (record.sequence > last) return false;
      if (is_event(record.kind)) nodes_.push_back(record.kind == RecordKind::kStep ? kNobody : record.node);
      return true;
    });
  }
  std::string name_of(Sequence event) const {
    const world::World& world = recording_.last_world();
    NodeId node = kNobody;
    if (event >= first_ && event - first_ < nodes_.size()) {
      node = nodes_[static_cast<std::size_t>(event - first_)];
    } else if (const auto record = recording_.trace().record_of(event); record && record->kind != RecordKind::kStep) {
      node = record->node;
    }
    return node.index < world.size() ? world.name(node) : std::string("outside");
  }

 private:
  const Recording& recording_;
  Sequence first_;
  std::vector<NodeId> nodes_;
};

std::string_view era_of(const world::World& world, NodeId node) {
  return view_of(world.node(node)).face(world, node).era;
}

// Marks as people would say them; one without words here is shown as it is.
std::string words_of_mark(const world::World& world, const std::string& who, const std::string& mark,
                          const TraceRecord& record) {
  const std::uint64_t n = record.value;
  const auto peer = [&] {
    return n > 0 && n <= world.size() ? world.name(NodeId{static_cast<std::uint16_t>(n - 1)}) : "?";
  };
  if (mark == "row")
    return n == 0 ? fmt::format("{} begins with row 1", who) : fmt::format("{}: row {} is done", who, n);
  if (mark == "stmt") return fmt::format("{} sends statement {}", who, n);
  if (mark == "reply") return fmt::format("{} has done statement {}; its answer leaves now", who, n);
  if (mark == "ack") return fmt::format("{} learns that statement {} is done", who, n);
  if (mark == "commit") return fmt::format("{} has committed: readers see it from now on", who);
  if (mark == "attempt") return fmt::format("{} starts attempt {}", who, n);
  if (mark == "retry") return fmt::format("{} will try again", who);
  if (mark == "run-ok") return fmt::format("{} is told: ok", who);
  if (mark == "run-failed") return fmt::format("{} gives up", who);
  if (mark == "reading") return fmt::format("{} has its reading number {}", who, n);
  if (mark == "suspect") return fmt::format("{} suspects {}", who, peer());
  if (mark == "trust") return fmt::format("{} trusts {} again", who, peer());
  if (mark == "candidate") return fmt::format("{} stands for election in term {}", who, n);
  if (mark == "leader") return fmt::format("{} leads {} {}", who, era_of(world, record.node), n);
  if (mark == "proposes") return fmt::format("{} begins round {}", who, n);
  if (mark == "overtaken") return fmt::format("{} is overtaken: round {} is over for it", who, n);
  if (mark == "chosen") return fmt::format("{} knows of a majority: round {} has chosen", who, n);
  if (mark == "votes") return fmt::format("{} has {}", who, lab::counted(n, "vote"));
  if (mark == "decided") return fmt::format("{} decides: {}", who, n == 1 ? "commit" : "abort");
  if (mark == "prepared") return fmt::format("{} is prepared: from now on it is in doubt", who);
  if (mark == "committed") return fmt::format("{} has committed", who);
  if (mark == "aborted") return fmt::format("{} has aborted", who);
  if (mark == "steps-down") return fmt::format("{} leads no longer: term {}", who, n);
  if (mark == "snapshot") return fmt::format("{} has a snapshot of entries 1 to {}", who, n);
  if (mark == "configuration") return fmt::format("{} has the configuration of entry {}", who, n);
  return fmt::format("{}: {} {}", who, mark, n);
}

std::string sentence_of(const Recording& recording, const TraceRecord& record, const Senders& senders) {
  const world::World& world = recording.last_world();
  const Trace& trace = recording.trace();
  const std::string& label = trace.labels()[record.label];
  const bool outside = record.node.index >= world.size();
  const std::string who = outside ? std::string("the environment") : world.name(record.node);
  const std::string peer = record.peer.index < world.size() ? world.name(record.peer) : std::string("nobody");
  switch (record.kind) {
    case RecordKind::kStart:
      return fmt::format("{} starts", who);
    case RecordKind::kDeliver:
      return fmt::format("{} gets {} from {}", who, label, senders.name_of(record.cause));
    case RecordKind::kTimer:
      return fmt::format("a timer of {} ends", who);
    case RecordKind::kWritten:
      return fmt::format("a write of {} is durable", who);
    case RecordKind::kDone:
      return fmt::format("the engine behind {} has finished its work", who);
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
    case RecordKind::kReordered:
      return fmt::format("{} from {} to {} is held back", label, who, peer);
    case RecordKind::kClogged:
      return fmt::format("{} from {} to {} waits: the link is clogged", label, who, peer);
    case RecordKind::kIgnored:
      return fmt::format("{} is down: nothing hears {}", who, label);
    case RecordKind::kCrash:
      return fmt::format("{} dies", who);
    case RecordKind::kMark:
      return words_of_mark(world, who, label, record);
  }
  return {};
}

}  // namespace

std::string sentence(const Recording& recording, Sequence event) {
  if (event == 0) return "nothing has happened yet";
  const auto record = recording.trace().record_of(event);
  return record ? sentence_of(recording, *record, Senders(recording, event, event)) : std::string();
}

std::vector<LogLine> log_around(const Recording& recording, Sequence centre, std::size_t count) {
  std::vector<LogLine> lines;
  if (!recording.error().empty()) return lines;
  const Sequence half = count / 2;
  Sequence first = centre > half ? centre - half : 1;
  const Sequence last = std::min<Sequence>(first + count, recording.events());
  if (last == recording.events()) first = last > count ? last - count : 1;
  const Senders senders(recording, first > kBefore ? first - kBefore : 1, last);
  recording.trace().for_each_from(first, [&](const TraceRecord& record) {
    if (record.sequence > last) return false;
    lines.push_back({record.sequence, record.at, record.node, record.kind, sentence_of(recording, record, senders)});
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
