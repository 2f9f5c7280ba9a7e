#pragma once
// A file of the tree as the rules see it.
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace twice::tidy {

struct Source {
  std::string path;                // from the top of the tree, with '/'
  std::vector<std::string> lines;  // as written, without line ends
  std::vector<std::string> code;   // the same lines with comments and the contents of string literals blanked
};

struct Finding {
  std::string path;
  std::size_t line = 0;  // from 1; 0 = the whole file
  std::string message;
};

/// Splits a file into lines and blanks what is not code. Only .h and .cpp are understood as code.
Source make_source(std::string path, std::string_view text);

/// Every text file under `root` that belongs to the project, ordered by path: build trees and .git are left out.
std::vector<Source> read_tree(const std::filesystem::path& root);

bool is_cpp(const Source& source);
bool is_header(const Source& source);
/// True when `path` lies in `folder` ("sim/lab").
bool lies_in(std::string_view path, std::string_view folder);

/// An include line: what stands between the quotes or angle brackets.
struct Include {
  std::size_t line;
  std::string name;
  bool quoted;
};
std::vector<Include> includes_of(const Source& source);

}  // namespace twice::tidy
