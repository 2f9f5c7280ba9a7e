// What a crash takes back and what it leaves.
#include <algorithm>
#include <cstring>
#include <utility>

#include "core/random.h"
#include "core/visit.h"
#include "physics/byte_disk.h"

namespace twice::physics {
namespace {

constexpr std::size_t kPageBytes = DiskPage::kBytes;

enum class SectorFate : std::uint64_t { kKept, kDropped, kTorn };

Draw settle_draw(std::uint64_t key, std::uint64_t what) { return draw(key, Purpose::kDiskSettle, what); }

// Numbers of things a file's fate is drawn for; sectors start above them.
constexpr std::uint64_t kNameDraw = 1, kSizeDraw = 2, kFirstSector = 16;

}  // namespace

// --- taking back the last operations

// A page that goes back is listed again: a sync in between may have found nothing to do for it.

void ByteDisk::undo(const OldBytes& old) {
  File& file = at(old.file);
  const auto page = static_cast<std::uint32_t>(old.offset / kPageBytes);
  list_unsynced(file, page);
  std::byte* bytes = file.pages[page].written.own() + old.offset % kPageBytes;
  if (old.saved_at < saved_.size())
    std::memcpy(bytes, saved_.data() + old.saved_at, old.count);
  else
    std::memset(bytes, 0, old.count);
}
void ByteDisk::undo(OldPage& old) {
  File& file = at(old.file);
  list_unsynced(file, old.page);
  file.pages[old.page].written = std::move(old.written);
}
void ByteDisk::undo(const OldSize& old) { at(old.file).size = old.size; }
void ByteDisk::undo(OldDurablePage& old) {
  File& file = at(old.file);
  list_unsynced(file, old.page);
  file.pages[old.page].durable = std::move(old.durable);
}
void ByteDisk::undo(const OldDurableSize& old) { at(old.file).durable_size = old.size; }
void ByteDisk::undo(const OldName& old) { at(old.file).name = old.name; }
void ByteDisk::undo(const OldDurableName& old) { at(old.file).durable_name = old.name; }
void ByteDisk::undo(const NewFile& made) {
  std::erase_if(files_, [&](const File& file) { return file.id == made.file; });
}

void ByteDisk::take_back_after(std::uint64_t io_count) {
  while (!marked_.empty() && io_count_ > io_count) {
    const MarkedOp op = marked_.back();
    while (undo_.size() > op.undo_from) {
      std::visit([this](auto& step) { undo(step); }, undo_.back());
      undo_.pop_back();
    }
    saved_.resize(op.saved_from);
    marked_.pop_back();
    --io_count_;
  }
}

std::uint64_t ByteDisk::io_count_after(Duration elapsed) const {
  std::uint64_t count = io_count_ - marked_.size();
  for (const MarkedOp& op : marked_) count += op.cost_after - marked_cost_ <= elapsed;
  return count;
}

// --- settling what was not synced

void ByteDisk::crash(const DiskCrash& how) {
  if (how.cut_after)
    take_back_after(*how.cut_after);
  else if (how.elapsed)
    take_back_after(io_count_after(*how.elapsed));
  for (File& file : files_) {
    file.locks = {};
    file.shared = {};
    switch (how.lose) {
      case Lose::kNothing:
        break;
      case Lose::kUnsynced:
        lose_unsynced(file);
        break;
      case Lose::kMixed:
        settle_mixed(file, mix(how.draw, hash_text(file.name), hash_text(file.durable_name)));
        break;
      case Lose::kEverything:
        break;
    }
  }
  if (how.lose == Lose::kMixed) settle_names(how.draw);
  if (how.lose == Lose::kEverything) files_.clear();
  if (how.lose == Lose::kNothing)
    mark();
  else
    settle();
}

void ByteDisk::lose_unsynced(File& file) {
  file.name = file.durable_name;
  file.size = file.durable_size;
  for (const std::uint32_t page : file.unsynced) file.pages[page].written = file.pages[page].durable;
}

/// Length and sectors share no fate: a file system orders them as it likes between two syncs. A length that is lost
/// leaves what was cut off as it was.
void ByteDisk::settle_mixed(File& file, std::uint64_t key) {
  const bool keeps_size = settle_draw(key, kSizeDraw).below(2) != 0;
  const bool undoes_truncate = !keeps_size && file.size < file.durable_size;
  for (const std::uint32_t page : file.unsynced) {
    PagePair& pair = file.pages[page];
    if (undoes_truncate && page >= file.size / kPageBytes)
      pair.written = pair.durable;
    else
      settle_sectors(pair, key, page);
  }
  if (!keeps_size) file.size = file.durable_size;
  clear_beyond_end(file);
}

/// A name that one file lost and another got goes one way for both.
void ByteDisk::settle_names(std::uint64_t key) {
  for (File& file : files_) {
    const std::string& subject = file.name.empty() ? file.durable_name : file.name;
    if (settle_draw(mix(key, hash_text(subject)), kNameDraw).below(2) == 0) file.name = file.durable_name;
  }
  for (std::size_t newer = 1; newer < files_.size(); ++newer) {
    for (std::size_t older = 0; older < newer; ++older) {
      if (files_[older].name == files_[newer].name) files_[older].name.clear();
    }
  }
}

void ByteDisk::clear_beyond_end(File& file) {
  if (file.size % kPageBytes != 0) {
    DiskPage& last = file.pages[file.size / kPageBytes].written;
    if (last) std::memset(last.own() + file.size % kPageBytes, 0, kPageBytes - file.size % kPageBytes);
  }
  for (std::size_t page = (file.size + kPageBytes - 1) / kPageBytes; page < file.pages.size(); ++page)
    file.pages[page].written = {};
}

void ByteDisk::settle_sectors(PagePair& pair, std::uint64_t key, std::uint32_t page) {
  if (pair.written.same(pair.durable)) return;
  static constexpr std::byte kZeros[kPageBytes] = {};
  const DiskPage written = pair.written;
  const std::byte* after = written ? written.bytes() : kZeros;
  const std::byte* before = pair.durable ? pair.durable.bytes() : kZeros;
  std::byte* settled = pair.written.own();
  const std::size_t sector = options_.sector_bytes;
  for (std::size_t at = 0; at < kPageBytes; at += sector) {
    const Draw fate = settle_draw(key, kFirstSector + (std::uint64_t{page} * kPageBytes + at) / sector);
    switch (static_cast<SectorFate>(fate.below(3))) {
      case SectorFate::kKept:
        std::memcpy(settled + at, after + at, sector);
        break;
      case SectorFate::kDropped:
        std::memcpy(settled + at, before + at, sector);
        break;
      case SectorFate::kTorn: {
        const std::size_t torn_at = Draw{mix(fate.bits)}.below(sector);
        std::memcpy(settled + at, after + at, torn_at);
        std::memcpy(settled + at + torn_at, before + at + torn_at, sector - torn_at);
        break;
      }
    }
  }
}

}  // namespace twice::physics
