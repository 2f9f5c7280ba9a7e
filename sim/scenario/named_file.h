#pragma once
// The one home of "a path that a file names". Scenarios, lessons and answers come from other people: what they name
// must lie beside the file that names it, or in a folder below. Paths of the command line are the user's own choice and
// never come here.
#include <string>
#include <variant>

#include "scenario/load.h"

namespace twice::scenario {

/// The folder a file lies in: "a/b.toml" -> "a", "b.toml" -> "".
std::string folder_of(const std::string& path);

/// Whether links on the way are followed: a trace replays from its own copies, and the disk does not matter there.
enum class Links : std::uint8_t { kFollowed, kIgnored };

/// `named`, as a file in `folder` names it, as it is opened. Refused: an empty name, a path that starts at the root or
/// is written with backslashes, one that leaves the folder by "..", and one that leaves it through a link.
std::variant<std::string, FileProblem> named_file(const std::string& folder, const std::string& named,
                                                  Links links = Links::kFollowed);

}  // namespace twice::scenario
