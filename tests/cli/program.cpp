#include "cli/program.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

namespace twice::test {

namespace fs = std::filesystem;

Folder::Folder() {
  std::string name = (fs::temp_directory_path() / "twice-test-XXXXXX").string();
  if (!::mkdtemp(name.data())) throw std::runtime_error("cannot make a folder for a test");
  path_ = name;
}

Folder::~Folder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

void Folder::write(const std::string& name, const std::string& text) const {
  std::ofstream(path_ + "/" + name, std::ios::binary) << text;
}

std::string Folder::read(const std::string& name) const {
  std::ifstream file(path_ + "/" + name, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

bool Folder::has(const std::string& name) const { return fs::exists(path_ + "/" + name); }

std::vector<std::string> Folder::names() const {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(path_)) names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

Outcome Folder::twice(const std::string& arguments, const std::string& environment) const {
  // Outside of the folder, so that a test sees what the program leaves in it.
  const std::string out = path_ + ".out", err = path_ + ".err";
  const std::string command = fmt::format(
      "cd '{}' && (env -u CI -u COLUMNS -u SOURCE_DATE_EPOCH -u GITHUB_ACTIONS -u NO_COLOR -u FORCE_COLOR {} '{}' {}) "
      ">'{}' 2>'{}' </dev/null",
      path_, environment, TWICE_PROGRAM, arguments, out, err);
  const int status = std::system(command.c_str());
  const auto slurp = [](const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
  };
  Outcome outcome{WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), slurp(out), slurp(err)};
  fs::remove(out), fs::remove(err);
  return outcome;
}

std::string shipped(const std::string& path) { return fmt::format("'{}/scenarios/{}'", TWICE_SOURCE_DIR, path); }

std::size_t count_lines(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::string small_scenario(std::uint64_t rows, const std::string& steps) {
  return fmt::format(R"toml(scenario = 1
title = "a small load"
[warehouse]
setup = "CREATE TABLE orders (day TEXT, id INTEGER); INSERT INTO orders VALUES ('2026-06-22', 1);"
[source]
generate = {{ rows = {}, columns = {{ id = "row" }} }}
[job]
day = "2026-06-23"
[orchestrator]
retry = {{ attempts = 3, after = "30s" }}
[timeline]
steps = [{}]
[dashboard]
every = "10s"
sql = "SELECT count(*) AS orders FROM orders WHERE day = :day"
[[lane]]
name = "append"
verdict = "duplicates"
table = "orders"
slice = "day = :day"
commit = "every 5"
row = "INSERT INTO orders VALUES (:day, :id)"
[[lane]]
name = "overwrite"
table = "orders"
slice = "day = :day"
commit = "once"
before = "DELETE FROM orders WHERE day = :day"
row = "INSERT INTO orders VALUES (:day, :id)"
expect = {{ orders = {{ finally = {} }} }}
)toml",
                     rows, steps, rows);
}

std::string orders_csv(std::uint64_t rows) {
  std::string csv = "order_date,order_id,amount\n";
  for (std::uint64_t i = 1; i <= rows; ++i) csv += fmt::format("2026-06-23,{},{}\n", i, 5 + i * 7 % 90);
  return csv;
}

}  // namespace twice::test
