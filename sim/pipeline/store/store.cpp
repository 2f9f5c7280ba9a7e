#include "pipeline/store/store.h"

namespace twice::pipeline::store {
namespace {

constexpr std::uint64_t kPointerKey = 1;

}  // namespace

void StoreNode::step(Time, const Input& input, Effects& effects) {
  if (const auto* start = std::get_if<Start>(&input)) return begin(*start);
  const auto* received = std::get_if<Received>(&input);
  if (!received) return;
  const Payload& body = received->body;
  if (const auto* file = body.get<Put>()) return put(received->from, *file, effects);
  if (const auto* path = body.get<Delete>()) return remove(received->from, *path, effects);
  if (const auto* wanted = body.get<List>()) return list(received->from, *wanted, effects);
  if (const auto* next = body.get<Swap>()) return swap(received->from, *next, effects);
  if (body.holds<ReadPointer>()) effects.send(received->from, Payload(Pointer{snapshot}), newest);
}

void StoreNode::begin(const Start& start) {
  for (const Record& record : start.durable) {
    if (const auto* pointer = record.value.get<Snapshot>()) snapshot = *pointer;
    if (const auto* stored = record.value.get<StoredFile>()) {
      files[stored->path] = stored->file;
      keys[stored->path] = last_key = record.key;
    }
  }
}

void StoreNode::put(NodeId from, const Put& wanted, Effects& effects) {
  const auto [key, is_new] = keys.try_emplace(wanted.path, last_key + 1);
  if (is_new) ++last_key;
  files[wanted.path] = wanted.file;
  newest = effects.write(key->second, Payload(StoredFile{wanted.path, wanted.file}));
  effects.mark("put", files.size());
  effects.send(from, Payload(PutDone{wanted.path}), newest);
}

void StoreNode::remove(NodeId from, const Delete& wanted, Effects& effects) {
  if (files.erase(wanted.path) > 0) newest = effects.write(keys.at(wanted.path), Payload());
  effects.mark("deleted", files.size());
  effects.send(from, Payload(Deleted{wanted.path}), newest);
}

void StoreNode::list(NodeId from, const List& wanted, Effects& effects) const {
  Listed answer{wanted.slice, {}};
  for (const auto& [path, file] : files)
    if (file.slice == wanted.slice) answer.paths.push_back(path);
  effects.send(from, Payload(std::move(answer)), newest);
}

void StoreNode::swap(NodeId from, const Swap& wanted, Effects& effects) {
  const bool fits = !wanted.compare || wanted.from == snapshot.version;
  if (fits) {
    const std::uint64_t version = snapshot.version + 1;
    snapshot = wanted.snapshot;
    snapshot.version = version;
    newest = effects.write(kPointerKey, Payload(snapshot));
  }
  effects.mark(fits ? "swapped" : "refused", snapshot.version);
  effects.send(from, Payload(Swapped{wanted.from, fits}), newest);
}

std::vector<world::NodeSetup> make_store(const std::vector<std::string>& writers, const Parameters& parameters) {
  const auto count = static_cast<std::uint16_t>(writers.size());
  std::vector<world::NodeSetup> nodes;
  for (std::uint16_t i = 0; i < count; ++i) {
    WriterNode writer;
    writer.parameters = parameters;
    writer.writers = count;
    writer.by.writer = i + 1u;
    writer.store = {count};
    nodes.push_back({.name = writers[i], .node = make_node(std::move(writer))});
  }
  nodes.push_back({.name = "store", .node = make_node(StoreNode{})});
  return nodes;
}

}  // namespace twice::pipeline::store
