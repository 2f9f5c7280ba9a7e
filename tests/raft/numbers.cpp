// Published numbers about elections, through the simulator's own Raft: the closed forms and AvailSim of Ongaro's thesis
// (ch. 9), fig. 16 of the paper. `test_raft "[numbers]"` prints ours beside them.
#include <array>
#include <cmath>
#include <cstdio>
#include <optional>

#include "physics/latency.h"
#include "raft_cluster.h"

namespace twice::protocols {
namespace {

using physics::LatencyModel;
using physics::LinkProfile;
using world::World;

LinkProfile link_of(LatencyModel latency) {
  LinkProfile link;
  link.latency = std::move(latency);
  return link;
}
Duration fraction(double part, Duration of) { return {std::llround(part * double(of.ns))}; }
double in_ms(Duration d) { return double(d.ns) / 1e6; }

/// The first candidate and the first leader after it begins to listen.
class Succession final : public world::Observer {
 public:
  void record(const World&, const TraceRecord& r, std::string_view label) override {
    if (r.kind != RecordKind::kMark) return;
    if (label == "candidate" && !stood) stood = r.at;
    if (label == "leader" && !led) led = r.at, term = r.value;
  }
  std::optional<Time> stood, led;
  raft::Term term = 0;
};

Succession wait_for_leader(World& w, Time until = kEndOfTime) {
  Succession next;
  while (!next.led && w.step(until, &next)) {
  }
  return next;
}

class Sample {
 public:
  void add(double value) { values_.push_back(value), is_sorted_ = false; }
  double trials() const { return double(values_.size()); }
  double mean() const {
    double sum = 0;
    for (const double v : values_) sum += v;
    return sum / trials();
  }
  /// Standard deviation of the mean.
  double error() const {
    const double middle = mean();
    double sum = 0;
    for (const double v : values_) sum += (v - middle) * (v - middle);
    return std::sqrt(sum / trials() / (trials() - 1));
  }
  /// The share of larger values.
  double above(double bound) const {
    return double(std::count_if(values_.begin(), values_.end(), [&](double v) { return v > bound; })) / trials();
  }
  double quantile(double part) {
    if (!is_sorted_) std::sort(values_.begin(), values_.end());
    is_sorted_ = true;
    return values_[std::min(values_.size() - 1, static_cast<std::size_t>(part * trials()))];
  }

