#pragma once
// A disk of named files, as SQLite uses one: what was written, what of it is durable, and what a crash leaves.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/time.h"
#include "physics/disk_locks.h"
#include "physics/disk_page.h"

namespace twice::physics {

/// What a crash does to the bytes that were written and not synced, or to all.
enum class Lose : std::uint8_t {
  kNothing,     // the process was killed: the operating system still has every write
  kUnsynced,    // power lost: exactly the durable bytes remain
  kMixed,       // power lost: each unsynced sector is kept, dropped or torn by a seeded draw
  kEverything,  // the machine is gone; another with an empty disk takes its place
};

struct DiskCrash {
  Lose lose = Lose::kNothing;
  /// I/O operations beyond this absolute number never happened (within the statement that ran last).
  std::optional<std::uint64_t> cut_after{};
  /// Without `cut_after`: I/O operations of the last statement whose cost had not passed after this long never
  /// happened.
  std::optional<Duration> elapsed{};
  std::uint64_t draw = 0;  // key of the draws of kMixed
};

struct DiskFault {
  enum class Kind : std::uint8_t { kIoError, kFull };
  std::uint64_t at = 0;  // absolute number of the I/O operation that fails, from 1
  Kind kind = Kind::kIoError;
  bool once = true;  // kFull usually lasts
};

enum class DiskOp : std::uint8_t { kWrite, kTruncate, kSync, kCreate, kRemove, kRename, kSyncDirectory };

enum class DiskResult : std::uint8_t { kOk, kNoSuchFile, kIoError, kFull };

struct DiskOptions {
  std::uint32_t sector_bytes = 512;                         // what a power loss may tear; a power of two, 512..4096
  std::uint64_t capacity_bytes = std::uint64_t{512} << 20;  // of all files; 0 = without end
  Duration write = microseconds(20);                        // into the operating system's cache
  Duration truncate = microseconds(20);
  Duration sync = milliseconds(2);  // of a file
  Duration create = microseconds(50);
  Duration remove = microseconds(50);
  Duration rename = microseconds(50);
  Duration sync_directory = milliseconds(2);
};

/// Names a file for as long as it exists; never used again.
struct FileId {
  std::uint32_t number = 0;
  auto operator<=>(const FileId&) const = default;
};

/// A value: a copy is a fork, shares all pages and costs no more than the list of them.
///
/// A file's bytes and length are durable after sync(); a name made, removed or changed is durable after
/// sync_directory(). Every changing call is one I/O operation: it is counted, costs time, can be made to fail (then it
/// changes nothing) and, within the last statement, can be taken back by crash(). Reads are free.
class ByteDisk {
 public:
  explicit ByteDisk(DiskOptions options = {}) : options_(options) {}

  std::optional<FileId> find(std::string_view name) const;
  /// REQUIRES that no file has this name.
  DiskResult create(std::string_view name, FileId& made);
  DiskResult remove(std::string_view name);
  /// Replaces a file that has the name `to`.
  DiskResult rename(std::string_view from, std::string_view to);
  DiskResult sync_directory();

  /// 0 for a file that does not exist.
  std::uint64_t size(FileId id) const;
  /// Number of bytes that the file had there; the rest of `to` becomes zeros.
  std::size_t read(FileId id, std::uint64_t offset, std::byte* to, std::size_t count) const;
  DiskResult write(FileId id, std::uint64_t offset, const std::byte* from, std::size_t count);
  DiskResult truncate(FileId id, std::uint64_t size);
  DiskResult sync(FileId id);

  /// The start of a statement: crash() can take back the operations after it, and none before.
  void mark();
  /// Everything that processes hold is gone; with kNothing unsynced bytes stay unsynced, so that a later power loss
  /// may still lose them.
  void crash(const DiskCrash& how);
  /// One process dies: its locks go, its writes stay.
  void drop(HolderId holder);
  void arm(const DiskFault& fault) { fault_ = fault, full_at_.reset(); }
  /// All written bytes and names are durable from here on; no operation, no cost. For setting up.
  void settle();

