#include "ui/playback/checks_view.h"

#include <algorithm>

#include <fmt/format.h>

#include "lab/report.h"
#include "lab/report_format.h"
#include "ui/playback/loader_view.h"

namespace twice::playback {
namespace {

bool starts_with_any(const std::string& name, std::initializer_list<std::string_view> heads) {
  return std::any_of(heads.begin(), heads.end(), [&](std::string_view head) { return name.find(head) != name.npos; });
}

// The first commit after which some row is there too often: the table only changes at commits.
std::optional<Sequence> first_duplicate(const Session& session, std::size_t lane) {
  const Lane& of = session.lanes()[lane];
  if (!of.loads() || !of.reference) return std::nullopt;
  const Recording& run = session.recording(lane);
  LoaderLens lens(*of.ready->pipeline, *of.reference);
  std::vector<Sequence> commits;
  for (const Moment& moment : run.moments())
    if (moment.kind == MomentKind::kCommit) commits.push_back(moment.event);
  const auto broken = [&](Sequence event) { return lens.look(run.at(event), false).duplicated > 0; };
  // Copies are rarely taken away again, so halving finds the first; what it finds is checked by having looked.
  const auto first = std::partition_point(commits.begin(), commits.end(), [&](Sequence e) { return !broken(e); });
  return first == commits.end() ? std::nullopt : std::optional(*first);
}

std::optional<Sequence> first_partial_commit(const Session& session, std::size_t lane) {
  const Lane& of = session.lanes()[lane];
  if (!of.loads() || !of.reference) return std::nullopt;
  const Recording& run = session.recording(lane);
  for (const pipeline::Commit& commit : lab::warehouse_of(run.last_world()).commits())
    if (lab::partial_among(*of.reference, {commit}, 0, !of.variant->spec.lane.loader.ignore.empty()))
      return run.trace().events_until(commit.at);
  return std::nullopt;
}

// Numbers a file gives for the faults that it describes say nothing about a branch with others.
bool speaks_of_the_timeline(const std::string& name) {
  return name.ends_with(" before the crash") || name.ends_with(" after the crash") || name.ends_with(" finally") ||
         name.starts_with("metric ") || name == "verdict";
}

std::optional<Sequence> where_broken(const Session& session, std::size_t lane, const lab::Finding& finding) {
  const Recording& run = session.recording(lane);
  for (const BrokenInvariant& broken : broken_invariants(run))
    if (finding.at == broken.at && finding.seen.starts_with(broken.words)) return broken.event;
  if (finding.at) return run.trace().events_until(*finding.at);
  if (starts_with_any(finding.name, {"old-or-new"})) return first_partial_commit(session, lane);
  if (starts_with_any(finding.name, {"verdict", "no-duplicates", "exactly-once"}))
    if (const auto event = first_duplicate(session, lane)) return event;
  return run.events();  // only the end shows it
}

}  // namespace

std::optional<Sequence> where_it_went_wrong(const Session& session, std::size_t lane) {
  const lab::RunReport* report = session.report(lane);
  if (!report) return std::nullopt;
  if (const auto broken = broken_invariants(session.recording(lane)); !broken.empty()) return broken.front().event;
  if (!report->load || !lab::is_bad(report->load->letter)) return std::nullopt;
  if (const auto event = first_duplicate(session, lane)) return event;
  return session.recording(lane).events();
}

std::vector<BrokenInvariant> broken_invariants(const Recording& recording) {
  std::vector<BrokenInvariant> broken;
  if (!recording.error().empty()) return broken;
  for (const check::RaftViolation& violation : recording.log().raft().violations())
    broken.push_back({std::string(name_of(violation.invariant)), std::string(meaning_of(violation.invariant)),
                      violation.words, violation.event, violation.at, broken.empty()});
  return broken;
}

std::optional<Failure> first_failure(const Session& session) {
  if (session.lanes().front().loads()) return std::nullopt;
  for (std::size_t lane = 0; lane < session.lanes().size(); ++lane)
    if (const auto broken = broken_invariants(session.recording(lane)); !broken.empty())
      return Failure{lane, broken.front().event};
  for (std::size_t lane = 0; lane < session.lanes().size(); ++lane) {
    const lab::RunReport* report = session.report(lane);
    if (!report) continue;
    for (const lab::Finding& finding : report->findings)
      if (finding.at) return Failure{lane, session.recording(lane).trace().events_until(*finding.at)};
  }
  return std::nullopt;
}

std::vector<CheckLine> look_at_checks(const Session& session, std::size_t lane) {
  std::vector<CheckLine> lines;
  const lab::RunReport* report = session.report(lane);
  if (!report) {
    lines.push_back({"everything", lab::Held::kUnknown, "the run is still being recorded", std::nullopt, std::nullopt});
    return lines;
  }
  if (!report->error.empty()) {
    lines.push_back({"the run", lab::Held::kNo, report->error, std::nullopt, std::nullopt});
    return lines;
  }
  const bool other_story = session.branch() > 0;
  for (const lab::Finding& finding : report->findings) {
    CheckLine line{finding.name, finding.held, lab::to_text(finding), std::nullopt, std::nullopt};
    if (other_story && speaks_of_the_timeline(finding.name)) {
      line.held = lab::Held::kUnknown;
      line.reason = "expected of the file's own faults, not of this branch: " + line.reason;
    }
    // What was expected to break has its moment as well.
    if (line.held == lab::Held::kNo || finding.at) line.event = where_broken(session, lane, finding);
    line.place = lab::place_of(session.scenario(), finding.span);
    lines.push_back(std::move(line));
  }
  for (const lab::Finding& finding : report->sometimes)
    lines.push_back({"sometimes " + finding.name, finding.held == lab::Held::kYes ? finding.held : lab::Held::kUnknown,
                     finding.held == lab::Held::kYes ? "seen in this run" : "not in this run; other seeds may show it",
                     std::nullopt, lab::place_of(session.scenario(), finding.span)});
  return lines;
}

}  // namespace twice::playback
