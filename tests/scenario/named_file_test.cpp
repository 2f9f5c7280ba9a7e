// Files that other files name: beside them or below, never outside, however it is written.
#include "scenario/named_file.h"
#include "scenario/support.h"
#include "support/catch.h"

namespace twice::scenario {
namespace {

namespace fs = std::filesystem;

/// A folder with a file, a folder below, and links to inside and outside; gone at the end.
struct Place {
  fs::path top = fs::temp_directory_path() / "twice-named-file";
  fs::path own = top / "own";
  Place() {
    fs::remove_all(top);
    fs::create_directories(own / "below");
    for (const fs::path& file : {own / "data.csv", own / "below" / "data.csv", top / "secret.csv"})
      std::ofstream(file) << "id,amount\n1,2\n";
    fs::create_symlink("data.csv", own / "inside.csv");
    fs::create_symlink("../secret.csv", own / "outside.csv");
    fs::create_directory_symlink("..", own / "up");
    fs::create_symlink("circle.csv", own / "circle.csv");
  }
  ~Place() { fs::remove_all(top); }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  std::string refused(const std::string& named, Links links = Links::kFollowed) const {
    const auto found = named_file(own.string(), named, links);
    const auto* problem = std::get_if<FileProblem>(&found);
    return problem ? problem->message : std::string();
  }
};

}  // namespace

TEST_CASE("a file names what lies beside it or below, and it is opened as it is written") {
  const Place place;
  for (const char* named : {"data.csv", "./data.csv", "below/data.csv", "below/../data.csv", "inside.csv", "..data"})
    CHECK(place.refused(named) == "");
  CHECK(std::get<std::string>(named_file("a/b", "c.csv")) == "a/b/c.csv");
  CHECK(std::get<std::string>(named_file("", "c.csv")) == "c.csv");
  CHECK(folder_of("a/b.toml") == "a");
  CHECK(folder_of("b.toml") == "");
}

TEST_CASE("a file that names what lies outside its folder is refused with the reason") {
  const Place place;
  for (const char* named : {"../secret.csv", "below/../../secret.csv", "..", "../own/data.csv"})
    CHECK(place.refused(named).find("lies outside the folder") != std::string::npos);
  for (const char* named : {"outside.csv", "up/secret.csv", "circle.csv"})
    CHECK(place.refused(named).find("is a link that leads out") != std::string::npos);
  for (const char* named : {"/etc/hostname", "..\\secret.csv"})
    CHECK(place.refused(named).find("does not travel") != std::string::npos);
  CHECK(place.refused("") == "the name of a file is missing");
  CHECK(place.refused("outside.csv", Links::kIgnored) == "");
  CHECK(place.refused("../secret.csv", Links::kIgnored) != "");
}

TEST_CASE("a scenario reads no source and no script from outside its folder") {
  const Place place;
  const auto load = [&](const std::string& source, const std::string& script) {
    std::ofstream(place.own / "x.toml") << "scenario = 1\ntitle = \"x\"\n[warehouse]\nsetup = \"CREATE TABLE t (id "
                                           "INTEGER, amount INTEGER);\"\n[source]\ncsv = \""
                                        << source << "\"\n[[lane]]\nname = \"a\"\ntable = \"t\"\n"
                                        << script;
    return render(load_scenario((place.own / "x.toml").string()).diagnostics);
  };
  const std::string row = "row = \"INSERT INTO {table} VALUES (:id, :amount)\"\n";
  CHECK(load("data.csv", row) == "");
  CHECK(load("below/data.csv", row) == "");
  CHECK(load("../secret.csv", row).find("x.toml:6:7: error: '../secret.csv' lies outside") != std::string::npos);
  CHECK(load("outside.csv", row).find("x.toml:6:7: error: 'outside.csv' is a link") != std::string::npos);
  CHECK(load("data.csv", "script-file = \"../load.sql\"\n").find("'../load.sql' lies outside") != std::string::npos);
}

TEST_CASE("a scenario that is itself reached through a link reads beside the link") {
  const Place place;
  fs::create_directory_symlink("own", place.top / "alias");
  CHECK(std::holds_alternative<std::string>(named_file((place.top / "alias").string(), "data.csv")));
}

}  // namespace twice::scenario
