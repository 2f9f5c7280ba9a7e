#include "physics/byte_disk.h"

#include <algorithm>
#include <cstring>

#include "core/assert.h"
#include "core/random.h"
#include "core/visit.h"

namespace twice::physics {
namespace {

constexpr std::size_t kPage = DiskPage::kBytes;

std::uint32_t page_at(std::uint64_t offset) { return static_cast<std::uint32_t>(offset / kPage); }
std::uint32_t pages_in(std::uint64_t size) { return static_cast<std::uint32_t>((size + kPage - 1) / kPage); }

Duration cost_of(const DiskOptions& options, DiskOp op) {
  switch (op) {
    case DiskOp::kWrite:
      return options.write;
    case DiskOp::kTruncate:
      return options.truncate;
    case DiskOp::kSync:
      return options.sync;
    case DiskOp::kCreate:
      return options.create;
    case DiskOp::kRemove:
      return options.remove;
    case DiskOp::kRename:
      return options.rename;
    case DiskOp::kSyncDirectory:
      return options.sync_directory;
  }
  return {};
}

}  // namespace

ByteDisk::File* ByteDisk::find_file(FileId id) {
  for (File& file : files_) {
    if (file.id == id) return &file;
  }
  return nullptr;
}

const ByteDisk::File* ByteDisk::find_file(FileId id) const { return const_cast<ByteDisk*>(this)->find_file(id); }

ByteDisk::File& ByteDisk::at(FileId id) {
  File* file = find_file(id);
  TWICE_ASSERT(file != nullptr, "no such file on the disk");
  return *file;
}

std::optional<FileId> ByteDisk::find(std::string_view name) const {
  for (const File& file : files_) {
    if (file.name == name && !name.empty()) return file.id;
  }
  return std::nullopt;
}

ByteDisk::PagePair& ByteDisk::page_of(File& file, std::uint32_t page) {
  if (file.pages.size() <= page) file.pages.resize(page + 1);
  return file.pages[page];
}

void ByteDisk::list_unsynced(File& file, std::uint32_t page) {
  PagePair& pair = page_of(file, page);
  if (pair.listed) return;
  pair.listed = true;
  file.unsynced.push_back(page);
}

// --- counting and failing

std::uint64_t ByteDisk::used_bytes() const {
  std::uint64_t used = 0;
  for (const File& file : files_) used += file.name.empty() ? 0 : file.size;
  return used;
}

DiskResult ByteDisk::injected(std::uint64_t new_bytes) {
  if (fault_->kind == DiskFault::Kind::kIoError) {
    if (fault_->once) fault_.reset();
    return DiskResult::kIoError;
  }
  // Full means that no more than now fits; what is removed can be used again.
  if (!full_at_) full_at_ = used_bytes();
  if (new_bytes == 0 || used_bytes() + new_bytes <= *full_at_) return DiskResult::kOk;
  if (fault_->once) fault_.reset();
  return DiskResult::kFull;
}

DiskResult ByteDisk::begin(DiskOp op, std::uint64_t new_bytes) {
  ++io_count_;
  cost_ += cost_of(options_, op);
  marked_.push_back({undo_.size(), saved_.size(), cost_});
  if (fault_ && io_count_ >= fault_->at) {
    if (const DiskResult result = injected(new_bytes); result != DiskResult::kOk) return result;
  }
  const bool is_full =
      options_.capacity_bytes != 0 && new_bytes != 0 && used_bytes() + new_bytes > options_.capacity_bytes;
  return is_full ? DiskResult::kFull : DiskResult::kOk;
}

void ByteDisk::mark() {
  marked_.clear();
  undo_.clear();
  saved_.clear();
  marked_cost_ = cost_;
  forget_removed_files();
}

void ByteDisk::forget_removed_files() {
  std::erase_if(files_, [](const File& file) { return file.name.empty() && file.durable_name.empty(); });
}

void ByteDisk::drop(HolderId holder) {
  for (File& file : files_) {
    file.locks.release(holder, LockLevel::kNone);
    file.shared.detach(holder);
  }
}

// --- names

DiskResult ByteDisk::create(std::string_view name, FileId& made) {
  TWICE_ASSERT(!name.empty() && !find(name), "a file of this name exists");
  if (const DiskResult result = begin(DiskOp::kCreate, 0); result != DiskResult::kOk) return result;
  made = {++last_id_};
  File& file = files_.emplace_back();
  file.id = made;
  file.name = name;
  undo_.emplace_back(NewFile{made});
  return DiskResult::kOk;
}

DiskResult ByteDisk::remove(std::string_view name) {
  const auto id = find(name);
  if (!id) return DiskResult::kNoSuchFile;
  if (const DiskResult result = begin(DiskOp::kRemove, 0); result != DiskResult::kOk) return result;
  undo_.emplace_back(OldName{*id, std::exchange(at(*id).name, {})});
  return DiskResult::kOk;
}

DiskResult ByteDisk::rename(std::string_view from, std::string_view to) {
  const auto id = find(from);
  if (!id) return DiskResult::kNoSuchFile;
  if (const DiskResult result = begin(DiskOp::kRename, 0); result != DiskResult::kOk) return result;
  if (const auto replaced = find(to); replaced && *replaced != *id) {
    undo_.emplace_back(OldName{*replaced, std::exchange(at(*replaced).name, {})});
  }
  undo_.emplace_back(OldName{*id, std::exchange(at(*id).name, std::string(to))});
  return DiskResult::kOk;
}

DiskResult ByteDisk::sync_directory() {
  if (const DiskResult result = begin(DiskOp::kSyncDirectory, 0); result != DiskResult::kOk) return result;
  for (File& file : files_) {
    if (file.durable_name == file.name) continue;
    undo_.emplace_back(OldDurableName{file.id, std::exchange(file.durable_name, file.name)});
  }
  return DiskResult::kOk;
}

// --- bytes

std::uint64_t ByteDisk::size(FileId id) const {
  const File* file = find_file(id);
  return file == nullptr ? 0 : file->size;
}

std::size_t ByteDisk::read(FileId id, std::uint64_t offset, std::byte* to, std::size_t count) const {
  const File* file = find_file(id);
  const std::uint64_t end = file == nullptr ? 0 : file->size;
  const std::size_t there = offset >= end ? 0 : static_cast<std::size_t>(std::min<std::uint64_t>(count, end - offset));
  for (std::size_t done = 0; done < there;) {
    const std::size_t within = (offset + done) % kPage;
    const std::size_t part = std::min(kPage - within, there - done);
    const std::byte* bytes = file->pages[page_at(offset + done)].written.bytes();
    if (bytes != nullptr)
      std::memcpy(to + done, bytes + within, part);
    else
      std::memset(to + done, 0, part);
    done += part;
  }
  if (there < count) std::memset(to + there, 0, count - there);
  return there;
}

DiskResult ByteDisk::write(FileId id, std::uint64_t offset, const std::byte* from, std::size_t count) {
  File* file = find_file(id);
  if (file == nullptr) return DiskResult::kNoSuchFile;
  const std::uint64_t end = offset + count;
  const std::uint64_t grows = end > file->size ? end - file->size : 0;
  if (const DiskResult result = begin(DiskOp::kWrite, grows); result != DiskResult::kOk) return result;
  for (std::size_t done = 0; done < count;) {
    const std::size_t within = (offset + done) % kPage;
    const std::size_t part = std::min(kPage - within, count - done);
    write_page(*file, page_at(offset + done), within, from + done, part);
    done += part;
  }
  if (grows != 0) {
    undo_.emplace_back(OldSize{id, file->size});
    file->size = end;
    page_of(*file, pages_in(end) - 1);
  }
  return DiskResult::kOk;
}

void ByteDisk::write_page(File& file, std::uint32_t page, std::size_t within, const std::byte* from,
                          std::size_t count) {
  PagePair& pair = page_of(file, page);
  list_unsynced(file, page);
  if (count == kPage) {
    undo_.emplace_back(OldPage{file.id, page, std::exchange(pair.written, DiskPage::holding(from))});
    return;
  }
  save_bytes(file, page * std::uint64_t{kPage} + within, count);
  std::memcpy(pair.written.own() + within, from, count);
}

/// Bytes beyond the end of the file are zeros and need no room.
void ByteDisk::save_bytes(File& file, std::uint64_t offset, std::size_t count) {
  const std::size_t saved_at = saved_.size();
  if (offset < file.size) {
    saved_.resize(saved_at + count);
    const DiskPage& page = file.pages[page_at(offset)].written;
    if (page) std::memcpy(saved_.data() + saved_at, page.bytes() + offset % kPage, count);
  }
  undo_.emplace_back(OldBytes{file.id, offset, static_cast<std::uint32_t>(count), saved_at});
}

DiskResult ByteDisk::truncate(FileId id, std::uint64_t size) {
  File* file = find_file(id);
  if (file == nullptr) return DiskResult::kNoSuchFile;
  const std::uint64_t grows = size > file->size ? size - file->size : 0;
  if (const DiskResult result = begin(DiskOp::kTruncate, grows); result != DiskResult::kOk) return result;
  for (std::uint32_t page = page_at(size); page < pages_in(file->size); ++page) {
    DiskPage& written = file->pages[page].written;
    undo_.emplace_back(OldPage{id, page, written});
    list_unsynced(*file, page);
    const bool keeps_part = page < pages_in(size);
    if (!keeps_part)
      written = {};
    else if (written)
      std::memset(written.own() + size % kPage, 0, kPage - size % kPage);
  }
  undo_.emplace_back(OldSize{id, std::exchange(file->size, size)});
  if (size > 0) page_of(*file, pages_in(size) - 1);
  return DiskResult::kOk;
}

DiskResult ByteDisk::sync(FileId id) {
  File* file = find_file(id);
  if (file == nullptr) return DiskResult::kNoSuchFile;
  if (const DiskResult result = begin(DiskOp::kSync, 0); result != DiskResult::kOk) return result;
  for (const std::uint32_t page : file->unsynced) {
    PagePair& pair = file->pages[page];
    pair.listed = false;
    if (pair.durable.same(pair.written)) continue;
    undo_.emplace_back(OldDurablePage{id, page, std::exchange(pair.durable, pair.written)});
  }
  file->unsynced.clear();
  if (file->durable_size != file->size) {
    undo_.emplace_back(OldDurableSize{id, std::exchange(file->durable_size, file->size)});
  }
  return DiskResult::kOk;
}

void ByteDisk::settle() {
  for (File& file : files_) {
    file.durable_name = file.name;
    file.durable_size = file.size;
    for (PagePair& pair : file.pages) pair.durable = pair.written, pair.listed = false;
    file.unsynced.clear();
  }
  mark();
}

std::uint64_t ByteDisk::digest() const { return digest_of_files({}); }
std::uint64_t ByteDisk::digest_of(std::string_view name) const { return digest_of_files(name); }

std::uint64_t ByteDisk::digest_of_files(std::string_view only) const {
  std::vector<const File*> named;
  for (const File& file : files_) {
    if (!file.name.empty()) named.push_back(&file);
  }
  std::sort(named.begin(), named.end(), [](const File* a, const File* b) { return a->name < b->name; });
  Hasher hash;
  for (const File* file : named) {
    hash.add(file->name);
    if (!only.empty() && file->name != only) continue;
    hash.add(file->size);
    for (std::uint32_t page = 0; page < pages_in(file->size); ++page) hash.word(file->pages[page].written.digest());
  }
  return hash.value();
}

}  // namespace twice::physics
