#pragma once
#include <cstddef>

namespace twice::ui {

/// The bytes of a TrueType or OpenType file inside the program.
class FontFile {
 public:
  FontFile(const unsigned char* begin, const unsigned char* end)
      : begin_(begin), size_(static_cast<std::size_t>(end - begin)) {}

  const unsigned char* data() const { return begin_; }
  int size() const { return static_cast<int>(size_); }

  /// In ems: the baseline below the top of the line, the height of the line, the mean advance of a letter.
  float ascent() const { return em_of("hhea", 4); }
  float line_height() const { return em_of("hhea", 4) - em_of("hhea", 6); }
  float mean_advance() const { return em_of("OS/2", 2); }

 private:
  float em_of(const char* table, std::size_t offset) const;
  int signed_at(const char* table, std::size_t offset) const;

  const unsigned char* begin_;
  std::size_t size_;
};

FontFile text_face();
FontFile bold_face();
FontFile mono_face();
/// Has the signs that the others lack.
FontFile sign_face();

}  // namespace twice::ui
