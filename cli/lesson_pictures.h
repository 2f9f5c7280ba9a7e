#pragma once
// The one thing that a lesson's pages ask of the desktop lab: `with_lab` draws, `without_lab` has no pictures.
#include <filesystem>
#include <string>

#include "lesson/page.h"
#include "lesson/session.h"

namespace twice::cli {

/// What a lesson's page and its pictures are called: the name of its folder.
std::string name_of(const lesson::Lesson& lesson);

struct Pictured {
  lesson::Pictures pictures;
  std::string error;
};
/// Writes a picture of the run of each step into the folder.
Pictured draw_runs(const lesson::Session& session, const std::filesystem::path& folder);

}  // namespace twice::cli
