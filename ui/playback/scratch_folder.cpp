#include "ui/playback/scratch_folder.h"

#include <stdlib.h>

#include <filesystem>

namespace twice::playback {

namespace fs = std::filesystem;

ScratchFolder::ScratchFolder(std::string_view prefix) {
  std::error_code error;
  std::string name = (fs::temp_directory_path(error) / (std::string(prefix) + "XXXXXX")).string();
  if (!error && ::mkdtemp(name.data()) != nullptr) path_ = name + "/";
}

ScratchFolder::~ScratchFolder() {
  std::error_code error;
  if (!path_.empty()) fs::remove_all(path_, error);
}

}  // namespace twice::playback
