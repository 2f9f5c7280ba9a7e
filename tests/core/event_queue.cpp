#include "core/event_queue.h"

#include <algorithm>
#include <vector>

#include "core/random.h"
#include "support/catch.h"

namespace twice {
namespace {

struct Small {
  static constexpr std::string_view kName = "Small";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("index", self.index);
  }
  std::int64_t index = 0;
};

struct Shared {
  static constexpr std::string_view kName = "Shared";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("watched", self.watched), v("index", self.index);
  }
  Block<int> watched;
  std::int64_t index = 0;
  std::array<std::uint64_t, 8> rest{};  // too large to lie inside a payload
};

Event event_at(std::int64_t ns, std::uint64_t id) {
  Event event;
  event.at = Time{ns};
  event.id = id;
  return event;
}

// The plainest queue there is: a list kept sorted by (time, insertion).
class SortedList {
 public:
  void push(std::int64_t at, std::uint64_t id) {
    const auto place =
        std::upper_bound(list_.begin(), list_.end(), at, [](std::int64_t t, const Item& item) { return t < item.at; });
    list_.insert(place, Item{at, id});
  }
  std::uint64_t pop() {
    const std::uint64_t id = list_.front().id;
    list_.erase(list_.begin());
    return id;
  }
  bool empty() const { return list_.empty(); }
  std::size_t size() const { return list_.size(); }
  std::int64_t next() const { return list_.front().at; }

 private:
  struct Item {
    std::int64_t at;
    std::uint64_t id;
  };
  std::vector<Item> list_;
};

// A queue and its reference under one random workload.
struct Pair {
  EventQueue queue;
  SortedList reference;
  std::int64_t now = 0;
  std::uint64_t pushed = 0;
  std::uint64_t draws = 0;
  std::uint64_t seed = 0;

  std::uint64_t below(std::uint64_t n) { return draw(seed, Purpose::kNode, ++draws).below(n); }
  void push(std::int64_t delay) {
    queue.push(event_at(now + delay, ++pushed));
    reference.push(now + delay, pushed);
  }
  bool pop() {
    if (queue.next_time().ns != reference.next()) return false;
    now = reference.next();
    const Event event = queue.pop();
    return event.at.ns == now && event.id == reference.pop() && queue.size() == reference.size();
  }
  bool drain() {
    while (!reference.empty())
      if (!pop()) return false;
    return queue.empty();
  }
  // Delays of very different sizes, many of them equal.
  std::int64_t delay() {
    const std::uint64_t bits = below(40);
    return static_cast<std::int64_t>(below(3) == 0 ? below(4) : below(std::uint64_t{1} << bits));
  }
  bool churn(std::size_t operations, std::uint64_t pushes_of_10) {
    for (std::size_t i = 0; i < operations; ++i) {
      const bool push_one = reference.empty() || below(10) < pushes_of_10;
      if (push_one)
        push(delay());
      else if (!pop())
        return false;
    }
    return true;
  }
};

}  // namespace

TEST_CASE("Events leave in order of time, then of insertion") {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    Pair pair;
    pair.seed = seed;
    INFO("seed " << seed);
    REQUIRE(pair.churn(600, 7));
    REQUIRE(pair.churn(600, 5));
    REQUIRE(pair.drain());
  }
}

TEST_CASE("A queue in steady use keeps its order for long") {
  for (const std::uint64_t pending : {1u, 3u, 30u, 300u}) {
    Pair pair;
    pair.seed = pending;
    for (std::uint64_t i = 0; i < pending; ++i) pair.push(pair.delay());
    bool ordered = true;
    for (int i = 0; i < 5000 && ordered; ++i) {
      ordered = pair.pop();
      pair.push(pair.delay());
    }
    INFO(pending << " pending");
    REQUIRE(ordered);
    REQUIRE(pair.drain());
  }
}

TEST_CASE("Many events of one time leave in order of insertion") {
  Pair pair;
  for (int i = 0; i < 1000; ++i) pair.push(5);
  for (int i = 0; i < 500; ++i) REQUIRE(pair.pop());
  for (int i = 0; i < 500; ++i) pair.push(0);
  REQUIRE(pair.drain());
}

TEST_CASE("Looking at the next time changes nothing, and earlier events may still be pushed") {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    Pair pair;
    pair.seed = seed;
    bool ordered = pair.churn(100, 8);
    for (int i = 0; i < 300 && ordered; ++i) {
      if (pair.reference.empty()) pair.push(pair.delay());
      const std::int64_t next = pair.queue.next_time().ns;
      ordered = next == pair.reference.next();
      // Anything between the last popped time and the one just seen.
      pair.push(static_cast<std::int64_t>(pair.below(static_cast<std::uint64_t>(next - pair.now) + 1)));
      if (pair.below(3) == 0) ordered = ordered && pair.pop();
      if (pair.below(4) == 0) pair.push(pair.delay());
    }
    INFO("seed " << seed);
    REQUIRE(ordered);
    REQUIRE(pair.drain());
  }
}

TEST_CASE("A copy of a queue is independent and leaves in the same order") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Pair original;
    original.seed = seed;
    REQUIRE(original.churn(300, 7));
    Pair copy = original;
    copy.seed = seed + 1000;
    REQUIRE(copy.churn(200, 5));
    REQUIRE(original.churn(100, 6));
    REQUIRE(original.drain());
    REQUIRE(copy.drain());
  }
}

TEST_CASE("What an event carries survives queues, copies and the end of a queue") {
  const Block<int> watched(7);
  {
    EventQueue queue;
    for (std::int64_t i = 0; i < 200; ++i) {
      Event event = event_at(i % 50 * 1000, 0);
      event.body = i % 2 == 0 ? Payload(Shared{watched, i}) : Payload(Small{i});
      queue.push(std::move(event));
    }
    for (int i = 0; i < 30; ++i) (void)queue.pop();
    EventQueue copy = queue;
    EventQueue moved = std::move(queue);
    copy.push(event_at(60'000, 0));
    REQUIRE(copy.size() == 171);
    while (copy.size() > 100) {
      const Event left = copy.pop(), right = moved.pop();
      REQUIRE(left.body.digest() == right.body.digest());
      REQUIRE_FALSE(left.body.empty());
      const Shared* shared = left.body.get<Shared>();
      if (shared) CHECK(shared->index % 50 * 1000 == left.at.ns);
    }
    copy = moved;
    CHECK(copy.size() == moved.size());
  }
  CHECK(watched.owners() == 1);
}

TEST_CASE("for_each sees every waiting event once") {
  Pair pair;
  REQUIRE(pair.churn(500, 8));
  std::vector<std::uint64_t> seen, expected;
  pair.queue.for_each([&](const Event& event) { seen.push_back(event.id); });
  while (!pair.reference.empty()) expected.push_back(pair.reference.pop());
  std::sort(seen.begin(), seen.end());
  std::sort(expected.begin(), expected.end());
  CHECK(seen == expected);
}

TEST_CASE("The end of time can be scheduled") {
  EventQueue queue;
  queue.push(event_at(kEndOfTime.ns, 1));
  queue.push(event_at(3, 2));
  CHECK(queue.pop().id == 2);
  CHECK(queue.next_time() == kEndOfTime);
  queue.push(event_at(4, 3));
  CHECK(queue.pop().id == 3);
  CHECK(queue.pop().id == 1);
  CHECK(queue.empty());
}

TEST_CASE("An event in the past is an internal error") {
  EventQueue queue;
  queue.push(event_at(10, 1));
  (void)queue.pop();
  CHECK_THROWS_AS(queue.push(event_at(9, 2)), InternalError);
}

}  // namespace twice
