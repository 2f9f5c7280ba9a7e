#include "ui/playback/inspector_view.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "ui/playback/log_view.h"

namespace twice::playback {
namespace {

// A FieldList whose times and nodes are meant for people.
class ReadableFields final : public FieldSink {
 public:
  explicit ReadableFields(const world::World& world) : world_(world) {}
  void boolean(std::string_view name, bool value) override { list_.boolean(name, value); }
  void integer(std::string_view name, std::int64_t value) override { list_.integer(name, value); }
  void natural(std::string_view name, std::uint64_t value) override { list_.natural(name, value); }
  void real(std::string_view name, double value) override { list_.real(name, value); }
  void text(std::string_view name, std::string_view value) override { list_.text(name, value); }
  void duration(std::string_view name, Duration value) override { list_.text(name, readable(value)); }
  void time(std::string_view name, Time value) override { list_.text(name, readable(Duration{value.ns})); }
  void node(std::string_view name, NodeId value) override {
    value.index < world_.size() ? list_.text(name, world_.name(value)) : list_.node(name, value);
  }
  void nothing(std::string_view name) override { list_.nothing(name); }
  void begin(std::string_view name, std::string_view type, bool is_list) override { list_.begin(name, type, is_list); }
  void end() override { list_.end(); }
  const std::vector<Field>& fields() const { return list_.fields(); }

 private:
  const world::World& world_;
  FieldList list_;
};

std::vector<Field> fields_of_node(const world::World& world, NodeId node) {
  ReadableFields list(world);
  world.node(node).describe(list, world.name(node));
  if (const physics::Device* device = world.device(node)) device->describe(list, "engine");
  return list.fields();
}

// The node's name stands above the list: "sessions[0].open" says enough.
void shorten(std::string& path, const std::string& name) {
  if (path.starts_with(name + ".")) path.erase(0, name.size() + 1);
}

}  // namespace

std::string readable(Duration d) {
  struct Unit {
    const char* name;
    std::int64_t ns;
  };
  constexpr std::array kUnits{Unit{"s", 1'000'000'000}, Unit{"ms", 1'000'000}, Unit{"µs", 1'000}, Unit{"ns", 1}};
  if (d.ns == 0) return "0\u00a0s";
  const std::uint64_t n = d.ns < 0 ? 0 - static_cast<std::uint64_t>(d.ns) : static_cast<std::uint64_t>(d.ns);
  const auto unit =
      std::find_if(kUnits.begin(), kUnits.end(), [&](const Unit& u) { return n >= static_cast<std::uint64_t>(u.ns); });
  std::string text = fmt::format("{}{}", d.ns < 0 ? "-" : "", n / static_cast<std::uint64_t>(unit->ns));
  std::string rest;
  for (std::uint64_t left = n % static_cast<std::uint64_t>(unit->ns); left != 0;) {
    left *= 10;
    rest += static_cast<char>('0' + left / static_cast<std::uint64_t>(unit->ns));
    left %= static_cast<std::uint64_t>(unit->ns);
  }
  return fmt::format("{}{}{}\u00a0{}", text, rest.empty() ? "" : ".", rest, unit->name);
}

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
