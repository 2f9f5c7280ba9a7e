#include "ui/draw/raster.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "ui/draw/canvas.h"

namespace twice::ui {
namespace {

static_assert(IM_COL32_R_SHIFT == 0 && IM_COL32_A_SHIFT == 24, "Image and ImU32 pack colours alike");

// Farther out, a position in 1/256 pixel would overflow the products of Canvas. Also where a NaN goes.
constexpr double kFarthest = 1 << 20;  // pixels

// Rounds to the nearest, halves up; the offset keeps the cast away from negative numbers.
std::int64_t fixed(double value, double units_per_one) {
  constexpr double kOffset = 1ll << 40;
  const double limited = value > -kFarthest ? std::min(value, kFarthest) : -kFarthest;
  return static_cast<std::int64_t>(limited * units_per_one + (kOffset + 0.5)) - (1ll << 40);
}

class Frame {
 public:
  Frame(const ImDrawData& data, const ImFontAtlas& atlas, bool swapped, Image& image)
      : data_(data),
        atlas_(atlas),
        texture_{atlas.TexPixelsAlpha8, atlas.TexWidth, atlas.TexHeight},
        swapped_(swapped),
        canvas_(image) {}

  void draw(ImU32 background, const std::vector<Clip>& boxes) {
    for (const Clip& box : boxes) canvas_.clear(box, in_order(background));
    for (int i = 0; i < data_.CmdListsCount; ++i) draw(*data_.CmdLists[i], boxes);
  }

 private:
  ImU32 in_order(ImU32 colour) const {
    return swapped_ ? (colour & 0xff00ff00) | (colour & 0xff) << 16 | ((colour >> 16) & 0xff) : colour;
  }

  void draw(const ImDrawList& list, const std::vector<Clip>& boxes) {
    corners_.clear();
    for (const ImDrawVert& vertex : list.VtxBuffer) corners_.push_back(corner_of(vertex));
    for (const ImDrawCmd& command : list.CmdBuffer) {
      const std::optional<Clip> clip = clip_of(command, data_);
      if (command.UserCallback != nullptr || !clip) continue;
      canvas_.set_texture(command.GetTexID() == atlas_.TexID ? texture_ : Coverage{});
      for (const Clip& box : boxes)
        if (canvas_.set_clip(common(*clip, box))) draw(list, command);
    }
  }

  Corner corner_of(const ImDrawVert& vertex) const {
    const ImVec2 scale = data_.FramebufferScale, origin = data_.DisplayPos;
    return {fixed((double{vertex.pos.x} - origin.x) * scale.x, 256),
            fixed((double{vertex.pos.y} - origin.y) * scale.y, 256), fixed(double{vertex.uv.x} * texture_.width, 65536),
            fixed(double{vertex.uv.y} * texture_.height, 65536), in_order(vertex.col)};
  }

  void draw(const ImDrawList& list, const ImDrawCmd& command) {
    const ImDrawIdx* indices = list.IdxBuffer.Data + command.IdxOffset;
    const Corner* corners = corners_.data() + command.VtxOffset;
    const unsigned count = command.ElemCount;
    for (unsigned i = 0; i + 2 < count;) {
      if (i + 5 < count && rectangle(corners, indices + i)) {
        i += 6;
      } else {
        canvas_.triangle(corners[indices[i]], corners[indices[i + 1]], corners[indices[i + 2]]);
        i += 3;
      }
    }
  }

  // Two triangles 0 1 2, 0 2 3 that make an upright rectangle of one colour, as almost everything in a frame is.
  bool rectangle(const Corner* corners, const ImDrawIdx* at) {
    if (at[3] != at[0] || at[4] != at[2]) return false;
    const Corner &a = corners[at[0]], &b = corners[at[1]], &c = corners[at[2]], &d = corners[at[5]];
    const bool upright = a.x < c.x && a.y < c.y && b.x == c.x && b.y == a.y && d.x == a.x && d.y == c.y;
    const bool straight = b.u == c.u && b.v == a.v && d.u == a.u && d.v == c.v;
    const bool one_colour = a.colour == b.colour && a.colour == c.colour && a.colour == d.colour;
    if (!upright || !straight || !one_colour) return false;
    canvas_.rectangle(a, c);
    return true;
  }

  const ImDrawData& data_;
  const ImFontAtlas& atlas_;
  Coverage texture_;
  bool swapped_;
  Canvas canvas_;
  std::vector<Corner> corners_;  // of the list being drawn
};

}  // namespace

Image rasterise(const ImDrawData& data, const ImFontAtlas& atlas, ImU32 background) {
  const auto [width, height] = picture_size(data);
  Image image(width, height, 0);
  rasterise(data, atlas, background, false, {{0, 0, width, height}}, image);
  return image;
}

void rasterise(const ImDrawData& data, const ImFontAtlas& atlas, ImU32 background, bool swapped,
               const std::vector<Clip>& boxes, Image& image) {
  Frame(data, atlas, swapped, image).draw(background, boxes);
}

std::pair<int, int> picture_size(const ImDrawData& data) {
  return {std::max(0, static_cast<int>(data.DisplaySize.x * data.FramebufferScale.x)),
          std::max(0, static_cast<int>(data.DisplaySize.y * data.FramebufferScale.y))};
}

// Cut to whole pixels as ImGui's OpenGL back end cuts its scissor box, whose origin is the left bottom corner.
std::optional<Clip> clip_of(const ImDrawCmd& command, const ImDrawData& data) {
  const ImVec4& box = command.ClipRect;
  const ImVec2 scale = data.FramebufferScale, origin = data.DisplayPos;
  const float width = data.DisplaySize.x * scale.x, height = data.DisplaySize.y * scale.y;
  const float left = std::clamp((box.x - origin.x) * scale.x, 0.0f, width);
  const float right = std::clamp((box.z - origin.x) * scale.x, 0.0f, width);
  const float top = std::clamp((box.y - origin.y) * scale.y, 0.0f, height);
  const float bottom = std::clamp((box.w - origin.y) * scale.y, 0.0f, height);
  if (right <= left || bottom <= top) return std::nullopt;
  const int x = static_cast<int>(left), end = static_cast<int>(height) - static_cast<int>(height - bottom);
  return Clip{x, end - static_cast<int>(bottom - top), x + static_cast<int>(right - left), end};
}

}  // namespace twice::ui
