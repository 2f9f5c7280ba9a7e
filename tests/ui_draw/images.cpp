#include <cstdio>
#include <filesystem>

#include "support/catch.h"
#include "ui/draw/image_difference.h"
#include "ui/draw/png.h"

using namespace twice::ui;

namespace {

namespace fs = std::filesystem;

class Folder {
 public:
  Folder() : path_(fs::temp_directory_path() / "twice_ui_draw_test") {
    fs::remove_all(path_);
    fs::create_directories(path_);
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string operator/(const char* name) const { return (path_ / name).string(); }
  std::ptrdiff_t files() const { return std::distance(fs::directory_iterator(path_), fs::directory_iterator()); }

 private:
  fs::path path_;
};

Image chequered(int width, int height) {
  Image image(width, height, 0xffffffff);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      if ((x + y) % 2)
        image.at(x, y) = 0xff000000 | static_cast<std::uint32_t>(x * 3) << 8 | static_cast<std::uint32_t>(y);
  return image;
}

}  // namespace

TEST_CASE("a picture comes back from its file") {
  const Folder folder;
  Image image = chequered(37, 21);
  image.at(4, 2) = 0x40123456;
  REQUIRE(write_png(folder / "a.png", image) == std::nullopt);
  const auto read = read_png(folder / "a.png");
  REQUIRE(std::holds_alternative<Image>(read));
  CHECK(std::get<Image>(read) == image);
}

TEST_CASE("writing replaces a file at once and leaves nothing else behind") {
  const Folder folder;
  REQUIRE(write_png(folder / "a.png", chequered(5, 5)) == std::nullopt);
  REQUIRE(write_png(folder / "a.png", chequered(6, 6)) == std::nullopt);
  CHECK(std::get<Image>(read_png(folder / "a.png")).width == 6);
  CHECK(folder.files() == 1);
}

TEST_CASE("a picture that cannot be written says why and leaves nothing behind") {
  const Folder folder;
  const auto error = write_png(folder / "missing/a.png", chequered(5, 5));
  REQUIRE(error);
  CHECK(error->find("No such file") != std::string::npos);
  fs::create_directories(folder / "taken");
  CHECK(write_png(folder / "taken", chequered(5, 5)));
  CHECK(write_png(folder / "empty.png", Image()));
  CHECK(folder.files() == 1);
}

TEST_CASE("a file that holds no picture says so") {
  const Folder folder;
  std::FILE* file = std::fopen((folder / "a.png").c_str(), "wb");
  REQUIRE(file);
  std::fputs("words", file);
  std::fclose(file);
  CHECK(std::get<std::string>(read_png(folder / "a.png")).find("cannot read") == 0);
  CHECK(std::get<std::string>(read_png(folder / "b.png")).find("No such file") != std::string::npos);
}

TEST_CASE("equal pictures do not differ") {
  const ImageDifference found = difference_of(chequered(9, 9), chequered(9, 9), 0);
  CHECK(found.pixels == 0);
  CHECK(found.largest == 0);
}

TEST_CASE("a difference counts its pixels and spans them") {
  const Image wanted(20, 10, 0xff808080);
  Image got = wanted;
  got.at(3, 2) = 0xff808090;
  got.at(11, 7) = 0xff708080;
  got.at(0, 0) = 0xff818080;
  const ImageDifference found = difference_of(wanted, got, 1);
  CHECK(found.pixels == 2);
  CHECK(found.largest == 16);
  CHECK(found.left == 3);
  CHECK(found.top == 2);
  CHECK(found.right == 12);
  CHECK(found.bottom == 8);
  CHECK(difference_of(wanted, got, 16).pixels == 0);
}

TEST_CASE("pixels that only one of two pictures has differ") {
  const ImageDifference found = difference_of(Image(10, 4, 0), Image(8, 5, 0), 255 - 1);
  CHECK(found.pixels == 2 * 4 + 8);
  CHECK(found.bottom == 5);
}

TEST_CASE("side by side, the third picture shows where the first two differ") {
  const Image wanted(20, 10, 0xff808080);
  Image got = wanted;
  got.at(5, 5) = 0xffffffff;
  const Image picture = side_by_side(wanted, got, 0);
  CHECK(picture.height == 10);
  CHECK(picture.at(5, 5) == 0xff808080);
  CHECK(picture.at(20 + 8 + 5, 5) == 0xffffffff);
  CHECK(picture.at(2 * (20 + 8) + 5, 5) == 0xffff00ff);
}
