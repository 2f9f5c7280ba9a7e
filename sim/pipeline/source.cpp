#include "pipeline/source.h"

namespace twice::pipeline {

void SourceNode::step(Time, const Input& input, Effects& effects) {
  const auto* received = std::get_if<Received>(&input);
  const ReadRows* read = received ? received->body.get<ReadRows>() : nullptr;
  if (!read) return;
  ++reads;
  Rows rows;
  for (const auto& [from_attempt, version] : versions)
    if (from_attempt <= read->attempt) rows = version;
  effects.send(received->from, Payload(SourceRows{std::move(rows)}));
}

}  // namespace twice::pipeline
