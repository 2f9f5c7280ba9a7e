#include "ui/playback/recording.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "ui/playback/node_view.h"

namespace twice::playback {
namespace {

// Beyond this many, frequent kinds are left out.
constexpr std::size_t kManyMoments = 50'000;

std::optional<MomentKind> kind_of_mark(std::string_view label) {
  if (label == "attempt") return MomentKind::kAttempt;
  if (label == "retry") return MomentKind::kRetry;
  if (label == "run-ok") return MomentKind::kOk;
  if (label == "run-failed") return MomentKind::kGaveUp;
  if (label == "commit") return MomentKind::kCommit;
  if (label == "reading") return MomentKind::kReading;
  if (label == "suspect") return MomentKind::kSuspect;
  if (label == "trust") return MomentKind::kTrust;
  if (label == "leader") return MomentKind::kElected;
  if (label == "steps-down" || label == "overtaken") return MomentKind::kSteppedDown;
  if (label == "chosen" || label == "decided") return MomentKind::kDecided;
  return std::nullopt;
}

std::optional<MomentKind> kind_of(const TraceRecord& record, std::string_view label) {
  switch (record.kind) {
    case RecordKind::kStep:
      return MomentKind::kStep;
    case RecordKind::kCrash:
      return MomentKind::kCrash;
    case RecordKind::kLost:
    case RecordKind::kCut:
      return MomentKind::kLost;
    case RecordKind::kDuplicated:
      return MomentKind::kDuplicated;
    case RecordKind::kMark:
      return kind_of_mark(label);
    case RecordKind::kReordered:
    case RecordKind::kClogged:
    case RecordKind::kIgnored:
    case RecordKind::kStart:
    case RecordKind::kDeliver:
    case RecordKind::kTimer:
    case RecordKind::kWritten:
    case RecordKind::kDone:
    case RecordKind::kDown:
      return std::nullopt;
  }
  return std::nullopt;
}

bool is_frequent(MomentKind kind) {
  return kind == MomentKind::kLost || kind == MomentKind::kDuplicated || kind == MomentKind::kCommit ||
         kind == MomentKind::kReading;
}

bool same_record(const TraceRecord& a, const TraceRecord& b, const Trace& ta, const Trace& tb) {
  return a.kind == b.kind && a.at == b.at && a.sequence == b.sequence && a.cause == b.cause && a.node == b.node &&
         a.peer == b.peer && a.value == b.value && a.scope == b.scope && ta.labels()[a.label] == tb.labels()[b.label];
}

}  // namespace

std::string_view name_of(MomentKind kind) {
  switch (kind) {
    case MomentKind::kStep:
      return "step";
    case MomentKind::kCrash:
      return "crash";
    case MomentKind::kAttempt:
      return "attempt";
    case MomentKind::kRetry:
      return "retry";
    case MomentKind::kOk:
      return "told ok";
    case MomentKind::kGaveUp:
      return "gave up";
    case MomentKind::kCommit:
      return "commit";
    case MomentKind::kReading:
      return "reading";
    case MomentKind::kLost:
      return "message lost";
    case MomentKind::kDuplicated:
      return "message duplicated";
    case MomentKind::kSuspect:
      return "suspicion";
    case MomentKind::kTrust:
      return "trust";
    case MomentKind::kElected:
      return "election won";
    case MomentKind::kSteppedDown:
      return "leads no longer";
    case MomentKind::kDecided:
      return "decided";
    case MomentKind::kBroken:
      return "invariant broken";
  }
  return {};
}

class Recording::Listener final : public world::Observer {
 public:
  explicit Listener(Recording& recording) : recording_(recording) {}

  void event(const world::World& world, const Event& event, const std::vector<Effect>&) override {
    recording_.seen_[event.node.index] = true;
    recording_.note_broken();
    recording_.tick(world);
  }
  void record(const world::World& world, const TraceRecord& record, std::string_view label) override {
    recording_.note_broken();
    recording_.note_reign(world, record, label);
    const auto kind = kind_of(record, label);
    if (!kind) return;
    std::string text;
    if (*kind == MomentKind::kStep) text = label;
    if (*kind == MomentKind::kElected) {
      const Reign& reign = recording_.reigns_.back();
      text = fmt::format("{} leads {} {}", world.name(reign.leader), reign.era, reign.term);
    }
    if (*kind == MomentKind::kSteppedDown) text = label == "overtaken" ? "overtaken" : "leads no longer";
    recording_.note({*kind, world.now(), record.sequence, record.node, std::move(text)});
  }

