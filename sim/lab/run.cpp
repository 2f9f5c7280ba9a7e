#include "lab/run.h"

#include <algorithm>

#include <fmt/format.h>

#include "lab/chaos_steps.h"
#include "lab/live_run.h"

namespace twice::lab {
namespace {

RunReport run_ready(const Ready& ready, std::uint64_t seed, const RunOptions& options,
                    std::optional<world::World>* world_out) {
  const std::int64_t began = options.clock ? options.clock() : 0;
  LiveRun run(ready, seed, options);
  if (run.error().empty()) run.advance(~Sequence{0});
  RunReport report = run.report();
  if (options.clock) report.wall_ns = options.clock() - began;
  if (world_out && run.error().empty()) *world_out = run.take_world();
  return report;
}

// As it travels between workers: what it took, which is no part of the report, stands before.
std::string packed(const RunReport& report) { return std::to_string(report.wall_ns) + "\n" + to_bytes(report); }

RunReport unpacked(const std::string& text) {
  const std::size_t end = text.find('\n');
  RunReport report = run_report_from_bytes(text.substr(end + 1));
  report.wall_ns = std::stoll(text.substr(0, end));
  return report;
}

// A run that nothing came back from.
RunReport unfinished(const scenario::Variant& variant, std::uint64_t seed, std::string limit, std::string why) {
  RunReport report;
  report.variant = variant.name;
  report.seed = seed;
  report.limit = limit;
  report.findings.push_back({std::move(limit), Held::kUnknown, "the run ends", std::move(why), {}, {}});
  return report;
}

Held worst(Held a, Held b) {
  const auto rank = [](Held h) { return h == Held::kNo ? 2 : h == Held::kUnknown ? 1 : 0; };
  return rank(a) >= rank(b) ? a : b;
}

void judge_sometimes(Batch& batch) {
  for (const RunReport& run : batch.runs)
    for (const Finding& finding : run.sometimes) {
      const auto same = [&](const Finding& f) { return f.name == finding.name && f.span == finding.span; };
      auto known = std::find_if(batch.over_seeds.begin(), batch.over_seeds.end(), same);
      if (known == batch.over_seeds.end()) known = batch.over_seeds.insert(known, finding);
      if (finding.held == Held::kYes) *known = finding;
    }
}

}  // namespace

std::string_view name_of(Held held) {
  switch (held) {
    case Held::kYes:
      return "held";
    case Held::kNo:
      return "failed";
    case Held::kUnknown:
      return "unknown";
  }
  return {};
}

Held RunReport::held() const {
  if (!error.empty()) return Held::kNo;
  Held all = Held::kYes;
  for (const Finding& finding : findings) all = worst(all, finding.held);
  return all;
}

Held Batch::held() const {
  Held all = stopped ? Held::kUnknown : Held::kYes;
  for (const RunReport& run : runs) all = worst(all, run.held());
  for (const Finding& finding : over_seeds) all = worst(all, finding.held);
  return all;
}

bool Batch::judged() const {
  return !over_seeds.empty() || std::any_of(runs.begin(), runs.end(), [](const RunReport& r) { return r.judged(); });
}

std::string_view outcome_of(const RunReport& run) { return run.judged() ? name_of(run.held()) : kNothingJudged; }
std::string_view outcome_of(const Batch& batch) { return batch.judged() ? name_of(batch.held()) : kNothingJudged; }

Built build_world(const scenario::Variant& variant, std::uint64_t seed, const RunOptions& options) {
  return build_world(make_ready(variant), seed, options);
}

RunReport run(const scenario::Variant& variant, std::uint64_t seed, const RunOptions& options,
              std::optional<world::World>* world_out) {
  return run_ready(make_ready(variant), seed, options, world_out);
}

check::History history_of(const scenario::Variant& variant, std::uint64_t seed, const RunOptions& options) {
  const Ready ready = make_ready(variant);
  LiveRun run(ready, seed, options);
  if (!run.error().empty()) return {};
  run.advance(~Sequence{0});
  return run.log().clients().history();
}

namespace {

/// The runs of a batch: variants in order, seeds in order within each.
class BatchRuns {
 public:
  BatchRuns(const std::vector<const scenario::Variant*>& variants, const std::vector<std::uint64_t>& seeds,
            const RunOptions& options, const WorkerOptions& workers)
      : variants_(variants), seeds_(seeds), options_(options), workers_(workers) {
    if (!options_.stop) options_.stop = workers_.stop;
    for (const scenario::Variant* variant : variants) {
      const bool loads = variant->spec.lane.loads();
      // Setting up a warehouse runs SQL: a worker does it, which can be ended.
      ready_.push_back(loads ? std::nullopt : std::optional(make_ready(*variant)));
      any_load_ = any_load_ || loads;
    }
    if (any_load_ && !workers_.unit_limit) workers_.unit_limit = workers_.sql_unit_limit;
    if (!workers_.name)
      workers_.name = [this](std::size_t unit) {
        return fmt::format("lane '{}', seed {}", variant(unit).name, seed(unit));
      };
    batch_.wanted = variants.size() * seeds.size();
  }

