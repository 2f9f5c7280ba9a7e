#pragma once
// Where the files lie that ship with the program: scenarios, lessons and docs. The one home of that fact; no path of
// the machine that built the program is in it.
#include <optional>
#include <string>

namespace twice::lab {

/// The running program itself, links followed; empty when the system does not tell.
std::string running_program();

/// The folder with scenarios/ and lessons/ that belongs to the program at this path: share/twice beside its bin/ once
/// installed or unpacked, the top of the source tree while it lies in build/PRESET/cli/; nullopt when it stands alone.
std::optional<std::string> shipped_folder_of(const std::string& program);

/// Where a path of the command line leads.
struct Located {
  std::string path;
  std::string shipped_in;  // the folder of shipped files that it was found in; empty: it is as given
};
/// What lies at the path as given always wins. A relative path at which there is nothing is looked for among the files
/// of `program`; when they have none either, it stays as it is, so that the message names what was asked for.
Located locate(const std::string& path, const std::string& program = running_program());

/// How a person at any folder calls a file: "scenarios/x.toml" for one of the shipped files when `locate` leads back to
/// it, else the path itself. Repro lines then mean the same file on another machine.
std::string short_name(const std::string& path, const std::string& program = running_program());

}  // namespace twice::lab
