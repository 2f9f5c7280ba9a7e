#pragma once
// Notices that files of a folder changed, by their sizes and times: twice a second, without the system's help.
#include <cstdint>
#include <map>
#include <string>
#include <utility>

namespace twice::playback {

class FolderWatch {
 public:
  static constexpr double kEvery = 0.5;  // seconds

  FolderWatch() = default;
  /// What the folder holds now is what later looks are compared with.
  explicit FolderWatch(std::string folder);
  /// `seconds`: on a clock that only goes on; it decides when the files are looked at. True when something changed
  /// since the last true.
  bool changed(double seconds);

 private:
  /// By path: size, and time of the last change in the file system's own ticks.
  using Files = std::map<std::string, std::pair<std::uintmax_t, std::int64_t>>;
  Files look() const;

  std::string folder_;
  Files files_;
  double next_ = 0;
};

}  // namespace twice::playback
