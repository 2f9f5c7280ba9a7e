#pragma once
// Sessions of files, for tests that look at what they show.
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "scenario/load.h"
#include "support/catch.h"
#include "ui/playback/network_view.h"
#include "ui/playback/session.h"

namespace twice::playback {

inline void record(Session& session) {
  while (session.work(10'000)) {
  }
}

/// Not recorded yet.
inline Session session_of(scenario::Loaded loaded, std::vector<std::string> lanes = {}, std::uint64_t seed = 1) {
  REQUIRE(loaded.scenario);
  return Session(std::move(*loaded.scenario), seed, std::move(lanes));
}

/// Recorded to its end.
inline Session recorded(scenario::Loaded loaded, std::vector<std::string> lanes = {}, std::uint64_t seed = 1) {
  Session session = session_of(std::move(loaded), std::move(lanes), seed);
  record(session);
  return session;
}

inline NetworkView network(const Session& session) { return look_at_network(session.recording(0), session.world(0)); }

}  // namespace twice::playback
