#pragma once
// What the clients of one run lived: bars, latencies, answers over time, how stale reads were, and which consistency
// models all that fits. Pure functions of copies, so that they can run beside the window.
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "check/spectrum.h"
#include "lab/client_log.h"
#include "ui/playback/recording.h"

namespace twice::playback {

/// A stretch of time in which some links were cut.
using CutTime = std::pair<Time, Time>;

/// All that is needed, by value.
struct ClientsInput {
  std::vector<lab::Answered> operations;
  check::History history;
  bool is_complete = true;  // the history speaks of all operations
  check::Object object = check::Object::kRegister;
  std::vector<check::Replica> replicas;  // of a run that is over
  std::vector<std::string> names;        // of clients
  std::vector<CutTime> cuts;
  Time end;
};
ClientsInput clients_input(const Recording& recording, const scenario::Spec& spec);

using Phase = protocols::Asked::Phase;

/// One operation from call to return.
struct OperationBar {
  std::uint32_t client = 0;
  bool writes = false;
  std::string label;  // "w k0 1·7", "r k0 1·7"
  Time from, to;      // `to` is kEndOfTime while nobody has answered
  Phase phase = Phase::kInvoked;
  std::optional<std::size_t> operation{};  // index in the history
};

/// How long answers took, on a logarithmic scale.
struct LatencyPicture {
  static constexpr std::size_t kBinsOfADecade = 8, kDecades = 7;  // from 10 µs to 100 s
  static constexpr std::int64_t kLeast = 10'000;                  // ns
  std::uint64_t count = 0;
  Duration p50, p99, longest;
  std::array<std::uint32_t, kBinsOfADecade * kDecades> bins{};
};
/// 0 … 1 along that scale.
double place_on_scale(Duration latency);

struct ClientsMetrics {
  struct Bin {
    std::uint32_t ok = 0, failed = 0, unknown = 0;  // by when they ended
    std::uint32_t reads = 0, stale = 0;             // by when they were asked
    std::uint64_t versions_missed = 0;              // by the stalest of them
  };
  static constexpr std::size_t kBins = 60;
  std::vector<std::string> clients;
  std::vector<OperationBar> bars;  // by client, then by time
  std::uint64_t ok = 0, failed = 0, unknown = 0, open = 0;
  LatencyPicture reads, writes;
  std::vector<Bin> bins;
  Time end;
  bool knows_staleness = false;  // of registers whose values are unique
  std::uint64_t reads_checked = 0, stale_reads = 0, versions_missed = 0;
  // Of what was asked while links were cut, without what a heal came between:
  std::uint64_t asked_in_cuts = 0, answered_in_cuts = 0;
  std::vector<CutTime> cuts;
};
ClientsMetrics measure_clients(const ClientsInput& input);

struct ClientsVerdicts {
  std::vector<check::SpectrumRow> rows;  // empty: the history cannot be judged
  bool is_complete = true;               // the history holds all operations
  /// By index of the history: when each operation took effect in an order that explains the answers.
  std::vector<std::optional<Time>> effects;
  std::optional<std::size_t> impossible;  // the first operation that no order explains
};
struct JudgeBudget {
  std::uint64_t linearizable = 1'000'000, sequential = 200'000, session = 8'000'000;
};
ClientsVerdicts judge_clients(const ClientsInput& input, const JudgeBudget& budget = {});

/// For each read that is ok, by index of the history: how many writes that were complete before it and certainly newer
/// than what it saw it missed. nullopt: no read, or its value is of no known write.
std::vector<std::optional<std::uint64_t>> versions_missed(const check::History& history);

}  // namespace twice::playback
