#include "lab/inevitable.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "core/assert.h"
#include "core/random.h"
#include "lab/live_run.h"
#include "lab/workers.h"

namespace twice::lab {
namespace {

std::uint64_t square_root(std::uint64_t n) {
  std::uint64_t root = 0;
  for (std::uint64_t bit = std::uint64_t{1} << 31; bit > 0; bit >>= 1)
    if ((root + bit) * (root + bit) <= n) root += bit;
  return root;
}

// An event's record does not name the sender, but what caused it.
std::string sender_of(const world::World& world, const TraceRecord& record) {
  const auto cause = record.cause == 0 ? std::nullopt : world.trace().record_of(record.cause);
  return cause && cause->node != kNobody ? world.name(cause->node) : "outside";
}

std::string words_for(const world::World& world, const TraceRecord& record, const std::string& label) {
  if (record.kind == RecordKind::kStep) return world::to_text(world.steps()[record.value]);
  const std::string& node = world.name(record.node);
  switch (record.kind) {
    case RecordKind::kStart:
      return node + " starts";
    case RecordKind::kDeliver:
      return fmt::format("{} receives {} from {}", node, label, sender_of(world, record));
    case RecordKind::kTimer:
      return fmt::format("a timer of {} fires", node);
    case RecordKind::kWritten:
      return fmt::format("a write of {} is durable", node);
    case RecordKind::kDone:
      return fmt::format("the device of {} is done", node);
    case RecordKind::kDown:
      return fmt::format("{} learns that {} is down", node, sender_of(world, record));
    default:
      return node;
  }
}

class Search {
 public:
  Search(const FailingRun& failing, const InevitableOptions& options)
      : failing_(failing), options_(options), variant_(with_added(failing)), ready_(make_ready(variant_)) {}

  Inevitable find() {
    result_.goal = failing_.goal;
    result_.lane = failing_.variant->name;
    result_.seed = failing_.seed;
    if (!record()) return cut();
    for (const Sequence event : even_moments()) bases_.push_back({live_until(start(), event), {}});
    if (!sample(0, bases_.size())) return finish(false);
    return finish(close_in());
  }

 private:
  struct Base {
    LiveRun run;
    Rerun seen;
  };

  static scenario::Variant with_added(const FailingRun& failing) {
    scenario::Variant variant = *failing.variant;
    if (!failing.added.empty()) variant.spec.expect.finally.push_back({failing.added, {}});
    return variant;
  }

  RunOptions run_options(Trace::Keep keep) const {
    return {.steps = options_.steps, .timeline = options_.timeline, .keep = keep, .stop = options_.stop};
  }

  // The failing run itself, with its trace.
  bool record() {
    LiveRun live(ready_, failing_.seed, run_options(Trace::Keep::kAll));
    result_.error = live.error();
    if (!result_.error.empty()) return false;
    live.advance(~Sequence{0});
    if (ready_.pipeline) reference_ = make_reference(*ready_.pipeline, failing_.seed, options_.stop);
    if (asked(options_.stop) != StoppedBy::kNothing) return false;
    const RunReport report = live.report(reference_ ? &*reference_ : nullptr);
    if (!reaches(report, failing_.goal)) {
      result_.error = "the run does not fail";
      return false;
    }
    result_.events = report.events;
    result_.end = report.end;
    recorded_ = live.take_world();
    return true;
  }

  Inevitable cut() {
    result_.stopped_by = asked(options_.stop);
    return std::move(result_);
  }

  // The nearest run that has come less far; the first one starts anew.
  LiveRun start() const {
    return bases_.empty() ? LiveRun(ready_, failing_.seed, run_options(Trace::Keep::kNothing)) : bases_.back().run;
  }

  static LiveRun live_until(LiveRun run, Sequence event) {
    if (event > run.world().events()) run.advance(event - run.world().events());
    return run;
  }

  std::vector<Sequence> even_moments() const {
    std::vector<Sequence> events;
    const std::uint64_t points = std::max<std::uint32_t>(options_.points, 2);
    for (std::uint64_t i = 0; i < points; ++i) {
      const Sequence event = result_.events * i / (points - 1);
      if (events.empty() || events.back() != event) events.push_back(event);
    }
    return events;
  }

  bool fails(const LiveRun& base, std::uint32_t sample) const {
    LiveRun run = base;
    run.reseed(mix(failing_.seed, 0x6e6f7265747572, sample));
    if (!run.over()) run.advance(~Sequence{0});
    return reaches(run.report(reference_ ? &*reference_ : nullptr), failing_.goal);
  }

