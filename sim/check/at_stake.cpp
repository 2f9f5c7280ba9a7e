#include "check/at_stake.h"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

namespace twice::check {
namespace {

bool is_ok(const Operation& o) { return o.outcome == Outcome::kOk; }
// A compare-and-set that succeeded tells what was there.
bool tells(const Operation& o) { return is_ok(o) && (o.function == Function::kRead || o.function == Function::kCas); }
bool changes(const Operation& o) { return o.function != Function::kRead; }

/// What a client has done so far; of one key, or of all.
struct Past {
  bool read = false, wrote = false;
};

/// True when some operation of a client comes after one that the model binds it to.
template <class Binds>
bool some_client(const History& history, bool by_key, const Binds& binds) {
  std::map<std::pair<std::string, std::string>, Past> clients;
  for (const Operation& o : history.operations) {
    Past& past = clients[{client_of(o), by_key ? o.key : std::string()}];
    if (binds(past, o)) return true;
    past.read = past.read || tells(o);
    past.wrote = past.wrote || (is_ok(o) && changes(o));
  }
  return false;
}

std::string none_succeeded(const History& history) {
  std::size_t refused = 0, unanswered = 0;
  for (const Operation& o : history.operations) refused += o.outcome == Outcome::kFail;
  unanswered = history.operations.size() - refused;
  return fmt::format("0 of {} operations succeeded: {} were refused, {} had no answer", history.operations.size(),
                     refused, unanswered);
}

}  // namespace

Successes successes(const History& history) {
  Successes sum;
  for (const Operation& o : history.operations)
    if (is_ok(o)) ++(changes(o) ? sum.changes : sum.reads);
  return sum;
}

std::optional<std::string> nothing_at_stake(Model model, const History& history) {
  const auto& all = history.operations;
  if (std::none_of(all.begin(), all.end(), is_ok)) return none_succeeded(history);
  if (std::none_of(all.begin(), all.end(), tells)) return "no read was answered: nothing shows what the writes did";
  if (std::none_of(all.begin(), all.end(),
                   [](const Operation& o) { return changes(o) && o.outcome != Outcome::kFail; }))
    return "nobody wrote anything that a read could show";
  const auto needs = [](bool met, const char* what) {
    return met ? std::optional<std::string>() : std::optional<std::string>(what);
  };
  switch (model) {
    case Model::kReadYourWrites:
      return needs(some_client(history, true, [](const Past& p, const Operation& o) { return p.wrote && tells(o); }),
                   "no client read a key that it had written before");
    case Model::kMonotonicReads:
      return needs(some_client(history, true, [](const Past& p, const Operation& o) { return p.read && tells(o); }),
                   "no client read a key twice");
    case Model::kMonotonicWrites:
      return needs(some_client(history, false,
                               [](const Past& p, const Operation& o) { return p.wrote && is_ok(o) && changes(o); }),
                   "no client wrote twice");
    case Model::kWritesFollowReads:
      return needs(some_client(history, false,
                               [](const Past& p, const Operation& o) { return p.read && is_ok(o) && changes(o); }),
                   "no client wrote after it had read");
    case Model::kLinearizable:
    case Model::kSequential:
    case Model::kCausal:
    case Model::kPram:
    case Model::kBoundedStaleness:
    case Model::kEventual:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace twice::check
