#pragma once
// Worlds of streams and object stores under faults, with what their ghosts saw.
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "check/deliveries.h"
#include "check/table_states.h"
#include "pipeline/store/store.h"
#include "pipeline/stream/stream.h"
#include "protocols/cluster.h"

namespace twice::pipeline {

using protocols::at;
using protocols::drawn_faults;
using protocols::rough_link;
using world::World;

class Ghosts final : public world::Observer {
 public:
  void event(const World& w, const Event& event, const std::vector<Effect>& effects) override {
    stream.event(w, event, effects);
    table.event(w, event);
    if (also) also(w);
  }
  check::Deliveries stream;
  check::TableStates table;
  std::function<void(const World&)> also;  // may be empty
};

struct Ran {
  World world;
  Ghosts seen;
  check::EffectTally tally;
};

inline Ran run_model(std::uint64_t seed, std::vector<world::NodeSetup> nodes, std::string_view faults,
                     physics::LinkProfile link, std::function<void(const World&)> also = {}) {
  Ran ran{World(seed, std::move(nodes), std::move(link), Trace::Keep::kHashes), {}, {}};
  ran.seen.also = std::move(also);
  if (!faults.empty()) protocols::plan(ran.world, faults);
  ran.world.run(at(seconds(30)), ~Sequence{0}, &ran.seen);
  ran.tally = ran.seen.table.saw_store() ? ran.seen.table.tally(ran.world) : ran.seen.stream.tally(ran.world);
  return ran;
}

inline Ran run_stream(std::uint64_t seed, const stream::Parameters& parameters, std::string_view faults = "",
                      const physics::LinkProfile& link = rough_link(0, 0),
                      std::function<void(const World&)> also = {}) {
  return run_model(seed, stream::make_stream({"consumer"}, parameters), faults, link, std::move(also));
}

inline Ran run_store(std::uint64_t seed, const store::Parameters& parameters, std::string_view faults = "",
                     std::size_t writers = 1, const physics::LinkProfile& link = rough_link(0, 0)) {
  return run_model(seed, store::make_store(protocols::node_names(writers), parameters), faults, link);
}

template <class State>
const State& state_in(const World& w, std::string_view name) {
  return *state_of<State>(w.node(*w.find(name)));
}

}  // namespace twice::pipeline
