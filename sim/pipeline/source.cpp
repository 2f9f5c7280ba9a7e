#include "pipeline/source.h"

namespace twice::pipeline {

Payload SourceNode::written(const Rows& rows) const {
  auto bytes = contract->write(rows ? *rows : SqlTable{});
  if (const auto* error = std::get_if<formats::FormatError>(&bytes)) return Payload(SourceRefuses{to_text(*error)});
  return Payload(SourceFile(std::get<std::string>(std::move(bytes))));
}

void SourceNode::step(Time, const Input& input, Effects& effects) {
  const auto* received = std::get_if<Received>(&input);
  const ReadRows* read = received ? received->body.get<ReadRows>() : nullptr;
  if (!read) return;
  ++reads;
  Rows rows;
  for (const auto& [from_attempt, version] : versions)
    if (from_attempt <= read->attempt) rows = version;
  effects.send(received->from, contract ? written(rows) : Payload(SourceRows{std::move(rows)}));
}

}  // namespace twice::pipeline
