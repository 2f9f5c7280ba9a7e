#pragma once
// The reference loops that kernel figures are divided by: PHOLD on a bare queue of plain structs, without nodes,
// effects, network, payloads or trace.
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/event_queue.h"
#include "core/random.h"

namespace twice::bench {

constexpr std::uint32_t kProcesses = 1000;      // logical processes of PHOLD
constexpr std::uint32_t kNeighbours = 16;       // a process sends to one of its next 16
constexpr Duration kMeanHop = milliseconds(1);  // mean of the exponential delay

/// Where the process goes next, from its state. `reach` = kProcesses: anywhere.
constexpr std::uint32_t next_process(std::uint32_t from, std::uint64_t state, std::uint32_t reach) {
  const auto step = static_cast<std::uint32_t>(Draw{state}.below(reach));
  return from + step < kProcesses ? from + step : from + step - kProcesses;
}

struct PlainEvent {
  std::int64_t at = 0;
  std::uint64_t sequence = 0;
  std::uint32_t process = 0;
};
static_assert(sizeof(PlainEvent) == 24);

/// Eight bytes of key, 56 of payload.
struct WideEvent {
  std::int64_t at = 0;
  std::uint64_t sequence = 0;
  std::uint32_t process = 0;
  std::array<std::uint32_t, 11> rest{};
};
static_assert(sizeof(WideEvent) == 64);

/// Implicit 4-ary heap ordered by (time, sequence).
template <class E>
class FourHeap {
 public:
  void push(const E& event) {
    std::size_t hole = heap_.size();
    heap_.push_back(event);
    for (; hole > 0 && earlier(event, heap_[(hole - 1) / 4]); hole = (hole - 1) / 4)
      heap_[hole] = heap_[(hole - 1) / 4];
    heap_[hole] = event;
  }
  E pop() {
    const E top = heap_.front();
    const E last = heap_.back();
    heap_.pop_back();
    if (!heap_.empty()) sink(last);
    return top;
  }

 private:
  static bool earlier(const E& a, const E& b) { return a.at != b.at ? a.at < b.at : a.sequence < b.sequence; }
  void sink(const E& event) {
    std::size_t hole = 0;
    for (;;) {
      const std::size_t first = 4 * hole + 1;
      if (first >= heap_.size()) break;
      const std::size_t end = first + 4 < heap_.size() ? first + 4 : heap_.size();
      std::size_t least = first;
      for (std::size_t child = first + 1; child < end; ++child)
        if (earlier(heap_[child], heap_[least])) least = child;
      if (!earlier(heap_[least], event)) break;
      heap_[hole] = heap_[least];
      hole = least;
    }
    heap_[hole] = event;
  }

  std::vector<E> heap_;
};

/// Monotone radix heap: bucket b holds times that differ from the last popped one first at bit b-1.
template <class E>
class RadixHeap {
 public:
  void push(const E& event) { buckets_[bucket_of(event.at)].push_back(event); }
  E pop() {
    if (head_ == buckets_[0].size()) refill();
    return buckets_[0][head_++];
  }

 private:
  std::size_t bucket_of(std::int64_t at) const {
    return static_cast<std::size_t>(std::bit_width(static_cast<std::uint64_t>(at ^ last_)));
  }
  void refill() {
    buckets_[0].clear();
    head_ = 0;
    std::size_t b = 1;
    while (buckets_[b].empty()) ++b;
    last_ = buckets_[b].front().at;
    for (const E& event : buckets_[b]) last_ = event.at < last_ ? event.at : last_;
    for (const E& event : buckets_[b]) buckets_[bucket_of(event.at)].push_back(event);
    buckets_[b].clear();
  }

  std::array<std::vector<E>, 65> buckets_;
  std::size_t head_ = 0;
  std::int64_t last_ = 0;
};

/// The kernel's own queue in the reference loop.
class KernelQueue {
 public:
  void push(const WideEvent& plain) {
    Event event;
    event.at = Time{plain.at};
    event.id = plain.sequence;
    event.token = plain.process;
    queue_.push(std::move(event));
  }
  WideEvent pop() {
    const Event event = queue_.pop();
    return {event.at.ns, event.id, event.token, {}};
  }

 private:
  EventQueue queue_;
};

/// PHOLD: each event updates its process, folds into a hash and schedules one event at an exponential delay.
template <class Queue, class E>
class PlainPhold {
 public:
  explicit PlainPhold(std::uint64_t pending) {
    for (std::uint64_t i = 0; i < pending; ++i) schedule(0, static_cast<std::uint32_t>(i % kProcesses));
  }
  void run(std::uint64_t events) {
    for (std::uint64_t i = 0; i < events; ++i) {
      const E event = queue_.pop();
      std::uint64_t& state = states_[event.process];
      state = mix(state ^ event.sequence);
      hash_ = mix(hash_ ^ static_cast<std::uint64_t>(event.at) ^ event.sequence << 20 ^ event.process);
      schedule(event.at, next_process(event.process, state, kNeighbours));
    }
  }
  std::uint64_t hash() const { return hash_; }

 private:
  void schedule(std::int64_t now, std::uint32_t process) {
    E event;
    event.sequence = ++sequence_;
    event.at = now + exponential(kMeanHop, Draw{mix(sequence_)}).ns;
    event.process = process;
    queue_.push(event);
  }

  Queue queue_;
  std::array<std::uint64_t, kProcesses> states_{};
  std::uint64_t sequence_ = 0;
  std::uint64_t hash_ = 0;
};

}  // namespace twice::bench