  std::uint64_t io_count() const { return io_count_; }
  void count_from(std::uint64_t io_count) { mark(), io_count_ = io_count; }
  /// Sum of the costs of all operations since the beginning, those that a crash took back included.
  Duration cost() const { return cost_; }
  const DiskOptions& options() const { return options_; }
  /// Names and written bytes of all files.
  std::uint64_t digest() const;
  /// Written bytes of one file, with the names of all.
  std::uint64_t digest_of(std::string_view name) const;

  /// REQUIRES that the file exists.
  FileLocks& locks(FileId id) { return at(id).locks; }
  SharedMemory& shared_memory(FileId id) { return at(id).shared; }

 private:
  struct PagePair {
    DiskPage written, durable;
    bool listed = false;  // in File::unsynced
  };
  struct File {
    FileId id;
    std::string name, durable_name;  // empty = no such entry in the directory
    std::uint64_t size = 0, durable_size = 0;
    std::vector<PagePair> pages;
    std::vector<std::uint32_t> unsynced;  // pages whose written and durable bytes may differ
    FileLocks locks;
    SharedMemory shared;
  };

  // How to take back a part of an operation.
  struct OldBytes {
    FileId file;
    std::uint64_t offset;
    std::uint32_t count;
    std::size_t saved_at;
  };
  struct OldPage {
    FileId file;
    std::uint32_t page;
    DiskPage written;
  };
  struct OldSize {
    FileId file;
    std::uint64_t size;
  };
  struct OldDurablePage {
    FileId file;
    std::uint32_t page;
    DiskPage durable;
  };
  struct OldDurableSize {
    FileId file;
    std::uint64_t size;
  };
  struct OldName {
    FileId file;
    std::string name;
  };
  struct OldDurableName {
    FileId file;
    std::string name;
  };
  struct NewFile {
    FileId file;
  };
  using Undo =
      std::variant<OldBytes, OldPage, OldSize, OldDurablePage, OldDurableSize, OldName, OldDurableName, NewFile>;
  struct MarkedOp {
    std::size_t undo_from, saved_from;
    Duration cost_after;
  };

  File* find_file(FileId id);
  const File* find_file(FileId id) const;
  File& at(FileId id);
  static PagePair& page_of(File& file, std::uint32_t page);
  static void list_unsynced(File& file, std::uint32_t page);

  std::uint64_t digest_of_files(std::string_view only) const;
  DiskResult begin(DiskOp op, std::uint64_t new_bytes);
  DiskResult injected(std::uint64_t new_bytes);
  std::uint64_t used_bytes() const;
  void write_page(File& file, std::uint32_t page, std::size_t within, const std::byte* from, std::size_t count);
  void save_bytes(File& file, std::uint64_t offset, std::size_t count);
  void forget_removed_files();

  void take_back_after(std::uint64_t io_count);
  std::uint64_t io_count_after(Duration elapsed) const;
  void undo(const OldBytes& old);
  void undo(OldPage& old);
  void undo(const OldSize& old);
  void undo(OldDurablePage& old);
  void undo(const OldDurableSize& old);
  void undo(const OldName& old);
  void undo(const OldDurableName& old);
  void undo(const NewFile& made);

  void lose_unsynced(File& file);
  void settle_mixed(File& file, std::uint64_t key);
  void settle_names(std::uint64_t key);
  static void clear_beyond_end(File& file);
  void settle_sectors(PagePair& pair, std::uint64_t key, std::uint32_t page);

  DiskOptions options_;
  std::vector<File> files_;  // ordered by id; a handful
  std::uint32_t last_id_ = 0;
  std::uint64_t io_count_ = 0;
  Duration cost_{};
  std::optional<DiskFault> fault_;
  std::optional<std::uint64_t> full_at_;  // bytes in use when an armed DiskFault::kFull began

  std::vector<MarkedOp> marked_;  // the operations since mark()
  std::vector<Undo> undo_;
  std::vector<std::byte> saved_;  // overwritten bytes that OldBytes points into
  Duration marked_cost_{};
};

}  // namespace twice::physics
