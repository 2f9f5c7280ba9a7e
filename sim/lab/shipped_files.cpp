#include "lab/shipped_files.h"

#include <array>
#include <filesystem>

namespace twice::lab {
namespace {

namespace fs = std::filesystem;

// From the folder of the program to its files: installed, and in a build tree.
constexpr std::array kFromProgram{"../share/twice", "../../.."};

bool holds_shipped_files(const fs::path& folder) {
  std::error_code error;
  return fs::is_directory(folder / "scenarios", error) && fs::is_directory(folder / "lessons", error);
}

// "scenarios/x.toml" may be looked for elsewhere; "/etc/x", "../x" and "" mean one place only.
bool may_be_shipped(const fs::path& path) {
  if (path.empty() || path.is_absolute()) return false;
  const std::string first = path.lexically_normal().begin()->string();
  return first != ".." && first != ".";
}

}  // namespace

std::string running_program() {
  std::error_code error;
  return fs::read_symlink("/proc/self/exe", error).string();
}

std::optional<std::string> shipped_folder_of(const std::string& program) {
  if (program.empty()) return std::nullopt;
  for (const char* way : kFromProgram) {
    const fs::path folder = (fs::path(program).parent_path() / way).lexically_normal();
    if (holds_shipped_files(folder)) return folder.has_filename() ? folder.string() : folder.parent_path().string();
  }
  return std::nullopt;
}

Located locate(const std::string& path, const std::string& program) {
  std::error_code error;
  if (!may_be_shipped(path) || fs::exists(path, error)) return {path, {}};
  const auto folder = shipped_folder_of(program);
  if (!folder) return {path, {}};
  const fs::path there = (fs::path(*folder) / path).lexically_normal();
  if (!fs::exists(there, error)) return {path, {}};
  return {there.string(), *folder};
}

std::string short_name(const std::string& path, const std::string& program) {
  if (!fs::path(path).is_absolute()) return path;
  const auto folder = shipped_folder_of(program);
  if (!folder) return path;
  const std::string name = fs::path(path).lexically_relative(*folder).string();
  return may_be_shipped(name) && locate(name, program).path == path ? name : path;
}

}  // namespace twice::lab
