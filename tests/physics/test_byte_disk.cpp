#include <algorithm>
#include <set>

#include "core/random.h"
#include "core/visit.h"
#include "physics/disk_user.h"

using namespace twice;
using namespace twice::physics;

TEST_CASE("a read beyond the end gives zeros and says how much was there") {
  ByteDisk disk;
  const FileId file = must_create(disk, "f");
  write_text(disk, file, 0, "abc");
  std::byte bytes[5] = {std::byte{9}, std::byte{9}, std::byte{9}, std::byte{9}, std::byte{9}};
  CHECK(disk.read(file, 1, bytes, 5) == 2);
  CHECK(bytes[0] == std::byte{'b'});
  CHECK(std::all_of(bytes + 2, bytes + 5, [](std::byte one) { return one == std::byte{0}; }));
  CHECK(disk.read(file, 100, bytes, 5) == 0);
}

TEST_CASE("a write beyond the end leaves zeros between, and what was cut off never comes back") {
  ByteDisk disk;
  const FileId file = must_create(disk, "f");
  write_text(disk, file, 5000, "x");
  CHECK(read_text(disk, file) == std::string(5000, '\0') + "x");
  write_text(disk, file, 0, std::string(9000, 'y'));
  disk.truncate(file, 3);
  disk.truncate(file, 6);
  CHECK(read_text(disk, file) == std::string("yyy\0\0\0", 6));
}

TEST_CASE("a killed process loses no write; a power loss leaves exactly what was synced") {
  ByteDisk disk;
  const FileId file = durable_file(disk, "f", "old");
  write_text(disk, file, 0, "new");
  write_text(disk, file, 4090, "tail over two pages");
  ByteDisk killed = disk;
  killed.crash({});
  CHECK(read_text(killed, file).substr(0, 3) == "new");
  ByteDisk dark = disk;
  dark.crash({.lose = Lose::kUnsynced});
  CHECK(contents(dark, "f") == "old");
  killed.crash({.lose = Lose::kUnsynced});
  CHECK(contents(killed, "f") == "old");
}

TEST_CASE("a new file needs its own sync for bytes and the directory's for its name") {
  ByteDisk disk;
  const FileId file = must_create(disk, "f");
  write_text(disk, file, 0, "data");
  disk.sync(file);
  ByteDisk nameless = disk;
  nameless.crash({.lose = Lose::kUnsynced});
  CHECK(contents(nameless, "f") == "(none)");
  disk.sync_directory();
  disk.crash({.lose = Lose::kUnsynced});
  CHECK(contents(disk, "f") == "data");
}

TEST_CASE("a removed file is back after a power loss until the directory is synced") {
  ByteDisk disk;
  durable_file(disk, "journal", "undo");
  disk.remove("journal");
  CHECK(contents(disk, "journal") == "(none)");
  ByteDisk dark = disk;
  dark.crash({.lose = Lose::kUnsynced});
  CHECK(contents(dark, "journal") == "undo");
  disk.sync_directory();
  disk.crash({.lose = Lose::kUnsynced});
  CHECK(contents(disk, "journal") == "(none)");
}

TEST_CASE("a rename replaces its target, durably with the directory") {
  ByteDisk disk;
  durable_file(disk, "new", "fresh");
  durable_file(disk, "current", "stale");
  CHECK(disk.rename("new", "current") == DiskResult::kOk);
  CHECK(contents(disk, "current") == "fresh");
  CHECK(contents(disk, "new") == "(none)");
  ByteDisk dark = disk;
  dark.crash({.lose = Lose::kUnsynced});
  CHECK(contents(dark, "current") == "stale");
  CHECK(contents(dark, "new") == "fresh");
  disk.sync_directory();
  disk.crash({.lose = Lose::kUnsynced});
  CHECK(contents(disk, "current") == "fresh");
}

TEST_CASE("a truncation is lost with the power until it is synced") {
  ByteDisk disk;
  const FileId file = durable_file(disk, "f", std::string(6000, 'a'));
  disk.truncate(file, 0);
  ByteDisk dark = disk;
  dark.crash({.lose = Lose::kUnsynced});
  CHECK(contents(dark, "f") == std::string(6000, 'a'));
  disk.sync(file);
  disk.crash({.lose = Lose::kUnsynced});
  CHECK(contents(disk, "f").empty());
}

