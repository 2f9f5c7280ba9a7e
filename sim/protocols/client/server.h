#pragma once
// What all designs share in answering.
#include "core/node.h"
#include "protocols/client/operation.h"

namespace twice::protocols {

/// When an answer may leave that tells of a write.
enum class Persist : std::uint8_t {
  kBeforeAnswer,  // when it is on the disk
  kLater,         // at once; the disk follows, and a crash in between forgets it
  kNever,         // memory is all there is
};
std::string_view name_of(Persist persist);  // before-answer, later, never

inline void answer(Effects& effects, const RequestId& id, Reply reply, WriteToken after = 0,
                   VersionVector context = {}) {
  effects.send(id.client, Payload(Response{id.number, std::move(reply), kNobody, std::move(context)}), after);
}
/// "Not here"; `ask` names who may be able to, when known.
inline void refuse(Effects& effects, const RequestId& id, NodeId ask = kNobody) {
  effects.send(id.client, Payload(Response{id.number, {Status::kUnavailable, {}}, ask, {}}));
}

}  // namespace twice::protocols
