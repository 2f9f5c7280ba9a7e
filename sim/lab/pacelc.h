#pragma once
// CAP and PACELC, measured: what a design answers while the network is split, and what it costs when it is not.
#include <cstdint>
#include <string>
#include <vector>

#include "check/history.h"
#include "lab/run.h"
#include "scenario/spec.h"

namespace twice::lab {

struct PacelcOptions {
  std::uint64_t first_seed = 1;
  std::uint32_t seeds = 5;
  Duration deadline = seconds(1);  // an operation that is not done by then counts as not answered
  StopSeam stop{};                 // asked inside runs; a design that is not measured to its end is left out
};

/// One side of the split: everything on it keeps running.
struct PacelcSide {
  struct Share {
    std::uint64_t asked = 0, answered = 0;
    std::uint64_t percent() const { return asked == 0 ? 0 : answered * 100 / asked; }  // rounded down: 100 means all
  };
  std::string nodes;  // "n1"
  Share reads, writes;
  std::uint64_t asked() const { return reads.asked + writes.asked; }
  std::uint64_t answered() const { return reads.answered + writes.answered; }
  bool available() const { return asked() > 0 && answered() == asked(); }
};

/// Abadi's two letters, derived: P A when every live node's clients were answered during the split; P C when they were
/// not and all answers stayed linearizable; neither otherwise. E C when all answers of the healthy runs were
/// linearizable, E L when consistency was given up for latency.
struct PacelcRow {
  std::string design;
  std::vector<PacelcSide> sides;                                     // empty: one node cannot be split
  check::Judgement split_linearizable = check::Judgement::kUnknown;  // over all seeds: violated > unknown > held
  check::Judgement healthy_linearizable = check::Judgement::kUnknown;
  std::string split_witness, healthy_witness;  // of the first seed that violates
  ClientsReport::Latencies reads, writes;      // of the healthy runs, all seeds together
  std::uint64_t stale_versions = 0;            // the worst healthy read
  Duration stale_time;
  std::string label;       // "PA/EL", "PC/EC", "neither/EC", "–"
  std::string literature;  // of the systems this design stands for; empty: none is known to us
  std::string difference;  // what was measured that makes `label` another than the literature's; empty: it is not
  std::string error;       // it could not be run
};

struct PacelcReport {
  Duration one_round_trip, quorum_round_trip;  // medians between nodes, of the first design's network
  std::vector<PacelcRow> rows;
  StoppedBy stopped_by = StoppedBy::kNothing;  // then the last row, or what follows it, is missing
};

/// The two standard experiments on every variant of a scenario. Only its cluster and network are used: clients, faults
/// and times are the experiments' own. n1 is cut off from all others; beside each lives a client that reads and one
/// that writes.
PacelcReport measure_pacelc(const std::vector<const scenario::Variant*>& variants, const PacelcOptions& options);

std::string pacelc_text(const PacelcReport& report, const PacelcOptions& options, bool colour, unsigned width);
std::string pacelc_json(const PacelcReport& report);

}  // namespace twice::lab
