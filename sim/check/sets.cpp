#include "check/sets.h"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

namespace twice::check {
namespace {

const Verdict kNoReplica{Judgement::kUnknown, "there is no replica to look at", {}};

/// What was asked about one element.
struct Fate {
  const SetChange* added = nullptr;
  const SetChange* removed = nullptr;  // acknowledged
  bool may_be_removed = false;
};
using Fates = std::map<std::pair<std::string, std::int64_t>, Fate>;

Fates fates_of(const std::vector<SetChange>& changes) {
  Fates fates;
  for (const SetChange& change : changes) {
    Fate& fate = fates[{change.key, change.element}];
    if (!change.removes) fate.added = &change;
    if (change.removes && change.outcome == Outcome::kOk) fate.removed = &change;
    if (change.removes && change.outcome != Outcome::kFail) fate.may_be_removed = true;
  }
  return fates;
}

bool holds(const Replica& replica, const SetChange& change) {
  const auto at = replica.values.find(change.key);
  const auto* elements = at == replica.values.end() ? nullptr : std::get_if<List>(&at->second);
  return elements && std::find(elements->begin(), elements->end(), change.element) != elements->end();
}

}  // namespace

Verdict check_additions_kept(const std::vector<SetChange>& changes, const std::vector<Replica>& replicas) {
  if (replicas.empty()) return kNoReplica;
  std::size_t all = 0, lost = 0;
  const SetChange* first = nullptr;
  for (const auto& [place, fate] : fates_of(changes)) {
    if (!fate.added || fate.added->outcome != Outcome::kOk || fate.may_be_removed) continue;
    ++all;
    const SetChange& added = *fate.added;
    if (std::any_of(replicas.begin(), replicas.end(), [&](const Replica& r) { return holds(r, added); })) continue;
    ++lost;
    if (!first || added.answered < first->answered) first = &added;
  }
  if (!first) return {Judgement::kHeld, {}, {}};
  return {
      Judgement::kViolated,
      fmt::format("{} of {} acknowledged additions lost, the first at {}: {} added {} to {} and was told ok; nobody "
                  "removed it, and in the end no replica holds it",
                  lost, all, in_seconds(first->answered), first->client, first->element, first->key),
      {}};
}

Verdict check_removals_last(const std::vector<SetChange>& changes, const std::vector<Replica>& replicas) {
  if (replicas.empty()) return kNoReplica;
  for (const auto& [place, fate] : fates_of(changes)) {
    if (!fate.removed || !fate.added || !fate.added->asked_once) continue;
    const SetChange& removed = *fate.removed;
    for (const Replica& replica : replicas)
      if (holds(replica, removed))
        return {Judgement::kViolated,
                fmt::format("{} removed {} from {} and was told ok; in the end {} holds it", removed.client,
                            removed.element, removed.key, replica.name),
                {}};
  }
  return {Judgement::kHeld, {}, {}};
}

}  // namespace twice::check
