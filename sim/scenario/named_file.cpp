#include "scenario/named_file.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>

namespace twice::scenario {
namespace {

namespace fs = std::filesystem;

constexpr const char* kStayInside = "a file may name what lies beside it or in a folder below: put the file there";

bool lies_in(const fs::path& folder, const fs::path& file) {
  return std::mismatch(folder.begin(), folder.end(), file.begin(), file.end()).first == folder.end();
}

/// True where a link leads out of the folder, or in circles.
bool leaves_through_link(const fs::path& folder, const fs::path& file) {
  std::error_code at_folder, at_file;
  const fs::path real_folder = fs::weakly_canonical(folder.empty() ? fs::path(".") : folder, at_folder);
  const fs::path real_file = fs::weakly_canonical(file, at_file);
  return at_folder || at_file || !lies_in(fs::absolute(real_folder, at_folder), fs::absolute(real_file, at_file));
}

}  // namespace

std::string folder_of(const std::string& path) { return fs::path(path).parent_path().string(); }

std::variant<std::string, FileProblem> named_file(const std::string& folder, const std::string& named, Links links) {
  if (named.empty()) return FileProblem{"the name of a file is missing", {}};
  if (named.front() == '/' || named.find('\\') != std::string::npos || named.find('\0') != std::string::npos)
    return FileProblem{fmt::format("'{}' does not travel to another machine", named),
                       "write the path relative to the file that names it, with '/'"};
  const fs::path inside = fs::path(named).lexically_normal();
  if (*inside.begin() == "..")
    return FileProblem{fmt::format("'{}' lies outside the folder of this file", named), kStayInside};
  const fs::path opened = fs::path(folder) / named;
  if (links == Links::kFollowed && leaves_through_link(folder, opened))
    return FileProblem{fmt::format("'{}' is a link that leads out of the folder of this file", named), kStayInside};
  return opened.string();
}

}  // namespace twice::scenario
