#include "lab/shrink_trial.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "core/visit.h"
#include "lab/live_run.h"
#include "scenario/checks.h"

namespace twice::lab {
namespace {

std::uint64_t messages_of(const world::World& world) {
  std::uint64_t sent = 0;
  for (std::uint16_t from = 0; from < world.size(); ++from)
    for (std::uint16_t to = 0; to < world.size(); ++to) sent += world.network().sent({from}, {to});
  return sent;
}

/// Which messages chance lost or doubled. Those that a step names are not among them.
class MessageFates final : public world::Observer {
 public:
  void record(const world::World& world, const TraceRecord& record, std::string_view) override {
    const bool lost = record.kind == RecordKind::kLost;
    if (!lost && record.kind != RecordKind::kDuplicated) return;
    const world::AtMessage when{world.name(record.node), world.name(record.peer), record.value};
    const auto same = [&](const world::Step& step) {
      const auto* at = std::get_if<world::AtMessage>(&step.when);
      return at && *at == when;
    };
    if (std::any_of(world.steps().begin(), world.steps().end(), same)) return;
    steps.push_back({when, lost ? world::Action{world::Drop{}} : world::Action{world::Duplicate{}}});
  }
  std::vector<world::Step> steps;
};

void describe(const scenario::Variant& variant, const LiveRun& live, const RunReport& report, Tried& tried) {
  const world::World& world = live.world();
  if (variant.spec.cluster) tried.servers = scenario::server_names(variant.spec);
  for (const scenario::ClientSpec& client : variant.spec.client)
    for (std::string& name : scenario::numbered(client.name.value, client.count)) tried.clients.push_back(name);
  tried.asked.assign(tried.clients.size(), 0);
  for (const Answered& operation : live.log().clients().operations())
    if (operation.client < tried.asked.size()) ++tried.asked[operation.client];
  tried.size.steps = world.steps().size();
  tried.size.clients = tried.clients.size();
  tried.size.nodes = world.size() - tried.size.clients;
  tried.size.operations = live.log().clients().operations().size();
  for (const scenario::SourceRows& version : variant.source) tried.size.rows += version.table->rows.size();
  tried.size.messages = messages_of(world);
  tried.size.events = report.events;
  tried.hash = report.hash;
}

auto rank(const RunSize& size, std::size_t length) { return std::tuple(size.parts(), size.events, length); }

}  // namespace

Trial::Trial(std::string path, Goal goal, const ShrinkOptions& options)
    : path_(std::move(path)), goal_(std::move(goal)), options_(options) {}

Tried Trial::run(const Candidate& candidate) {
  Tried tried;
  const scenario::Loaded loaded = scenario::parse_scenario(path_, candidate.text(), options_.load);
  if (!loaded.scenario || loaded.scenario->variants.size() != 1) return tried;
  const scenario::Variant& variant = loaded.scenario->variants.front();
  const Ready ready = make_ready(variant);
  LiveRun live(ready, loaded.scenario->shared().seeds.first, {.stop = options_.stop});
  if (!live.error().empty()) return tried;
  ++runs_;
  MessageFates fates;
  tried.sound = !live.advance(most_events_, &fates) && live.stopped_by() == StoppedBy::kNothing;
  if (tried.sound) {
    const RunReport report = live.report();
    tried.fails = reaches(report, goal_);
    describe(variant, live, report, tried);
    tried.lost = std::move(fates.steps);
  }
  if (asked(options_.stop) != StoppedBy::kNothing) stopped_ = true;
  if (options_.progress && !options_.progress(runs_, shown_.size)) stopped_ = true;
  return tried;
}

bool Trial::start(Candidate candidate) {
  Tried tried = run(candidate);
  if (!tried.fails) return false;
  const std::size_t length = candidate.text().size();
  most_events_ = tried.size.events * 2 + 1000;
  take(std::move(candidate), std::move(tried), length);
  return true;
}

bool Trial::keep_if_smaller(Candidate candidate) {
  if (out_of_budget()) return false;
  const std::string text = candidate.text();
  if (!known_.insert(hash_text(text)).second) return false;
  Tried tried = run(candidate);
  if (!tried.fails || rank(tried.size, text.size()) >= rank(shown_.size, length_)) return false;
  take(std::move(candidate), std::move(tried), text.size());
  return true;
}

void Trial::take(Candidate candidate, Tried tried, std::size_t length) {
  best_ = std::move(candidate);
  shown_ = std::move(tried);
  length_ = length;
}

}  // namespace twice::lab
