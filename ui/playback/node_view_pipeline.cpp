// How streams and object stores look.
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "lab/report_format.h"
#include "pipeline/store/store.h"
#include "pipeline/stream/stream.h"
#include "ui/playback/node_view_of.h"

namespace twice::playback {
namespace {

namespace stream = pipeline::stream;
namespace store = pipeline::store;
using Look = StripCell::Look;

double part_of(std::uint64_t n, std::uint64_t of) {
  return of == 0 ? 0 : static_cast<double>(n) / static_cast<double>(of);
}

std::string list_of(const stream::Records& records) {
  if (records.empty()) return "nothing";
  return records.size() == 1 ? fmt::format("record {}", records.front())
                             : fmt::format("records {} to {}", records.front(), records.back());
}

class ProducerView final : public ViewOf<stream::ProducerNode> {
  Face face_of(const stream::ProducerNode& p, const world::World&, NodeId) const override {
    return {"producer", fmt::format("record {}", lab::grouped(p.taken)), part_of(p.taken, p.parameters.records)};
  }
  std::vector<StripCell> strip_of(const stream::ProducerNode& p, const world::World&) const override {
    std::vector<StripCell> cells;
    if (!p.in_flight.empty())
      cells.push_back({fmt::format("batch {}", p.batches), Look::kDashed,
                       fmt::format("{}: sent, not answered", list_of(p.in_flight))});
    if (!p.waiting.empty())
      cells.push_back({fmt::format("{} wait", p.waiting.size()), Look::kSolid, list_of(p.waiting)});
    if (p.parameters.is_database())
      cells.push_back({fmt::format("{} rows", lab::grouped(p.rows.size())), Look::kSolid, "orders in its database"});
    return cells;
  }
};

class BusView final : public ViewOf<stream::BusNode> {
  Face face_of(const stream::BusNode& bus, const world::World&, NodeId) const override {
    std::uint64_t records = 0;
    for (const stream::Records& partition : bus.partitions) records += partition.size();
    return {"bus", fmt::format("{} records", lab::grouped(records))};
  }
  std::vector<StripCell> strip_of(const stream::BusNode& bus, const world::World&) const override {
    std::vector<StripCell> cells;
    for (std::uint32_t i = 0; i < bus.partitions.size(); ++i) {
      const std::uint64_t end = bus.partitions[i].size();
      cells.push_back({fmt::format("p{}: {}", i, end), bus.end_of(i) < end ? Look::kDashed : Look::kSolid,
                       fmt::format("partition {}: {} records, {} may be read, offset {} is committed", i, end,
                                   bus.end_of(i), bus.offsets[i])});
    }
    return cells;
  }
};

class ConsumerView final : public ViewOf<stream::ConsumerNode> {
  Face face_of(const stream::ConsumerNode& c, const world::World&, NodeId) const override {
    return {"consumer", fmt::format("offset {}", lab::grouped(c.position))};
  }
  std::vector<StripCell> strip_of(const stream::ConsumerNode& c, const world::World&) const override {
    std::vector<StripCell> cells{{std::string(name_of(c.phase)), Look::kSolid, "what it does now"}};
    if (!c.batch.empty())
      cells.push_back({fmt::format("{} records", c.batch.size()), Look::kDashed, list_of(c.batch) + ", not done"});
    if (!c.checkpoints()) return cells;
    cells.push_back({fmt::format("counted {}", lab::grouped(c.counted)), Look::kSolid, "its state"});
    cells.push_back({fmt::format("saved {}", lab::grouped(c.saved)),
                     c.saved < c.position ? Look::kDashed : Look::kSolid, "the offset of its newest checkpoint"});
    return cells;
  }
};

class SinkView final : public ViewOf<stream::SinkNode> {
  Face face_of(const stream::SinkNode& sink, const world::World&, NodeId) const override {
    std::uint64_t rows = 0;
    for (const auto& [record, copies] : sink.rows) rows += copies;
    return {"sink", fmt::format("{} rows", lab::grouped(rows))};
  }
  std::vector<StripCell> strip_of(const stream::SinkNode& sink, const world::World&) const override {
    std::vector<StripCell> cells;
    const auto twice =
        std::count_if(sink.rows.begin(), sink.rows.end(), [](const auto& row) { return row.second > 1; });
    if (twice > 0) cells.push_back({fmt::format("{} twice", twice), Look::kAlarm, "records with more than one row"});
    std::size_t held = 0;
    for (const auto& partition : sink.held) held += partition.size();
    if (held > 0)
      cells.push_back({fmt::format("{} held", held), Look::kDashed, "output of a checkpoint that is not complete"});
    return cells;
  }
};

class WriterView final : public ViewOf<store::WriterNode> {
  Face face_of(const store::WriterNode& w, const world::World&, NodeId) const override {
    if (w.phase == store::WriterNode::Phase::kFinished) return {"writer", lab::counted(w.done, "load") + " done"};
    return {"writer", fmt::format("slice {}", w.slice), part_of(w.written, w.parts)};
  }
  std::vector<StripCell> strip_of(const store::WriterNode& w, const world::World&) const override {
    std::vector<StripCell> cells{{std::string(name_of(w.phase)), Look::kSolid, "what it does now"}};
    for (const auto& [path, slice] : w.mine) cells.push_back({path, Look::kSolid, fmt::format("of slice {}", slice)});
    if (w.is_retry) cells.push_back({"retry", Look::kAlarm, "this load was begun before"});
    return cells;
  }
};

class StoreView final : public ViewOf<store::StoreNode> {
  Face face_of(const store::StoreNode& s, const world::World&, NodeId) const override {
    const std::string files = fmt::format("{} files", lab::grouped(s.files.size()));
    return {"store", s.snapshot.version == 0 ? files : fmt::format("{}, version {}", files, s.snapshot.version)};
  }
  // A file that the pointer does not name is dashed, once there is a pointer.
  std::vector<StripCell> strip_of(const store::StoreNode& s, const world::World&) const override {
    std::vector<StripCell> cells;
    for (const auto& [path, file] : s.files) {
      const bool named = s.snapshot.version == 0 || s.snapshot.files.count(path) > 0;
      cells.push_back({path, named ? Look::kSolid : Look::kDashed,
                       fmt::format("rows {} to {} of slice {}, by writer {}{}", file.first, file.last, file.slice,
                                   file.by.writer, named ? "" : ": the pointer does not name it")});
    }
    return cells;
  }
};

}  // namespace

void add_pipeline_views(std::vector<std::unique_ptr<NodeView>>& views) {
  views.push_back(std::make_unique<ProducerView>());
  views.push_back(std::make_unique<BusView>());
  views.push_back(std::make_unique<ConsumerView>());
  views.push_back(std::make_unique<SinkView>());
  views.push_back(std::make_unique<WriterView>());
  views.push_back(std::make_unique<StoreView>());
}

}  // namespace twice::playback
