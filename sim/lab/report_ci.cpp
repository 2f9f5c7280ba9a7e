// Markdown for the summary of a job.
#include <algorithm>

#include <fmt/format.h>

#include "lab/report_format.h"

namespace twice::lab {
namespace {

// A summary of thousands of seeds is read by nobody, and GitHub takes a megabyte at most.
constexpr std::size_t kMostSummaryRows = 50;

std::string_view icon(Held held) {
  switch (held) {
    case Held::kYes:
      return "✅";
    case Held::kNo:
      return "❌";
    case Held::kUnknown:
      return "❔";
  }
  return {};
}

Held held_by(const LaneSweep& lane) {
  switch (sweep_verdict(lane)) {
    case SweepVerdict::kAsMeant:
      return Held::kYes;
    case SweepVerdict::kNotAsMeant:
      return Held::kNo;
    case SweepVerdict::kUndecided:
      return Held::kUnknown;
  }
  return Held::kUnknown;
}

std::string row_of(const RunReport& run) {
  std::vector<std::string> unmet;
  if (!run.error.empty()) unmet.push_back(markdown("the run does not start: " + run.error));
  for (const Finding& f : run.findings)
    if (f.held != Held::kYes) unmet.push_back(fmt::format("{} ({})", markdown(f.name), markdown(to_text(f))));
  std::string shows =
      run.load ? fmt::format("{}, {}", shown_by(run), counted(run.load->rows, "row")) : counted(run.events, "event");
  if (const std::string figures = figures_of(run); !figures.empty()) shows += "; " + figures;
  return fmt::format("| {} | {} | {} | {} | `{:016x}` |\n", markdown(run.variant), run.seed, markdown(shows),
                     !run.judged()   ? std::string(kNothingJudged)
                     : unmet.empty() ? "none"
                                     : fmt::format("{}", fmt::join(unmet, "; ")),
                     run.hash);
}

std::string rows_of(const Batch& batch) {
  const bool all = batch.runs.size() <= kMostSummaryRows;
  std::string text;
  std::size_t written = 0;
  for (const RunReport& run : batch.runs) {
    if (written == kMostSummaryRows || (!all && run.held() == Held::kYes)) continue;
    text += row_of(run);
    ++written;
  }
  if (written < batch.runs.size()) text += fmt::format("| … | | {} more | | |\n", grouped(batch.runs.size() - written));
  return text;
}

}  // namespace

std::string run_summary(const RunResult& result) {
  std::string text =
      fmt::format("### {} {}\n\n| lane | seed | shown | expectations not met | hash |\n|---|---|---|---|---|\n{}",
                  result.batch.judged() ? icon(result.batch.held()) : "➖", markdown(result.scenario.shared().title),
                  rows_of(result.batch));
  for (const Finding& f : result.batch.over_seeds)
    if (f.held != Held::kYes)
      text += fmt::format("\n{} over all seeds: {} ({})\n", icon(f.held), markdown(f.name), markdown(to_text(f)));
  if (!result.stopped_by.empty()) text += fmt::format("\n❔ {}\n", markdown(what_is_missing(result)));
  return text + fmt::format("\n{}\n\n", markdown_code(repro(result)));
}

std::string sweep_summary(const Subject& subject, const SweepResult& result, std::uint64_t seed) {
  std::string text =
      fmt::format("### Sweep of {}\n\n| lane | | points | smallest failing schedule |\n|---|---|---|---|\n",
                  markdown(subject.path));
  for (const LaneSweep& lane : result.lanes)
    text += fmt::format("| {} | {} | {} | {} |\n", markdown(lane.variant->name), icon(held_by(lane)),
                        lane.points.size(), markdown(words_of(lane)));
  if (result.stopped)
    text += fmt::format("\n❔ the sweep was stopped before its end ({})\n", name_of(result.stopped_by));
  return text +
         fmt::format("\n{}\n\n", markdown_code(fmt::format("twice sweep {} --seed {}", subject.arguments, seed)));
}

std::string trouble_summary(const Trouble& trouble) {
  std::string text = fmt::format("### {} {}: {}\n\n", trouble.kind == Trouble::Kind::kNotRun ? "⏭" : "❌",
                                 markdown(trouble.path.empty() ? "twice" : trouble.path), markdown(trouble.words));
  for (const scenario::Diagnostic& d : trouble.diagnostics)
    text += fmt::format("- {}:{}: {}{}\n", markdown(d.file), d.span.begin.line, markdown(d.message),
                        d.help.empty() ? "" : " — " + markdown(d.help));
  return text + (trouble.diagnostics.empty() ? "" : "\n");
}

}  // namespace twice::lab
