#include "ui/playback/folder_watch.h"

#include <filesystem>

namespace twice::playback {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMostFiles = 1'000;  // of a folder that is no lesson's

}  // namespace

FolderWatch::FolderWatch(std::string folder) : folder_(std::move(folder)), files_(look()) {}

FolderWatch::Files FolderWatch::look() const {
  Files files;
  std::error_code error;
  for (auto at = fs::directory_iterator(folder_.empty() ? "." : folder_, error);
       !error && at != fs::directory_iterator() && files.size() < kMostFiles; at.increment(error)) {
    std::error_code gone;  // while we look: then it is not there
    const auto size = at->is_regular_file(gone) ? at->file_size(gone) : 0;
    const auto time = at->last_write_time(gone);
    if (!gone) files[at->path().string()] = {size, static_cast<std::int64_t>(time.time_since_epoch().count())};
  }
  return files;
}

bool FolderWatch::changed(double seconds) {
  if (seconds < next_) return false;
  next_ = seconds + kEvery;
  Files now = look();
  if (now == files_) return false;
  files_ = std::move(now);
  return true;
}

}  // namespace twice::playback
