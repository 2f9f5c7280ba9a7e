#include "check/table_states.h"

#include <algorithm>

#include <fmt/format.h>

namespace twice::check {
namespace {

using namespace pipeline::store;  // NOLINT: this file speaks of nothing else

using Shown = std::vector<std::pair<std::string, File>>;

/// What readers take for the table.
Shown shown_by(const StoreNode& store, Publish publish) {
  Shown shown;
  for (const auto& [path, file] : store.files)
    if (publish == Publish::kListing || store.snapshot.files.count(path) > 0) shown.emplace_back(path, file);
  return shown;
}

/// Of each row of a slice, how often it is there.
using Copies = std::map<std::uint32_t, std::vector<std::uint32_t>>;  // slice -> by row, from 0

Copies copies_of(const Shown& shown, std::uint32_t rows) {
  Copies copies;
  for (const auto& [path, file] : shown) {
    auto& slice = copies.try_emplace(file.slice, rows, 0u).first->second;
    for (std::uint32_t row = file.first; row <= file.last; ++row) ++slice[row - 1];
  }
  return copies;
}

const StoreNode* store_in(const world::World& world) {
  for (std::uint16_t i = 0; i < world.size(); ++i)
    if (const auto* store = state_of<StoreNode>(world.node({i}))) return store;
  return nullptr;
}

std::string why_unsettled(const world::World& world) {
  for (std::uint16_t i = 0; i < world.size(); ++i) {
    if (!world.is_up({i})) return fmt::format("{} is down", world.name({i}));
    const auto* writer = state_of<WriterNode>(world.node({i}));
    if (writer && writer->phase != WriterNode::Phase::kFinished) return fmt::format("{} is not done", world.name({i}));
  }
  return {};
}

}  // namespace

void TableStates::event(const world::World& world, const Event& event) {
  if (kinds_.size() < world.size()) kinds_.resize(world.size());
  Kind& kind = kinds_[event.node.index];
  const Node& node = world.node(event.node);
  if (kind == Kind::kUnseen)
    kind = node.kind() == StoreNode::kName    ? Kind::kStore
           : node.kind() == WriterNode::kName ? Kind::kWriter
                                              : Kind::kOther;
  if (kind == Kind::kOther) return;
  saw_ = true;
  if (kind == Kind::kWriter) return hear(static_cast<const NodeOf<WriterNode>&>(node).state());
  if (event.kind != EventKind::kDeliver) return;
  if (const auto* put = event.body.get<Put>()) newest_[put->file.by] = ++puts_;
  look(world, static_cast<const NodeOf<StoreNode>&>(node).state());
}

void TableStates::hear(const WriterNode& writer) {
  publish_ = writer.parameters.publish;
  rows_ = writer.parameters.rows;
  std::uint32_t& done = done_[writer.by.writer];
  if (writer.done > done) loaded_.insert(writer.slice);
  done = writer.done;  // a crash may have taken a load back that it thought done
}

void TableStates::look(const world::World& world, const StoreNode& store) {
  if (inconsistent_ && first_doubled_) return;
  const auto seen = [&](std::string words) { return FirstSeen{world.events(), world.now(), std::move(words)}; };
  for (const auto& [slice, rows] : copies_of(shown_by(store, publish_), rows_)) {
    const auto [least, most] = std::minmax_element(rows.begin(), rows.end());
    if (!first_doubled_ && *most > 1)
      first_doubled_ = seen(fmt::format("a row of slice {} is there {} times", slice, *most));
    if (inconsistent_ || (*least == 1 && *most == 1)) continue;
    const auto there = std::count_if(rows.begin(), rows.end(), [](std::uint32_t n) { return n > 0; });
    inconsistent_ = seen(*most > 1 ? fmt::format("rows of slice {} are there {} times", slice, *most)
                                   : fmt::format("{} of {} rows of slice {} are there", there, rows.size(), slice));
  }
}

EffectTally TableStates::tally(const world::World& world) const {
  EffectTally tally;
  const StoreNode* store = store_in(world);
  if (!store) return tally;
  tally.records = std::uint64_t{rows_} * loaded_.size();
  std::uint64_t known = 0;
  for (const auto& [slice, rows] : copies_of(shown_by(*store, publish_), rows_))
    for (const std::uint32_t copies : rows) {
      tally.effects += copies;
      if (copies > 1) tally.doubled += copies - 1;
      known += copies > 0 && loaded_.count(slice) > 0;
    }
  tally.lost = tally.records - known;
  tally.unsettled = why_unsettled(world);
  return tally;
}

TableStates::Files TableStates::files(const world::World& world) const {
  Files files;
  const StoreNode* store = store_in(world);
  if (!store) return files;
  const Shown shown = shown_by(*store, publish_);
  const auto age = [&](const File& file) {
    const auto at = newest_.find(file.by);
    return at == newest_.end() ? 0 : at->second;
  };
  std::map<std::uint32_t, std::uint64_t> newest;  // slice -> of its try that came last
  for (const auto& [path, file] : shown) newest[file.slice] = std::max(newest[file.slice], age(file));
  files.listed = shown.size();
  files.orphaned = store->files.size() - shown.size();
  for (const auto& [path, file] : shown) files.stale += age(file) < newest[file.slice];
  return files;
}

}  // namespace twice::check
