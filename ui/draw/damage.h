#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include <imgui.h>

#include "ui/draw/canvas.h"

namespace twice::ui {

/// Finds where a frame differs from the one before: of every tile of the picture it keeps a hash of the triangles that
/// touch it, in their order.
class Damage {
 public:
  /// Disjoint boxes outside of which the picture is as it was; the whole picture the first time and when its size
  /// changed. The atlas is not looked at.
  const std::vector<Clip>& next(const ImDrawData& data, ImU32 background);
  /// What was drawn before is gone.
  void forget() { before_.clear(); }

 private:
  struct Tiles {
    int left, top, right, bottom;
  };
  void add(const ImDrawData& data, const ImDrawList& list);
  void add(const Tiles& tiles, std::uint64_t hash);
  Tiles tiles_of(const Clip& box) const;
  void collect();

  int width_ = 0, height_ = 0;  // pixels
  std::size_t columns_ = 0;     // of tiles
  std::vector<std::uint64_t> now_, before_;
  std::vector<std::uint64_t> vertices_;  // hashes, of the list being added
  std::vector<Clip> boxes_;
};

}  // namespace twice::ui
