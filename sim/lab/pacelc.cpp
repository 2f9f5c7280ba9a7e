#include "lab/pacelc.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "check/linearizable.h"
#include "check/staleness.h"
#include "core/limits.h"
#include "core/overload.h"
#include "core/random.h"
#include "lab/live_run.h"
#include "lab/pipeline_world.h"
#include "scenario/checks.h"

namespace twice::lab {
namespace {

using check::Judgement;
using protocols::Asked;

// Experiment P: a second of peace, five of split, then time for what the split left behind to show.
constexpr Duration kSplitAt = seconds(2), kHealAt = seconds(7), kSplitEnd = seconds(10);
// What is asked right at the cut may meet a failure detector that has not spoken yet; what is asked within a deadline
// of the healing may be answered by it.
constexpr Duration kHealthyEnd = seconds(4);
constexpr std::uint64_t kBudget = limits::kLinearizableStepsOfRun;

Judgement worse(Judgement a, Judgement b) {
  const auto rank = [](Judgement j) { return j == Judgement::kViolated ? 2 : j == Judgement::kUnknown ? 1 : 0; };
  return rank(a) >= rank(b) ? a : b;
}

bool is_crdt(const scenario::Spec& spec) { return std::holds_alternative<scenario::CrdtSpec>(spec.cluster->protocol); }

// One that reads and one that writes, beside every node: whom a writer is sent on to is nothing to a reader.
constexpr std::array<const char*, 2> kClients{"reader-at-", "writer-at-"};

// During the split a client may ask whoever is on its side.
std::vector<scenario::ClientSpec> standard_clients(const scenario::Spec& spec, bool split) {
  std::vector<scenario::ClientSpec> clients;
  const auto& nodes = spec.cluster->nodes;
  for (std::size_t place = 0; place < nodes.size() * kClients.size(); ++place) {
    const std::size_t i = place / kClients.size(), kind = place % kClients.size();
    scenario::ClientSpec client;
    client.name.value = kClients[kind] + nodes[i].value;
    client.reads = Probability{kind == 0 ? 1'000'000'000u : 0u};
    client.at = nodes[i];
    client.to.push_back(nodes[i]);
    for (std::size_t other = 0; other < nodes.size(); ++other)
      if (other != i && (!split || (other != 0 && i != 0))) client.to.push_back(nodes[other]);
    client.workload = is_crdt(spec) ? protocols::Workload::kCounter : protocols::Workload::kRegister;
    client.think = milliseconds(split ? 40 : 20);
    client.timeout = milliseconds(250);
    client.retry.policy = protocols::RetryPolicy::kRetrySameId;
    client.retry.attempts = 4;
    client.retry.backoff = milliseconds(20);
    client.until = scenario::Spanned<Duration>{(split ? kSplitEnd : kHealthyEnd) - seconds(1), {}};
    clients.push_back(std::move(client));
  }
  return clients;
}

scenario::Variant experiment(const scenario::Variant& variant, bool split) {
  scenario::Variant own = variant;
  own.spec.client = standard_clients(variant.spec, split);
  own.spec.expect = {};
  own.spec.timeline = {};
  own.spec.chaos.reset();
  own.spec.until = split ? kSplitEnd : kHealthyEnd;
  own.steps.clear();
  if (!split) return own;
  world::Partition partition;
  const std::string& first = variant.spec.cluster->nodes.front().value;
  partition.groups.push_back({first});
  partition.groups.emplace_back();
  for (const std::string& server : scenario::server_names(own.spec))
    if (server != first) partition.groups.back().push_back(server);
  for (const auto& node : variant.spec.cluster->nodes)
    for (const char* kind : kClients) partition.groups[node.value == first ? 0 : 1].push_back(kind + node.value);
  own.steps.push_back({{world::AtTime{Time{} + kSplitAt}, std::move(partition)}, {}});
  own.steps.push_back({{world::AtTime{Time{} + kHealAt}, world::Heal{}}, {}});
  return own;
}

void judge_history(const check::History& history, check::Object object, Judgement& all, std::string& witness) {
  const check::Linearizability found =
      check::check_linearizable(history, {.object = object, .budget = kBudget, .explain = witness.empty()});
  all = worse(all, found.judgement);
  if (witness.empty()) witness = found.explanation;
}

void count_answers(const ClientLog& log, Duration deadline, PacelcRow& row) {
  for (const Answered& operation : log.operations()) {
    if (operation.invoked < Time{} + kSplitAt || operation.invoked + deadline >= Time{} + kHealAt) continue;
    PacelcSide& side = row.sides[operation.client < kClients.size() ? 0 : 1];
    PacelcSide::Share& share = operation.command.writes() ? side.writes : side.reads;
    ++share.asked;
    share.answered += operation.phase == Asked::Phase::kOk && operation.returned - operation.invoked <= deadline;
  }
}

ClientsReport::Latencies latencies_in(std::vector<Duration>& all) {
  std::sort(all.begin(), all.end());
  return {all.size(),         quantile(all, 500), quantile(all, 950),
          quantile(all, 990), quantile(all, 999), all.empty() ? Duration{} : all.back()};
}

/// Abadi, "Consistency Tradeoffs in Modern Distributed Database System Design", IEEE Computer 45(2), 2012.
std::string literature_of(const scenario::ProtocolSpec& protocol) {
  using protocols::Acknowledge;
  using protocols::ReadFrom;
  return std::visit(
      Overload{[](const scenario::PrimaryBackupSpec& spec) -> std::string {
                 if (spec.p.acknowledge == Acknowledge::kSync) return "PC/EC (VoltDB, Megastore)";
                 if (spec.p.reads == ReadFrom::kAny) return "PC/EL (PNUTS)";
                 return spec.p.failover ? "PA/EC (MongoDB in 2012)" : "";
               },
               [](const scenario::QuorumSpec& spec) -> std::string {
                 return spec.p.sloppy || spec.p.r + spec.p.w <= spec.p.n ? "PA/EL (Dynamo, Cassandra, Riak)" : "";
               },
               [](const auto&) -> std::string { return {}; }},
      protocol);
}

std::string label_of(const PacelcRow& row) {
  if (row.sides.empty()) return "–";
  const bool available =
      std::all_of(row.sides.begin(), row.sides.end(), [](const PacelcSide& s) { return s.available(); });
  std::string label = available                                        ? "PA"
                      : row.split_linearizable == Judgement::kHeld     ? "PC"
                      : row.split_linearizable == Judgement::kViolated ? "neither"
                                                                       : "?";
  label += row.healthy_linearizable == Judgement::kHeld       ? "/EC"
           : row.healthy_linearizable == Judgement::kViolated ? "/EL"
                                                              : "/?";
  return label;
}

std::string share_words(const PacelcSide& side) {
  return fmt::format("at {} {} % of reads and {} % of writes were answered", side.nodes, side.reads.percent(),
                     side.writes.percent());
}

// Only what was counted: the reader compares.
std::string difference_of(const PacelcRow& row) {
  if (row.literature.size() < 5 || row.label.starts_with(row.literature.substr(0, 5))) return {};
  std::vector<std::string> facts;
  if (!row.label.starts_with(row.literature.substr(0, 2))) {
    for (const PacelcSide& side : row.sides)
      if (!side.available()) facts.push_back(share_words(side));
    if (facts.empty()) facts.emplace_back("every side was answered while split");
    if (row.label.starts_with("neither")) facts.emplace_back("answers given while split were not linearizable");
  }
  const bool literature_waits = row.literature.substr(3, 2) == "EC";
  if (!literature_waits && row.healthy_linearizable == Judgement::kHeld)
    facts.emplace_back("every healthy answer was linearizable");
  if (literature_waits && row.healthy_linearizable == Judgement::kViolated)
    facts.emplace_back("a healthy answer was not linearizable");
  return fmt::format("{}", fmt::join(facts, "; "));
}

PacelcRow measure_design(const scenario::Variant& variant, const PacelcOptions& options) {
  PacelcRow row;
  row.design = variant.name.empty() ? std::string(variant.spec.title) : variant.name;
  row.literature = literature_of(variant.spec.cluster->protocol);
  const auto& nodes = variant.spec.cluster->nodes;
  const bool can_split =
      nodes.size() > 1 && !std::holds_alternative<scenario::SingleSpec>(variant.spec.cluster->protocol);
  const check::Object object =
      lab::object_of(is_crdt(variant.spec) ? protocols::Workload::kCounter : protocols::Workload::kRegister);
  const scenario::Variant healthy = experiment(variant, false), split = experiment(variant, true);
  const Ready ready_healthy = make_ready(healthy), ready_split = make_ready(split);
  if (can_split)
    row.sides = {{nodes.front().value, {}, {}},
                 {nodes.size() == 2 ? nodes.back().value : fmt::format("the {} others", nodes.size() - 1), {}, {}}};
  row.healthy_linearizable = Judgement::kHeld;
  row.split_linearizable = can_split ? Judgement::kHeld : Judgement::kUnknown;
  std::vector<Duration> reads, writes;
  for (std::uint64_t seed = options.first_seed; seed < options.first_seed + options.seeds; ++seed) {
    LiveRun peace(ready_healthy, seed, {.stop = options.stop});
    if (!peace.error().empty()) {
      row.error = peace.error();
      return row;
    }
    peace.advance(~Sequence{0});
    if (peace.world().standstill()) return row.error = to_text(*peace.world().standstill(), peace.world()), row;
    if (peace.stopped_by() != StoppedBy::kNothing) return row;
    const ClientLog& log = peace.log().clients();
    for (const Answered& operation : log.operations())
      if (operation.phase == Asked::Phase::kOk)
        (operation.command.writes() ? writes : reads).push_back(operation.returned - operation.invoked);
    judge_history(log.history(), object, row.healthy_linearizable, row.healthy_witness);
    const check::Staleness stale = check::check_staleness(log.history(), object, {});
    row.stale_versions = std::max(row.stale_versions, stale.versions);
    row.stale_time = std::max(row.stale_time, stale.time);
    if (!can_split) continue;
    if (asked(options.stop) != StoppedBy::kNothing) return row;
    LiveRun torn(ready_split, seed, {.stop = options.stop});
    if (!torn.error().empty()) {
      row.error = torn.error();
      return row;
    }
    torn.advance(~Sequence{0});
    if (torn.world().standstill()) return row.error = to_text(*torn.world().standstill(), torn.world()), row;
    if (torn.stopped_by() != StoppedBy::kNothing) return row;
    count_answers(torn.log().clients(), options.deadline, row);
    judge_history(torn.log().clients().history(), object, row.split_linearizable, row.split_witness);
  }
  row.reads = latencies_in(reads);
  row.writes = latencies_in(writes);
  row.label = label_of(row);
  row.difference = difference_of(row);
  return row;
}

// Medians over many draws: to one other node and back, and until a majority of all has answered.
void measure_round_trips(const scenario::Spec& spec, PacelcReport& report) {
  constexpr std::uint64_t kDraws = 4001;
  const physics::LinkProfile link = link_profile(spec.network);
  const std::size_t others = spec.cluster->nodes.size() - 1;
  if (others == 0) return;
  const std::size_t wanted = (others + 1) / 2;  // with the node itself a majority
  std::vector<Duration> one, quorum;
  for (std::uint64_t i = 0; i < kDraws; ++i) {
    std::vector<Duration> trips;
    for (std::size_t peer = 0; peer < others; ++peer) {
      const auto leg = [&](std::uint64_t way) {
        return link.latency.pick(draw(1, Purpose::kLatency, mix(i, peer, way)));
      };
      trips.push_back(leg(0) + leg(1));
    }
    one.push_back(trips.front());
    std::sort(trips.begin(), trips.end());
    quorum.push_back(trips[wanted - 1]);
  }
  std::sort(one.begin(), one.end());
  std::sort(quorum.begin(), quorum.end());
  report.one_round_trip = quantile(one, 500);
  report.quorum_round_trip = quantile(quorum, 500);
}

}  // namespace

PacelcReport measure_pacelc(const std::vector<const scenario::Variant*>& variants, const PacelcOptions& options) {
  PacelcReport report;
  for (const scenario::Variant* variant : variants) {
    if (!variant->spec.cluster) continue;
    if (report.rows.empty() || report.one_round_trip.ns == 0) measure_round_trips(variant->spec, report);
    PacelcRow row = measure_design(*variant, options);
    report.stopped_by = asked(options.stop);
    if (report.stopped_by != StoppedBy::kNothing) return report;
    report.rows.push_back(std::move(row));
  }
  return report;
}

}  // namespace twice::lab