 private:
  Recording& recording_;
};

Recording::Recording(std::uint64_t id, const lab::Ready& ready, std::uint64_t seed, lab::RunOptions options) : id_(id) {
  options.keep = Trace::Keep::kAll;
  options.narrate = true;
  run_ = std::make_unique<lab::LiveRun>(ready, seed, options);
  if (!run_->error().empty()) return;
  checkpoints_.emplace(run_->world());
  seen_.assign(run_->world().size(), false);
  ticks_.push_back(Time{});
}

bool Recording::advance(Sequence events) {
  if (complete()) return false;
  Listener listener(*this);
  // In pieces, so that copies are taken on the way.
  const Sequence last = run_->world().events() + events;
  bool more = true;
  while (more && run_->world().events() < last) {
    more = run_->advance(std::min<Sequence>(checkpoints_->spacing(), last - run_->world().events()), &listener);
    checkpoints_->offer(run_->world());
  }
  return more;
}

Time Recording::end() const {
  if (!run_->error().empty()) return {};
  return run_->over() ? run_->log().last_event() : run_->world().now();
}

world::World Recording::at(Sequence n) const { return checkpoints_->at(std::min(n, events())); }

void Recording::note(Moment moment) {
  if (moments_.size() >= kManyMoments && is_frequent(moment.kind)) return;
  if (moments_.size() >= 2 * kManyMoments) return;
  shown_[static_cast<std::size_t>(moment.kind)] = true;
  moments_.push_back(std::move(moment));
}

// The log hears of everything first.
void Recording::note_broken() {
  const auto& violations = run_->log().raft().violations();
  for (; violations_seen_ < violations.size(); ++violations_seen_) {
    const check::RaftViolation& violation = violations[violations_seen_];
    add_broken({std::string(name_of(violation.invariant)), std::string(meaning_of(violation.invariant)),
                violation.words, violation.event, violation.at},
               violation.node);
  }
  if (const auto& broken = run_->log().agreement().broken(); broken && !disagreed_) {
    disagreed_ = true;
    add_broken({"agreement", "what one server has learned, no other learns differently", broken->words, broken->event,
                broken->at},
               kNobody);
  }
  if (const auto& broken = run_->log().two_outcomes(); broken && !was_not_atomic_) {
    was_not_atomic_ = true;
    add_broken({"atomic", "all participants commit, or none does", broken->words, broken->event, broken->at}, kNobody);
  }
}

void Recording::add_broken(Broken broken, NodeId node) {
  note({MomentKind::kBroken, broken.at, broken.event, node, broken.name + ": " + broken.words});
  broken_.push_back(std::move(broken));
}

void Recording::note_reign(const world::World& world, const TraceRecord& record, std::string_view label) {
  const bool elected = record.kind == RecordKind::kMark && label == "leader";
  const bool ends = record.kind == RecordKind::kCrash ||
                    (record.kind == RecordKind::kMark && (label == "steps-down" || label == "overtaken"));
  if (elected) {
    const std::string_view era = view_of(world.node(record.node)).face(world, record.node).era;
    reigns_.push_back({record.value, era, record.node, world.now(), std::nullopt});
  }
  if (!ends) return;
  for (Reign& reign : reigns_)
    if (reign.leader == record.node && !reign.to) reign.to = world.now();
}

void Recording::tick(const world::World& world) {
  if (world.events() % stride_ != 0) return;
  ticks_.push_back(world.now());
  if (ticks_.size() < kTicks) return;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < ticks_.size(); i += 2) ticks_[kept++] = ticks_[i];
  ticks_.resize(kept);
  stride_ *= 2;
}

std::vector<NodeId> Recording::nodes_seen() const {
  std::vector<NodeId> nodes;
  for (std::size_t i = 0; i < seen_.size(); ++i)
    if (seen_[i] || run_->world().group(NodeId{static_cast<std::uint16_t>(i)}).empty())
      nodes.push_back(NodeId{static_cast<std::uint16_t>(i)});
  return nodes;
}

const lab::RunReport& Recording::report(const lab::Reference* reference) const {
  if (!report_) report_ = run_->report(reference);
  return *report_;
}

const world::World& Playhead::seek(const Recording& recording, Sequence n) {
  const Sequence wanted = std::min(n, recording.events());
  const bool onward = world_ && recording_ == recording.id() && world_->events() <= wanted &&
                      wanted - world_->events() <= recording.spacing();
  if (!onward) world_ = recording.at(wanted);
  recording_ = recording.id();
  if (world_->events() < wanted) world_->run(kEndOfTime, wanted);
  return *world_;
}

std::optional<Sequence> first_difference(const Trace& a, const Trace& b) {
  // Equal block hashes mean equal events so far; decode only from the first block that differs.
  const std::size_t blocks = std::min(a.block_hashes().size(), b.block_hashes().size());
  std::size_t same = 0;
  while (same < blocks && a.block_hashes()[same] == b.block_hashes()[same]) ++same;
  const Sequence from = same * Trace::kHashEvery;
  std::vector<TraceRecord> window;
  std::optional<Sequence> found;
  const Sequence last = std::min(a.events(), b.events());
  constexpr Sequence kPiece = 1 << 16;
  for (Sequence begin = from; begin <= last && !found; begin += kPiece) {
    window.clear();
    a.for_each_from(begin, [&](const TraceRecord& record) {
      if (record.sequence >= begin + kPiece) return false;
      window.push_back(record);
      return true;
    });
    std::size_t i = 0;
    b.for_each_from(begin, [&](const TraceRecord& record) {
      if (record.sequence >= begin + kPiece || i == window.size()) return false;
      if (!same_record(window[i], record, a, b)) found = std::min(window[i].sequence, record.sequence);
      ++i;
      return !found.has_value();
    });
  }
  if (!found && a.events() != b.events()) found = last + 1;
  return found;
}

}  // namespace twice::playback
