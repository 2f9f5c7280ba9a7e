#include "ui/playback/inspector_view.h"

#include "ui/playback/log_view.h"

namespace twice::playback {
namespace {

std::vector<Field> fields_of_node(const world::World& world, NodeId node) {
  FieldList list;
  world.node(node).describe(list, world.name(node));
  if (const physics::Device* device = world.device(node)) device->describe(list, "engine");
  return list.fields();
}

// The node's name stands above the list: "sessions[0].open" says enough.
void shorten(std::string& path, const std::string& name) {
  if (path.starts_with(name + ".")) path.erase(0, name.size() + 1);
}

}  // namespace

InspectorView inspect(const Recording& recording, const world::World& world, std::optional<NodeId> node) {
  InspectorView view;
  view.event = world.events();
  view.at = world.now();
  view.sentence = sentence(recording, view.event);
  const auto record = recording.trace().record_of(view.event);
  if (record && record->node.index < world.size()) view.happened_to = record->node;
  view.node = node.value_or(view.happened_to.value_or(NodeId{0}));
  if (view.node.index >= world.size()) view.node = NodeId{0};
  view.name = world.name(view.node);
  view.fields = fields_of_node(world, view.node);
  if (view.event > 0) view.changes = difference(fields_of_node(recording.at(view.event - 1), view.node), view.fields);
  for (Field& field : view.fields) shorten(field.path, view.name);
  for (FieldChange& change : view.changes) shorten(change.path, view.name);
  return view;
}

}  // namespace twice::playback
