#include "ui/draw/canvas.h"

#include <algorithm>
#include <array>

#include "ui/draw/pixel.h"

namespace twice::ui {
namespace {

constexpr std::int64_t kPixel = 256, kHalfPixel = kPixel / 2, kTexel = 65536, kHalfTexel = kTexel / 2;

std::int64_t centre(int pixel) { return pixel * kPixel + kHalfPixel; }

// The first column whose centre is not left of x.
int first_column(std::int64_t x) { return static_cast<int>((x + kHalfPixel - 1) >> 8); }
// The first row whose centre is below y.
int first_row(std::int64_t y) { return static_cast<int>((y + kHalfPixel) >> 8); }

std::int64_t floor_div(std::int64_t a, std::int64_t b) { return a / b - (a % b != 0 && (a < 0) != (b < 0)); }

std::uint32_t mix_colours(const std::array<std::uint32_t, 3>& colours, const std::array<std::int64_t, 3>& weights,
                          std::int64_t sum) {
  std::uint32_t mixed = 0;
  for (int shift = 0; shift < 32; shift += 8) {
    std::int64_t value = sum / 2;
    for (std::size_t i = 0; i < 3; ++i) value += weights[i] * static_cast<std::int64_t>((colours[i] >> shift) & 0xff);
    mixed |= static_cast<std::uint32_t>(std::clamp<std::int64_t>(value / sum, 0, 255)) << shift;
  }
  return mixed;
}

bool same_place(const Corner& a, const Corner& b) { return a.u == b.u && a.v == b.v; }

// Side of a triangle that runs clockwise on the screen: value(x, y) >= least is inside.
struct Edge {
  std::int64_t x, y, dx, dy, least;

  Edge(const Corner& from, const Corner& to) : x(from.x), y(from.y), dx(to.x - from.x), dy(to.y - from.y) {
    const bool left_or_bottom = dy < 0 || (dy == 0 && dx < 0);
    least = left_or_bottom ? 0 : 1;
  }
  std::int64_t value(std::int64_t px, std::int64_t py) const { return dx * (py - y) - dy * (px - x); }
};

// Walks down the rows along an edge: the quotient of an exact division moves on by additions.
class EdgeWalk {
 public:
  EdgeWalk(const Edge& edge, int row) : edge_(edge), divisor_(edge.dy < 0 ? -edge.dy : edge.dy) {
    reach_ = edge.dx * (centre(row) - edge.y) - edge.least;
    if (divisor_ == 0) return;
    quotient_ = floor_div(reach_, divisor_), rest_ = reach_ - quotient_ * divisor_;
    step_ = floor_div(edge.dx * kPixel, divisor_), rest_step_ = edge.dx * kPixel - step_ * divisor_;
  }

  // Cuts [begin, end) to the pixels of the row that are inside.
  void cut(int& begin, int& end) const {
    if (edge_.dy == 0) {
      if (reach_ < 0) end = begin;
    } else if (edge_.dy > 0) {
      end = static_cast<int>(std::min<std::int64_t>(end, ((edge_.x + quotient_ - kHalfPixel) >> 8) + 1));
    } else {
      begin = static_cast<int>(std::max<std::int64_t>(begin, (edge_.x - quotient_ + kHalfPixel - 1) >> 8));
    }
  }

  void advance() {
    reach_ += edge_.dx * kPixel;
    quotient_ += step_, rest_ += rest_step_;
    if (rest_ >= divisor_ && divisor_ != 0) rest_ -= divisor_, ++quotient_;
  }

 private:
  const Edge& edge_;
  std::int64_t divisor_, reach_;
  std::int64_t quotient_ = 0, rest_ = 0, step_ = 0, rest_step_ = 0;
};

}  // namespace

/// How much of each corner a pixel has; moves along a row.
class Canvas::Weights {
 public:
  Weights(const std::array<Edge, 3>& opposite, std::int64_t area, int x, int y) : sum_(area) {
    // Products with colours and texture places stay within 64 bits.
    int shift = 0;
    while ((area >> shift) >= (std::int64_t{1} << 40)) ++shift;
    shift_ = shift;
    sum_ = area >> shift;
    for (std::size_t i = 0; i < 3; ++i) {
      at_[i] = opposite[i].value(centre(x), centre(y));
      step_[i] = -opposite[i].dy * kPixel;
    }
  }
  std::array<std::int64_t, 3> get() const { return {at_[0] >> shift_, at_[1] >> shift_, at_[2] >> shift_}; }
  std::int64_t sum() const { return sum_; }
  void advance() {
    for (std::size_t i = 0; i < 3; ++i) at_[i] += step_[i];
  }

