#pragma once
// A node's state as fields, and what the cursor's event changed in it.
#include <optional>
#include <string>
#include <vector>

#include "core/fields.h"
#include "ui/playback/recording.h"

namespace twice::playback {

struct InspectorView {
  Sequence event = 0;
  Time at;
  std::optional<NodeId> happened_to;
  std::string sentence;  // what happened, in words
  NodeId node;           // whose fields these are
  std::string name;
  std::vector<Field> fields;         // now
  std::vector<FieldChange> changes;  // made by this event
};

/// "9.901521 s", "12.5 ms", "340 µs": exactly, in the largest unit up to seconds that is not larger than it. No line
/// breaks between number and unit.
std::string readable(Duration duration);

/// `node`: the one to look at; without, the one the event happened to.
InspectorView inspect(const Recording& recording, const world::World& world, std::optional<NodeId> node);

}  // namespace twice::playback
