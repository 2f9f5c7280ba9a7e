#include "check/models.h"

namespace twice::check {

std::string_view name_of(Model model) {
  switch (model) {
    case Model::kLinearizable:
      return "linearizable";
    case Model::kSequential:
      return "sequential";
    case Model::kCausal:
      return "causal";
    case Model::kPram:
      return "PRAM";
    case Model::kWritesFollowReads:
      return "writes follow reads";
    case Model::kMonotonicWrites:
      return "monotonic writes";
    case Model::kMonotonicReads:
      return "monotonic reads";
    case Model::kReadYourWrites:
      return "read your writes";
    case Model::kBoundedStaleness:
      return "bounded staleness";
    case Model::kEventual:
      return "eventual";
  }
  return {};
}

std::string_view doc_of(Model model) {
  switch (model) {
    case Model::kLinearizable:
      return "every operation takes effect at one moment between call and answer";
    case Model::kSequential:
      return "one order of all operations that keeps the order of each client";
    case Model::kCausal:
      return "every client sees effects after their causes";
    case Model::kPram:
      return "every client sees the writes of each other client in the order they were made";
    case Model::kWritesFollowReads:
      return "a write is seen after what its client had read before";
    case Model::kMonotonicWrites:
      return "the writes of one client are seen in their order";
    case Model::kMonotonicReads:
      return "what a client read never goes back in time";
    case Model::kReadYourWrites:
      return "a client sees its own writes";
    case Model::kBoundedStaleness:
      return "a read lags behind the newest write by so much at most";
    case Model::kEventual:
      return "without new writes, all replicas end with the same values";
  }
  return {};
}

bool implies(Model strong, Model weak) {
  if (strong == weak) return true;
  switch (strong) {
    case Model::kLinearizable:
      return true;
    case Model::kSequential:
      return weak != Model::kLinearizable && weak != Model::kBoundedStaleness && weak != Model::kEventual;
    case Model::kCausal:
      return weak == Model::kWritesFollowReads || implies(Model::kPram, weak);
    case Model::kPram:
      return weak == Model::kMonotonicWrites || weak == Model::kMonotonicReads || weak == Model::kReadYourWrites;
    case Model::kWritesFollowReads:
    case Model::kMonotonicWrites:
    case Model::kMonotonicReads:
    case Model::kReadYourWrites:
    case Model::kBoundedStaleness:
    case Model::kEventual:
      return false;
  }
  return false;
}

}  // namespace twice::check
