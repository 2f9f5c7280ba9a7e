// What the clients of a cluster saw, for people.
#include <algorithm>

#include <fmt/format.h>

#include "lab/report_clients.h"
#include "lab/report_format.h"
#include "scenario/text.h"

namespace twice::lab {
namespace {

constexpr std::size_t kModelColumn = 22;
constexpr std::size_t kMaxLaneColumn = 24;

Paint paint_for(check::Judgement judgement) {
  switch (judgement) {
    case check::Judgement::kHeld:
      return Paint::kGood;
    case check::Judgement::kViolated:
      return Paint::kBad;
    case check::Judgement::kUnknown:
      return Paint::kUnsure;
  }
  return Paint::kUnsure;
}

std::string_view icon_of(check::Judgement judgement) {
  switch (judgement) {
    case check::Judgement::kHeld:
      return "✓";
    case check::Judgement::kViolated:
      return "✗";
    case check::Judgement::kUnknown:
      return "?";
  }
  return "?";
}

std::string answers(std::string_view what, const ClientsReport::Latencies& l) {
  if (l.count == 0) return fmt::format("no {} was answered", what);
  return fmt::format("{}s: half within {}, 99 % within {}, the longest {}", what, readable(l.p50), readable(l.p99),
                     readable(l.longest));
}

std::string name_of_lane(const RunReport& run) {
  return run.variant.empty() ? "run" : scenario::printable(run.variant);
}

}  // namespace

std::string readable(Duration d) {
  const std::int64_t step = d >= seconds(1) ? 1'000'000 : d >= milliseconds(1) ? 1'000 : 1;
  return to_string(Duration{d.ns / step * step});
}

std::vector<std::string> clients_lines(const ClientsReport& c) {
  std::string line = fmt::format("{} ok", counted(c.ok, "operation"));
  if (c.failed > 0) line += fmt::format(", {} could not be done", grouped(c.failed));
  if (c.unknown > 0) line += fmt::format(", {} without an answer", grouped(c.unknown));
  if (c.open > 0) line += fmt::format(", {} still open at the end", grouped(c.open));
  std::vector<std::string> lines{line, answers("read", c.reads), answers("write", c.writes)};
  if (c.stale_versions > 0 || c.stale_time.ns > 0)
    lines.push_back(fmt::format("the stalest read missed {}, the first of them {} old",
                                counted(c.stale_versions, "write"), readable(c.stale_time)));
  // It matters to whoever reads a verdict on sessions below.
  if (c.moved > 0 && !c.spectrum.empty())
    lines.push_back(
        fmt::format("{} left home for a server that was named to them, and stayed there", counted(c.moved, "client")));
  return lines;
}

namespace {

// Of the models that broke, the strongest says most; weaker ones may break for reasons of their own.
std::string first_broken(const RunReport& run) {
  for (const check::SpectrumRow& row : run.clients->spectrum)
    if (row.held == check::Judgement::kViolated && !row.witness.empty())
      return fmt::format("{}, {}: {}", name_of_lane(run), name_of(row.model), row.witness);
  return {};
}

// Each reason why something is not known once, with all that it leaves open.
std::vector<std::string> not_known(const RunReport& run) {
  std::vector<std::pair<std::string, std::vector<std::string_view>>> reasons;
  for (const check::SpectrumRow& row : run.clients->spectrum) {
    if (row.held != check::Judgement::kUnknown) continue;
    const std::string why = row.witness.empty() ? "it was not judged" : row.witness;
    auto at = std::find_if(reasons.begin(), reasons.end(), [&](const auto& reason) { return reason.first == why; });
    if (at == reasons.end()) at = reasons.insert(at, {why, {}});
    at->second.push_back(name_of(row.model));
  }
  std::vector<std::string> lines;
  for (const auto& [why, models] : reasons)
    lines.push_back(fmt::format("{}, not known: {}: {}", name_of_lane(run), fmt::join(models, ", "), why));
  return lines;
}

// "lane 2" for a name that does not fit above a column; what it stands for is told below.
std::vector<std::string> heads_of(const std::vector<const RunReport*>& runs) {
  std::vector<std::string> heads;
  const bool fit = std::all_of(runs.begin(), runs.end(), [](const RunReport* run) {
    return scenario::code_points(name_of_lane(*run)) + 2 <= kMaxLaneColumn;
  });
  for (std::size_t i = 0; i < runs.size(); ++i)
    heads.push_back(fit ? name_of_lane(*runs[i]) : fmt::format("lane {}", i + 1));
  return heads;
}

std::string head_lines(const std::vector<const RunReport*>& runs, const std::vector<std::string>& heads,
                       std::size_t column, const Style& style) {
  std::string line = left("", kModelColumn), text;
  for (const std::string& head : heads) line += left(head, column);
  for (std::size_t i = 0; i < runs.size(); ++i)
    if (heads[i] != name_of_lane(*runs[i])) text += fmt::format("  {}: {}\n", heads[i], name_of_lane(*runs[i]));
  return text + "  " + painted(line, Paint::kFaint, style) + "\n";
}

}  // namespace

std::string spectrum_text(const std::vector<RunReport>& runs, const Style& style) {
  constexpr std::size_t kMostWords = 900;
  std::vector<const RunReport*> judged;
  for (const RunReport& run : runs)
    if (run.clients && !run.clients->spectrum.empty()) judged.push_back(&run);
  if (judged.empty()) return {};
  const std::vector<std::string> heads = heads_of(judged);
  std::size_t column = 12;  // of "✗ violated"
  for (const std::string& head : heads) column = std::max(column, scenario::code_points(head) + 2);
  std::string text = painted("consistency, from strong to eventual", Paint::kStrong, style) + "\n";
  if (judged.size() > 1) text += head_lines(judged, heads, column, style);
  for (std::size_t i = 0; i < judged.front()->clients->spectrum.size(); ++i) {
    std::string line = left(name_of(judged.front()->clients->spectrum[i].model), kModelColumn);
    for (const RunReport* run : judged) {
      const check::SpectrumRow& row = run->clients->spectrum[i];
      line +=
          painted(left(fmt::format("{} {}", icon_of(row.held), name_of(row.held)), column), paint_for(row.held), style);
    }
    text += "  " + line + "\n";
  }
  for (const RunReport* run : judged) {
    std::vector<std::string> words = not_known(*run);
    if (std::string broken = first_broken(*run); !broken.empty()) words.insert(words.begin(), std::move(broken));
    for (const std::string& sentence : words) {
      const auto lines = wrapped(clipped(scenario::printable(sentence), kMostWords), style.width - 4);
      for (std::size_t l = 0; l < lines.size(); ++l) text += (l == 0 ? "  " : "    ") + lines[l] + "\n";
    }
  }
  return text;
}

}  // namespace twice::lab
