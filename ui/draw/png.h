#pragma once
#include <optional>
#include <string>
#include <variant>

#include "ui/draw/image.h"

namespace twice::ui {

/// Writes the file whole or not at all. Returns why it could not be written.
std::optional<std::string> write_png(const std::string& path, const Image& image);

/// The picture, or why it could not be read.
std::variant<Image, std::string> read_png(const std::string& path);

}  // namespace twice::ui
