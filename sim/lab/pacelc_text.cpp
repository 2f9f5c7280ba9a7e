// The measured table, for people and for programs.
#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "lab/pacelc.h"
#include "lab/report_format.h"
#include "scenario/text.h"

namespace twice::lab {
namespace {

using Json = nlohmann::ordered_json;

using Cells = std::vector<std::string>;

std::string percent(const PacelcSide::Share& share) {
  return share.asked == 0 ? "not asked" : fmt::format("{} %", share.percent());
}

// One decimal is what a table of milliseconds can carry.
std::string in_ms(Duration d) { return fmt::format("{}.{}", d.ns / 1'000'000, d.ns / 100'000 % 10); }

/// "0.9": how many of `unit` fit.
std::string times(Duration d, Duration unit) {
  if (unit.ns == 0) return "–";
  const std::int64_t tenths = (d.ns * 10 + unit.ns / 2) / unit.ns;
  return fmt::format("{}.{}", tenths / 10, tenths % 10);
}

std::string_view icon(check::Judgement judgement) {
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

Cells split_cells(const PacelcRow& row) {
  if (row.sides.empty()) return {"one node cannot be split"};
  Cells cells;
  for (const PacelcSide& side : row.sides) cells.push_back(percent(side.reads)), cells.push_back(percent(side.writes));
  cells.emplace_back(icon(row.split_linearizable));
  return cells;
}

Cells healthy_cells(const PacelcRow& row, const PacelcReport& report) {
  Cells cells;
  for (const ClientsReport::Latencies& l : {row.reads, row.writes}) {
    cells.push_back(l.count == 0 ? "–" : fmt::format("{} / {}", in_ms(l.p50), in_ms(l.p99)));
    cells.push_back(
        fmt::format("{} / {}", times(l.p50, report.one_round_trip), times(l.p50, report.quorum_round_trip)));
  }
  cells.emplace_back(icon(row.healthy_linearizable));
  if (row.stale_versions > 0)
    cells.push_back(fmt::format("{}, {} ms", counted(row.stale_versions, "write"), in_ms(row.stale_time)));
  else  // of a counter nobody can tell which writes a read missed
    cells.emplace_back(row.healthy_linearizable == check::Judgement::kViolated ? "not known" : "–");
  return cells;
}

Cells label_cells(const PacelcRow& row) { return {row.label, row.literature.empty() ? "–" : row.literature}; }

/// Rows under their heads, a column as wide as its widest cell; a row of one cell may be longer.
template <class CellsOf>
std::string table(const PacelcReport& report, Cells head, const CellsOf& cells_of, const Style& style) {
  std::vector<Cells> rows{std::move(head)};
  for (const PacelcRow& row : report.rows) {
    Cells cells = row.error.empty() ? cells_of(row) : Cells{row.error};
    cells.insert(cells.begin(), scenario::printable(row.design));
    rows.push_back(std::move(cells));
  }
  std::vector<std::size_t> columns(rows.front().size());
  for (const Cells& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i)
      if (i == 0 || row.size() == columns.size()) columns[i] = std::max(columns[i], scenario::code_points(row[i]) + 2);
  std::string text;
  for (const Cells& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) line += left(row[i], columns[i]);
    line.erase(line.find_last_not_of(' ') + 1);
    text += (&row == &rows.front() ? painted(line, Paint::kFaint, style) : line) + "\n";
  }
  return text + "\n";
}

std::string paragraph(std::string_view words, Paint paint, const Style& style) {
  std::string text;
  for (const std::string& line : wrapped(words, style.width)) text += painted(line, paint, style) + "\n";
  return text;
}

/// First line as it is, further ones indented.
std::string item(const std::string& words, const Style& style) {
  std::string text;
  for (const std::string& line : wrapped(words, style.width - 2)) text += (text.empty() ? "" : "  ") + line + "\n";
  return text;
}

std::string split_part(const PacelcReport& report, const PacelcOptions& options, const Style& style) {
  const auto split =
      std::find_if(report.rows.begin(), report.rows.end(), [](const auto& r) { return !r.sides.empty(); });
  Cells head{""};
  if (split != report.rows.end())
    for (const PacelcSide& side : split->sides) head.push_back(side.nodes + ": reads"), head.emplace_back("writes");
  head.emplace_back("linearizable");
  return painted("While split", Paint::kStrong, style) + "\n" +
         paragraph(fmt::format("{} each, beside every node a client that reads and one that writes. The first node is "
                               "cut off from all others for 5 s. "
                               "Counted: what was answered within {}.",
                               counted(options.seeds, "run"), to_string(options.deadline)),
                   Paint::kFaint, style) +
         table(report, std::move(head), split_cells, style);
}

std::string healthy_part(const PacelcReport& report, const Style& style) {
  return painted("While healthy", Paint::kStrong, style) + "\n" +
         paragraph(
             fmt::format("Milliseconds, half and 99 % of all answers. Then the median in round trips: to one other "
                         "replica and back ({} ms), and until a majority has answered ({} ms).",
                         in_ms(report.one_round_trip), in_ms(report.quorum_round_trip)),
             Paint::kFaint, style) +
         table(
             report,
             {"", "reads p50 / p99", "x one / quorum", "writes p50 / p99", "x one / quorum", "linearizable",
              "stalest read"},
             [&](const PacelcRow& row) { return healthy_cells(row, report); }, style);
}

std::string labels_part(const PacelcReport& report, const Style& style) {
  std::string text =
      painted("PACELC", Paint::kStrong, style) + "\n" +
      paragraph(
          "PA: while split every live node's clients were answered. PC: not all, and every answer was linearizable. "
          "neither: not all, and some answer was not. EC: every healthy answer was linearizable. EL: not, for the sake "
          "of latency.",
          Paint::kFaint, style) +
      table(report, {"", "measured", "literature"}, label_cells, style);
  for (const PacelcRow& row : report.rows)
    if (!row.difference.empty())
      text += item(fmt::format("{} is {}, not {}: {}", scenario::printable(row.design), row.label,
                               row.literature.substr(0, 5), row.difference),
                   style);
  return text;
}

std::string witnesses(const PacelcReport& report, const Style& style) {
  std::string text;
  for (const PacelcRow& row : report.rows) {
    const bool healthy = !row.healthy_witness.empty();  // then the split adds nothing
    const std::string& witness = healthy ? row.healthy_witness : row.split_witness;
    if (witness.empty()) continue;
    text +=
        item(fmt::format("{}, {}: {}", scenario::printable(row.design), healthy ? "healthy" : "split", witness), style);
  }
  return text.empty() ? text : "\n" + painted("Not linearizable, for example", Paint::kStrong, style) + "\n" + text;
}

}  // namespace

std::string pacelc_text(const PacelcReport& report, const PacelcOptions& options, bool colour, unsigned width) {
  const Style style{colour, width};
  return split_part(report, options, style) + healthy_part(report, style) + labels_part(report, style) +
         witnesses(report, style);
}

std::string pacelc_json(const PacelcReport& report) {
  Json rows = Json::array();
  const auto latencies = [](const ClientsReport::Latencies& l) {
    return Json{{"count", l.count}, {"p50_ns", l.p50.ns}, {"p99_ns", l.p99.ns}, {"p999_ns", l.p999.ns}};
  };
  const auto share = [](const PacelcSide::Share& s) { return Json{{"asked", s.asked}, {"answered", s.answered}}; };
  for (const PacelcRow& row : report.rows) {
    Json sides = Json::array();
    for (const PacelcSide& side : row.sides)
      sides.push_back({{"nodes", side.nodes}, {"reads", share(side.reads)}, {"writes", share(side.writes)}});
    rows.push_back({{"design", row.design},
                    {"sides", sides},
                    {"split_linearizable", name_of(row.split_linearizable)},
                    {"healthy_linearizable", name_of(row.healthy_linearizable)},
                    {"split_witness", row.split_witness},
                    {"healthy_witness", row.healthy_witness},
                    {"reads", latencies(row.reads)},
                    {"writes", latencies(row.writes)},
                    {"stale_versions", row.stale_versions},
                    {"stale_time_ns", row.stale_time.ns},
                    {"label", row.label},
                    {"literature", row.literature},
                    {"difference", row.difference},
                    {"error", row.error}});
  }
  const Json json{{"one_round_trip_ns", report.one_round_trip.ns},
                  {"quorum_round_trip_ns", report.quorum_round_trip.ns},
                  {"designs", rows}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace twice::lab
