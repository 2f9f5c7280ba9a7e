#include "protocols/raft/bug.h"

namespace twice::protocols::raft {

std::string_view name_of(Bug bug) {
  switch (bug) {
    case Bug::kNone:
      return "none";
    case Bug::kVoteNotPersisted:
      return "vote-not-persisted";
    case Bug::kTermNotPersisted:
      return "term-not-persisted";
    case Bug::kAckBeforeFsync:
      return "ack-before-fsync";
    case Bug::kVoteClearedOnSameTermStepdown:
      return "vote-cleared-on-same-term-stepdown";
    case Bug::kStaleVoteResponseCounted:
      return "stale-vote-response-counted";
    case Bug::kVoteTwice:
      return "vote-twice";
    case Bug::kNoUpToDateCheck:
      return "no-up-to-date-check";
    case Bug::kUpToDateByLengthOnly:
      return "up-to-date-by-length-only";
    case Bug::kCommitOldTermByCounting:
      return "commit-old-term-by-counting";
    case Bug::kCommitScanStopsAtOldTerm:
      return "commit-scan-stops-at-old-term";
    case Bug::kTruncateUnconditionally:
      return "truncate-unconditionally";
    case Bug::kMatchTermsOnly:
      return "match-terms-only";
    case Bug::kPrevZeroAlwaysOkAfterCompaction:
      return "prev-zero-always-ok-after-compaction";
    case Bug::kAppendInsteadOfSnapshot:
      return "append-instead-of-snapshot";
    case Bug::kCommitMinLastIndex:
      return "commit-min-last-index";
    case Bug::kCommitCanDecrease:
      return "commit-can-decrease";
    case Bug::kMatchOverwritten:
      return "match-overwritten";
    case Bug::kMatchFromLastLog:
      return "match-from-last-log";
    case Bug::kNextLeMatch:
      return "next-le-match";
    case Bug::kRejectHintWithoutStaleCheck:
      return "reject-hint-without-stale-check";
    case Bug::kConflictHintLastIndex:
      return "conflict-hint-last-index";
    case Bug::kSnapshotSetsTerm:
      return "snapshot-sets-term";
    case Bug::kSnapshotKeepsConflictingTail:
      return "snapshot-keeps-conflicting-tail";
    case Bug::kSnapshotLosesConfig:
      return "snapshot-loses-config";
    case Bug::kSnapshotStoresUncommittedConfig:
      return "snapshot-stores-uncommitted-config";
    case Bug::kSnapshotLastTermZero:
      return "snapshot-last-term-zero";
    case Bug::kReconfigBeforeNoop:
      return "reconfig-before-noop";
    case Bug::kMultiServerChangeDirect:
      return "multi-server-change-direct";
    case Bug::kConfigAtApplyWithoutGuard:
      return "config-at-apply-without-guard";
    case Bug::kWipedMemberSameId:
      return "wiped-member-same-id";
    case Bug::kRemovedServerDisrupts:
      return "removed-server-disrupts";
    case Bug::kPrevoteGrantsOnLivenessOnly:
      return "prevote-grants-on-liveness-only";
    case Bug::kPrevoteTermDeadlock:
      return "prevote-term-deadlock";
    case Bug::kLearnerCannotVote:
      return "learner-cannot-vote";
    case Bug::kLeaderHeartbeatBlocksBridge:
      return "leader-heartbeat-blocks-bridge";
    case Bug::kNoCheckQuorum:
      return "no-check-quorum";
    case Bug::kLocalReadWithoutQuorum:
      return "local-read-without-quorum";
    case Bug::kReadindexBeforeNoop:
      return "readindex-before-noop";
    case Bug::kReadindexContextReuse:
      return "readindex-context-reuse";
    case Bug::kLeaseIgnoresDrift:
      return "lease-ignores-drift";
    case Bug::kLeaseKeptOnTransfer:
      return "lease-kept-on-transfer";
    case Bug::kLeaseFromAckReceipt:
      return "lease-from-ack-receipt";
    case Bug::kFollowerReadWithoutWait:
      return "follower-read-without-wait";
    case Bug::kNoDedupOnRetry:
      return "no-dedup-on-retry";
    case Bug::kDedupTableNotInSnapshot:
      return "dedup-table-not-in-snapshot";
    case Bug::kSessionExpiryByLocalClock:
      return "session-expiry-by-local-clock";
    case Bug::kTransferBeforeCaughtUp:
      return "transfer-before-caught-up";
    case Bug::kInitNextAfterProposals:
      return "init-next-after-proposals";
    case Bug::kAsyncAppendAba:
      return "async-append-aba";
    case Bug::kPersistErrorIgnored:
      return "persist-error-ignored";
    case Bug::kNoRandomisation:
      return "no-randomisation";
  }
  return {};
}

std::string_view meaning_of(Bug bug) {
  switch (bug) {
    case Bug::kNone:
      return "it is built as the paper says";
    case Bug::kVoteNotPersisted:
      return "a vote is not written to disk: after a crash the server votes again in the same term";
    case Bug::kTermNotPersisted:
      return "the term is not written to disk: after a crash the server lives an old term again";
    case Bug::kAckBeforeFsync:
      return "a follower acknowledges entries before its disk has them";
    case Bug::kVoteClearedOnSameTermStepdown:
      return "a server that steps down within a term forgets its vote of that term";
    case Bug::kStaleVoteResponseCounted:
      return "a candidate counts votes that were given to it in an earlier term";
    case Bug::kVoteTwice:
      return "a server grants every request of its term";
    case Bug::kNoUpToDateCheck:
      return "a vote is given whatever the candidate's log lacks";
    case Bug::kUpToDateByLengthOnly:
      return "the longer log wins the vote, whatever its last term";
    case Bug::kCommitOldTermByCounting:
      return "a leader commits an earlier leader's entry because a majority has it";
    case Bug::kCommitScanStopsAtOldTerm:
      return "a leader looks for the next entry to commit and stops at the first one of an earlier term";
    case Bug::kTruncateUnconditionally:
      return "a follower cuts its log after the last entry of every message, also of an old one that comes late";
    case Bug::kMatchTermsOnly:
      return "a follower compares the term of its last entry and not the index";
    case Bug::kPrevZeroAlwaysOkAfterCompaction:
      return "a message that begins at the start of the log fits every log, also one that was compacted";
    case Bug::kAppendInsteadOfSnapshot:
      return "a leader sends what it has left of its log where it would have to send a snapshot";
    case Bug::kCommitMinLastIndex:
      return "a follower commits up to the end of its log, not up to the last entry it was just sent";
    case Bug::kCommitCanDecrease:
      return "a follower takes over a smaller commit index";
    case Bug::kMatchOverwritten:
      return "an old answer lowers what a leader knows of a follower";
    case Bug::kMatchFromLastLog:
      return "a follower acknowledges its whole log, not just what the message proved";
    case Bug::kNextLeMatch:
      return "an answer that comes late leaves the next entry to send behind what the follower has";
    case Bug::kRejectHintWithoutStaleCheck:
      return "a leader goes back for every refusal, also for one it has long dealt with";
    case Bug::kConflictHintLastIndex:
      return "a leader that was refused tries again at the follower's last entry and never goes back";
    case Bug::kSnapshotSetsTerm:
      return "a follower takes the last term of a snapshot for its own";
    case Bug::kSnapshotKeepsConflictingTail:
      return "a snapshot is installed and entries of another log stay behind it";
    case Bug::kSnapshotLosesConfig:
      return "a snapshot does not say who votes";
    case Bug::kSnapshotStoresUncommittedConfig:
      return "a snapshot says who votes by the newest entry, committed or not";
    case Bug::kSnapshotLastTermZero:
      return "a snapshot does not know the term of its last entry";
    case Bug::kReconfigBeforeNoop:
      return "a new leader changes the configuration before it has committed anything";
    case Bug::kMultiServerChangeDirect:
      return "several servers are exchanged in one step";
    case Bug::kConfigAtApplyWithoutGuard:
      return "a configuration counts when it is applied, and the next change does not wait for that";
    case Bug::kWipedMemberSameId:
      return "a server that lost its disk comes back as if it were new";
    case Bug::kRemovedServerDisrupts:
      return "a server that hears a leader votes all the same: one that was removed can unseat it";
    case Bug::kPrevoteGrantsOnLivenessOnly:
      return "a PreVote is granted to a log that could not win";
    case Bug::kPrevoteTermDeadlock:
      return "a PreVote of an older term is not answered, and one of a newer term teaches nothing";
    case Bug::kLearnerCannotVote:
      return "a server that believes to be a learner does not vote, though it was promoted";
    case Bug::kLeaderHeartbeatBlocksBridge:
      return "a leader that reaches no majority goes on, and who hears it does not vote";
    case Bug::kNoCheckQuorum:
      return "a leader that reaches no majority goes on";
    case Bug::kLocalReadWithoutQuorum:
      return "a leader answers reads without asking whether it still leads";
    case Bug::kReadindexBeforeNoop:
      return "a new leader answers reads before it knows what is committed";
    case Bug::kReadindexContextReuse:
      return "a follower's later reads count on the answer to an earlier question";
    case Bug::kLeaseIgnoresDrift:
      return "a lease lasts as long as the others' patience, by a clock that may be slower";
    case Bug::kLeaseKeptOnTransfer:
      return "a leader that has asked another to take over keeps its lease";
    case Bug::kLeaseFromAckReceipt:
      return "a lease begins when the answers come, not when the question was sent";
    case Bug::kFollowerReadWithoutWait:
      return "a follower answers without having applied what the leader confirmed";
    case Bug::kNoDedupOnRetry:
      return "a request that comes again is done again";
    case Bug::kDedupTableNotInSnapshot:
      return "a snapshot does not say which requests were done";
    case Bug::kSessionExpiryByLocalClock:
      return "every server forgets silent clients by its own clock";
    case Bug::kTransferBeforeCaughtUp:
      return "a leader hands over to a server that lacks entries";
    case Bug::kInitNextAfterProposals:
      return "a new leader begins to send behind the entries it has just taken in";
    case Bug::kAsyncAppendAba:
      return "a write that ends late counts for the entry that has taken its place";
    case Bug::kPersistErrorIgnored:
      return "a server goes on when its disk fails";
    case Bug::kNoRandomisation:
      return "every election time-out is the same";
  }
  return {};
}

}  // namespace twice::protocols::raft