 private:
  std::array<std::int64_t, 3> at_{}, step_{};
  std::int64_t sum_;
  int shift_ = 0;
};

Canvas::Canvas(Image& image)
    : image_(image), stride_(static_cast<std::size_t>(image.width)), clip_{0, 0, image.width, image.height} {}

void Canvas::clear(const Clip& box, std::uint32_t background) {
  const Clip inside = common(box, {0, 0, image_.width, image_.height});
  for (int y = inside.top; y < inside.bottom; ++y)
    std::fill(pixels(y) + inside.left, pixels(y) + std::max(inside.left, inside.right), background | 0xff000000);
}

bool Canvas::set_clip(const Clip& clip) {
  clip_ = common(clip, {0, 0, image_.width, image_.height});
  return !is_empty(clip_);
}

Canvas::Texel Canvas::column(std::int64_t u) const {
  const std::int64_t place = u - kHalfTexel;
  const int index = static_cast<int>(place >> 16), last = texture_.width - 1;
  return {std::clamp(index, 0, last), std::clamp(index + 1, 0, last), static_cast<std::uint32_t>((place >> 8) & 255)};
}

Canvas::Texel Canvas::row(std::int64_t v) const {
  const std::int64_t place = v - kHalfTexel;
  const int index = static_cast<int>(place >> 16), last = texture_.height - 1;
  return {std::clamp(index, 0, last) * texture_.width, std::clamp(index + 1, 0, last) * texture_.width,
          static_cast<std::uint32_t>((place >> 8) & 255)};
}

// Bilinear, as the graphics card does.
std::uint32_t Canvas::sample(std::int64_t u, std::int64_t v) const {
  if (!texture_.texels) return 255;
  const Texel x = column(u), y = row(v);
  const auto along = [&](int line) {
    return texture_.texels[line + x.index] * (256 - x.weight) + texture_.texels[line + x.next] * x.weight;
  };
  return (along(y.index) * (256 - y.weight) + along(y.next) * y.weight + 32768) >> 16;
}

void Canvas::fill(const Span& span, std::uint32_t colour, std::uint32_t alpha) {
  std::uint32_t* line = pixels(span.y);
  if (alpha == 255) {
    std::fill(line + span.begin, line + span.end, colour | 0xff000000);
    return;
  }
  for (int x = span.begin; x < span.end; ++x) line[x] = blended(line[x], colour, alpha);
}

void Canvas::textured_row(const Span& span, const Texel& row, std::uint32_t colour) {
  std::uint32_t* line = pixels(span.y);
  const unsigned char *upper = texture_.texels + row.index, *lower = texture_.texels + row.next;
  const std::uint32_t below = row.weight, above = 256 - below, alpha = alpha_of(colour);
  if (below == 0) {  // letters stand on whole rows
    for (int x = span.begin; x < span.end; ++x) {
      const Texel& texel = columns_[static_cast<std::size_t>(x - span.begin)];
      const std::uint32_t coverage =
          (upper[texel.index] * (256 - texel.weight) + upper[texel.next] * texel.weight + 128) >> 8;
      if (coverage != 0) line[x] = blended(line[x], colour, scaled(coverage, alpha));
    }
    return;
  }
  for (int x = span.begin; x < span.end; ++x) {
    const Texel& texel = columns_[static_cast<std::size_t>(x - span.begin)];
    const std::uint32_t left = upper[texel.index] * above + lower[texel.index] * below;
    const std::uint32_t right = upper[texel.next] * above + lower[texel.next] * below;
    const std::uint32_t coverage = (left * (256 - texel.weight) + right * texel.weight + 32768) >> 16;
    if (coverage != 0) line[x] = blended(line[x], colour, scaled(coverage, alpha));
  }
}

void Canvas::rectangle(const Corner& from, const Corner& to) {
  const int left = std::max(first_column(from.x), clip_.left), right = std::min(first_column(to.x), clip_.right);
  const int top = std::max(first_row(from.y), clip_.top), bottom = std::min(first_row(to.y), clip_.bottom);
  if (left >= right || top >= bottom || alpha_of(from.colour) == 0) return;
  if (same_place(from, to) || !texture_.texels) {
    const std::uint32_t alpha = scaled(alpha_of(from.colour), sample(from.u, from.v));
    for (int y = top; y < bottom; ++y) fill({y, left, right}, from.colour, alpha);
    return;
  }
  columns_.clear();
  for (int x = left; x < right; ++x)
    columns_.push_back(column(from.u + (centre(x) - from.x) * (to.u - from.u) / (to.x - from.x)));
  for (int y = top; y < bottom; ++y) {
    const std::int64_t v = from.v + (centre(y) - from.y) * (to.v - from.v) / (to.y - from.y);
    textured_row({y, left, right}, row(v), from.colour);
  }
}

void Canvas::fill_faded(const Span& span, Weights weights, const Corner (&corners)[3], std::uint32_t coverage) {
  const std::array colours{corners[0].colour, corners[1].colour, corners[2].colour};
  const bool same_hue = ((colours[0] ^ colours[1]) & 0xffffff) == 0 && ((colours[0] ^ colours[2]) & 0xffffff) == 0;
  std::uint32_t* line = pixels(span.y);
  for (int x = span.begin; x < span.end; ++x, weights.advance()) {
    std::uint32_t colour = colours[0];
    if (same_hue) {
      const auto share = weights.get();
      const std::int64_t alpha = (share[0] * alpha_of(colours[0]) + share[1] * alpha_of(colours[1]) +
                                  share[2] * alpha_of(colours[2]) + weights.sum() / 2) /
                                 weights.sum();
      colour = (colour & 0xffffff) | static_cast<std::uint32_t>(std::clamp<std::int64_t>(alpha, 0, 255)) << 24;
    } else {
      colour = mix_colours(colours, weights.get(), weights.sum());
    }
    line[x] = blended(line[x], colour, scaled(alpha_of(colour), coverage));
  }
}

void Canvas::fill_textured(const Span& span, Weights weights, const Corner (&corners)[3]) {
  const std::array colours{corners[0].colour, corners[1].colour, corners[2].colour};
  const bool one_colour = colours[0] == colours[1] && colours[0] == colours[2];
  std::uint32_t* line = pixels(span.y);
  for (int x = span.begin; x < span.end; ++x, weights.advance()) {
    const auto share = weights.get();
    // Texture places in 1/256 texel here, so that a product with a weight fits.
    std::int64_t u = 0, v = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      u += share[i] * (corners[i].u >> 8);
      v += share[i] * (corners[i].v >> 8);
    }
    const std::uint32_t coverage = sample(u / weights.sum() * 256, v / weights.sum() * 256);
    const std::uint32_t colour = one_colour ? colours[0] : mix_colours(colours, share, weights.sum());
    line[x] = blended(line[x], colour, scaled(alpha_of(colour), coverage));
  }
}

