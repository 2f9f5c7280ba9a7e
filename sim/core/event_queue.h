#pragma once
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <utility>
#include <vector>

#include "core/assert.h"
#include "core/event.h"

namespace twice {

/// An event as bytes, so that buckets shuffle it like plain data: moving an event is copying its bytes and forgetting
/// the source (see Payload). Owns nothing by itself; whoever holds it takes it exactly once, or releases it.
class PackedEvent {
 public:
  explicit PackedEvent(Event&& event) {
    std::memcpy(bytes_, static_cast<const void*>(&event), sizeof(Event));
    new (&event.body) Payload();
  }
  Time at() const {
    static_assert(offsetof(Event, at) == 0);
    Time at;
    std::memcpy(&at, bytes_, sizeof at);
    return at;
  }
  const Event& look() const { return *std::launder(reinterpret_cast<const Event*>(bytes_)); }
  Event take() const {
    Event event;
    std::memcpy(static_cast<void*>(&event), bytes_, sizeof event);
    return event;
  }
  void release() const { static_cast<void>(take()); }
  /// Makes these bytes an event of their own after they were copied from another's.
  void own() {
    Event copy = look();
    *this = PackedEvent(std::move(copy));
  }

 private:
  alignas(Event) std::byte bytes_[sizeof(Event)];
};

/// Events in the order (time, order of insertion): a monotone radix heap (Ahuja, Mehlhorn, Orlin, Tarjan 1990) whose
/// lowest bucket is sorted once it is small. Bucket b holds the events whose time differs from the base first at bit
/// b-1, so every event of a bucket comes before every event of a higher one, and all events of one time are together,
/// in order of insertion.
/// Invariant: nothing is ever pushed before the last popped time. A copy is an independent queue.
class EventQueue {
 public:
  EventQueue() = default;
  EventQueue(const EventQueue& other)
      : ready_(other.ready_),
        order_(other.order_),
        head_(other.head_),
        size_(other.size_),
        ready_last_(other.ready_last_),
        base_(other.base_),
        popped_(other.popped_),
        occupied_(other.occupied_),
        buckets_(other.buckets_) {
    for_each_packed(*this, [](PackedEvent& event) { event.own(); });
  }
  EventQueue(EventQueue&& other) noexcept : EventQueue() { swap(other); }
  EventQueue& operator=(EventQueue other) noexcept { return swap(other), *this; }
  ~EventQueue() {
    for_each_packed(*this, [](const PackedEvent& event) { event.release(); });
  }

  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }

  void push(Event&& event) {
    TWICE_ASSERT(event.at >= popped_, "an event was scheduled in the past");
    ++size_;
    if (event.at <= ready_last_)
      push_ready(PackedEvent(std::move(event)));
    else
      bucket_for(event.at).emplace_back(std::move(event));
  }

  /// Time of the earliest event. REQUIRES !empty(). Does not disturb the order.
  Time next_time() {
    if (head_ == order_.size()) refill();
    return order_[head_].at;
  }

  /// Takes the earliest event. REQUIRES !empty().
  Event pop() {
    if (head_ == order_.size()) refill();
    const Place place = order_[head_++];
    popped_ = place.at;
    --size_;
    return ready_[place.index].take();
  }

  /// Every waiting event, in no particular order.
  template <class F>
  void for_each(F&& f) const {
    for_each_packed(*this, [&](const PackedEvent& event) { f(event.look()); });
  }

 private:
  struct Place {
    Time at;
    std::uint32_t index = 0;  // of the event in ready_
  };
  // A bucket of at most this many events is sorted instead of being spread over lower buckets.
  static constexpr std::size_t kSmall = 24;
  // An insertion that would move more places than this, or leave more popped places than pending ones and this, spreads
  // the ready events over buckets again.
  static constexpr std::size_t kManyPlaces = 128;

  template <class Queue, class F>
  static void for_each_packed(Queue& queue, F&& f) {
    for (std::size_t i = queue.head_; i < queue.order_.size(); ++i) f(queue.ready_[queue.order_[i].index]);
    for (auto& bucket : queue.buckets_)
      for (auto& event : bucket) f(event);
  }
  void swap(EventQueue& other) noexcept {
    std::swap(ready_, other.ready_), std::swap(order_, other.order_), std::swap(head_, other.head_);
    std::swap(size_, other.size_), std::swap(ready_last_, other.ready_last_), std::swap(base_, other.base_);
    std::swap(popped_, other.popped_), std::swap(occupied_, other.occupied_), std::swap(buckets_, other.buckets_);
  }

