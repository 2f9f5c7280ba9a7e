#include "ui/draw/damage.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <tuple>

#include "ui/draw/raster.h"

namespace twice::ui {
namespace {

constexpr int kWide = 64, kHigh = 32;  // pixels of a tile

// Only equality is asked for, so a fair mixture is enough.
std::uint64_t mixed_in(std::uint64_t hash, std::uint64_t word) {
  hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
  return hash ^ (hash >> 29);
}

std::uint64_t mixed_in(std::uint64_t hash, float a, float b) {
  std::uint32_t low, high;
  std::memcpy(&low, &a, 4);
  std::memcpy(&high, &b, 4);
  return mixed_in(hash, std::uint64_t{high} << 32 | low);
}

// A pixel more on each side than it can touch; a NaN goes where the rasteriser lets it go.
struct Extent {
  float least = 1e9f, most = -1e9f;
  void add(float value) {
    constexpr float kFarthest = 1 << 20;
    const float limited = value > -kFarthest ? std::min(value, kFarthest) : -kFarthest;
    least = std::min(least, limited), most = std::max(most, limited);
  }
  int begin() const { return static_cast<int>(std::floor(least)) - 1; }
  int end() const { return static_cast<int>(std::ceil(most)) + 1; }
};

}  // namespace

Damage::Tiles Damage::tiles_of(const Clip& box) const {
  return {box.left / kWide, box.top / kHigh, (box.right + kWide - 1) / kWide, (box.bottom + kHigh - 1) / kHigh};
}

void Damage::add(const Tiles& tiles, std::uint64_t hash) {
  for (int y = tiles.top; y < tiles.bottom; ++y)
    for (int x = tiles.left; x < tiles.right; ++x) {
      std::uint64_t& tile = now_[static_cast<std::size_t>(y) * columns_ + static_cast<std::size_t>(x)];
      tile = mixed_in(tile, hash);
    }
}

void Damage::add(const ImDrawData& data, const ImDrawList& list) {
  const ImVec2 scale = data.FramebufferScale, origin = data.DisplayPos;
  vertices_.clear();
  for (const ImDrawVert& v : list.VtxBuffer)
    vertices_.push_back(mixed_in(mixed_in(mixed_in(v.col, v.pos.x, v.pos.y), v.uv.x, v.uv.y), 0));
  for (const ImDrawCmd& command : list.CmdBuffer) {
    const std::optional<Clip> clip = clip_of(command, data);
    if (command.UserCallback != nullptr || !clip) continue;
    std::uint64_t start = mixed_in(0, reinterpret_cast<std::uintptr_t>(command.GetTexID()));
    start = mixed_in(start, command.ClipRect.x, command.ClipRect.y);
    start = mixed_in(start, command.ClipRect.z, command.ClipRect.w);
    const ImDrawIdx* indices = list.IdxBuffer.Data + command.IdxOffset;
    for (unsigned i = 0; i + 2 < command.ElemCount; i += 3) {
      Extent x, y;
      std::uint64_t hash = start;
      for (unsigned corner = i; corner < i + 3; ++corner) {
        const std::size_t vertex = indices[corner] + command.VtxOffset;
        const ImVec2& at = list.VtxBuffer.Data[vertex].pos;
        x.add((at.x - origin.x) * scale.x), y.add((at.y - origin.y) * scale.y);
        hash = mixed_in(hash, vertices_[vertex]);
      }
      const Clip box = common({x.begin(), y.begin(), x.end(), y.end()}, *clip);
      if (!is_empty(box)) add(tiles_of(box), hash);
    }
  }
}

// Runs of damaged tiles, joined with the same run of the row above.
void Damage::collect() {
  boxes_.clear();
  const bool all = before_.size() != now_.size();
  if (all) return boxes_.push_back({0, 0, width_, height_});
  if (columns_ == 0) return;
  std::size_t above = 0;  // where the boxes begin that reach down to this row
  const std::size_t rows = now_.size() / columns_;
  for (std::size_t row = 0; row < rows; ++row) {
    const std::size_t first = boxes_.size();
    const int top = static_cast<int>(row) * kHigh, bottom = std::min(top + kHigh, height_);
    const auto damaged = [&](std::size_t column) {
      return now_[row * columns_ + column] != before_[row * columns_ + column];
    };
    for (std::size_t begin = 0; begin < columns_; ++begin) {
      if (!damaged(begin)) continue;
      std::size_t end = begin + 1;
      while (end < columns_ && damaged(end)) ++end;
      boxes_.push_back({static_cast<int>(begin) * kWide, top, std::min(static_cast<int>(end) * kWide, width_), bottom});
      begin = end;
    }
    const auto same = [](const Clip& a, const Clip& b) { return a.left == b.left && a.right == b.right; };
    const auto upper = boxes_.begin() + static_cast<std::ptrdiff_t>(above);
    const auto lower = boxes_.begin() + static_cast<std::ptrdiff_t>(first);
    if (std::equal(upper, lower, lower, boxes_.end(), same)) {
      for (auto box = upper; box != lower; ++box) box->bottom = bottom;
      boxes_.resize(first);
    } else {
      above = first;
    }
  }
}

const std::vector<Clip>& Damage::next(const ImDrawData& data, ImU32 background) {
  std::tie(width_, height_) = picture_size(data);
  const Tiles tiles = tiles_of({0, 0, width_, height_});
  columns_ = static_cast<std::size_t>(tiles.right);
  // The size is part of it: another one may have as many tiles.
  const std::uint64_t start = mixed_in(mixed_in(background + 1ull, data.DisplaySize.x, data.DisplaySize.y),
                                       data.FramebufferScale.x, data.FramebufferScale.y);
  now_.assign(columns_ * static_cast<std::size_t>(tiles.bottom), start);
  for (int i = 0; i < data.CmdListsCount; ++i) add(data, *data.CmdLists[i]);
  collect();
  before_.swap(now_);
  return boxes_;
}

}  // namespace twice::ui
