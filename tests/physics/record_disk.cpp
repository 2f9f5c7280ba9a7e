#include "physics/record_disk.h"

#include "support/catch.h"

namespace twice::physics {
namespace {

struct Term {
  static constexpr std::string_view kName = "Term";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("value", self.value);
  }
  std::uint64_t value = 0;
};

Record term(std::uint64_t key, std::uint64_t value) { return {key, Payload(Term{value})}; }

std::uint64_t durable(const RecordDisk& disk, std::uint64_t key) {
  for (const Record& record : disk.durable())
    if (record.key == key) return record.value.get<Term>()->value;
  return 0;
}

}  // namespace

TEST_CASE("A write is durable when it is settled, and so are all before it") {
  RecordDisk disk;
  disk.write(1, term(1, 10));
  disk.write(2, term(2, 20));
  disk.write(3, term(1, 30));
  CHECK(disk.durable().empty());
  CHECK_FALSE(disk.is_durable(1));
  disk.settle(2);
  CHECK(disk.is_durable(1));
  CHECK(disk.is_durable(2));
  CHECK_FALSE(disk.is_durable(3));
  CHECK(durable(disk, 1) == 10);
  CHECK(disk.pending() == 1);
  disk.settle(3);
  CHECK(durable(disk, 1) == 30);
}

TEST_CASE("Durable records are ordered by key, and an empty value erases one") {
  RecordDisk disk;
  disk.write(1, term(5, 1));
  disk.write(2, term(1, 2));
  disk.write(3, term(3, 3));
  disk.write(4, Record{3, {}});
  disk.write(5, Record{99, {}});
  disk.settle(5);
  REQUIRE(disk.durable().size() == 2);
  CHECK(disk.durable()[0].key == 1);
  CHECK(disk.durable()[1].key == 5);
}

TEST_CASE("A record that is written again after it was erased is there, and one that a crash erased is not") {
  RecordDisk disk;
  disk.write(1, term(3, 1));
  disk.write(2, Record{3, {}});
  disk.write(3, term(3, 2));
  disk.settle(3);
  CHECK(durable(disk, 3) == 2);
  disk.write(4, Record{3, {}});
  disk.crash(Lose::kNothing, 1, 1);
  CHECK(disk.durable().empty());
}

TEST_CASE("A crash without power loses exactly the writes that were not durable") {
  RecordDisk disk;
  disk.write(1, term(1, 10));
  disk.settle(1);
  disk.write(2, term(1, 20));
  disk.crash(Lose::kUnsynced, 1, 1);
  CHECK(durable(disk, 1) == 10);
  CHECK(disk.pending() == 0);
}

TEST_CASE("Killing the process loses no write") {
  RecordDisk disk;
  disk.write(1, term(1, 10));
  disk.write(2, term(2, 20));
  disk.crash(Lose::kNothing, 1, 1);
  CHECK(durable(disk, 1) == 10);
  CHECK(durable(disk, 2) == 20);
}

TEST_CASE("A mixed crash keeps some writes and drops others, the same for the same seed") {
  const auto kept = [](std::uint64_t seed) {
    RecordDisk disk;
    for (WriteToken token = 1; token <= 64; ++token) disk.write(token, term(token, 1));
    disk.crash(Lose::kMixed, seed, 99);
    std::uint64_t bits = 0;
    for (const Record& record : disk.durable()) bits |= std::uint64_t{1} << (record.key - 1);
    return bits;
  };
  CHECK(kept(1) == kept(1));
  CHECK(kept(1) != kept(2));
  CHECK(kept(1) != 0);
  CHECK(kept(1) != ~std::uint64_t{0});
}

TEST_CASE("A machine that is lost takes everything with it, and the disk in its place is new until it is written") {
  RecordDisk disk;
  disk.write(1, term(1, 10));
  disk.settle(1);
  CHECK_FALSE(disk.is_new());
  disk.crash(Lose::kEverything, 1, 1);
  CHECK(disk.durable().empty());
  CHECK(disk.is_new());
  disk.write(2, term(1, 20));
  CHECK(disk.is_new());
  disk.settle(2);
  CHECK_FALSE(disk.is_new());
}

TEST_CASE("A disk that fails keeps what it has and takes nothing more, until another takes its place") {
  RecordDisk disk;
  disk.write(1, term(1, 10));
  disk.settle(1);
  disk.write(2, term(1, 20));
  disk.fail();
  disk.settle(2);
  disk.write(3, term(1, 30));
  disk.crash(Lose::kNothing, 1, 1);
  CHECK(durable(disk, 1) == 10);
  CHECK(disk.fails());
  disk.crash(Lose::kEverything, 1, 1);
  CHECK_FALSE(disk.fails());
}

TEST_CASE("Tokens keep counting after a crash") {
  RecordDisk disk;
  disk.write(1, term(1, 10));
  disk.crash(Lose::kUnsynced, 1, 1);
  disk.write(2, term(1, 20));
  CHECK_FALSE(disk.is_durable(2));
  disk.settle(2);
  CHECK(durable(disk, 1) == 20);
}

TEST_CASE("A copy of a disk is independent") {
  RecordDisk disk;
  disk.write(1, term(1, 10));
  RecordDisk copy = disk;
  copy.settle(1);
  CHECK(durable(copy, 1) == 10);
  CHECK(disk.durable().empty());
}

}  // namespace twice::physics
