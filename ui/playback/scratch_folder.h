#pragma once
#include <string>
#include <string_view>

namespace twice::playback {

/// A fresh folder below the system's temporary one, for files that another process reads; removed with the object.
class ScratchFolder {
 public:
  explicit ScratchFolder(std::string_view prefix);
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  /// With a slash at its end; empty when none could be made.
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace twice::playback
