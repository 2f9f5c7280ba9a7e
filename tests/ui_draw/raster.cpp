#include "ui/draw/raster.h"

#include <limits>

#include "support/catch.h"
#include "ui/draw/canvas.h"
#include "ui/draw/headless.h"
#include "ui/draw/pixel.h"

using namespace twice::ui;

namespace {

constexpr std::uint32_t kPaper = 0xffffffff, kRed = 0xff0000ff, kBlue = 0xffff0000, kGrey = 0xff808080;

struct Paper {
  Image image;
};
/// A canvas with the image it draws upon.
struct Sheet : Paper, Canvas {
  Sheet(int width, int height, std::uint32_t background) : Paper{Image(width, height, background)}, Canvas(image) {}
};

Corner corner(double x, double y, std::uint32_t colour) {
  return {static_cast<std::int64_t>(x * 256), static_cast<std::int64_t>(y * 256), 0, 0, colour};
}

int count(const Image& image, std::uint32_t colour) {
  int found = 0;
  for (const std::uint32_t pixel : image.rgba) found += pixel == colour;
  return found;
}

std::uint64_t fnv(const Image& image) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const std::uint32_t pixel : image.rgba)
    for (int shift = 0; shift < 32; shift += 8) hash = (hash ^ ((pixel >> shift) & 0xff)) * 0x100000001b3u;
  return hash;
}

// A frame of one window without decoration that covers the display.
Image drawn(Headless& ui, const std::function<void(ImDrawList&)>& content) {
  ui.frame([&] { content(*ImGui::GetBackgroundDrawList()); });
  return ui.picture();
}

}  // namespace

TEST_CASE("a triangle holds the pixels whose centres it holds") {
  Sheet canvas(8, 8, kPaper);
  canvas.triangle(corner(0, 0, kRed), corner(4, 0, kRed), corner(0, 4, kRed));
  const Image image = canvas.image;
  // Centres on the slanted right edge do not belong to it.
  CHECK(count(image, kRed) == 3 + 2 + 1);
  CHECK(image.at(0, 0) == kRed);
  CHECK(image.at(2, 0) == kRed);
  CHECK(image.at(3, 0) == kPaper);
  CHECK(image.at(0, 2) == kRed);
}

TEST_CASE("both windings of a triangle give the same pixels") {
  Sheet one(20, 20, kPaper), other(20, 20, kPaper);
  one.triangle(corner(1.3, 2.2, kRed), corner(17.1, 5.8, kRed), corner(6.6, 18.4, kRed));
  other.triangle(corner(6.6, 18.4, kRed), corner(17.1, 5.8, kRed), corner(1.3, 2.2, kRed));
  CHECK(one.image == other.image);
}

TEST_CASE("triangles that share an edge neither overlap nor leave a gap") {
  Sheet canvas(40, 40, kPaper);
  const std::uint32_t half = 0x80000000;  // an overlap would be darker
  const Corner hub = corner(19.7, 20.2, half);
  const Corner rim[] = {corner(0, 0, half),   corner(21.5, 0, half), corner(40, 0, half),
                        corner(40, 40, half), corner(13, 40, half),  corner(0, 40, half)};
  for (std::size_t i = 0; i < std::size(rim); ++i) canvas.triangle(hub, rim[i], rim[(i + 1) % std::size(rim)]);
  CHECK(count(canvas.image, blended(kPaper, 0, 0x80)) == 40 * 40);
}

TEST_CASE("a rectangle is what its two triangles are") {
  for (const double offset : {0.0, 0.25, 0.5, 0.75}) {
    Sheet fast(30, 30, kPaper), slow(30, 30, kPaper);
    const Corner a = corner(3 + offset, 4 + offset, 0x90123456), c = corner(20 - offset, 25.5, 0x90123456);
    Corner b = c, d = a;
    b.y = a.y, d.y = c.y;
    fast.rectangle(a, c);
    slow.triangle(a, b, c);
    slow.triangle(a, c, d);
    CHECK(fast.image == slow.image);
  }
}

TEST_CASE("nothing is drawn outside of the clip box or the picture") {
  Sheet canvas(10, 10, kPaper);
  canvas.set_clip({2, 3, 7, 20});
  canvas.triangle(corner(-1000, -1000, kRed), corner(3000, -1000, kRed), corner(-1000, 3000, kRed));
  canvas.rectangle(corner(-50, -50, kRed), corner(50, 50, kRed));
  const Image image = canvas.image;
  CHECK(count(image, kRed) == 5 * 7);
  CHECK(image.at(1, 5) == kPaper);
  CHECK(image.at(2, 3) == kRed);
  CHECK(image.at(6, 9) == kRed);
  CHECK(image.at(7, 9) == kPaper);
}

