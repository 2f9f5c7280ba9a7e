#include "ui/playback/clients_view.h"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "check/linearizable.h"
#include "protocols/client/client.h"
#include "ui/playback/value_text.h"

namespace twice::playback {
namespace {

using check::Operation;
using lab::Answered;
constexpr Duration kGrace = seconds(1);  // what is asked this shortly before a heal may still wait fairly

char letter_of(protocols::Verb verb) {
  switch (verb) {
    case protocols::Verb::kRead:
      return 'r';
    case protocols::Verb::kWrite:
      return 'w';
    case protocols::Verb::kCas:
      return 'c';
    case protocols::Verb::kAppend:
      return 'a';
    case protocols::Verb::kAdd:
      return '+';
    case protocols::Verb::kRemove:
      return '-';
    case protocols::Verb::kErase:
      return 'x';
  }
  return '?';
}

std::string label_of(const Answered& entry, const check::History& history) {
  std::string label = fmt::format("{} {}", letter_of(entry.command.verb), protocols::key_name(entry.command.key));
  if (entry.command.writes()) return label + " " + value_text(entry.command.value);
  if (entry.phase == Phase::kOk && entry.operation)
    label += " " + value_text(history.operations[*entry.operation].result);
  return label;
}

std::size_t bin_of(Time at, Time end) {
  if (end.ns <= 0) return 0;
  const double part = static_cast<double>(at.ns) / static_cast<double>(end.ns);
  const auto bin = static_cast<std::int64_t>(part * static_cast<double>(ClientsMetrics::kBins));
  return static_cast<std::size_t>(std::clamp<std::int64_t>(bin, 0, ClientsMetrics::kBins - 1));
}

LatencyPicture picture_of(std::vector<Duration> all) {
  LatencyPicture picture;
  std::sort(all.begin(), all.end());
  picture.count = all.size();
  picture.p50 = lab::quantile(all, 500), picture.p99 = lab::quantile(all, 990);
  picture.longest = all.empty() ? Duration{} : all.back();
  for (const Duration latency : all) {
    const auto bin = static_cast<std::size_t>(place_on_scale(latency) * static_cast<double>(picture.bins.size()));
    ++picture.bins[std::min(bin, picture.bins.size() - 1)];
  }
  return picture;
}

void count_in_cuts(const Answered& entry, ClientsMetrics& metrics) {
  for (const auto& [from, to] : metrics.cuts) {
    if (entry.invoked < from || entry.invoked >= to) continue;
    const bool ended = entry.returned <= to;
    if (!ended && to - entry.invoked < kGrace) return;  // the heal came between
    ++metrics.asked_in_cuts;
    metrics.answered_in_cuts += ended && entry.phase == Phase::kOk;
    return;
  }
}

void add_staleness(const check::History& history, ClientsMetrics& metrics) {
  const auto missed = versions_missed(history);
  for (std::size_t i = 0; i < missed.size(); ++i) {
    if (!missed[i]) continue;
    metrics.knows_staleness = true;
    ClientsMetrics::Bin& bin = metrics.bins[bin_of(history.operations[i].invoked, metrics.end)];
    ++bin.reads, ++metrics.reads_checked;
    bin.stale += *missed[i] > 0, metrics.stale_reads += *missed[i] > 0;
    bin.versions_missed = std::max(bin.versions_missed, *missed[i]);
    metrics.versions_missed = std::max(metrics.versions_missed, *missed[i]);
  }
}

bool cuts(const world::Action& action) {
  return std::holds_alternative<world::Partition>(action) || std::holds_alternative<world::OneWay>(action) ||
         std::holds_alternative<world::Bridge>(action) || std::holds_alternative<world::MajoritiesRing>(action) ||
         std::holds_alternative<world::Halves>(action) || std::holds_alternative<world::Isolate>(action) ||
         std::holds_alternative<world::Cut>(action);
}

// From the first cut to the heal of everything.
std::vector<CutTime> cut_times(const Recording& recording) {
  std::vector<CutTime> times;
  bool is_cut = false;
  for (const Moment& moment : recording.moments()) {
    if (moment.kind != MomentKind::kStep) continue;
    const auto parsed = world::parse_steps(moment.text);
    const auto* steps = std::get_if<std::vector<world::Step>>(&parsed);
    if (!steps || steps->empty()) continue;
    const world::Action& action = steps->front().what;
    if (cuts(action) && !is_cut) times.emplace_back(moment.at, recording.end()), is_cut = true;
    const auto* heal = std::get_if<world::Heal>(&action);
    if (heal && heal->nodes.empty() && is_cut) times.back().second = moment.at, is_cut = false;
  }
  return times;
}

// Of one key's order: each takes effect as early as it may.
void place_effects(const check::History& history, const std::vector<std::size_t>& order, ClientsVerdicts& verdicts) {
  Time at{};
  for (const std::size_t i : order) {
    at = std::max(at, history.operations[i].invoked);
    verdicts.effects[i] = at;
  }
}

}  // namespace

ClientsInput clients_input(const Recording& recording, const scenario::Spec& spec) {
  const lab::ClientLog& log = recording.log().clients();
  ClientsInput input;
  input.operations = log.operations(), input.history = log.history(), input.is_complete = log.is_complete();
  if (!spec.client.empty()) input.object = lab::object_of(spec.client.front().workload);
  const world::World& world = recording.last_world();
  if (recording.complete()) input.replicas = lab::replicas_of(world, input.object);
  for (std::uint16_t i = 0; i < world.size(); ++i)
    if (state_of<protocols::ClientNode>(world.node({i}))) input.names.push_back(world.name({i}));
  input.cuts = cut_times(recording);
  input.end = recording.end();
  return input;
}

double place_on_scale(Duration latency) {
  if (latency.ns <= LatencyPicture::kLeast) return 0;
  const double decades = std::log10(static_cast<double>(latency.ns) / static_cast<double>(LatencyPicture::kLeast));
  return std::min(1.0, decades / static_cast<double>(LatencyPicture::kDecades));
}

ClientsMetrics measure_clients(const ClientsInput& input) {
  ClientsMetrics metrics;
  metrics.clients = input.names, metrics.end = input.end, metrics.cuts = input.cuts;
  metrics.bins.resize(ClientsMetrics::kBins);
  std::vector<Duration> reads, writes;
  for (const Answered& entry : input.operations) {
    metrics.bars.push_back({entry.client, entry.command.writes(), label_of(entry, input.history), entry.invoked,
                            entry.returned, entry.phase, entry.operation});
    count_in_cuts(entry, metrics);
    if (entry.phase == Phase::kInvoked) {
      ++metrics.open;
      continue;
    }
    ClientsMetrics::Bin& bin = metrics.bins[bin_of(entry.returned, metrics.end)];
    switch (entry.phase) {
      case Phase::kInvoked:
        break;
      case Phase::kOk:
        (entry.command.writes() ? writes : reads).push_back(entry.returned - entry.invoked);
        ++bin.ok, ++metrics.ok;
        break;
      case Phase::kFailed:
        ++bin.failed, ++metrics.failed;
        break;
      case Phase::kUnknown:
        ++bin.unknown, ++metrics.unknown;
        break;
    }
  }
  std::stable_sort(metrics.bars.begin(), metrics.bars.end(), [](const OperationBar& a, const OperationBar& b) {
    return std::pair(a.client, a.from) < std::pair(b.client, b.from);
  });
  metrics.reads = picture_of(std::move(reads)), metrics.writes = picture_of(std::move(writes));
  if (input.is_complete && input.object == check::Object::kRegister) add_staleness(input.history, metrics);
  return metrics;
}

ClientsVerdicts judge_clients(const ClientsInput& input, const JudgeBudget& budget) {
  ClientsVerdicts verdicts;
  verdicts.is_complete = input.is_complete;
  if (!input.is_complete) return verdicts;
  verdicts.rows = check::spectrum(input.history, {.object = input.object,
                                                  .linearizable_budget = budget.linearizable,
                                                  .sequential_budget = budget.sequential,
                                                  .session_budget = budget.session,
                                                  .replicas = input.replicas});
  verdicts.effects.resize(input.history.operations.size());
  const check::Linearizability found = check::check_linearizable(
      input.history, {.object = input.object, .budget = budget.linearizable, .explain = false});
  for (const check::KeyReport& key : found.keys) place_effects(input.history, key.order, verdicts);
  if (found.judgement == check::Judgement::kViolated) verdicts.impossible = found.impossible;
  return verdicts;
}

std::vector<std::optional<std::uint64_t>> versions_missed(const check::History& history) {
  std::vector<std::optional<std::uint64_t>> missed(history.operations.size());
  struct Key {
    std::vector<const Operation*> writes;  // that are ok, by call
    std::map<check::Value, const Operation*> writer;
  };
  std::map<std::string, Key> keys;
  for (const Operation& operation : history.operations) {
    if (operation.function == check::Function::kRead) continue;
    Key& key = keys[operation.key];
    key.writer[operation.argument] = &operation;
    if (operation.outcome == check::Outcome::kOk) key.writes.push_back(&operation);
  }
  for (std::size_t i = 0; i < history.operations.size(); ++i) {
    const Operation& read = history.operations[i];
    if (read.function != check::Function::kRead || read.outcome != check::Outcome::kOk) continue;
    const Key& key = keys[read.key];
    std::optional<std::uint64_t> after;  // place in the real-time order; nullopt: from the beginning
    if (!std::holds_alternative<check::Nil>(read.result)) {
      const auto writer = key.writer.find(read.result);
      if (writer == key.writer.end()) continue;
      after = writer->second->ret;
    }
    std::uint64_t count = 0;
    const auto first = !after ? key.writes.begin()
                              : std::partition_point(key.writes.begin(), key.writes.end(),
                                                     [&](const Operation* write) { return write->call <= *after; });
    for (auto write = first; write != key.writes.end() && (*write)->call < read.call; ++write)
      count += (*write)->ret < read.call;
    missed[i] = count;
  }
  return missed;
}

}  // namespace twice::playback
