// Five Raft servers with clients and faults, with and without their invariants watched after every event.
#include <fmt/format.h>

#include "bench/bench.h"
#include "bench/clusters.h"
#include "check/raft_invariants.h"
#include "core/assert.h"
#include "protocols/raft/raft.h"

namespace twice::bench {
namespace {

using world::World;

class Watch final : public world::Observer {
 public:
  void event(const World& w, const Event& event, const std::vector<Effect>&) override { invariants.event(w, event); }
  check::RaftInvariants invariants;
};

World five_raft(Trace::Keep keep) {
  protocols::raft::Parameters p;
  p.pre_vote = p.check_quorum = true;
  p.snapshot_every = 1000;
  return five(protocols::raft::make_raft(names(5), p), keep);
}

constexpr Sequence kRaftEvents = 500'000;

/// Nanoseconds an event.
double measure(Trace::Keep keep, bool watched, double* virtual_seconds = nullptr) {
  World world = five_raft(keep);
  Watch watch;
  const double seconds = cpu_seconds([&] { world.run(kEndOfTime, kRaftEvents, watched ? &watch : nullptr); });
  TWICE_ASSERT(watch.invariants.violations().empty(), "an invariant of Raft is broken");
  if (virtual_seconds) *virtual_seconds = double((world.now() - Time{}).ns) / 1e9;
  return seconds * 1e9 / kRaftEvents;
}

}  // namespace

void run_raft(Report& report) {
  double virtual_seconds = 0;
  const Versus ns = side_by_side([&] { return measure(Trace::Keep::kAll, true, &virtual_seconds); },
                                 [] { return measure(Trace::Keep::kAll, false); });
  report.add({"5-node Raft, 10 clients, faults: trace, invariants", 1e3 / ns.value, "M events/s", {}, at_least(1)});
  report.add({"… the same, against a run without invariants", ns.value, "ns/event", ns.reference});
  report.add({fmt::format("… {:.0f} events a virtual second", kRaftEvents / virtual_seconds),
              virtual_seconds / (ns.value * kRaftEvents / 1e9), "x real"});
  const double hash = median_of_3([] { return measure(Trace::Keep::kHashes, false); });
  report.add({"5-node Raft, 10 clients, faults: hash only", 1e3 / hash, "M events/s"});
}

}  // namespace twice::bench
