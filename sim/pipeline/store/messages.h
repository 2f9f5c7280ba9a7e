#pragma once
// What writers and the object store say to each other, and what they keep.
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/payload.h"

namespace twice::pipeline::store {

/// Which try of which load wrote something: loads of one life are counted, and so are lives.
struct Try {
  static constexpr std::string_view kName = "try";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("writer", self.writer), v("life", self.life), v("number", self.number);
  }
  std::uint32_t writer = 0;  // from 1
  std::uint64_t life = 0;
  std::uint64_t number = 0;  // of all tries of this life
  auto operator<=>(const Try&) const = default;
};

/// A data file: rows first..last of a slice, both counted from 1.
struct File {
  static constexpr std::string_view kName = "file";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("slice", self.slice), v("first", self.first), v("last", self.last), v("by", self.by);
  }
  std::uint32_t slice = 0, first = 0, last = 0;
  Try by;
};

/// What readers of a table with a pointer see: the files it names. Whoever publishes writes a whole new one.
struct Snapshot {
  static constexpr std::string_view kName = "snapshot";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("version", self.version), v("files", self.files), v("loads", self.loads);
  }
  std::uint64_t version = 0;
  std::map<std::string, std::uint32_t> files;  // path -> slice
  std::vector<std::uint32_t> loads;            // slices that were loaded, so that a load can find itself
};

struct Put {
  static constexpr std::string_view kName = "Put";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("path", self.path), v("file", self.file);
  }
  std::string path;
  File file;
};
struct PutDone {
  static constexpr std::string_view kName = "PutDone";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("path", self.path);
  }
  std::string path;
};

struct List {
  static constexpr std::string_view kName = "List";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("slice", self.slice);
  }
  std::uint32_t slice = 0;
};
struct Listed {
  static constexpr std::string_view kName = "Listed";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("slice", self.slice), v("paths", self.paths);
  }
  std::uint32_t slice = 0;
  std::vector<std::string> paths;
};

struct Delete {
  static constexpr std::string_view kName = "Delete";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("path", self.path);
  }
  std::string path;
};
struct Deleted {
  static constexpr std::string_view kName = "Deleted";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("path", self.path);
  }
  std::string path;
};

struct ReadPointer {
  static constexpr std::string_view kName = "ReadPointer";
  template <class Self, class V>
  static void visit(Self&, V&) {}
};
struct Pointer {
  static constexpr std::string_view kName = "Pointer";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("snapshot", self.snapshot);
  }
  Snapshot snapshot;
};

/// The new snapshot follows the one it was made from. `compare`: only if that one is still there.
struct Swap {
  static constexpr std::string_view kName = "Swap";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("compare", self.compare), v("from", self.from), v("snapshot", self.snapshot);
  }
  bool compare = false;
  std::uint64_t from = 0;
  Snapshot snapshot;  // its version is the store's to give
};
struct Swapped {
  static constexpr std::string_view kName = "Swapped";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("from", self.from), v("done", self.done);
  }
  std::uint64_t from = 0;
  bool done = false;
};

// --- what survives a crash
struct StoredFile {
  static constexpr std::string_view kName = "stored file";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("path", self.path), v("file", self.file);
  }
  std::string path;
  File file;
};

struct WriterRecord {
  static constexpr std::string_view kName = "writer record";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("life", self.life), v("done", self.done), v("begun", self.begun);
  }
  std::uint64_t life = 0;
  std::uint32_t done = 0, begun = 0;  // loads
};

}  // namespace twice::pipeline::store