  // All re-runs of bases [from, to). False: stopped.
  bool sample(std::size_t from, std::size_t to) {
    const std::size_t samples = std::max<std::uint32_t>(options_.samples, 1);
    const auto unit = [&](std::size_t i) {
      return std::string(fails(bases_[from + i / samples].run, static_cast<std::uint32_t>(i % samples)) ? "1" : "0");
    };
    const std::size_t count = (to - from) * samples;
    std::vector<std::string> results;
    if (options_.workers <= 1 && !options_.apart) {
      for (std::size_t i = 0; i < count; ++i) {
        results.push_back(unit(i));
        if (asked(options_.stop) != StoppedBy::kNothing || !tell(1)) return false;
      }
    } else {
      const WorkerOptions workers{
          .workers = options_.workers,
          .progress = [&, last = std::size_t{0}](
                          std::size_t done, std::size_t) mutable { return tell(done - std::exchange(last, done)); },
          .stop = options_.stop};
      const bool processes = ready_.pipeline.has_value() || options_.apart;
      WorkResult work = processes ? in_processes(count, workers, unit) : in_threads(count, workers, unit);
      for (const LostUnit& lost : work.lost) result_.error = lost.words;
      if (work.stopped || !work.lost.empty()) return false;
      results = std::move(work.results);
    }
    for (std::size_t b = from; b < to; ++b) {
      Rerun& seen = bases_[b].seen;
      seen.event = bases_[b].run.world().events();
      seen.at = bases_[b].run.log().last_event();
      seen.of = static_cast<std::uint32_t>(samples);
      for (std::size_t s = 0; s < samples; ++s) seen.failed += results[(b - from) * samples + s] == "1";
      result_.curve.push_back(seen);
    }
    return true;
  }

  bool tell(std::size_t reruns) {
    done_ += reruns;
    const std::size_t all = bases_.size() * std::max<std::uint32_t>(options_.samples, 1);
    return !options_.progress || options_.progress(done_, std::max(all, done_));
  }

  // Between the last moment from which some re-run did not fail and the first after which all did.
  bool close_in() {
    std::size_t first = bases_.size();
    while (first > 0 && bases_[first - 1].seen.always()) --first;
    TWICE_ASSERT(first < bases_.size(), "a run that is over and failed does not fail");
    Sequence high = bases_[first].seen.event;
    if (first == 0) return result_.from = high, true;
    std::size_t low = first - 1;
    while (high - bases_[low].seen.event > 1) {
      const Sequence before = bases_[low].seen.event, middle = before + (high - before) / 2;
      bases_.push_back({live_until(bases_[low].run, middle), {}});
      if (!sample(bases_.size() - 1, bases_.size())) return false;
      if (bases_.back().seen.always())
        high = middle;
      else
        low = bases_.size() - 1;
    }
    result_.from = high;
    return true;
  }

  Inevitable finish(bool known) {
    std::sort(result_.curve.begin(), result_.curve.end(),
              [](const Rerun& a, const Rerun& b) { return a.event < b.event; });
    if (!known) return cut();
    if (!result_.from || *result_.from == 0) return std::move(result_);
    if (const auto record = recorded_->trace().record_of(*result_.from)) {
      const auto& labels = recorded_->trace().labels();
      result_.what = words_for(*recorded_, *record, record->label < labels.size() ? labels[record->label] : "");
    }
    return std::move(result_);
  }

  const FailingRun& failing_;
  const InevitableOptions& options_;
  scenario::Variant variant_;
  Ready ready_;
  std::optional<Reference> reference_;
  std::optional<world::World> recorded_;
  std::vector<Base> bases_;
  Inevitable result_;
  std::size_t done_ = 0;
};

}  // namespace

Inevitable find_inevitable(const FailingRun& failing, const InevitableOptions& options) {
  return Search(failing, options).find();
}

Interval wilson(std::uint32_t failed, std::uint32_t of) {
  TWICE_ASSERT(of > 0 && failed <= of, "a share of nothing");
  // z = 1.96; all in millionths.
  constexpr std::uint64_t kOne = 1'000'000, kSquare = 3'841'600;
  const std::uint64_t k = failed, n = of;
  const std::uint64_t spread = square_root((k * (n - k) * kOne / n + kSquare / 4) * kOne) * 196 / 100;
  const std::uint64_t centre = k * kOne + kSquare / 2, all = n * kOne + kSquare;
  const std::uint64_t low = centre > spread ? (centre - spread) * 1000 / all : 0;
  const std::uint64_t high = std::min<std::uint64_t>(((centre + spread) * 1000 + all - 1) / all, 1000);
  return {static_cast<std::uint32_t>(failed == 0 ? 0 : low), static_cast<std::uint32_t>(failed == of ? 1000 : high)};
}

}  // namespace twice::lab
