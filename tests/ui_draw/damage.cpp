#include "ui/draw/damage.h"

#include <random>

#include "support/catch.h"
#include "ui/draw/headless.h"
#include "ui/draw/raster.h"

using namespace twice::ui;

namespace {

constexpr ImU32 kWhite = 0xffffffff;

// Shapes and text; some of them move with `step`.
void scribble(unsigned seed, int step) {
  std::mt19937 random(seed);
  const auto place = [&] { return static_cast<float>(random() % 640) - 20; };
  ImDrawList& list = *ImGui::GetBackgroundDrawList();
  for (int i = 0; i < 60; ++i) {
    const bool moves = random() % 16 == 0;
    const float x = place() + (moves ? static_cast<float>(step) * 7.3f : 0), y = place();
    const ImU32 colour = static_cast<ImU32>(random()) | 0x60000000;
    switch (random() % 4) {
      case 0:
        list.AddRectFilled({x, y}, {x + 80, y + 33}, colour, 5);
        break;
      case 1:
        list.AddLine({x, y}, {place(), place()}, colour, 1.5f);
        break;
      case 2:
        list.AddCircle({x, y}, 40, colour, 0, 2);
        break;
      default:
        list.AddText({x, y}, colour, "rows, again");
    }
  }
}

std::size_t area(const std::vector<Clip>& boxes) {
  std::size_t pixels = 0;
  for (const Clip& box : boxes)
    pixels += static_cast<std::size_t>(box.right - box.left) * static_cast<std::size_t>(box.bottom - box.top);
  return pixels;
}

}  // namespace

TEST_CASE("drawing what was damaged again gives the whole picture") {
  Headless ui(617, 431);
  Damage damage;
  Image kept(617, 431, 0);
  for (int step = 0; step < 40; ++step) {
    ui.frame([&] { scribble(static_cast<unsigned>(step / 5), step); });
    const ImDrawData& data = *ImGui::GetDrawData();
    const std::vector<Clip>& boxes = damage.next(data, kWhite);
    rasterise(data, *ImGui::GetIO().Fonts, kWhite, false, boxes, kept);
    REQUIRE(kept == rasterise(data, *ImGui::GetIO().Fonts, kWhite));
    if (step % 5 != 0) CHECK(area(boxes) < 617 * 431);
  }
}

TEST_CASE("a frame like the one before damages nothing, one of another size or background everything") {
  Headless ui(300, 200);
  Damage damage;
  const auto next = [&](ImU32 background) {
    ui.frame([] { scribble(3, 0); });
    return area(damage.next(*ImGui::GetDrawData(), background));
  };
  CHECK(next(kWhite) == 300 * 200);
  CHECK(next(kWhite) == 0);
  CHECK(next(0) == 300 * 200);
  ui.resize(299, 200);
  CHECK(next(0) == 299 * 200);
  CHECK(next(0) == 0);
  damage.forget();
  CHECK(next(0) == 299 * 200);
}

TEST_CASE("red and blue change places, and nothing else does") {
  Headless ui(120, 90);
  ui.frame([] { scribble(5, 0); });
  const ImDrawData& data = *ImGui::GetDrawData();
  const Image plain = rasterise(data, *ImGui::GetIO().Fonts, 0x80ff4010);
  Image swapped(120, 90, 0);
  rasterise(data, *ImGui::GetIO().Fonts, 0x80ff4010, true, {{0, 0, 120, 90}}, swapped);
  for (std::uint32_t& pixel : swapped.rgba)
    pixel = (pixel & 0xff00ff00) | (pixel & 0xff) << 16 | ((pixel >> 16) & 0xff);
  CHECK(plain == swapped);
}
