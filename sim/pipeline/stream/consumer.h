#pragma once
#include <string_view>

#include "core/node.h"
#include "pipeline/stream/messages.h"
#include "pipeline/stream/parameters.h"

namespace twice::pipeline::stream {

/// Reads one partition, a batch at a time, and writes each batch to the sink. It waits for one answer at a time.
/// Marks, with the number of the batch in this life: "read", "written" (the sink has answered), "committed" (the bus
/// has its offset), "gave-up". "checkpoint" = offset. With the partition as scope, from 1.
struct ConsumerNode {
  static constexpr std::string_view kName = "consumer";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("phase", self.phase), v("position", self.position), v("batch", self.batch), v("batches", self.batches);
    v("counted", self.counted), v("saved", self.saved);
  }
  void step(Time now, const Input& input, Effects& effects);

  enum class Phase : std::uint8_t { kLocating, kFetching, kIdle, kCommitting, kWriting, kSaving, kReleasing };
  bool checkpoints() const { return parameters.commit == CommitOffset::kCheckpoint; }
  /// Nothing at hand, and nothing that is not yet in a checkpoint.
  bool idle() const {
    return (phase == Phase::kIdle || phase == Phase::kFetching) && (!checkpoints() || saved == position);
  }

  // Fixed.
  Parameters parameters;
  std::uint32_t partition = 0;
  NodeId bus, sink;
  // Durable, of checkpoints.
  std::uint64_t saved = 0;    // offset of the newest checkpoint
  std::uint64_t counted = 0;  // its state: how many records it has seen
  // Volatile.
  Phase phase = Phase::kLocating;
  std::uint64_t position = 0;  // offset of the first record of `batch`
  Records batch;
  std::uint64_t batches = 0;
  bool due = false;  // a checkpoint
  WriteToken saving = 0;

 private:
  void begin(const Start& start, Effects& effects);
  void fired(std::uint8_t timer, Effects& effects);
  void enter(Phase next, Effects& effects);
  void request(Effects& effects) const;
  void hear(const Payload& body, Effects& effects);
  void read(const Fetched& fetched, Effects& effects);
  void committed(Effects& effects);
  void written(Effects& effects);
  void next_batch(Effects& effects);
  void saved_now(Effects& effects);
  void go_on(Effects& effects);
  void mark(std::string_view label, std::uint64_t value, Effects& effects) const {
    effects.mark(label, value, partition + 1);
  }
  std::uint64_t end() const { return position + batch.size(); }
};
std::string_view name_of(ConsumerNode::Phase phase);

}  // namespace twice::pipeline::stream
