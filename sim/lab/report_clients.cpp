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

std::string spectrum_text(const std::vector<RunReport>& runs, const Style& style) {
  std::vector<const RunReport*> judged;
  for (const RunReport& run : runs)
    if (run.clients && !run.clients->spectrum.empty()) judged.push_back(&run);
  if (judged.empty()) return {};
  std::size_t column = 6;
  for (const RunReport* run : judged)
    column = std::max(column, std::min(kMaxLaneColumn, scenario::code_points(name_of_lane(*run)) + 2));
  std::string text = painted("consistency, from strong to eventual", Paint::kStrong, style) + "\n";
  if (judged.size() > 1) {
    std::string head = left("", kModelColumn);
    for (const RunReport* run : judged) head += left(name_of_lane(*run), column);
    text += "  " + painted(head, Paint::kFaint, style) + "\n";
  }
  for (std::size_t i = 0; i < judged.front()->clients->spectrum.size(); ++i) {
    std::string line = left(name_of(judged.front()->clients->spectrum[i].model), kModelColumn);
    for (const RunReport* run : judged) {
      const check::SpectrumRow& row = run->clients->spectrum[i];
      line +=
          painted(left(fmt::format("{} {}", icon_of(row.held), name_of(row.held)), column), paint_for(row.held), style);
    }
    text += "  " + line + "\n";
  }
  // The strongest model that a lane breaks says most; weaker ones may break for reasons of their own.
  for (const RunReport* run : judged) {
    std::string last;
    for (const check::SpectrumRow& row : run->clients->spectrum) {
      if (row.held == check::Judgement::kHeld || row.witness.empty() || row.witness == last) continue;
      last = row.witness;
      const std::string words = fmt::format("{}, {}: {}", name_of_lane(*run), name_of(row.model), row.witness);
      const auto lines = wrapped(scenario::printable(words), style.width - 4);
      for (std::size_t l = 0; l < lines.size(); ++l) text += (l == 0 ? "  " : "    ") + lines[l] + "\n";
      if (row.held == check::Judgement::kViolated) break;
    }
  }
  return text;
}

}  // namespace twice::lab
