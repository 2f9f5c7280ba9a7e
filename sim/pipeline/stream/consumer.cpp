#include "pipeline/stream/consumer.h"

namespace twice::pipeline::stream {
namespace {

enum : std::uint8_t { kAgain, kPoll, kCheckpoint };
constexpr std::uint64_t kCheckpointKey = 1;

}  // namespace

std::string_view name_of(ConsumerNode::Phase phase) {
  switch (phase) {
    case ConsumerNode::Phase::kLocating:
      return "asks where it was";
    case ConsumerNode::Phase::kFetching:
      return "reads";
    case ConsumerNode::Phase::kIdle:
      return "idle";
    case ConsumerNode::Phase::kCommitting:
      return "commits its offset";
    case ConsumerNode::Phase::kWriting:
      return "writes";
    case ConsumerNode::Phase::kSaving:
      return "saves its state";
    case ConsumerNode::Phase::kReleasing:
      return "releases output";
  }
  return {};
}

void ConsumerNode::step(Time, const Input& input, Effects& effects) {
  if (const auto* start = std::get_if<Start>(&input)) return begin(*start, effects);
  if (const auto* timer = std::get_if<TimerFired>(&input)) return fired(timer->timer, effects);
  if (const auto* done = std::get_if<Written>(&input)) {
    if (phase == Phase::kSaving && done->token >= saving) saved_now(effects);
  } else if (const auto* received = std::get_if<Received>(&input)) {
    hear(received->body, effects);
  }
}

void ConsumerNode::begin(const Start& start, Effects& effects) {
  if (!checkpoints()) return enter(Phase::kLocating, effects);
  for (const Record& record : start.durable)
    if (const auto* checkpoint = record.value.get<CheckpointRecord>())
      position = saved = checkpoint->offset, counted = checkpoint->counted;
  effects.set_timer(kCheckpoint, parameters.checkpoint);
  // The crash may have come between the checkpoint and the release of what it covers.
  const bool to_release = parameters.sink == SinkWrite::kTransactional && saved > 0;
  enter(to_release ? Phase::kReleasing : Phase::kFetching, effects);
}

void ConsumerNode::fired(std::uint8_t timer, Effects& effects) {
  if (timer == kCheckpoint) {
    due = true;
    if (phase == Phase::kIdle) go_on(effects);
  } else if (timer == kPoll) {
    if (phase == Phase::kIdle) go_on(effects);
  } else if (phase == Phase::kWriting && parameters.commit == CommitOffset::kBefore) {
    mark("gave-up", batches, effects);  // its offset is committed: to write again could be twice
    next_batch(effects);
  } else {
    enter(phase, effects);
  }
}

/// Asks for what the phase waits for, and asks again without an answer.
void ConsumerNode::enter(Phase next, Effects& effects) {
  phase = next;
  request(effects);
  effects.set_timer(kAgain, parameters.timeout);
}

void ConsumerNode::request(Effects& effects) const {
  switch (phase) {
    case Phase::kLocating:
      return effects.send(parameters.commit == CommitOffset::kWithOutput ? sink : bus, Payload(AskPosition{partition}));
    case Phase::kFetching:
      return effects.send(bus, Payload(Fetch{partition, position}));
    case Phase::kCommitting:
      return effects.send(bus, Payload(Commit{partition, end()}));
    case Phase::kWriting:
      return effects.send(sink, Payload(Output{partition, position, batch}));
    case Phase::kReleasing:
      return effects.send(sink, Payload(Release{partition, position}));
    case Phase::kIdle:
    case Phase::kSaving:
      return;
  }
}

void ConsumerNode::hear(const Payload& body, Effects& effects) {
  if (const auto* where = body.get<Position>(); where && phase == Phase::kLocating) {
    position = where->offset;
    enter(Phase::kFetching, effects);
  } else if (const auto* fetched = body.get<Fetched>(); fetched && phase == Phase::kFetching) {
    if (fetched->from == position) read(*fetched, effects);
  } else if (const auto* offset = body.get<Committed>(); offset && phase == Phase::kCommitting) {
    if (offset->offset == end()) committed(effects);
  } else if (const auto* done = body.get<OutputDone>(); done && phase == Phase::kWriting) {
    if (done->from == position && done->to == end()) written(effects);  // else of a shorter batch, before a crash
  } else if (const auto* released = body.get<Released>(); released && phase == Phase::kReleasing) {
    if (released->to == position) enter(Phase::kFetching, effects);
  }
}

void ConsumerNode::read(const Fetched& fetched, Effects& effects) {
  if (fetched.end < position) position = fetched.end;  // the bus has lost the end of its log
  if (fetched.records.empty()) {
    phase = Phase::kIdle;
    effects.cancel_timer(kAgain);
    return effects.set_timer(kPoll, parameters.poll);
  }
  batch = fetched.records;
  mark("read", ++batches, effects);
  counted += batch.size();
  enter(parameters.commit == CommitOffset::kBefore ? Phase::kCommitting : Phase::kWriting, effects);
}

void ConsumerNode::committed(Effects& effects) {
  mark("committed", batches, effects);
  parameters.commit == CommitOffset::kBefore ? enter(Phase::kWriting, effects) : next_batch(effects);
}

void ConsumerNode::written(Effects& effects) {
  mark("written", batches, effects);
  parameters.commit == CommitOffset::kAfter ? enter(Phase::kCommitting, effects) : next_batch(effects);
}

void ConsumerNode::next_batch(Effects& effects) {
  position = end();
  batch.clear();
  go_on(effects);
}

/// Between two batches: state and position belong together here.
void ConsumerNode::go_on(Effects& effects) {
  if (!due || position == saved) return enter(Phase::kFetching, effects);
  phase = Phase::kSaving;
  effects.cancel_timer(kAgain);
  saving = effects.write(kCheckpointKey, Payload(CheckpointRecord{position, counted}));
}

void ConsumerNode::saved_now(Effects& effects) {
  saved = position;
  due = false;
  mark("checkpoint", saved, effects);
  effects.set_timer(kCheckpoint, parameters.checkpoint);
  enter(parameters.sink == SinkWrite::kTransactional ? Phase::kReleasing : Phase::kFetching, effects);
}

}  // namespace twice::pipeline::stream