TEST_CASE("a colour covers in proportion to its alpha, rounded") {
  for (std::uint32_t alpha = 0; alpha < 256; ++alpha)
    for (const std::uint32_t below : {0u, 1u, 77u, 128u, 254u, 255u}) {
      const std::uint32_t wanted = (200 * alpha + below * (255 - alpha) + 127) / 255;
      const std::uint32_t pixel = blended(0xff000000 | below << 16 | below << 8 | below, 0xc8c8c8, alpha);
      CHECK(pixel == (0xff000000 | wanted << 16 | wanted << 8 | wanted));
    }
}

TEST_CASE("colours run evenly between the corners") {
  Sheet canvas(256, 1, kPaper);
  const Corner left = corner(0, 0, 0xff000000), right = corner(256, 0, 0xff0000ff), below = corner(0, 2, 0xff000000);
  canvas.triangle(left, right, below);
  const Image image = canvas.image;
  for (int x = 0; x < 127; ++x) {
    INFO(x);
    CHECK((image.at(x, 0) & 0xff) == Approx((x + 0.5) * 255 / 256).margin(0.51));
  }
}

TEST_CASE("positions far outside and not-a-number neither crash nor hang") {
  Headless ui(50, 50);
  const float endless = std::numeric_limits<float>::infinity(), undefined = std::numeric_limits<float>::quiet_NaN();
  const Image image = drawn(ui, [&](ImDrawList& list) {
    list.AddTriangleFilled({-1e30f, -1e30f}, {1e30f, -1e30f}, {0, 1e30f}, kRed);
    list.AddTriangleFilled({-endless, 0}, {endless, 0}, {0, endless}, kRed);
    list.AddTriangleFilled({undefined, 0}, {10, undefined}, {0, 10}, kBlue);
  });
  CHECK(image.at(25, 25) == kRed);
}

TEST_CASE("solid shapes of ImGui come out in their colour and place") {
  Headless ui(60, 40);
  const Image image = drawn(ui, [](ImDrawList& list) {
    list.AddRectFilled({10, 5}, {20, 15}, kRed);
    list.AddCircleFilled({45, 20}, 10, kBlue, 64);
    list.PushClipRect({0, 0}, {60, 30});
    list.AddRectFilled({0, 25}, {60, 40}, kGrey);
    list.PopClipRect();
  });
  CHECK(image.width == 60);
  CHECK(image.height == 40);
  CHECK(count(image, kRed) == 100);
  CHECK(image.at(9, 5) == ui.theme().panel);
  CHECK(image.at(45, 20) == kBlue);
  CHECK(image.at(3, 29) == kGrey);
  CHECK(image.at(3, 30) == ui.theme().panel);
}

TEST_CASE("text leaves ink where it stands") {
  Headless ui(120, 40);
  const Image image = drawn(ui, [](ImDrawList& list) { list.AddText({10, 10}, IM_COL32_BLACK, "HHHH"); });
  int dark = 0, dark_outside = 0;
  for (int y = 0; y < image.height; ++y)
    for (int x = 0; x < image.width; ++x)
      if ((image.at(x, y) & 0xff) < 100) ++(x >= 10 && x < 60 && y >= 10 && y < 30 ? dark : dark_outside);
  CHECK(dark > 60);
  CHECK(dark_outside == 0);
}

TEST_CASE("a texture that is not the atlas counts as white") {
  Headless ui(20, 20);
  int other = 0;
  const Image image = drawn(ui, [&](ImDrawList& list) {
    list.AddImage(&other, {0, 0}, {20, 20}, {0, 0}, {1, 1}, kRed);
  });
  CHECK(count(image, kRed) == 400);
}

TEST_CASE("pixels of the screen may be smaller than the units of ImGui") {
  Headless ui(30, 20);
  ui.frame([] { ImGui::GetBackgroundDrawList()->AddRectFilled({10, 5}, {20, 15}, kRed); });
  ImDrawData data = *ImGui::GetDrawData();
  data.FramebufferScale = ImVec2(2, 2);
  const Image image = rasterise(data, *ImGui::GetIO().Fonts, kPaper);
  CHECK(image.width == 60);
  CHECK(count(image, kRed) == 400);
}

TEST_CASE("the same triangles give the same picture on every machine and compiler") {
  Sheet canvas(200, 150, 0xff203040);
  std::uint64_t state = 7;
  const auto next = [&](std::uint64_t below) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return static_cast<std::int64_t>((state >> 33) % below);
  };
  for (int i = 0; i < 300; ++i) {
    Corner corners[3];
    for (Corner& c : corners)
      c = {next(260 * 256) - 30 * 256, next(210 * 256) - 30 * 256, 0, 0,
           static_cast<std::uint32_t>(next(1u << 31)) * 2};
    if (i % 3 == 0) corners[1].colour = corners[2].colour = corners[0].colour;
    canvas.triangle(corners[0], corners[1], corners[2]);
  }
  CHECK(fnv(canvas.image) == 0x6222d6701fc37a49u);
}
