#include <fmt/format.h>

#include "pipeline/store/store.h"

namespace twice::pipeline::store {
namespace {

enum : std::uint8_t { kAgain, kNextLoad };
constexpr std::uint64_t kSelfKey = 1;

}  // namespace

std::string_view name_of(WriterNode::Phase phase) {
  switch (phase) {
    case WriterNode::Phase::kWaiting:
      return "waits";
    case WriterNode::Phase::kListing:
      return "lists";
    case WriterNode::Phase::kDeleting:
      return "deletes";
    case WriterNode::Phase::kPutting:
      return "writes parts";
    case WriterNode::Phase::kReading:
      return "reads the pointer";
    case WriterNode::Phase::kSwapping:
      return "swaps the pointer";
    case WriterNode::Phase::kFinished:
      return "finished";
  }
  return {};
}

void WriterNode::step(Time, const Input& input, Effects& effects) {
  if (const auto* start = std::get_if<Start>(&input)) return begin(*start, effects);
  if (const auto* received = std::get_if<Received>(&input)) return hear(received->body, effects);
  const auto* fired = std::get_if<TimerFired>(&input);
  if (!fired) return;
  if (fired->timer == kNextLoad) return next_load(effects);
  if (phase != Phase::kSwapping) return enter(phase, effects);
  // No answer to a swap: it may have happened. Look for it, or take it for a failure and load again.
  if (parameters.recognise) return enter(Phase::kReading, effects);
  mark("begins-again", slice, effects);
  is_retry = true;
  try_load(effects);
}

void WriterNode::begin(const Start& start, Effects& effects) {
  std::uint32_t begun = 0;
  for (const Record& record : start.durable)
    if (const auto* self = record.value.get<WriterRecord>())
      by.life = self->life, done = self->done, begun = self->begun;
  ++by.life;
  is_retry = begun > done;
  remember(begun, effects);
  next_load(effects);
}

void WriterNode::next_load(Effects& effects) {
  if (done == parameters.loads) {
    phase = Phase::kFinished;
    return;
  }
  slice = parameters.same_slices ? done + 1 : done * writers + by.writer;
  remember(done + 1, effects);
  mark("load", slice, effects);
  try_load(effects);
}

void WriterNode::try_load(Effects& effects) {
  ++by.number;
  parts = is_retry && parameters.parts_on_retry > 0 ? parameters.parts_on_retry : parameters.parts;
  written = 0;
  mine.clear();
  to_delete.clear();
  const bool deletes = parameters.publish == Publish::kListing && parameters.mode == Mode::kReplace;
  enter(deletes ? Phase::kListing : Phase::kPutting, effects);
}

/// Asks for what the phase needs, and asks again without an answer.
void WriterNode::enter(Phase next, Effects& effects) {
  phase = next;
  request(effects);
  effects.set_timer(kAgain, parameters.timeout);
}

void WriterNode::request(Effects& effects) const {
  switch (phase) {
    case Phase::kListing:
      return effects.send(store, Payload(List{slice}), begun_after);
    case Phase::kDeleting:
      return effects.send(store, Payload(Delete{to_delete.back()}), begun_after);
    case Phase::kPutting:
      return effects.send(store, Payload(Put{path_of(written + 1), file_of(written + 1)}), begun_after);
    case Phase::kReading:
      return effects.send(store, Payload(ReadPointer{}), begun_after);
    case Phase::kSwapping:
      return effects.send(store, Payload(Swap{parameters.publish == Publish::kSwap, seen.version, successor()}),
                          begun_after);
    case Phase::kWaiting:
    case Phase::kFinished:
      return;
  }
}

void WriterNode::hear(const Payload& body, Effects& effects) {
  if (const auto* listed = body.get<Listed>(); listed && phase == Phase::kListing) {
    if (listed->slice != slice) return;
    to_delete = listed->paths;
    delete_next(effects);
  } else if (const auto* gone = body.get<Deleted>(); gone && phase == Phase::kDeleting) {
    if (gone->path != to_delete.back()) return;
    to_delete.pop_back();
    delete_next(effects);
  } else if (const auto* put = body.get<PutDone>(); put && phase == Phase::kPutting) {
    if (put->path == path_of(written + 1)) put_next(effects);
  } else if (const auto* pointer = body.get<Pointer>(); pointer && phase == Phase::kReading) {
    take_pointer(pointer->snapshot, effects);
  } else if (const auto* answer = body.get<Swapped>(); answer && phase == Phase::kSwapping) {
    if (answer->from == seen.version) swapped(answer->done, effects);
  }
}

void WriterNode::delete_next(Effects& effects) {
  enter(to_delete.empty() ? Phase::kPutting : Phase::kDeleting, effects);
}

void WriterNode::put_next(Effects& effects) {
  mine[path_of(++written)] = slice;
  mark("part", written, effects);
  if (written < parts) return enter(Phase::kPutting, effects);
  parameters.publish == Publish::kListing ? loaded(effects) : enter(Phase::kReading, effects);
}

void WriterNode::take_pointer(const Snapshot& snapshot, Effects& effects) {
  seen = snapshot;
  for (const std::uint32_t known : seen.loads) {
    if (!parameters.recognise || known != slice) continue;
    mark("recognised", slice, effects);
    return loaded(effects);
  }
  enter(Phase::kSwapping, effects);
}

void WriterNode::swapped(bool swapped, Effects& effects) {
  if (swapped) return loaded(effects);
  mark("conflict", slice, effects);
  enter(Phase::kReading, effects);  // its files are as good as before
}

void WriterNode::loaded(Effects& effects) {
  mark("loaded", slice, effects);
  ++done;
  is_retry = false;
  phase = Phase::kWaiting;
  effects.cancel_timer(kAgain);
  remember(done, effects);
  effects.set_timer(kNextLoad, parameters.between);
}

void WriterNode::remember(std::uint32_t begun, Effects& effects) {
  begun_after = effects.write(kSelfKey, Payload(WriterRecord{by.life, done, begun}));
}

Snapshot WriterNode::successor() const {
  Snapshot next = seen;
  if (parameters.mode == Mode::kReplace)
    std::erase_if(next.files, [&](const auto& file) { return file.second == slice; });
  next.files.insert(mine.begin(), mine.end());
  next.loads.push_back(slice);
  return next;
}

std::string WriterNode::path_of(std::uint32_t part) const {
  if (parameters.names == Names::kDeterministic) return fmt::format("slice-{}/part-{}", slice, part);
  return fmt::format("slice-{}/part-{}-w{}.{}.{}", slice, part, by.writer, by.life, by.number);
}

// Rows are dealt out as evenly as they go.
File WriterNode::file_of(std::uint32_t part) const {
  const std::uint64_t rows = parameters.rows;
  return {slice, static_cast<std::uint32_t>(rows * (part - 1) / parts + 1),
          static_cast<std::uint32_t>(rows * part / parts), by};
}

}  // namespace twice::pipeline::store
