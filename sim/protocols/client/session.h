#pragma once
// A request is done once, for designs that keep their data in another form than Store.
#include <algorithm>
#include <map>

#include "protocols/client/operation.h"

namespace twice::protocols {

using Sessions = std::map<NodeId, Store::Session>;

/// `execute()` gives the reply, and is not called for a request that was done before. Second: whether it was called.
template <class Execute>
std::pair<Reply, bool> once(Sessions& sessions, const Request& request, Execute&& execute) {
  Store::Session& session = sessions[request.id.client];
  // An echo of a request that nobody waits for any more: it had its effect, or never will.
  if (request.id.number < session.settled) return {Reply{Status::kRefused, {}}, false};
  session.settled = std::max(session.settled, request.settled);
  session.replies.erase(session.replies.begin(), session.replies.lower_bound(session.settled));
  const auto [at, is_new] = session.replies.try_emplace(request.id.number);
  if (is_new) at->second = execute();
  return {at->second, is_new};
}

/// What two places know of requests done: both know it afterwards.
inline void merge(Sessions& into, const Sessions& from) {
  for (const auto& [client, theirs] : from) {
    Store::Session& mine = into[client];
    mine.settled = std::max(mine.settled, theirs.settled);
    mine.replies.insert(theirs.replies.begin(), theirs.replies.end());
    mine.replies.erase(mine.replies.begin(), mine.replies.lower_bound(mine.settled));
  }
}

}  // namespace twice::protocols
