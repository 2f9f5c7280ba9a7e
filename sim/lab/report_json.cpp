// Results as JSON Lines.
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "lab/report_format.h"

namespace twice::lab {
namespace {

using Json = nlohmann::ordered_json;

// A user's text may hold any bytes; JSON holds UTF-8.
std::string line(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n"; }

std::string_view word_of(SweepVerdict verdict) {
  switch (verdict) {
    case SweepVerdict::kAsMeant:
      return "as meant";
    case SweepVerdict::kNotAsMeant:
      return "not as meant";
    case SweepVerdict::kUndecided:
      return "undecided";
  }
  return {};
}

std::string_view word_of(Stop stop) {
  switch (stop) {
    case Stop::kSecondRun:
      return "second-run";
    case Stop::kAfterRow:
      return "after-row";
    case Stop::kBeforeStatement:
      return "before-statement";
    case Stop::kLostReply:
      return "lost-reply";
    case Stop::kIoNotApplied:
      return "io-not-applied";
    case Stop::kIoApplied:
      return "io-applied";
    case Stop::kAtTime:
      return "at";
  }
  return {};
}

Json point_json(const PointOutcome& o) {
  return {{"stop", word_of(o.point.stop)},
          {"number", o.point.number},
          {"line", o.point.line},
          {"role", name_of(o.point.role)},
          {"outcome", std::string(1, o.letter)},
          {"rows", o.rows},
          {"duplicated", o.duplicated},
          {"lost", o.lost},
          {"changed", o.changed},
          {"others_touched", o.others_touched}};
}

}  // namespace

std::string run_json(const RunResult& result) {
  std::string text;
  for (const RunReport& run : result.batch.runs) {
    Json head = {
        {"type", "run"}, {"scenario", result.subject.path}, {"repro", repro(result.subject, run.seed, run.variant)}};
    head.update(Json::parse(to_json(run)));
    text += line(head);
  }
  Json end = {{"type", "batch"},
              {"scenario", result.subject.path},
              {"title", result.scenario.shared().title},
              {"repro", repro(result)},
              {"runs", result.batch.runs.size()},
              {"wanted", result.wanted},
              {"held", outcome_of(result.batch)},
              {"stopped", result.batch.stopped},
              {"stopped_by", result.stopped_by},
              {"notes", result.batch.reports}};
  end["failures"] = Json::array();
  for (const Failure& f : failures_of(result.batch)) {
    Json failure = {{"name", f.finding.name},
                    {"held", name_of(f.finding.held)},
                    {"wanted", f.finding.wanted},
                    {"seen", f.finding.seen},
                    {"place", place_of(result.scenario, f.finding.span)}};
    if (f.run)
      failure["variant"] = f.run->variant, failure["seed"] = f.run->seed,
      failure["repro"] = repro(result.subject, f.run->seed, f.run->variant);
    end["failures"].push_back(std::move(failure));
  }
  return text + line(end);
}

std::string trouble_json(const Trouble& trouble) {
  scenario::DiagnosticList list;
  list.shown = trouble.diagnostics;
  return line({{"type", "error"},
               {"kind", type_of(trouble.kind)},
               {"scenario", trouble.path},
               {"message", trouble.words},
               {"diagnostics", Json::parse(to_json(list))}});
}

std::string sweep_json(const Subject& subject, const SweepResult& result, std::uint64_t seed) {
  std::string text;
  for (const LaneSweep& lane : result.lanes) {
    Json json = {{"type", "sweep"},
                 {"scenario", subject.path},
                 {"lane", lane.variant->name},
                 {"seed", seed},
                 {"verdict", word_of(sweep_verdict(lane))},
                 {"error", lane.error},
                 {"undecided", sweep_verdict(lane) == SweepVerdict::kUndecided ? why_undecided(lane) : std::string()},
                 {"limit", lane.limit},
                 {"engine", lane.version},
                 {"wanted_rows", lane.wanted_rows},
                 {"futures", lane.futures},
                 {"untried", untried(lane)}};
    json["points"] = Json::array();
    for (const PointOutcome& point : lane.points) json["points"].push_back(point_json(point));
    json["smallest"] = lane.smallest ? point_json(*lane.smallest) : Json(nullptr);
    if (lane.smallest)
      json["schedule"] = to_text(*lane.smallest, lane.wanted_rows),
      json["repro"] = repro(subject, seed, lane.variant->name, lane.smallest->point);
    text += line(json);
  }
  return text + line({{"type", "batch"},
                      {"scenario", subject.path},
                      {"lanes", result.lanes.size()},
                      {"stopped", result.stopped},
                      {"stopped_by", name_of(result.stopped_by)},
                      {"notes", result.reports}});
}

}  // namespace twice::lab
