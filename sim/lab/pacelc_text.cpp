// The measured table, for people and for programs.
#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "lab/pacelc.h"
#include "lab/report_clients.h"
#include "lab/report_format.h"
#include "scenario/text.h"

namespace twice::lab {
namespace {

using Json = nlohmann::ordered_json;

std::string percent(const PacelcSide& side) {
  if (side.asked == 0) return "nothing asked";
  // Rounded down: 100 % means all.
  return fmt::format("{}: {} %", side.nodes, side.answered * 100 / side.asked);
}

std::string answers(const PacelcRow& row) {
  if (row.sides.empty()) return "cannot be split";
  return percent(row.sides[0]) + ", " + percent(row.sides[1]);
}

std::string times(const ClientsReport::Latencies& l) {
  return l.count == 0 ? "–" : fmt::format("{} / {}", readable(l.p50), readable(l.p99));
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

std::vector<std::string> cells(const PacelcRow& row) {
  if (!row.error.empty()) return {scenario::printable(row.design), row.error};
  return {scenario::printable(row.design),
          answers(row),
          row.sides.empty() ? "–" : std::string(icon(row.split_linearizable)),
          times(row.reads),
          times(row.writes),
          std::string(icon(row.healthy_linearizable)),
          row.stale_versions == 0
              ? "–"
              : fmt::format("{}, {}", counted(row.stale_versions, "write"), readable(row.stale_time)),
          row.label,
          row.literature};
}

}  // namespace

std::string pacelc_text(const PacelcReport& report, const PacelcOptions& options, bool colour, unsigned width) {
  const Style style{colour, width};
  std::vector<std::vector<std::string>> table{{"", "answered while split", "lin.", "reads p50 / p99",
                                               "writes p50 / p99", "lin.", "stalest read", "measured", "literature"}};
  for (const PacelcRow& row : report.rows) table.push_back(cells(row));
  std::vector<std::size_t> columns;
  for (const auto& row : table)
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (columns.size() <= i) columns.push_back(0);
      if (row.size() > 2) columns[i] = std::max(columns[i], scenario::code_points(row[i]) + 2);
    }
  std::string text;
  for (std::size_t r = 0; r < table.size(); ++r) {
    std::string line;
    for (std::size_t i = 0; i < table[r].size(); ++i) line += left(table[r][i], columns[i]);
    line.erase(line.find_last_not_of(' ') + 1);
    text += r == 0 ? painted(line, Paint::kFaint, style) + "\n" : line + "\n";
  }
  text += fmt::format("\nBetween two nodes and back: {}; until a majority has answered: {} (medians).\n",
                      readable(report.one_round_trip), readable(report.quorum_round_trip));
  const std::string words = fmt::format(
      "Two experiments with {} each, a client beside every node. Split: n1 is cut off from all others for 5 s; "
      "answered "
      "means done within {}. P A: every live node's clients were answered. P C: not, and all answers stayed "
      "linearizable. "
      "Neither: not, and they did not. Healthy: no fault. E C: linearizable. E L: not, for the sake of latency.",
      counted(options.seeds, "seed"), to_string(options.deadline));
  for (const std::string& line : wrapped(words, width)) text += painted(line, Paint::kFaint, style) + "\n";
  for (const PacelcRow& row : report.rows)
    for (const auto& [when, witness] : {std::pair{"split", row.split_witness}, {"healthy", row.healthy_witness}}) {
      if (witness.empty()) continue;
      const auto lines = wrapped(fmt::format("{}, {}: {}", scenario::printable(row.design), when, witness), width - 2);
      for (std::size_t i = 0; i < lines.size(); ++i) text += (i == 0 ? "" : "  ") + lines[i] + "\n";
    }
  return text;
}

std::string pacelc_json(const PacelcReport& report) {
  Json rows = Json::array();
  const auto latencies = [](const ClientsReport::Latencies& l) {
    return Json{{"count", l.count}, {"p50_ns", l.p50.ns}, {"p99_ns", l.p99.ns}, {"p999_ns", l.p999.ns}};
  };
  for (const PacelcRow& row : report.rows) {
    Json sides = Json::array();
    for (const PacelcSide& side : row.sides)
      sides.push_back({{"nodes", side.nodes}, {"asked", side.asked}, {"answered", side.answered}});
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
                    {"error", row.error}});
  }
  const Json json{{"one_round_trip_ns", report.one_round_trip.ns},
                  {"quorum_round_trip_ns", report.quorum_round_trip.ns},
                  {"designs", rows}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace twice::lab
