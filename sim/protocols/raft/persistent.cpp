#include "protocols/raft/persistent.h"

#include <algorithm>

namespace twice::protocols::raft {

void Persistent::recover(const std::vector<Record>& records, Bug bug, Effects& effects) {
  for (const Record& record : records) {
    if (const auto* saved = record.value.get<VoteRecord>()) term = saved->term, vote = saved->vote;
    if (const auto* saved = record.value.get<SnapshotRecord>()) snapshot = saved->snapshot;
    if (record.value.get<NewDiskRecord>()) on_new_disk = true;
  }
  if (snapshot) log.reset(snapshot->index, snapshot->term, snapshot->prefix);
  bool fits = true;
  for (const Record& record : records) {  // ordered by key, so by index
    const auto* saved = record.value.get<EntryRecord>();
    if (!saved) continue;
    const bool covered = saved->entry->index <= log.base();
    fits = fits && (covered || (saved->entry->index == log.last() + 1 && saved->before == log.prefix(log.last())));
    if (fits && !covered) log.append(saved->entry);
    // What is left over may not come back after other things have happened.
    if (covered || !fits) newest_write = effects.write(record.key, Payload());
  }
  durable = log.last();
  first_on_disk_ = log.first();
  if (log.last_term() <= term || bug == Bug::kTermNotPersisted) return;
  // The crash kept what the log got in a term, and lost the term. Nobody has heard of a vote in it.
  term = log.last_term();
  vote = kNobody;
  save_term_and_vote(bug, effects);
}

void Persistent::begin_on_new_disk(Effects& effects) {
  on_new_disk = true;
  newest_write = vote_token = effects.write(kNewDiskRecord, Payload(NewDiskRecord{}));
}

void Persistent::save_term_and_vote(Bug bug, Effects& effects) {
  VoteRecord record{term, vote};
  if (bug == Bug::kVoteNotPersisted) record.vote = kNobody;
  if (bug == Bug::kTermNotPersisted) record.term = 0;
  newest_write = vote_token = effects.write(kVoteRecord, Payload(record));
}

void Persistent::append(Block<Entry> entry, Effects& effects) {
  const Index index = entry->index;
  const Term entry_term = entry->term;
  newest_write = effects.write(kEntryRecords + index, Payload(EntryRecord{*log.prefix(log.last()), entry}));
  log.append(std::move(entry));
  appended_.push_back({newest_write, index, entry_term});
}

void Persistent::truncate_from(Index index, Effects& effects) {
  for (Index i = std::max(index, log.first()); i <= log.last(); ++i)
    newest_write = effects.write(kEntryRecords + i, Payload());
  log.truncate_from(index);
  durable = std::min(durable, log.last());
}

void Persistent::install(Block<Snapshot> taken, bool keep_rest, Effects& effects) {
  if (keep_rest) {
    log.compact_to(taken->index, taken->term, taken->prefix);
  } else {
    truncate_from(std::max(log.first(), taken->index + 1), effects);
    log.reset(taken->index, taken->term, taken->prefix);
  }
  snapshot = std::move(taken);
  newest_write = snapshot_token_ = effects.write(kSnapshotRecord, Payload(SnapshotRecord{snapshot}));
  if (!keep_rest) durable = 0;
}

WriteToken Persistent::first_write_at(Index index) const {
  for (const Appended& each : appended_)
    if (each.index == index) return each.token;
  return 0;
}

void Persistent::written(WriteToken token, Effects& effects) {
  while (!appended_.empty() && appended_.front().token <= token) {
    const Appended& done = appended_.front();
    // Another entry may have taken its place since, whose own write is still under way.
    const bool is_there = log.term(done.index) == done.term;
    if (is_there) durable = std::max(durable, std::min(done.index, log.last()));
    appended_.erase(appended_.begin());
  }
  if (snapshot_token_ == 0 || snapshot_token_ > token) return;
  snapshot_token_ = 0;
  durable = std::max(durable, snapshot->index);
  for (; first_on_disk_ <= snapshot->index; ++first_on_disk_)
    newest_write = effects.write(kEntryRecords + first_on_disk_, Payload());
}

}  // namespace twice::protocols::raft
