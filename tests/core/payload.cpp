#include "core/payload.h"

#include <vector>

#include "core/json.h"
#include "support/catch.h"

namespace twice {
namespace {

struct Ping {
  static constexpr std::string_view kName = "Ping";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("round", self.round);
  }
  std::uint64_t round = 0;
};
struct Pong {
  static constexpr std::string_view kName = "Pong";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("round", self.round);
  }
  std::uint64_t round = 0;
};
struct Words {
  static constexpr std::string_view kName = "Words";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("words", self.words), v("watched", self.watched);
  }
  std::vector<std::string> words;
  Block<std::uint64_t> watched;
};
using Message = std::variant<Ping, Pong>;

}  // namespace

TEST_CASE("A payload gives back what was put in, and nothing as another type") {
  const Payload small(Ping{7});
  REQUIRE(small.get<Ping>());
  CHECK(small.get<Ping>()->round == 7);
  CHECK(small.get<Pong>() == nullptr);
  CHECK(small.holds<Ping>());
  const Payload large(Words{{"a", "b"}, {}});
  REQUIRE(large.get<Words>());
  CHECK(large.get<Words>()->words.size() == 2);
  CHECK(large.get<Ping>() == nullptr);
  CHECK(Payload{}.empty());
  CHECK(Payload{}.get<Ping>() == nullptr);
}

TEST_CASE("A payload is named after its content, for a variant after the current alternative") {
  CHECK(Payload(Ping{}).name() == "Ping");
  CHECK(Payload(Words{}).name() == "Words");
  CHECK(Payload(Message{Pong{1}}).name() == "Pong");
  CHECK(Payload{}.name().empty());
}

TEST_CASE("Copies of a payload share its block, moves leave nothing behind") {
  const Block<std::uint64_t> watched(5);
  {
    Payload first(Words{{"x"}, watched});
    CHECK(watched.owners() == 2);
    Payload copy = first;
    CHECK(copy.get<Words>() == first.get<Words>());
    Payload moved = std::move(first);
    CHECK(first.empty());
    CHECK(moved.get<Words>() == copy.get<Words>());
    copy = Payload(Ping{1});
    CHECK(copy.get<Ping>()->round == 1);
    moved = copy;
    CHECK(moved.get<Ping>()->round == 1);
    CHECK(watched.owners() == 1);
    Payload& same = moved;
    moved = same;
    CHECK(moved.get<Ping>()->round == 1);
  }
  CHECK(watched.owners() == 1);
}

TEST_CASE("A payload hashes its name and its content, wherever it lies") {
  CHECK(Payload(Ping{1}).digest() == Payload(Ping{1}).digest());
  CHECK(Payload(Ping{1}).digest() != Payload(Ping{2}).digest());
  CHECK(Payload(Ping{1}).digest() != Payload(Pong{1}).digest());
  CHECK(Payload(Message{Ping{1}}).digest() != Payload(Message{Pong{1}}).digest());
  CHECK(Payload(Words{{"a", "b"}, {}}).digest() == Payload(Words{{"a", "b"}, {}}).digest());
  CHECK(Payload(Words{{"ab", ""}, {}}).digest() != Payload(Words{{"a", "b"}, {}}).digest());
  const Payload original(Words{{"a"}, {}});
  const Payload copy = original;
  CHECK(copy.digest() == original.digest());
  CHECK(Payload{}.digest() == 0);
}

TEST_CASE("A payload describes its content by its visit") {
  CHECK(to_json(Payload(Ping{3})) == R"({"$type":"Ping","round":3})");
  CHECK(to_json(Payload(Words{{"a"}, Block<std::uint64_t>(4)})) == R"({"$type":"Words","words":["a"],"watched":4})");
  CHECK(to_json(Payload{}) == "null");
}

}  // namespace twice
