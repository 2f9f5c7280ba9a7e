#include "check/sessions.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "check/session_graph.h"
#include "core/assert.h"

namespace twice::check {
namespace {

bool needs_monotonic_reads(Model model) {
  return model == Model::kMonotonicWrites || model == Model::kWritesFollowReads;
}

bool reads_anything(const SessionView& view, std::size_t client) {
  const std::vector<std::size_t>& chain = view.chains[client];
  return std::any_of(chain.begin(), chain.end(), [&](std::size_t i) { return view.reads(i); });
}

// A list tells by itself whether it holds what its reader had appended.
Verdict own_appends_read(const SessionView& view) {
  for (const std::vector<std::size_t>& chain : view.chains) {
    std::map<std::uint32_t, std::vector<std::size_t>> mine;  // by key
    for (const std::size_t i : chain) {
      if (!view.reads(i)) {
        mine[view.key[i]].push_back(i);
        continue;
      }
      const std::vector<std::size_t>& seen = view.elements[i];
      auto from = seen.begin();
      for (const std::size_t append : mine[view.key[i]]) {
        from = std::find(from, seen.end(), append);
        if (from == seen.end())
          return {Judgement::kViolated,
                  fmt::format("{}, but had done this before: {}", in_words(view.operation(i)),
                              in_words(view.operation(append))),
                  i};
      }
    }
  }
  return {Judgement::kHeld, {}, std::nullopt};
}

}  // namespace

Verdict check_session(Model model, const SessionView& view, std::uint64_t budget) {
  TWICE_ASSERT(implies(Model::kCausal, model), "a model of what clients see");
  if (view.impossible) return {Judgement::kViolated, view.impossible_words, view.impossible};
  if (view.untraceable) return {Judgement::kUnknown, *view.untraceable, std::nullopt};
  if (model == Model::kReadYourWrites && view.object == Object::kList) return own_appends_read(view);
  const std::uint64_t share = budget / std::max<std::size_t>(view.chains.size(), 1);
  bool all = true;
  for (std::size_t client = 0; client < view.chains.size(); ++client) {
    if (!reads_anything(view, client)) continue;
    if (needs_monotonic_reads(model)) {
      const Judgement reads = SessionGraph(Model::kMonotonicReads, view, client).saturate(share);
      all = all && reads != Judgement::kUnknown;
      if (reads != Judgement::kHeld) continue;
    }
    SessionGraph graph(model, view, client);
    const Judgement judgement = graph.saturate(share);
    if (judgement == Judgement::kViolated) return graph.violation();
    all = all && judgement == Judgement::kHeld;
  }
  if (!all)
    return {Judgement::kUnknown,
            fmt::format("the budget of {} steps ran out before all clients were judged (limit session-words)", budget),
            std::nullopt};
  if (view.failed_compares > 0)
    return {Judgement::kUnknown,
            fmt::format("nothing is wrong with the reads, but {} compare-and-set{} failed on a value that existed, and "
                        "what {} saw is not known",
                        view.failed_compares, view.failed_compares == 1 ? "" : "s",
                        view.failed_compares == 1 ? "it" : "they"),
            std::nullopt};
  return {Judgement::kHeld, {}, std::nullopt};
}

Verdict check_session(Model model, const History& history, const SessionOptions& options) {
  return check_session(model, view_sessions(history, options.object.value_or(object_of(history))), options.budget);
}

}  // namespace twice::check
