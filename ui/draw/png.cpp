#include "ui/draw/png.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>

// Static, because the library that ImGui's package brings along defines the same names.
#define STB_IMAGE_STATIC
#define STB_IMAGE_IMPLEMENTATION
#define STBI_ONLY_PNG
#define STBI_NO_STDIO
#include <stb_image.h>
#define STB_IMAGE_WRITE_STATIC
#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STBI_WRITE_NO_STDIO
#include <stb_image_write.h>

namespace twice::ui {
namespace {

constexpr int kChannels = 4;

using Bytes = std::vector<unsigned char>;

void append(void* bytes, void* data, int size) {
  const auto* begin = static_cast<const unsigned char*>(data);
  static_cast<Bytes*>(bytes)->insert(static_cast<Bytes*>(bytes)->end(), begin, begin + size);
}

Bytes channels_of(const Image& image) {
  Bytes bytes;
  bytes.reserve(image.rgba.size() * kChannels);
  for (const std::uint32_t pixel : image.rgba)
    for (int shift = 0; shift < 32; shift += 8) bytes.push_back(static_cast<unsigned char>(pixel >> shift));
  return bytes;
}

Image image_of(const unsigned char* channels, int width, int height) {
  Image image(width, height, 0);
  for (std::uint32_t& pixel : image.rgba)
    for (int shift = 0; shift < 32; shift += 8) pixel |= static_cast<std::uint32_t>(*channels++) << shift;
  return image;
}

bool write_all(int descriptor, const Bytes& bytes) {
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t n = ::write(descriptor, bytes.data() + done, bytes.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    done += static_cast<std::size_t>(n);
  }
  return true;
}

// The temporary lies beside the file, so that the rename stays on one file system.
bool replace_file(const std::string& path, const Bytes& bytes) {
  const std::string temporary = fmt::format("{}.{}.part", path, ::getpid());
  const int descriptor = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (descriptor < 0) return false;
  const bool whole = write_all(descriptor, bytes);
  const bool closed = ::close(descriptor) == 0;
  if (whole && closed && std::rename(temporary.c_str(), path.c_str()) == 0) return true;
  const int why = errno;
  ::unlink(temporary.c_str());
  errno = why;
  return false;
}

std::variant<Bytes, std::string> read_file(const std::string& path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), std::fclose);
  if (!file) return fmt::format("cannot read '{}': {}", path, std::strerror(errno));
  Bytes bytes, part(1 << 16);
  while (const std::size_t n = std::fread(part.data(), 1, part.size(), file.get()))
    bytes.insert(bytes.end(), part.begin(), part.begin() + static_cast<std::ptrdiff_t>(n));
  if (std::ferror(file.get())) return fmt::format("cannot read '{}': {}", path, std::strerror(errno));
  return bytes;
}

}  // namespace

std::optional<std::string> write_png(const std::string& path, const Image& image) {
  if (image.rgba.empty()) return fmt::format("cannot write '{}': the picture is empty", path);
  Bytes bytes;
  if (!stbi_write_png_to_func(append, &bytes, image.width, image.height, kChannels, channels_of(image).data(),
                              image.width * kChannels))
    return fmt::format("cannot write '{}': out of memory", path);
  if (!replace_file(path, bytes)) return fmt::format("cannot write '{}': {}", path, std::strerror(errno));
  return std::nullopt;
}

std::variant<Image, std::string> read_png(const std::string& path) {
  auto file = read_file(path);
  if (auto* error = std::get_if<std::string>(&file)) return std::move(*error);
  const Bytes& bytes = std::get<Bytes>(file);
  int width = 0, height = 0, channels = 0;
  const std::unique_ptr<stbi_uc, void (*)(void*)> pixels(
      stbi_load_from_memory(bytes.data(), static_cast<int>(bytes.size()), &width, &height, &channels, kChannels),
      stbi_image_free);
  if (!pixels) return fmt::format("cannot read '{}': {}", path, stbi_failure_reason());
  return image_of(pixels.get(), width, height);
}

}  // namespace twice::ui
