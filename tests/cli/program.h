#pragma once
// The built program, called as a person calls it, in a folder of its own.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace twice::test {

struct Outcome {
  int code = -1;
  std::string out, err;
};

/// A folder that is gone afterwards.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  const std::string& path() const { return path_; }
  void write(const std::string& name, const std::string& text) const;
  std::string read(const std::string& name) const;  // empty when it is not there
  bool has(const std::string& name) const;
  std::vector<std::string> names() const;  // sorted

  /// Runs `twice ARGUMENTS` in the folder through a shell. `environment`: "NAME=VALUE NAME=VALUE".
  Outcome twice(const std::string& arguments, const std::string& environment = {}) const;

 private:
  std::string path_;
};

/// A scenario of the tree, ready for a shell.
std::string shipped(const std::string& path);
std::size_t count_lines(const std::string& text);
bool contains(const std::string& text, const std::string& part);

/// A load of `rows` orders: lane "append" commits every 5 rows, lane "overwrite" deletes and inserts in one
/// transaction.
std::string small_scenario(std::uint64_t rows,
                           const std::string& steps = "{ after-row = 10, attempt = 1, crash = \"loader\" }");
/// Header order_date, order_id, amount.
std::string orders_csv(std::uint64_t rows);

}  // namespace twice::test
