// Where the program finds what ships with it, and when it looks there.
#include "lab/shipped_files.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "support/catch.h"

namespace fs = std::filesystem;
using twice::lab::locate;
using twice::lab::shipped_folder_of;
using twice::lab::short_name;

namespace {

// An unpacked release and a folder to work in, both gone afterwards.
class Unpacked {
 public:
  Unpacked() {
    std::string name = (fs::temp_directory_path() / "twice-shipped-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()));
    top_ = name;
    put("release/share/twice/scenarios/a.toml");
    put("release/share/twice/lessons/01-one/lesson.md");
    fs::create_directories(top_ / "release/bin");
    fs::create_directories(top_ / "work");
    was_ = fs::current_path();
    fs::current_path(top_ / "work");
  }
  ~Unpacked() {
    fs::current_path(was_);
    fs::remove_all(top_);
  }
  Unpacked(const Unpacked&) = delete;
  Unpacked& operator=(const Unpacked&) = delete;

  void put(const std::string& name) const {
    fs::create_directories((top_ / name).parent_path());
    std::ofstream(top_ / name) << name;
  }
  std::string at(const std::string& name) const { return (top_ / name).string(); }
  std::string program() const { return at("release/bin/twice"); }

 private:
  fs::path top_, was_;
};

}  // namespace

TEST_CASE("an installed program finds its files beside its bin folder") {
  const Unpacked here;
  CHECK(shipped_folder_of(here.program()) == here.at("release/share/twice"));
}

TEST_CASE("a program in its build tree finds the sources, and one that stands alone finds nothing") {
  const Unpacked here;
  here.put("tree/scenarios/a.toml");
  here.put("tree/lessons/words.txt");
  CHECK(shipped_folder_of(here.at("tree/build/release/cli/twice")) == here.at("tree"));
  CHECK(shipped_folder_of(here.at("alone/twice")) == std::nullopt);
  CHECK(shipped_folder_of("") == std::nullopt);
}

TEST_CASE("a relative path that is not here is found among the shipped files") {
  const Unpacked here;
  const auto found = locate("scenarios/a.toml", here.program());
  CHECK(found.path == here.at("release/share/twice/scenarios/a.toml"));
  CHECK(found.shipped_in == here.at("release/share/twice"));
  CHECK(locate("lessons", here.program()).path == here.at("release/share/twice/lessons"));
}

TEST_CASE("a local file always wins") {
  const Unpacked here;
  here.put("work/scenarios/a.toml");
  const auto found = locate("scenarios/a.toml", here.program());
  CHECK(found.path == "scenarios/a.toml");
  CHECK(found.shipped_in.empty());
}

TEST_CASE("what is nowhere, absolute or outside stays as it was given") {
  const Unpacked here;
  here.put("release/share/outside.toml");
  for (const char* path : {"scenarios/b.toml", "/nowhere/a.toml", "../outside.toml", "./../outside.toml", "", "."}) {
    INFO(path);
    CHECK(locate(path, here.program()).path == path);
    CHECK(locate(path, here.program()).shipped_in.empty());
  }
}

TEST_CASE("a shipped file is called by the name that leads to it") {
  const Unpacked here;
  const std::string shipped = here.at("release/share/twice/scenarios/a.toml");
  CHECK(short_name(shipped, here.program()) == "scenarios/a.toml");
  CHECK(short_name(here.at("work/own.toml"), here.program()) == here.at("work/own.toml"));
  CHECK(short_name("own.toml", here.program()) == "own.toml");
  here.put("work/scenarios/a.toml");  // now the short name means another file
  CHECK(short_name(shipped, here.program()) == shipped);
}
