// Published numbers, through the simulator's own quorum and latency models: P. Bailis et al., Probabilistically Bounded
// Staleness for Practical Partial Quorums, VLDB 2012. `test_protocols "[pbs]"` prints ours beside the published ones.
#include <array>
#include <cmath>
#include <cstdio>

#include "core/random.h"
#include "physics/latency.h"
#include "protocols/cluster.h"
#include "protocols/quorum/quorum.h"

namespace twice::protocols {
namespace {

using physics::Exponential;
using physics::LatencyModel;
using physics::LinkProfile;
using physics::Mixture;
using physics::Pareto;
using world::World;

// --- k-staleness

double choose(std::uint32_t n, std::uint32_t k) {
  if (k > n) return 0;
  double product = 1;
  for (std::uint32_t i = 0; i < k; ++i) product = product * (n - i) / (i + 1);
  return product;
}

/// A drawn set of `size` of `n` replicas.
std::uint32_t subset(std::uint32_t n, std::uint32_t size, std::uint64_t id) {
  std::uint32_t set = 0;
  for (std::uint32_t i = n - size; i < n; ++i) {  // Floyd's
    const auto pick = static_cast<std::uint32_t>(draw(1, Purpose::kNode, mix(id, i)).below(i + 1));
    set |= set >> pick & 1 ? 1u << i : 1u << pick;
  }
  return set;
}

struct Staleness {
  std::uint32_t n, r, w;
  std::vector<std::pair<std::uint32_t, double>> within;  // k, published P(within k versions)
};
const std::vector<Staleness> kStaleness{
    {3, 1, 1, {{1, .3333}, {2, .5556}, {3, .7037}, {5, .8683}, {10, .9827}}},
    {3, 1, 2, {{1, .6667}, {2, .8889}, {3, .9630}, {5, .9959}, {10, 1.0}}},
    {3, 2, 1, {{1, .6667}, {2, .8889}, {3, .9630}, {5, .9959}, {10, 1.0}}},
    {2, 1, 1, {{1, .5}, {2, .75}, {3, .875}, {5, .9688}, {10, .9990}}},
    {5, 1, 1, {{1, .2}, {2, .36}, {3, .488}, {5, .6723}, {10, .8926}}},
    {5, 2, 2, {{1, .7}, {2, .91}, {3, .973}, {5, .9976}}},
};

double drawn_within(const Staleness& s, std::uint32_t k, std::uint32_t trials) {
  std::uint32_t hits = 0;
  for (std::uint32_t trial = 0; trial < trials; ++trial) {
    const std::uint64_t id = mix(mix(s.n, s.r, s.w), k, trial);
    const std::uint32_t asked = subset(s.n, s.r, mix(id, 99));
    bool hit = false;
    for (std::uint32_t version = 0; version < k && !hit; ++version)
      hit = (asked & subset(s.n, s.w, mix(id, version))) != 0;
    hits += hit;
  }
  return double(hits) / trials;
}

// --- WARS

LatencyModel mixed(std::uint32_t first_ppb, physics::SimpleLatency first, physics::SimpleLatency second) {
  return {Mixture{{{first_ppb, std::move(first), {}}, {1'000'000'000 - first_ppb, std::move(second), {}}}}, {}};
}
/// Rates are per millisecond.
Exponential rate(double per_ms) { return {nanoseconds(std::llround(1e6 / per_ms))}; }
Pareto tail(double minimum_ms, double shape) {
  return {nanoseconds(std::llround(minimum_ms * 1e6)), static_cast<std::uint32_t>(std::llround(shape * 1e6))};
}
const LatencyModel kSsd = mixed(912'200'000, tail(.235, 10), rate(1.66));
const LatencyModel kDisk = mixed(380'000'000, tail(1.05, 1.51), rate(.183));
const LatencyModel kYmmrWrite = mixed(939'000'000, tail(3, 3.35), rate(.0028));
const LatencyModel kYmmrRest = mixed(982'000'000, tail(1.5, 3.8), rate(.0217));

struct Row {
  std::string_view name;
  const LatencyModel& write;
  const LatencyModel& rest;  // acknowledge, read, send
  bool wan;
  std::uint32_t r, w;
  double read_ms, write_ms;  // at 99.9 %
  double at_0, at_10;        // P(consistent)
  double t_ms;               // from here on 99.9 % of reads are consistent
};
const std::vector<Row> kRows{
    {"SSD", kSsd, kSsd, false, 1, 1, .66, .66, .9735, 1, 1.97},
    {"SSD", kSsd, kSsd, false, 1, 2, .65, 1.64, .9782, 1, 1.84},
    {"SSD", kSsd, kSsd, false, 2, 1, 1.63, .66, .9994, 1, 0},
    {"DISK", kDisk, kSsd, false, 1, 1, .66, 10.93, .4368, .9260, 51.8},
    {"DISK", kDisk, kSsd, false, 1, 2, .65, 20.94, .7126, .9562, 47.6},
    {"DISK", kDisk, kSsd, false, 2, 1, 1.63, 10.93, .7629, .9959, 14.2},
    {"YMMR", kYmmrWrite, kYmmrRest, false, 1, 1, 5.60, 11.05, .8875, .9394, 1450},
    {"YMMR", kYmmrWrite, kYmmrRest, false, 2, 1, 33.6, 11.2, .9901, .9965, 212},
    {"YMMR", kYmmrWrite, kYmmrRest, false, 3, 1, 217, 11.2, 1, 1, 0},
    {"YMMR", kYmmrWrite, kYmmrRest, false, 1, 3, 5.6, 1857, 1, 1, 0},
    {"WAN", kDisk, kSsd, true, 1, 1, 3.43, 54.3, .3339, .3340, 116.7},
    {"WAN", kDisk, kSsd, true, 2, 1, 151.3, 55.7, .8587, .9803, 31.1},
};

class Probes final : public world::Observer {
 public:
  void event(const World& w, const Event& event, const std::vector<Effect>&) override {
    const auto* client = state_of<ClientNode>(w.node(event.node));
    if (!client) return;
    for (const Asked& asked : client->news) {
      if (asked.phase != Asked::Phase::kOk) continue;
      const double ms = double((w.now() - asked.invoked).ns) / 1e6;
      (asked.command.writes() ? writes : reads).push_back(ms);
      if (!asked.command.writes()) consistent += !asked.result.empty();  // every probe has a key of its own
    }
  }
  std::vector<double> reads, writes;
  std::uint64_t consistent = 0;
};

/// Three replicas; the coordinator stands apart, or in a WAN beside one of them, drawn for each request.
void probe(const Row& row, Duration wait, std::uint32_t trials, Probes& probes) {
  QuorumParameters p;
  p.n = 3, p.r = row.r, p.w = row.w;
  p.repair = ReadRepair::kOff;
  p.persist = Persist::kNever;
  p.timeout = seconds(100'000);
  const std::uint16_t routers = row.wan ? 3 : 1;
  auto nodes = make_quorum(node_names(3), routers, p);
  for (auto& node : nodes) node.sync_cost = {};
  ClientParameters client;
  client.workload = Workload::kProbe;
  client.keys = trials;
  client.at_most = 2 * trials;
  client.wait = wait;
  client.from = at(milliseconds(1));
  client.timeout = seconds(100'000);
  client.route = Route::kRandom;
  add_clients(nodes, 1, 1, client, node_ids(routers, 3));
  World w(1, std::move(nodes), {}, Trace::Keep::kNothing);
  for (std::uint16_t router = 3; router < 3 + routers; ++router)
    for (std::uint16_t replica = 0; replica < 3; ++replica) {
      const Duration far = row.wan && router - 3 != replica ? milliseconds(75) : Duration{};
      const auto link = [&](LatencyModel model) {
        model.plus = far;
        LinkProfile profile;
        profile.latency = std::move(model);
        return profile;
      };
      w.set_link({router}, {replica}, link(row.write), StoreWrite::kName);
      w.set_link({replica}, {router}, link(row.rest), StoreAck::kName);
      w.set_link({router}, {replica}, link(row.rest), StoreRead::kName);
      w.set_link({replica}, {router}, link(row.rest), StoreValue::kName);
    }
  w.run(kEndOfTime, ~Sequence{0}, &probes);
}

double above(const std::vector<double>& values, double bound) {
  return double(std::count_if(values.begin(), values.end(), [&](double v) { return v > bound; })) /
         double(values.size());
}
double quantile_999(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() * 999 / 1000];
}
double deviation(double p, double trials) { return std::sqrt(std::max(p * (1 - p), 1e-4) / trials); }

/// One thousandth lies above the published value moved by 3 %, as exactly as so many trials can tell (four standard
/// deviations).
void check_quantile(const std::vector<double>& values, double published) {
  const double band = 4 * deviation(.001, double(values.size()));
  CHECK(above(values, published * 1.03) <= .001 + band);
  CHECK(above(values, published * .97) >= .001 - band);
}

double consistent_after(const Row& row, double wait_ms, std::uint32_t trials) {
  Probes probes;
  probe(row, microseconds(std::llround(wait_ms * 1e3)), trials, probes);
  return double(probes.consistent) / trials;
}

/// 99.9 % are reached between the published t moved by 3 % either way, as exactly as so many trials can tell.
void check_t(const Row& row, std::uint32_t trials) {
  const double band = 4 * deviation(.001, trials);
  CHECK(consistent_after(row, row.t_ms * 1.03, trials) >= .999 - band);
  if (row.t_ms > 0) CHECK(consistent_after(row, row.t_ms * .97, trials) <= .999 + band);
}

/// Where our own reads reach 99.9 %, by halving.
double measured_t(const Row& row, std::uint32_t trials) {
  if (consistent_after(row, 0, trials) >= .999) return 0;
  double low = 0, high = 2 * row.t_ms + 1;
  for (int i = 0; i < 12; ++i) {
    const double middle = (low + high) / 2;
    (consistent_after(row, middle, trials) >= .999 ? high : low) = middle;
  }
  return high;
}

/// Within one point of the published, plus three standard deviations of so many trials.
void check_row(const Row& row, std::uint32_t trials, bool print) {
  INFO(row.name << " R=" << row.r << " W=" << row.w);
  Probes now, later;
  probe(row, {}, trials, now);
  probe(row, milliseconds(10), trials, later);
  REQUIRE(now.reads.size() == trials);
  REQUIRE(later.reads.size() == trials);
  const double at_0 = double(now.consistent) / trials, at_10 = double(later.consistent) / trials;
  CHECK(std::abs(at_0 - row.at_0) <= .01 + 3 * deviation(row.at_0, trials));
  CHECK(std::abs(at_10 - row.at_10) <= .01 + 3 * deviation(row.at_10, trials));
  std::vector<double> reads = now.reads, writes = now.writes;
  reads.insert(reads.end(), later.reads.begin(), later.reads.end());
  writes.insert(writes.end(), later.writes.begin(), later.writes.end());
  check_quantile(reads, row.read_ms);
  check_quantile(writes, row.write_ms);
  check_t(row, trials);
  if (!print) return;
  std::printf("| %s %u,%u | %.2f (%.2f) | %.2f (%.2f) | %.2f (%.2f) | %.4f (%.4f) | %.4f (%.4f) |\n",
              std::string(row.name).c_str(), row.r, row.w, quantile_999(reads), row.read_ms, quantile_999(writes),
              row.write_ms, measured_t(row, trials), row.t_ms, at_0, row.at_0, at_10, row.at_10);
  std::fflush(stdout);
}

}  // namespace

TEST_CASE("A read is within k versions as often as the closed form of PBS says, for every published configuration") {
  constexpr std::uint32_t kTrials = 40'000;
  for (const Staleness& s : kStaleness)
    for (const auto& [k, published] : s.within) {
      INFO("N=" << s.n << " R=" << s.r << " W=" << s.w << " k=" << k);
      const double exact = 1 - std::pow(choose(s.n - s.w, s.r) / choose(s.n, s.r), k);
      CHECK(std::abs(exact - published) < .0001);
      CHECK(std::abs(drawn_within(s, k, kTrials) - exact) <= 4 * deviation(exact, kTrials));
    }
}

TEST_CASE("Three replicas under the latencies of LinkedIn, Yammer and a WAN are as consistent and as fast as in PBS") {
  for (const Row& row : kRows) check_row(row, 4'000, false);
}

TEST_CASE("PBS with many trials, printed beside the published numbers", "[.][pbs]") {
  std::printf(
      "| N=3, R,W | read p99.9 ms | write p99.9 ms | t at 99.9 %% ms | P(t = 0) | P(t = 10 ms) |\n"
      "|---|---|---|---|---|---|\n");
  for (const Row& row : kRows) check_row(row, 100'000, true);
  std::printf("\n| N, R, W, k | drawn | closed form |\n|---|---|---|\n");
  for (const Staleness& s : kStaleness)
    for (const auto& [k, published] : s.within)
      std::printf("| %u, %u, %u, %u | %.4f | %.4f |\n", s.n, s.r, s.w, k, drawn_within(s, k, 400'000), published);
}

}  // namespace twice::protocols