  Batch run() {
    if (workers_.workers <= 1 && !workers_.apart)
      run_here();
    else
      run_elsewhere();
    batch_.stopped = batch_.stopped_by != StoppedBy::kNothing;
    return std::move(batch_);
  }

 private:
  const scenario::Variant& variant(std::size_t unit) const { return *variants_[unit / seeds_.size()]; }
  std::uint64_t seed(std::size_t unit) const { return seeds_[unit % seeds_.size()]; }
  RunReport one(std::size_t unit) {
    std::optional<Ready>& ready = ready_[unit / seeds_.size()];
    if (!ready) ready = make_ready(variant(unit));
    return run_ready(*ready, seed(unit), options_, nullptr);
  }

  void run_here() {
    for (std::size_t unit = 0; unit < batch_.wanted && batch_.stopped_by == StoppedBy::kNothing; ++unit) {
      batch_.runs.push_back(one(unit));
      batch_.stopped_by = stopped_by(batch_.runs.back().limit);
      const bool more = unit + 1 < batch_.wanted;
      if (workers_.progress && !workers_.progress(unit + 1, batch_.wanted) && more &&
          batch_.stopped_by == StoppedBy::kNothing)
        batch_.stopped_by = why();
    }
  }
  // A progress function knows one answer, the seam knows why.
  StoppedBy why() const {
    const StoppedBy by = asked(workers_.stop);
    return by == StoppedBy::kNothing ? StoppedBy::kInterrupt : by;
  }

  void run_elsewhere() {
    const auto text = [&](std::size_t unit) { return packed(one(unit)); };
    const bool processes = any_load_ || workers_.apart;
    WorkResult work =
        processes ? in_processes(batch_.wanted, workers_, text) : in_threads(batch_.wanted, workers_, text);
    auto lost = work.lost.begin();
    auto cut = work.cut.begin();
    for (std::size_t unit = 0; unit < batch_.wanted; ++unit) {
      if (work.finished[unit]) {
        batch_.runs.push_back(unpacked(work.results[unit]));
      } else if (lost != work.lost.end() && lost->unit == unit) {
        batch_.runs.push_back(unfinished(variant(unit), seed(unit), lost->limit, lost->words));
        ++lost;
      } else if (cut != work.cut.end() && *cut == unit) {
        batch_.runs.push_back(
            unfinished(variant(unit), seed(unit), std::string(name_of(work.stopped_by)), "it was still running"));
        ++cut;
      }
      // The last unit may have looked at the time before its parent did.
      if (work.stopped_by == StoppedBy::kNothing && !batch_.runs.empty())
        work.stopped_by = stopped_by(batch_.runs.back().limit);
    }
    batch_.reports = std::move(work.reports);
    batch_.stopped_by = work.stopped_by;
  }

  const std::vector<const scenario::Variant*>& variants_;
  const std::vector<std::uint64_t>& seeds_;
  RunOptions options_;
  WorkerOptions workers_;
  std::vector<std::optional<Ready>> ready_;  // by variant, once it was needed in this process
  bool any_load_ = false;
  Batch batch_;
};

}  // namespace

Batch run_batch(const std::vector<const scenario::Variant*>& variants, const std::vector<std::uint64_t>& seeds,
                const RunOptions& options, const WorkerOptions& workers) {
  Batch batch = BatchRuns(variants, seeds, options, workers).run();
  judge_sometimes(batch);
  for (const scenario::Variant* variant : variants)
    if (options.timeline && !batch.stopped)
      if (auto finding = chaos_without_faults(*variant, seeds)) batch.over_seeds.push_back(std::move(*finding));
  return batch;
}

}  // namespace twice::lab
