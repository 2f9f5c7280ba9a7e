#pragma once
#include <cstdint>
#include <string_view>

#include "core/ids.h"
#include "core/payload.h"
#include "core/time.h"

namespace twice {

enum class EventKind : std::uint8_t {
  kStart,    // a node begins, with what its disk kept
  kDeliver,  // a message arrives
  kTimer,    // a timer ends
  kWritten,  // a write of the record disk is durable
  kDone,     // a device has finished a request
  kDown,     // news that a watched node's process died
};
std::string_view name_of(EventKind kind);

/// How far an event has come: what waits at its node does not travel again when its turn comes.
enum class Stage : std::uint8_t {
  kOnItsWay,
  kArrived,   // it waited out a pause
  kItsTurn,   // it is the next that a slow node takes
  kGetsLost,  // a schedule loses it when its time has come
};

/// Something that will happen to one node. One cache line.
struct Event {
  Time at;
  CausalId id = 0;
  Sequence cause = 0;       // the event whose step asked for this one
  std::uint32_t token = 0;  // Deliver: ordinal on the link · Timer: generation · Written: write token · Done: request
  NodeId node;              // whom it happens to
  NodeId from = kNobody;    // Deliver, Down: whom it comes from
  std::uint16_t epoch =
      0;  // incarnation of `node` it is meant for (Timer, Written, Done); others reach any incarnation
  EventKind kind = EventKind::kStart;
  std::uint8_t timer = 0;  // Timer: which
  Stage stage = Stage::kOnItsWay;
  Payload body;  // Deliver: the message · Start: the argument · Done: the result
};
static_assert(sizeof(Event) <= 64);

}  // namespace twice
