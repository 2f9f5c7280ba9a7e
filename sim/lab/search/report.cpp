#include "lab/search/report.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "lab/report_format.h"
#include "scenario/text.h"

namespace twice::lab::search {
namespace {

using Json = nlohmann::ordered_json;

std::string bounds_of(const Options& options) {
  std::string text = fmt::format("messages as a {}", name_of(options.network));
  if (options.network == NetworkKind::kFifo) text = "messages in order on each link";
  text += options.crashes == 0 ? ", no crashes" : fmt::format(", crashes: at most {}", options.crashes);
  if (options.disk == DiskKind::kLater) text += ", disks that write later";
  if (options.drops > 0) text += fmt::format(", lost messages: at most {}", options.drops);
  if (options.timers) text += fmt::format(", timers that fire: at most {}", *options.timers);
  return text;
}

std::string_view icon(Verdict verdict) {
  switch (verdict) {
    case Verdict::kHolds:
      return "✓";
    case Verdict::kBroken:
      return "✗";
    case Verdict::kUnknown:
      return "?";
  }
  return "?";
}

Paint paint_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::kHolds:
      return Paint::kGood;
    case Verdict::kBroken:
      return Paint::kBad;
    case Verdict::kUnknown:
      return Paint::kUnsure;
  }
  return Paint::kUnsure;
}

std::string words_of(const Finding& finding) {
  const std::size_t steps = finding.story.size();
  if (!finding.words.empty()) return finding.words;
  if (finding.kind == Property::Kind::kSometimes) return fmt::format("first after {}", counted(steps, "step"));
  if (finding.verdict == Verdict::kBroken) return fmt::format("broken after {}", counted(steps, "step"));
  return finding.kind == Property::Kind::kAlways ? "in every state" : "on every run";
}

std::string rates_of(const Report& report) {
  const Result& r = report.result;
  return fmt::format("{:.1f} s, {} states/s, {:.1f} bytes/state, {} of nodes\n", report.seconds,
                     grouped(static_cast<std::uint64_t>(r.states / std::max(report.seconds, 1e-6))),
                     static_cast<double>(r.bytes) / r.states, counted(r.node_steps, "step"));
}

}  // namespace

std::string search_text(const Report& report, const Style& style) {
  const Result& r = report.result;
  std::string text = painted(scenario::printable(report.file), Paint::kStrong, style);
  if (!report.lane.empty()) text += fmt::format(" · {}", scenario::printable(report.lane));
  text += report.from ? fmt::format(" · from event {} of seed {}\n", *report.from, report.seed) : "\n";
  text += fmt::format("  {}\n", bounds_of(report.options));
  text += fmt::format("  {} {}, {} generated, depth {}: {}\n", grouped(r.states),
                      report.symmetry ? "orbits (states up to renaming)" : "distinct states", grouped(r.generated),
                      r.depth, name_of(r.stop));
  text += "  " + painted(rates_of(report), Paint::kFaint, style);
  for (const Finding& finding : r.findings) {
    text +=
        fmt::format("  {} {} {}  {}\n", painted(std::string(icon(finding.verdict)), paint_of(finding.verdict), style),
                    name_of(finding.kind), finding.name, words_of(finding));
    if (finding.verdict != Verdict::kBroken || finding.story.empty()) continue;
    text += to_text(finding.story);
    if (finding.back_to) text += fmt::format("       and so on from step {} for ever\n", *finding.back_to + 1);
  }
  const bool tells = std::any_of(r.findings.begin(), r.findings.end(), [](const Finding& finding) {
    return finding.verdict == Verdict::kBroken && !finding.story.empty();
  });
  if (!report.saved.empty()) {
    const std::string file = shell_path(report.saved);
    text += fmt::format("  the way as a run: twice run {}\n  step by step:     twice ui {}\n", file, file);
  } else if (tells && !report.from) {
    text += "  " + painted("--save FILE.toml makes a run of it that one can step through\n", Paint::kFaint, style);
  }
  if (r.findings.empty()) text += "  nothing to check: this protocol names no properties\n";
  return text;
}

std::string search_json(const Report& report) {
  const Result& r = report.result;
  Json out = {{"type", "search"},
              {"file", report.file},
              {"lane", report.lane},
              {"network", name_of(report.options.network)},
              {"crashes", report.options.crashes},
              {"drops", report.options.drops},
              {"symmetry", report.symmetry},
              {"states", r.states},
              {"generated", r.generated},
              {"depth", r.depth},
              {"complete", r.stop == Stop::kComplete},
              {"stopped", name_of(r.stop)},
              {"bytes", r.bytes},
              {"verdict", name_of(r.verdict())}};
  if (report.from) out["from"] = *report.from, out["seed"] = report.seed;
  Json findings = Json::array();
  for (const Finding& finding : r.findings) {
    Json steps = Json::array();
    for (const StoryStep& step : finding.story) {
      Json changes = Json::array();
      for (const FieldChange& change : step.changes) changes.push_back(to_text(change));
      steps.push_back({{"does", step.words}, {"changes", changes}, {"sends", step.sent}, {"marks", step.marks}});
    }
    Json one = {{"kind", name_of(finding.kind)},
                {"name", finding.name},
                {"verdict", name_of(finding.verdict)},
                {"words", words_of(finding)},
                {"steps", steps}};
    if (finding.back_to) one["back_to"] = *finding.back_to;
    findings.push_back(std::move(one));
  }
  out["properties"] = std::move(findings);
  if (!report.saved.empty()) out["saved"] = report.saved;
  return out.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace twice::lab::search
