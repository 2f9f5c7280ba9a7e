#pragma once
#include <map>
#include <string_view>
#include <vector>

#include "core/node.h"
#include "pipeline/stream/messages.h"
#include "pipeline/stream/parameters.h"

namespace twice::pipeline::stream {

/// The table at the end. Its disk keeps what consumers sent, one record each, so that rows and offset of one output
/// come together or not at all; the table follows from that.
/// Marks: "stored" = outputs and releases kept.
struct SinkNode {
  static constexpr std::string_view kName = "sink";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("kept", self.kept), v("offsets", self.offsets), v("rows", self.rows), v("held", self.held);
  }
  void step(Time now, const Input& input, Effects& effects);

  // Fixed.
  Parameters parameters;
  // Durable.
  std::map<RecordId, std::uint32_t> rows;  // record -> rows of it
  std::vector<std::uint64_t> offsets;      // by partition: up to here all is in `rows`, where the sink keeps offsets
  std::vector<std::map<std::uint64_t, RecordId>> held;  // by partition: offset -> record, not to be seen yet
  std::uint64_t kept = 0;
  WriteToken newest = 0;  // volatile

 private:
  void apply(const Output& output);
  void apply(const Release& release);
  void add(RecordId record);
  template <class Message>
  void keep(const Message& message, Effects& effects);
};

}  // namespace twice::pipeline::stream