TEST_CASE("changes are counted and cost time; reads are free") {
  DiskOptions options;
  options.write = microseconds(3), options.sync = microseconds(100), options.create = microseconds(7);
  options.sync_directory = microseconds(1000), options.remove = microseconds(5);
  ByteDisk disk(options);
  const FileId file = durable_file(disk, "f", "abc");
  read_text(disk, file);
  disk.remove("f");
  CHECK(disk.io_count() == 5);
  CHECK(disk.cost() == microseconds(7 + 3 + 100 + 1000 + 5));
}

TEST_CASE("a copy is independent of its original and shares its digest until one changes") {
  ByteDisk disk;
  const FileId file = durable_file(disk, "f", "abc");
  ByteDisk copy = disk;
  CHECK(copy.digest() == disk.digest());
  write_text(copy, file, 0, "X");
  CHECK(contents(disk, "f") == "abc");
  CHECK(contents(copy, "f") == "Xbc");
  CHECK(copy.digest() != disk.digest());
  write_text(copy, file, 0, "a");
  CHECK(copy.digest() == disk.digest());
}

TEST_CASE("an armed I/O error fails that operation once and changes nothing") {
  ByteDisk disk;
  const FileId file = durable_file(disk, "f", "abc");  // operations 1..4
  disk.arm({.at = 6});
  CHECK(write_text(disk, file, 0, "1") == DiskResult::kOk);
  CHECK(write_text(disk, file, 1, "2") == DiskResult::kIoError);
  CHECK(write_text(disk, file, 2, "3") == DiskResult::kOk);
  CHECK(contents(disk, "f") == "1b3");
}

TEST_CASE("on a full disk nothing can grow, what is there can be overwritten, what is removed makes room") {
  ByteDisk disk;
  const FileId file = durable_file(disk, "f", "abc");
  durable_file(disk, "g", "12345");
  disk.arm({.at = disk.io_count() + 1, .kind = DiskFault::Kind::kFull, .once = false});
  CHECK(write_text(disk, file, 1, "XYZ") == DiskResult::kFull);
  CHECK(write_text(disk, file, 0, "XYZ") == DiskResult::kOk);
  CHECK(contents(disk, "f") == "XYZ");
  CHECK(disk.remove("g") == DiskResult::kOk);
  CHECK(write_text(disk, file, 3, "12345") == DiskResult::kOk);
  CHECK(write_text(disk, file, 8, "6") == DiskResult::kFull);
}

TEST_CASE("a disk is full at its capacity") {
  DiskOptions options;
  options.capacity_bytes = 10;
  ByteDisk disk(options);
  const FileId file = must_create(disk, "f");
  CHECK(write_text(disk, file, 0, "0123456789") == DiskResult::kOk);
  CHECK(write_text(disk, file, 10, "x") == DiskResult::kFull);
}

namespace {

/// One operation on files a, b and c, drawn; what it does not find it leaves.
void random_operation(ByteDisk& disk, std::uint64_t key) {
  const char* names[] = {"a", "b", "c"};
  const std::string_view name = names[mix(key, 1) % 3];
  const auto file = disk.find(name);
  if (!file) {
    must_create(disk, name);
    return;
  }
  const std::string text(1 + mix(key, 2) % 9000, static_cast<char>('a' + mix(key, 3) % 26));
  switch (mix(key, 4) % 8) {
    case 0:
      disk.remove(name);
      break;
    case 1:
      disk.sync_directory();
      break;
    case 2:
      disk.rename(name, names[mix(key, 5) % 3]);
      break;
    case 3:
      disk.sync(*file);
      break;
    case 4:
      disk.truncate(*file, mix(key, 6) % 12000);
      break;
    default:
      write_text(disk, *file, mix(key, 7) % 12000, text);
      break;
  }
}

/// Names, lengths and bytes, short enough to print.
std::string everything(const ByteDisk& disk) {
  std::string text;
  for (const char* name : {"a", "b", "c"}) {
    const std::string bytes = contents(disk, name);
    text +=
        name + std::string(" ") + std::to_string(bytes.size()) + " bytes " + std::to_string(hash_text(bytes)) + "; ";
  }
  return text;
}

}  // namespace

