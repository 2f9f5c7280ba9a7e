#include "lesson/map_svg.h"

#include <algorithm>
#include <filesystem>
#include <map>

#include <fmt/format.h>

#include "lesson/markdown.h"

namespace twice::lesson {
namespace {

// In pixels of the drawing.
constexpr int kWidth = 236, kHeight = 34, kBetween = 46, kApart = 12;

struct Place {
  int column = 0, row = 0;
  int left() const { return column * (kWidth + kBetween) + 2; }
  int top() const { return row * (kHeight + kApart) + 2; }
};

// A lesson stands right of all it needs. Lessons come in the order of their numbers, after those they need.
std::map<std::uint32_t, Place> places_of(const std::vector<Lesson>& lessons) {
  std::map<std::uint32_t, Place> places;
  std::map<int, int> rows;
  for (const Lesson& lesson : lessons) {
    Place place;
    for (const std::uint32_t before : lesson.front.needs)
      if (const auto there = places.find(before); there != places.end())
        place.column = std::max(place.column, there->second.column + 1);
    place.row = rows[place.column]++;
    places[lesson.front.number] = place;
  }
  return places;
}

std::string arrow(const Place& from, const Place& to) {
  const int x = from.left() + kWidth, y = from.top() + kHeight / 2, to_x = to.left() - 5, to_y = to.top() + kHeight / 2;
  return fmt::format(
      "<path d=\"M{} {}C{} {} {} {} {} {}\" fill=\"none\" stroke=\"#0072b2\" stroke-width=\"1.5\" "
      "marker-end=\"url(#tip)\"/>\n",
      x, y, x + kBetween, y, to_x - kBetween, to_y, to_x, to_y);
}

std::string box(const Lesson& lesson, const Place& place) {
  const std::string page = std::filesystem::path(lesson.folder).filename().string() + ".html";
  return fmt::format(
      "<a href=\"{}\"><rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"6\" fill=\"#0072b2\" "
      "fill-opacity=\".08\" "
      "stroke=\"#0072b2\"/><text x=\"{}\" y=\"{}\" font-size=\"13\" fill=\"currentColor\">{}. {}</text></a>\n",
      html_inline(page), place.left(), place.top(), kWidth, kHeight, place.left() + 10, place.top() + kHeight / 2 + 5,
      lesson.front.number, html_inline(lesson.front.title));
}

}  // namespace

std::string map_svg(const std::vector<Lesson>& lessons) {
  const auto places = places_of(lessons);
  int width = 0, height = 0;
  std::string arrows, boxes;
  for (const Lesson& lesson : lessons) {
    const Place& place = places.at(lesson.front.number);
    width = std::max(width, place.left() + kWidth + 2), height = std::max(height, place.top() + kHeight + 2);
    boxes += box(lesson, place);
    for (const std::uint32_t before : lesson.front.needs)
      if (const auto from = places.find(before); from != places.end()) arrows += arrow(from->second, place);
  }
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"Which lesson needs "
      "which\">\n<defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"6\" refY=\"4\" markerWidth=\"7\" "
      "markerHeight=\"7\" "
      "orient=\"auto\"><path d=\"M0 0L8 4L0 8z\" fill=\"#0072b2\"/></marker></defs>\n{}{}</svg>\n",
      width, height, arrows, boxes);
}

}  // namespace twice::lesson