void Canvas::triangle(const Corner& a, const Corner& b, const Corner& c) {
  const int top = std::max(first_row(std::min({a.y, b.y, c.y})), clip_.top);
  const int bottom = std::min(first_row(std::max({a.y, b.y, c.y})), clip_.bottom);
  const bool beside =
      std::max({a.x, b.x, c.x}) <= clip_.left * kPixel || std::min({a.x, b.x, c.x}) >= clip_.right * kPixel;
  if (top >= bottom || beside) return;
  const std::int64_t area = Edge(a, b).value(c.x, c.y);
  if (area == 0 || (alpha_of(a.colour) | alpha_of(b.colour) | alpha_of(c.colour)) == 0) return;
  if (area < 0) return triangle(a, c, b);
  const Corner corners[3] = {a, b, c};
  const std::array opposite{Edge(b, c), Edge(c, a), Edge(a, b)};
  const bool plain = !texture_.texels || (same_place(a, b) && same_place(a, c));
  const bool one_colour = a.colour == b.colour && a.colour == c.colour;
  const std::uint32_t coverage = plain ? sample(a.u, a.v) : 255;

  std::array walks{EdgeWalk(opposite[0], top), EdgeWalk(opposite[1], top), EdgeWalk(opposite[2], top)};
  for (int y = top; y < bottom; ++y) {
    Span span{y, clip_.left, clip_.right};
    for (EdgeWalk& walk : walks) walk.cut(span.begin, span.end), walk.advance();
    if (span.begin >= span.end) continue;
    if (plain && one_colour)
      fill(span, a.colour, scaled(alpha_of(a.colour), coverage));
    else if (plain)
      fill_faded(span, Weights(opposite, area, span.begin, y), corners, coverage);
    else
      fill_textured(span, Weights(opposite, area, span.begin, y), corners);
  }
}

}  // namespace twice::ui