TEST_CASE("a cut after any operation leaves the disk of a run that stopped there, for written and durable bytes") {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    ByteDisk disk;
    for (std::uint64_t i = 0; i < 20; ++i) random_operation(disk, mix(seed, i));
    disk.mark();
    const std::uint64_t start = disk.io_count();
    std::vector<ByteDisk> stopped = {disk};
    while (stopped.size() < 25) {
      random_operation(disk, mix(seed, 100 + stopped.size()));
      if (disk.io_count() == start + stopped.size()) stopped.push_back(disk);
    }
    for (std::size_t k = 0; k < stopped.size(); ++k) {
      for (const Lose lose : {Lose::kNothing, Lose::kUnsynced, Lose::kMixed}) {
        ByteDisk cut = disk, reference = stopped[k];
        cut.crash({.lose = lose, .cut_after = start + k, .draw = seed});
        reference.crash({.lose = lose, .draw = seed});
        INFO("seed " << seed << ", cut after " << k << ", lose " << static_cast<int>(lose));
        REQUIRE(everything(cut) == everything(reference));
        REQUIRE(cut.digest() == reference.digest());
        REQUIRE(cut.io_count() == start + k);
        cut.crash({.lose = Lose::kUnsynced});
        reference.crash({.lose = Lose::kUnsynced});
        REQUIRE(everything(cut) == everything(reference));
      }
    }
  }
}

TEST_CASE("a crash after some time takes back the operations whose cost had not passed") {
  DiskOptions options;
  options.write = microseconds(10);
  ByteDisk disk(options);
  const FileId file = durable_file(disk, "f", "000");
  disk.mark();
  write_text(disk, file, 0, "1");
  write_text(disk, file, 1, "2");
  write_text(disk, file, 2, "3");
  const auto after = [&](std::int64_t us) {
    ByteDisk copy = disk;
    copy.crash({.elapsed = microseconds(us)});
    return contents(copy, "f");
  };
  CHECK(after(0) == "000");
  CHECK(after(10) == "100");
  CHECK(after(29) == "120");
  CHECK(after(30) == "123");
}

TEST_CASE("a mixed power loss keeps, drops and tears unsynced sectors and touches no synced one") {
  DiskOptions options;
  options.sector_bytes = 512;
  ByteDisk disk(options);
  const FileId file = durable_file(disk, "f", std::string(8192, 'o'));
  write_text(disk, file, 1024, std::string(2048, 'n'));
  std::set<std::string> sectors;
  for (std::uint64_t draw = 0; draw < 50; ++draw) {
    ByteDisk dark = disk;
    dark.crash({.lose = Lose::kMixed, .draw = draw});
    const std::string after = contents(dark, "f");
    REQUIRE(after.size() == 8192);
    REQUIRE(after.substr(0, 1024) == std::string(1024, 'o'));
    REQUIRE(after.substr(3072) == std::string(5120, 'o'));
    for (std::size_t at = 1024; at < 3072; at += 512) sectors.insert(after.substr(at, 512));
  }
  CHECK(sectors.count(std::string(512, 'n')) == 1);
  CHECK(sectors.count(std::string(512, 'o')) == 1);
  CHECK(sectors.size() > 20);  // the torn ones, new first and old after
  for (const std::string& sector : sectors) CHECK(std::is_sorted(sector.begin(), sector.end()));
}

TEST_CASE("a mixed power loss is a function of its draw") {
  ByteDisk disk;
  const FileId file = durable_file(disk, "f", std::string(8192, 'o'));
  write_text(disk, file, 0, std::string(8192, 'n'));
  std::set<std::uint64_t> seen;
  for (std::uint64_t draw = 0; draw < 20; ++draw) {
    ByteDisk one = disk, other = disk;
    one.crash({.lose = Lose::kMixed, .draw = draw});
    other.crash({.lose = Lose::kMixed, .draw = draw});
    CHECK(one.digest() == other.digest());
    seen.insert(one.digest());
  }
  CHECK(seen.size() > 15);
}

TEST_CASE("a truncation that a mixed power loss undoes gives the old bytes back") {
  ByteDisk disk;
  const FileId file = durable_file(disk, "f", std::string(9000, 'o'));
  disk.truncate(file, 0);
  std::set<std::string> outcomes;
  for (std::uint64_t draw = 0; draw < 20; ++draw) {
    ByteDisk dark = disk;
    dark.crash({.lose = Lose::kMixed, .draw = draw});
    outcomes.insert(contents(dark, "f"));
  }
  CHECK(outcomes == std::set<std::string>{"", std::string(9000, 'o')});
}
