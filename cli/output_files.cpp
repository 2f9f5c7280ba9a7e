#include "cli/output_files.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "scenario/text.h"

namespace twice::cli {
namespace {

namespace fs = std::filesystem;

class InterruptsWait {
 public:
  InterruptsWait() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGALRM);  // the last resort of a stop
    ::sigprocmask(SIG_BLOCK, &set, &before_);
  }
  ~InterruptsWait() { ::sigprocmask(SIG_SETMASK, &before_, nullptr); }
  InterruptsWait(const InterruptsWait&) = delete;
  InterruptsWait& operator=(const InterruptsWait&) = delete;

 private:
  sigset_t before_{};
};

std::string shown(const std::string& path) { return scenario::printable(path); }
std::string reason() { return std::strerror(errno); }

/// False, with errno, when nobody takes anything for ten seconds: signals wait meanwhile, so no wait may be endless.
bool takes_more(int descriptor) {
  constexpr int kPatience = 10'000;  // milliseconds
  pollfd one{descriptor, POLLOUT, 0};
  const int ready = ::poll(&one, 1, kPatience);
  if (ready == 0) errno = ETIMEDOUT;
  return ready > 0;
}

bool write_all(int descriptor, const std::string& bytes) {
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t n = ::write(descriptor, bytes.data() + done, bytes.size() - done);
    if (n < 0 && (errno == EINTR || (errno == EAGAIN && takes_more(descriptor)))) continue;
    if (n <= 0) return false;
    done += static_cast<std::size_t>(n);
  }
  return true;
}

std::string folder_of(const std::string& path) {
  const std::string folder = fs::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

// A link stays one: what it points to is replaced.
std::string resolved(const std::string& path) {
  std::error_code error;
  const fs::path real = fs::is_symlink(path, error) ? fs::weakly_canonical(path, error) : fs::path(path);
  return error ? path : real.string();
}

bool is_special(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode);
}

/// A finished temporary; gone unless it is put into place.
class Staged {
 public:
  explicit Staged(const OutputFile& file)
      : path_(resolved(file.path)), temporary_(fmt::format("{}.{}.part", path_, ::getpid())) {
    struct stat old {};
    const mode_t mode = ::stat(path_.c_str(), &old) == 0 ? old.st_mode & 0777u : 0666u;
    const int descriptor = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (descriptor < 0) {
      fail();
      return;
    }
    exists_ = true;
    const bool whole = write_all(descriptor, file.bytes) && ::fsync(descriptor) == 0;
    if (!whole) fail();
    if (::close(descriptor) != 0 && whole) fail();
  }
  ~Staged() {
    if (exists_) ::unlink(temporary_.c_str());
  }
  Staged(Staged&& other) noexcept
      : path_(other.path_),
        temporary_(other.temporary_),
        error_(other.error_),
        exists_(std::exchange(other.exists_, false)) {}
  Staged& operator=(Staged&&) = delete;

  const std::string& error() const { return error_; }
  bool put_into_place(bool replace) {
    // link() refuses to replace; rename() replaces at once.
    const bool done =
        replace ? ::rename(temporary_.c_str(), path_.c_str()) == 0 : ::link(temporary_.c_str(), path_.c_str()) == 0;
    if (!done) return fail(), false;
    if (replace) exists_ = false;
    const int folder = ::open(folder_of(path_).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder >= 0) ::fsync(folder), ::close(folder);
    return true;
  }
  void take_back() { ::unlink(path_.c_str()); }

 private:
  void fail() { error_ = reason(); }
  std::string path_, temporary_, error_;
  bool exists_ = false;
};

// Opening a named pipe would wait for a reader, who may never come.
std::optional<std::string> write_special(const OutputFile& file) {
  const int descriptor = ::open(file.path.c_str(), O_WRONLY | O_CLOEXEC | O_NONBLOCK);
  const bool whole = descriptor >= 0 && write_all(descriptor, file.bytes);
  const std::string why = whole ? std::string() : errno == ENXIO ? "nobody reads this pipe" : reason();
  if (descriptor >= 0) ::close(descriptor);
  if (whole) return std::nullopt;
  return fmt::format("cannot write '{}': {}", shown(file.path), why);
}

}  // namespace

std::optional<std::string> cannot_write(const std::string& path) {
  if (path.empty() || is_special(path)) return std::nullopt;
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0 && (errno == ELOOP || errno == ENAMETOOLONG))
    return fmt::format("cannot write '{}': {}", shown(path), reason());
  std::error_code error;
  const std::string folder = folder_of(resolved(path));
  if (fs::is_directory(path, error)) return fmt::format("cannot write '{}': it is a folder", shown(path));
  if (!fs::is_directory(folder, error))
    return fmt::format("cannot write '{}': there is no folder '{}'", shown(path), shown(folder));
  if (::access(folder.c_str(), W_OK | X_OK) != 0) return fmt::format("cannot write '{}': {}", shown(path), reason());
  return std::nullopt;
}

std::optional<std::string> overwrites_input(const std::vector<WantedFile>& outputs,
                                            const std::vector<std::string>& inputs) {
  for (const auto& [option, path] : outputs)
    for (const std::string& input : inputs) {
      std::error_code error;  // of a file that is not there: nothing can be lost
      if (!path.empty() && !is_special(path) && fs::equivalent(path, input, error) && !error)
        return fmt::format("'{}' is read by this command; name another file for {}", shown(path), option);
    }
  return std::nullopt;
}

std::optional<std::string> write_files(const std::vector<OutputFile>& files, bool replace) {
  const InterruptsWait wait;
  std::vector<Staged> staged;
  std::vector<std::string> names;
  for (const OutputFile& file : files) {
    if (is_special(file.path)) continue;
    staged.emplace_back(file);
    names.push_back(file.path);
    if (!staged.back().error().empty())
      return fmt::format("cannot write '{}': {}", shown(file.path), staged.back().error());
  }
  for (std::size_t i = 0; i < staged.size(); ++i) {
    if (staged[i].put_into_place(replace)) continue;
    if (!replace)
      for (std::size_t j = 0; j < i; ++j) staged[j].take_back();
    return fmt::format("cannot write '{}': {}", shown(names[i]), staged[i].error());
  }
  for (const OutputFile& file : files)
    if (is_special(file.path))
      if (auto error = write_special(file)) return error;
  return std::nullopt;
}

}  // namespace twice::cli
