#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "ui/draw/image.h"

namespace twice::ui {

/// One channel of coverage, as ImGui's font atlas.
struct Coverage {
  const unsigned char* texels = nullptr;  // null: white everywhere
  int width = 0, height = 0;
};

/// A corner in fixed point, so that sums and products are exact: a position in 1/256 pixel, a place in the texture in
/// 1/65536 texel.
struct Corner {
  std::int64_t x, y, u, v;
  std::uint32_t colour;  // as ImU32
};

/// Pixels whose centre lies in the box may be touched.
struct Clip {
  int left, top, right, bottom;
};

inline Clip common(const Clip& a, const Clip& b) {
  return {std::max(a.left, b.left), std::max(a.top, b.top), std::min(a.right, b.right), std::min(a.bottom, b.bottom)};
}
inline bool is_empty(const Clip& box) { return box.left >= box.right || box.top >= box.bottom; }

/// Fills triangles and rectangles in an image. A pixel belongs to a shape when its centre does; a centre on an edge
/// belongs to the shape to its right or above (OpenGL's lower left), so neighbours neither overlap nor leave a gap.
class Canvas {
 public:
  /// `image` outlives the canvas.
  explicit Canvas(Image& image);

  /// Fills a box, whatever the clip.
  void clear(const Clip& box, std::uint32_t background);
  /// Cut to the image. False: no pixel is left.
  bool set_clip(const Clip& clip);
  void set_texture(const Coverage& texture) { texture_ = texture; }
  /// An axis-aligned rectangle of one colour; `from` is its left top corner, `to` its right bottom one.
  void rectangle(const Corner& from, const Corner& to);
  /// Colours and texture places are interpolated.
  void triangle(const Corner& a, const Corner& b, const Corner& c);

 private:
  struct Texel {
    int index, next;
    std::uint32_t weight;  // of `next`, of 256
  };
  struct Span {
    int y, begin, end;
  };
  class Weights;

  std::uint32_t sample(std::int64_t u, std::int64_t v) const;
  Texel column(std::int64_t u) const;
  Texel row(std::int64_t v) const;
  std::uint32_t* pixels(int y) { return image_.rgba.data() + static_cast<std::size_t>(y) * stride_; }

  void fill(const Span& span, std::uint32_t colour, std::uint32_t alpha);
  void fill_faded(const Span& span, Weights weights, const Corner (&corners)[3], std::uint32_t coverage);
  void fill_textured(const Span& span, Weights weights, const Corner (&corners)[3]);
  void textured_row(const Span& span, const Texel& row, std::uint32_t colour);

  Image& image_;
  std::size_t stride_;
  Coverage texture_;
  Clip clip_;
  std::vector<Texel> columns_;  // of the rectangle being drawn
};

}  // namespace twice::ui
