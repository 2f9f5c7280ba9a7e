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

// A finding about an invariant tells what the run's own list tells.
bool is_of(const lab::Finding& finding, const Broken& broken) {
  return finding.name.ends_with(broken.name) || (finding.at == broken.at && finding.seen.starts_with(broken.words));
}

std::optional<Sequence> where_broken(const Session& session, std::size_t lane, const lab::Finding& finding) {
  const Recording& run = session.recording(lane);
  for (const Broken& broken : run.broken())
    if (is_of(finding, broken)) return broken.event;
  if (finding.at) return run.trace().events_until(*finding.at);
  if (starts_with_any(finding.name, {"old-or-new"})) return first_partial_commit(session, lane);
  if (starts_with_any(finding.name, {"verdict", "no-duplicates", "exactly-once"}))
    if (const auto event = first_duplicate(session, lane)) return event;
  return run.events();  // only the end shows it
}

bool has_a_mistake(const scenario::Spec& spec) {
  if (!spec.cluster) return false;
  return std::visit(
      [](const auto& protocol) {
        if constexpr (requires { protocol.p.bug; }) return protocol.p.bug != decltype(protocol.p.bug){};
        return false;
      },
      spec.cluster->protocol);
}

bool is_meant_to_fail(const lab::Finding& finding) {
  return finding.name.find(" not ") != std::string::npos && finding.held == lab::Held::kYes;
}

// Without a moment of its own only the end shows it.
Broken broken_of(const Recording& run, const lab::Finding& finding) {
  Broken broken{finding.name, "wanted " + finding.wanted, finding.seen, run.events(), run.end()};
  if (finding.at) broken.at = *finding.at, broken.event = run.trace().events_until(*finding.at);
  if (!is_meant_to_fail(finding)) return broken;
  broken.name.erase(0, finding.name.find(" not ") + 5);
  broken.meaning = "as the scenario expects of this lane";
  return broken;
}

// What failed, and what was expected to fail and did.
bool belongs_to_the_story(const Session& session, std::size_t lane, const lab::Finding& finding) {
  if (finding.held != lab::Held::kNo && !is_meant_to_fail(finding)) return false;
  if (session.branch() > 0 && speaks_of_the_timeline(finding.name)) return false;
  const std::vector<Broken>& known = session.recording(lane).broken();
  if (std::any_of(known.begin(), known.end(), [&](const Broken& broken) { return is_of(finding, broken); }))
    return false;
  // That a design does not do something by the end of its run is no news, unless a mistake is built in.
  return finding.at || finding.held == lab::Held::kNo || has_a_mistake(session.lanes()[lane].variant->spec);
}

}  // namespace

std::optional<Sequence> where_it_went_wrong(const Session& session, std::size_t lane) {
  const lab::RunReport* report = session.report(lane);
  if (!report) return std::nullopt;
  if (const auto story = what_went_wrong(session, lane); !story.empty()) return story.front().event;
  if (!report->load || !lab::is_bad(report->load->letter)) return std::nullopt;
  if (const auto event = first_duplicate(session, lane)) return event;
  return session.recording(lane).events();
}

std::vector<Broken> what_went_wrong(const Session& session, std::size_t lane) {
  const Recording& run = session.recording(lane);
  if (session.lanes()[lane].loads() || !run.error().empty()) return {};
  std::vector<Broken> story = run.broken();
  const lab::RunReport* report = session.report(lane);
  if (!report) return story;
  for (const lab::Finding& finding : report->findings)
    if (belongs_to_the_story(session, lane, finding)) story.push_back(broken_of(run, finding));
  // Some mistakes break nothing at any moment: they cost something.
  const bool costs = story.empty() && has_a_mistake(session.lanes()[lane].variant->spec);
  for (const lab::Finding& finding : report->findings)
    if (costs && finding.name.starts_with("metric ")) story.push_back(broken_of(run, finding));
  std::stable_sort(story.begin(), story.end(), [](const Broken& a, const Broken& b) { return a.event < b.event; });
  return story;
}

std::optional<Failure> first_failure(const Session& session) {
  const std::size_t lanes = session.lanes().size();
  for (std::size_t lane = 0; lane < lanes; ++lane)
    if (const auto& broken = session.recording(lane).broken(); !broken.empty())
      return Failure{lane, broken.front().event};
  for (std::size_t lane = 0; lane < lanes; ++lane)
    if (const auto story = what_went_wrong(session, lane); !story.empty()) return Failure{lane, story.front().event};
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
    lines.push_back({finding.name, finding.held == lab::Held::kYes ? finding.held : lab::Held::kUnknown,
                     finding.held == lab::Held::kYes ? "seen in this run" : "not in this run; other seeds may show it",
                     std::nullopt, lab::place_of(session.scenario(), finding.span)});
  return lines;
}

}  // namespace twice::playback