 private:
  std::vector<double> values_;
  bool is_sorted_ = false;
};

/// The quantile is not below `low` nor above `high`, as exactly as so many trials can tell (four standard deviations).
void check_quantile(const Sample& sample, double part, double low, double high) {
  const double slack = 4 * std::sqrt(part * (1 - part) / sample.trials());
  CHECK(sample.above(low) >= 1 - part - slack);
  CHECK(sample.above(high) <= 1 - part + slack);
}

// --- elections among servers whose timers all start at once

struct Cluster {
  std::size_t servers, alive;
  DurationRange timeout;
  LatencyModel latency;
};

/// Equal logs, free disks.
std::vector<world::NodeSetup> servers(std::size_t count, DurationRange timeout, Duration heartbeat) {
  raft::Parameters p;
  p.election = timeout;
  p.heartbeat = heartbeat;
  auto nodes = raft::make_raft(node_names(count), p);
  for (auto& node : nodes) node.sync_cost = {};
  return nodes;
}

Succession elect(const Cluster& c, std::uint64_t seed) {
  auto nodes = servers(c.servers, c.timeout, c.timeout.low / 2);
  for (std::size_t i = c.alive; i < c.servers; ++i) nodes[i].starts = false;
  World w(seed, std::move(nodes), link_of(c.latency), Trace::Keep::kNothing);
  const Succession next = wait_for_leader(w);
  REQUIRE(next.led);
  return next;
}

// --- closed forms

struct Split {
  std::size_t servers, alive;
  std::array<double, 5> percent;  // published, by kLatencies
};
constexpr std::array kLatencies{.01, .05, .1, .2, .3};  // one way; unit: the range of the timeouts
const std::vector<Split> kSplits{
    {3, 2, {1.99, 9.75, 19.0, 36.0, 51.0}}, {5, 4, {.06, 1.40, 5.23, 18.1, 34.8}},
    {5, 3, {2.97, 14.3, 27.1, 48.8, 65.7}}, {7, 6, {0, .22, 1.59, 9.89, 25.6}},
    {7, 5, {.10, 2.26, 8.15, 26.3, 47.2}},  {9, 8, {0, .04, .50, 5.63, 19.4}},
    {9, 5, {4.90, 22.6, 41.0, 67.2, 83.2}},
};

/// So many servers time out within l of the first that nobody can get a majority: c-th smallest of s uniform draws.
double split_probability(std::size_t n, std::size_t s, double l) {
  const std::size_t c = s - n / 2 + 1;
  double sum = 0;
  for (std::size_t k = c - 1; k <= s; ++k) {
    double ways = 1;
    for (std::size_t i = 0; i < k; ++i) ways = ways * double(s - i) / double(i + 1);
    sum += ways * std::pow(l, double(k)) * std::pow(1 - l, double(s - k));
  }
  return sum;
}

/// The closed form begins every term with all timers at once, which a simulated cluster does in its first term only:
/// after a split vote whoever stood waits from then on, the others from when they voted, and so it splits less often.
/// So the closed form is compared with first terms, as many of them as it takes until one elects a leader.
void check_split(const Split& row, std::size_t column, std::uint32_t trials, bool print) {
  const double l = kLatencies[column], p = split_probability(row.servers, row.alive, l);
  INFO("n=" << row.servers << " s=" << row.alive << " l=" << l);
  CHECK(std::abs(100 * p - row.percent[column]) <= .06);
  const Duration unit = seconds(1), latency = fraction(l, unit);
  const Cluster cluster{row.servers, row.alive, {unit, unit * 2}, {latency, latency}};
  const auto units = [&](Duration d) { return double(d.ns) / double(unit.ns); };
  std::uint32_t splits = 0;
  Sample afresh, uninterrupted;
  for (std::uint32_t trial = 0; trial < trials; ++trial) {
    Duration sum{};
    for (std::uint32_t term = 1;; ++term) {
      const Succession next = elect(cluster, mix(mix(row.servers, row.alive, column), trial, term));
      if (term == 1) splits += next.term > 1, uninterrupted.add(units(*next.led - Time{}));
      sum += (next.term > 1 ? *next.stood + latency : *next.led) - Time{};
      if (next.term == 1) break;
    }
    afresh.add(units(sum));
  }
  const double z = (double(splits) / trials - p) / std::sqrt(std::max(p * (1 - p), 1.0 / trials) / trials);
  const double expected = (1 + 1 / double(row.alive + 1) + l) / (1 - p) + l;
  const double z_time = (afresh.mean() - expected) / afresh.error();
  CHECK(std::abs(z) <= 4);
  CHECK(std::abs(z_time) <= 4);
  CHECK(uninterrupted.mean() <= expected + 4 * uninterrupted.error());
  if (!print) return;
  std::printf("| %zu, %zu, %.2f | %.2f (%.2f) | %+.1f | %.3f (%.3f) | %+.1f | %.3f |\n", row.servers, row.alive, l,
              100.0 * splits / trials, 100 * p, z, afresh.mean(), expected, z_time, uninterrupted.mean());
  std::fflush(stdout);
}

// --- AvailSim

struct Wan {
  std::size_t failed;
  double mean_ms, p999_ms;
};
const std::vector<Wan> kWan{{1, 475, 1500}, {2, 650, 3000}};

void check_wan(const Wan& row, std::uint32_t trials, bool print) {
  const Cluster cluster{
      5, 5 - row.failed, {milliseconds(300), milliseconds(600)}, {milliseconds(30), milliseconds(40)}};
  Sample ms;
  for (std::uint32_t trial = 0; trial < trials; ++trial)
    ms.add(in_ms(*elect(cluster, mix(row.failed, trial)).led - Time{}));
  INFO(row.failed << " failed");
  CHECK(std::abs(ms.mean() / row.mean_ms - 1) <= .05);
  check_quantile(ms, .999, 0, row.p999_ms);
  if (print)
    std::printf("| %zu | %.0f (%.0f) | %.0f | %.0f (<= %.0f) |\n", row.failed, ms.mean(), row.mean_ms, ms.quantile(.5),
                ms.quantile(.999), row.p999_ms);
}

// --- fig. 16

struct Downtime {
  int low_ms, high_ms;                    // of the timeout
  double p10, p50, p90, p99, p999, mean;  // published; 0: not known
  bool has_band;
};
const std::vector<Downtime> kDowntimes{
    {150, 150, 19970, 41105, 84937, 0, 0, 54000, false}, {150, 151, 434, 1199, 3132, 6013, 8232, 1536, false},
    {150, 155, 119, 287, 609, 1242, 2143, 345, true},    {150, 175, 107, 141, 291, 467, 610, 164, true},
    {150, 200, 111, 147, 194, 352, 512, 156, true},      {150, 300, 125, 171, 244, 415, 603, 181, true},
    {12, 24, 20, 30, 53, 87, 152, 34.7, true},           {25, 50, 31, 43, 74, 119, 276, 47.9, true},
    {50, 100, 48, 67, 96, 169, 253, 71.3, true},         {100, 200, 85, 120, 166, 277, 335, 125.4, true},
};

/// 1.5 to 4 ms to another server, 6 to 11 ms until its answer is back: it writes its vote to the disk first. So a round
/// of all takes up to 15 ms.
const LinkProfile kThere = link_of({microseconds(1'500), microseconds(4'000)});
const LinkProfile kBack = link_of({microseconds(6'000), microseconds(11'000)});

constexpr Duration kLongest = minutes(5);  // equal timeouts may split for ever

/// A leader gives its last entry to two of the four others, beats once more and crashes somewhere before its next beat.
Duration downtime(const Downtime& row, std::uint64_t seed) {
  const DurationRange timeout{milliseconds(row.low_ms), milliseconds(row.high_ms)};
  auto nodes = servers(5, timeout, timeout.low / 2);
  const Duration settled = timeout.high * 5;
  ClientParameters one;
  one.workload = Workload::kAppend;
  one.reads = {};
  one.at_most = 1;
  one.from = Time{} + settled;
  add_clients(nodes, seed, 1, one, node_ids(5));
  World w(seed, std::move(nodes), link_of({microseconds(10), microseconds(20)}), Trace::Keep::kNothing);
  command(w, "n1", "campaign", milliseconds(1));
  w.run(Time{} + settled - nanoseconds(1));
  const raft::RaftNode* leader = leader_of(w);
  REQUIRE(leader);
  const NodeId old = leader->self;
  const auto behind = [&](int step) { return NodeId{static_cast<std::uint16_t>((old.index + step) % 5)}; };
  LinkProfile lost;
  lost.loss = {1'000'000'000};
  for (const int step : {1, 2}) w.set_link(old, behind(step), lost);
  const raft::Index before = leader->log().last();
  while (leader->commit == before) REQUIRE(w.step());

  w.set_all_links(kThere);
  w.set_all_links(kBack, raft::Vote::kName);
  for (const int step : {1, 2}) w.set_link(behind(step), old, lost, raft::AppendReply::kName);
  const std::uint64_t round = leader->leading()->round;
  while (leader->leading() && leader->leading()->round == round) REQUIRE(w.step());
  REQUIRE(leader->leading());
  const Duration later = DurationRange{{}, timeout.low / 2}.pick(draw(seed, Purpose::kSource, 0));
  const Time crash = w.now() + later;
  REQUIRE_FALSE(w.add({world::AtTime{crash}, world::Crash{w.name(old)}}));
  w.run(crash);
  REQUIRE_FALSE(w.is_up(old));
  const Succession next = wait_for_leader(w, crash + kLongest);
  return next.led ? *next.led - crash : kLongest;
}

void check_downtime(const Downtime& row, std::uint32_t trials, bool print) {
  Sample ms;
  for (std::uint32_t trial = 0; trial < trials; ++trial)
    ms.add(in_ms(downtime(row, mix(row.low_ms, row.high_ms, trial))));
  INFO(row.low_ms << "-" << row.high_ms << " ms");
  if (row.has_band) {
    check_quantile(ms, .50, row.p50 * .9, row.p50 * 1.1);
    check_quantile(ms, .99, row.p99 * .8, row.p99 * 1.2);
  }
  if (!print) return;
  std::printf("| %d-%d |", row.low_ms, row.high_ms);
  const auto pair = [](double ours, double theirs) {
    theirs > 0 ? std::printf(" %.0f (%.0f) |", ours, theirs) : std::printf(" %.0f |", ours);
  };
  pair(ms.quantile(.1), row.p10), pair(ms.quantile(.5), row.p50), pair(ms.quantile(.9), row.p90);
  pair(ms.quantile(.99), row.p99), pair(ms.quantile(.999), row.p999), pair(ms.mean(), row.mean);
  std::printf("\n");
  std::fflush(stdout);
}

}  // namespace

TEST_CASE("votes are split as often as the closed form says, and elections take as long", "[raft]") {
  for (const Split& row : kSplits)
    for (std::size_t column = 0; column < kLatencies.size(); ++column) check_split(row, column, 1'000, false);
}

TEST_CASE("elections over a WAN take as long as in AvailSim", "[raft]") {
  for (const Wan& row : kWan) check_wan(row, 5'000, false);
}

TEST_CASE("after a crash the cluster is without a leader as long as in the paper's fig. 16", "[raft]") {
  for (const Downtime& row : kDowntimes)
    if (row.has_band) check_downtime(row, 1'000, false);
}

TEST_CASE("split votes with many trials", "[.][numbers]") {
  std::printf("| n, s, l | P(split) %% | z | election time | z | uninterrupted |\n|---|---|---|---|---|---|\n");
  for (const Split& row : kSplits)
    for (std::size_t column = 0; column < kLatencies.size(); ++column) check_split(row, column, 40'000, true);
}

TEST_CASE("AvailSim with many trials", "[.][numbers]") {
  std::printf("\n| failed | mean ms | median | p99.9 |\n|---|---|---|---|\n");
  for (const Wan& row : kWan) check_wan(row, 200'000, true);
}

TEST_CASE("fig. 16 with many trials", "[.][numbers]") {
  std::printf("\n| timeout ms | p10 | p50 | p90 | p99 | p99.9 | mean |\n|---|---|---|---|---|---|---|\n");
  for (const Downtime& row : kDowntimes) check_downtime(row, row.low_ms == row.high_ms ? 100 : 20'000, true);
}

}  // namespace twice::protocols
