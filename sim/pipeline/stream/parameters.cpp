#include "pipeline/stream/parameters.h"

namespace twice::pipeline::stream {

std::string_view name_of(Origin origin) {
  switch (origin) {
    case Origin::kLog:
      return "log";
    case Origin::kDualWrite:
      return "dual-write";
    case Origin::kPublishFirst:
      return "publish-first";
    case Origin::kOutbox:
      return "outbox";
  }
  return {};
}

std::string_view name_of(Acks acks) {
  switch (acks) {
    case Acks::kNone:
      return "none";
    case Acks::kBus:
      return "bus";
  }
  return {};
}

std::string_view name_of(ProducerId id) {
  switch (id) {
    case ProducerId::kNone:
      return "none";
    case ProducerId::kPerLife:
      return "per-life";
    case ProducerId::kKept:
      return "kept";
  }
  return {};
}

std::string_view name_of(CommitOffset commit) {
  switch (commit) {
    case CommitOffset::kBefore:
      return "before";
    case CommitOffset::kAfter:
      return "after";
    case CommitOffset::kWithOutput:
      return "with-output";
    case CommitOffset::kCheckpoint:
      return "checkpoint";
  }
  return {};
}

std::string_view name_of(SinkWrite write) {
  switch (write) {
    case SinkWrite::kInsert:
      return "insert";
    case SinkWrite::kUpsert:
      return "upsert";
    case SinkWrite::kTransactional:
      return "transactional";
  }
  return {};
}

}  // namespace twice::pipeline::stream
