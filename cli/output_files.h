#pragma once
// Files that are written whole or not at all: each goes to a temporary beside it, reaches the disk, and is renamed.
// All are staged before the first is renamed.
#include <optional>
#include <string>
#include <vector>

namespace twice::cli {

/// Why a file could not be written to this path, before the work starts: no folder, no right, a folder in its place.
std::optional<std::string> cannot_write(const std::string& path);

/// A file that an option names: "--junit", "out.xml". An empty path is one that is not wanted.
struct WantedFile {
  std::string option, path;
};
/// Which output would replace a file that this command reads, under whatever name, and what to do; nullopt: none.
std::optional<std::string> overwrites_input(const std::vector<WantedFile>& outputs,
                                            const std::vector<std::string>& inputs);

struct OutputFile {
  std::string path, bytes;
};

/// Writes all, or nothing and says why. `replace` false: a file that is there already is an error.
/// Interrupts wait until it is done. Devices and pipes (/dev/stdout) are written directly.
std::optional<std::string> write_files(const std::vector<OutputFile>& files, bool replace = true);

}  // namespace twice::cli
