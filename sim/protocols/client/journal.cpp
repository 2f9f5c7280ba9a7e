#include "protocols/client/journal.h"

#include <algorithm>

#include "core/random.h"

namespace twice::protocols {
namespace {

// A checkpoint costs as much as the store is large, so a large store waits longer for one.
constexpr std::uint64_t kLeastPatience = 256;

std::uint64_t digest_after(std::uint64_t before, const Request& request) {
  return mix(before, std::uint64_t{request.id.client.index} << 32 | request.id.number);
}

}  // namespace

void Journal::recover(const std::vector<Record>& durable, bool remember, Store& store, Effects& effects) {
  for (const Record& record : durable)
    if (const auto* kept = record.value.get<CheckpointRecord>()) {
      store = *kept->store;
      place = checkpoint = kept->place, digest = kept->digest;
      history = kept->history, index = kept->index;
    }
  oldest = place + 1;
  for (const Record& record : durable) {  // by key, so the log comes in order
    const auto* entry = record.value.get<LogRecord>();
    if (!entry) continue;
    if (entry->place == place + 1 && entry->before == digest) {
      store.apply(*entry->request, remember);
      ++place, digest = digest_after(digest, *entry->request);
      history = entry->history, index = entry->index;
    } else {
      effects.write(record.key, Payload());
    }
  }
}

WriteToken Journal::append(std::uint64_t in_history, std::uint64_t at_index, const Block<Request>& request,
                           const Store& store, Effects& effects) {
  history = in_history, index = at_index;
  const std::uint64_t before = digest;
  ++place, digest = digest_after(digest, *request);
  const WriteToken token =
      effects.write(kLogRecords + place, Payload(LogRecord{place, before, history, index, request}));
  const std::uint64_t patience = std::max<std::uint64_t>(kLeastPatience, store.cells.size() + store.sessions.size());
  if (covers_from != 0 || place - checkpoint < patience) return token;
  return save_checkpoint(Block<Store>(store), effects);
}

WriteToken Journal::replace(std::uint64_t in_history, std::uint64_t at_index, const Block<Store>& store,
                            Effects& effects) {
  history = in_history, index = at_index;
  digest = mix(history, index, digest);  // what follows it follows nothing else
  return save_checkpoint(store, effects);
}

WriteToken Journal::save_checkpoint(const Block<Store>& store, Effects& effects) {
  checkpoint = place;
  covers_from = effects.write(kCheckpointRecord, Payload(CheckpointRecord{place, digest, history, index, store}));
  return covers_from;
}

void Journal::written(WriteToken token, Effects& effects) {
  if (covers_from == 0 || token < covers_from) return;
  covers_from = 0;
  // The newest first: a disk that keeps its records in order has the least to move.
  for (std::uint64_t i = checkpoint; i >= oldest; --i) effects.write(kLogRecords + i, Payload());
  oldest = checkpoint + 1;
}

}  // namespace twice::protocols
