#include "protocols/paxos/ballot.h"

namespace twice::protocols::paxos {

std::string_view name_of(Bug bug) {
  switch (bug) {
    case Bug::kNone:
      return "none";
    case Bug::kOwnValue:
      return "own-value";
    case Bug::kPromiseForgotten:
      return "promise-forgotten";
    case Bug::kAcceptsOldBallot:
      return "accepts-old-ballot";
  }
  return {};
}

std::string_view meaning_of(Bug bug) {
  switch (bug) {
    case Bug::kNone:
      return "it is built as the paper says";
    case Bug::kOwnValue:
      return "a proposer insists on its own value, although it was told of an accepted one";
    case Bug::kPromiseForgotten:
      return "an acceptor's promise is not written to disk: after a crash it listens to older proposers again";
    case Bug::kAcceptsOldBallot:
      return "an acceptor accepts a proposal older than the one it has promised to wait for";
  }
  return {};
}

}  // namespace twice::protocols::paxos
