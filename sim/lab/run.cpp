#include "lab/run.h"

#include <algorithm>

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

// As it travels between workers: what it took, which is no part of the JSON, stands before.
std::string packed(const RunReport& report) { return std::to_string(report.wall_ns) + "\n" + to_json(report); }

RunReport unpacked(const std::string& text) {
  const std::size_t end = text.find('\n');
  RunReport report = run_report_from_json(text.substr(end + 1));
  report.wall_ns = std::stoll(text.substr(0, end));
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

Batch run_batch(const std::vector<const scenario::Variant*>& variants, const std::vector<std::uint64_t>& seeds,
                const RunOptions& options, const WorkerOptions& workers) {
  Batch batch;
  std::vector<Ready> ready;
  bool any_load = false;
  for (const scenario::Variant* variant : variants) {
    ready.push_back(make_ready(*variant));
    any_load = any_load || ready.back().pipeline.has_value();
  }
  const auto one = [&](std::size_t unit) {
    const std::size_t v = unit / seeds.size();
    return run_ready(ready[v], seeds[unit % seeds.size()], options, nullptr);
  };
  const std::size_t count = variants.size() * seeds.size();
  if (workers.workers <= 1) {
    for (std::size_t unit = 0; unit < count && !batch.stopped; ++unit) {
      batch.runs.push_back(one(unit));
      if (workers.progress && !workers.progress(unit + 1, count)) batch.stopped = unit + 1 < count;
    }
  } else {
    const auto text = [&](std::size_t unit) { return packed(one(unit)); };
    WorkResult work = any_load ? in_processes(count, workers, text) : in_threads(count, workers, text);
    for (std::size_t unit = 0; unit < count; ++unit)
      if (work.finished[unit]) batch.runs.push_back(unpacked(work.results[unit]));
    batch.reports = std::move(work.reports);
    batch.stopped = work.stopped || batch.runs.size() < count;
  }
  judge_sometimes(batch);
  return batch;
}

}  // namespace twice::lab