  std::size_t bucket_of(Time at) const {
    return static_cast<std::size_t>(
        std::bit_width(static_cast<std::uint64_t>(at.ns) ^ static_cast<std::uint64_t>(base_.ns)));
  }
  std::vector<PackedEvent>& bucket_for(Time at) {
    const std::size_t b = bucket_of(at);
    occupied_ |= std::uint64_t{1} << b;
    return buckets_[b];
  }
  void put(const PackedEvent& event) { bucket_for(event.at()).push_back(event); }

  void push_ready(const PackedEvent& event) {
    const Place place{event.at(), static_cast<std::uint32_t>(ready_.size())};
    std::size_t at = order_.size();
    while (at > head_ && place.at < order_[at - 1].at) --at;
    const std::size_t pending = order_.size() - head_;
    if (order_.size() - at > kManyPlaces || head_ > pending + kManyPlaces) {
      spread_ready();
      return put(event);
    }
    order_.insert(order_.begin() + static_cast<std::ptrdiff_t>(at), place);
    ready_.push_back(event);
  }
  // The ready events and the last popped one agree in all bits above the ready events' bucket, so every other bucket
  // keeps its number under the new base; the buckets below are empty, so order is kept.
  void spread_ready() {
    base_ = popped_;
    ready_last_ = base_ - nanoseconds(1);
    for (std::size_t i = head_; i < order_.size(); ++i) put(ready_[order_[i].index]);
    clear_ready();
  }
  void clear_ready() {
    ready_.clear();
    order_.clear();
    head_ = 0;
  }

  // Makes the earliest events ready: a whole small bucket, or those of one single time.
  void refill() {
    TWICE_ASSERT(occupied_ != 0, "pop from an empty event queue");
    clear_ready();
    for (;;) {
      const auto from = static_cast<std::size_t>(std::countr_zero(occupied_));
      std::vector<PackedEvent>& bucket = buckets_[from];
      if (from == 0 || bucket.size() <= kSmall) return sort_ready(from);
      base_ = earliest(bucket);
      // Every event moves to a lower bucket, so the source is never appended to while it is read.
      for (const PackedEvent& event : bucket) put(event);
      bucket.clear();
      occupied_ &= ~(std::uint64_t{1} << from);
    }
  }
  void sort_ready(std::size_t from) {
    ready_.swap(buckets_[from]);
    occupied_ &= ~(std::uint64_t{1} << from);
    for (std::uint32_t i = 0; i < ready_.size(); ++i) order_.push_back({ready_[i].at(), i});
    if (from != 0) insertion_sort();
    const std::uint64_t below = (std::uint64_t{1} << from) - 1;
    base_ = order_.front().at;
    // Times of this bucket differ in the bits below its first only.
    ready_last_ = Time{static_cast<std::int64_t>(static_cast<std::uint64_t>(base_.ns) | below >> 1)};
  }
  void insertion_sort() {
    for (std::size_t i = 1; i < order_.size(); ++i) {
      const Place place = order_[i];
      std::size_t at = i;
      for (; at > 0 && place.at < order_[at - 1].at; --at) order_[at] = order_[at - 1];
      order_[at] = place;
    }
  }
  static Time earliest(const std::vector<PackedEvent>& bucket) {
    Time t = bucket.front().at();
    for (const PackedEvent& event : bucket) t = event.at() < t ? event.at() : t;
    return t;
  }

  std::vector<PackedEvent> ready_;  // the earliest events, in any order; those before order_[head_] are taken
  std::vector<Place> order_;        // of the ready events, by time, then insertion
  std::size_t head_ = 0;            // popped prefix of order_
  std::size_t size_ = 0;
  Time ready_last_{-1};  // times up to here are ready, all later ones are in buckets
  Time base_{};
  Time popped_{};
  std::uint64_t occupied_ = 0;                        // bit b: bucket b holds events
  std::array<std::vector<PackedEvent>, 64> buckets_;  // times are never negative: two of them differ below bit 63
};

}  // namespace twice
