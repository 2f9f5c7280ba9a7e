#include "check/totals.h"

#include <map>

#include <fmt/format.h>

namespace twice::check {
namespace {

struct Total {
  std::int64_t acknowledged = 0, least = 0, most = 0;
};

std::int64_t number_of(const Replica& replica, const std::string& key) {
  const auto at = replica.values.find(key);
  const auto* number = at == replica.values.end() ? nullptr : std::get_if<std::int64_t>(&at->second);
  return number ? *number : 0;
}

}  // namespace

Verdict check_totals(const History& history, const std::vector<Replica>& replicas) {
  if (replicas.empty()) return {Judgement::kUnknown, "there is no replica to look at", {}};
  std::map<std::string, Total> totals;
  for (const Operation& o : history.operations) {
    const auto* amount = std::get_if<std::int64_t>(&o.argument);
    if (o.function != Function::kAdd || !amount || o.outcome == Outcome::kFail) continue;
    Total& total = totals[o.key];
    if (o.outcome == Outcome::kOk)
      total.acknowledged += *amount;
    else
      (*amount < 0 ? total.least : total.most) += *amount;
  }
  for (const auto& [key, total] : totals)
    for (const Replica& replica : replicas) {
      const std::int64_t found = number_of(replica, key);
      if (found >= total.acknowledged + total.least && found <= total.acknowledged + total.most) continue;
      const bool open = total.least != 0 || total.most != 0;
      return {Judgement::kViolated,
              fmt::format("{} holds {} = {}; what was acknowledged adds up to {}{}", replica.name, key, found,
                          total.acknowledged,
                          open ? fmt::format(", with operations of unknown outcome to {} to {}",
                                             total.acknowledged + total.least, total.acknowledged + total.most)
                               : std::string()),
              {}};
    }
  return {Judgement::kHeld, {}, {}};
}

Verdict check_overdraft(const History& history, const std::vector<Replica>& replicas) {
  for (std::size_t i = 0; i < history.operations.size(); ++i) {
    const Operation& o = history.operations[i];
    const auto* seen =
        o.function == Function::kRead && o.outcome == Outcome::kOk ? std::get_if<std::int64_t>(&o.result) : nullptr;
    if (seen && *seen < 0) return {Judgement::kViolated, in_words(o), i};
  }
  for (const Replica& replica : replicas)
    for (const auto& [key, value] : replica.values)
      if (const std::int64_t found = number_of(replica, key); found < 0)
        return {Judgement::kViolated, fmt::format("in the end {} holds {} = {}", replica.name, key, found), {}};
  return {Judgement::kHeld, {}, {}};
}

}  // namespace twice::check
