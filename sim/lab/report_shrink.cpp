#include "lab/report_shrink.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "lab/report_format.h"
#include "scenario/text.h"

namespace twice::lab {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kRedrawn =
    "Drawn anew after each moment: delays, losses, timers, what a crashed disk keeps. Kept: the steps of the timeline "
    "and of [chaos], and what clients mean to ask.";

/// Tenths: 125 is "12.5".
std::string times(std::uint64_t tenths) { return fmt::format("{}.{}x", grouped(tenths / 10), tenths % 10); }

std::string end_of(const Shrunk& result) {
  return fmt::format(
      "{} tried; {}", counted(result.runs, "run"),
      result.complete ? "nothing more can be taken away" : "stopped there (limit shrink-runs), more may be possible");
}

Json json_of(const RunSize& size) {
  return {{"steps", size.steps},           {"nodes", size.nodes},  {"clients", size.clients},
          {"operations", size.operations}, {"rows", size.rows},    {"messages", size.messages},
          {"events", size.events},         {"parts", size.parts()}};
}

// Whole cells of a bar of this many, rounded to the nearest.
std::string bar(const Rerun& rerun, std::size_t cells) {
  const std::size_t full = (std::size_t{rerun.failed} * cells * 2 + rerun.of) / (std::size_t{rerun.of} * 2);
  std::string text;
  for (std::size_t i = 0; i < cells; ++i) text += i < full ? "█" : "·";
  return text;
}

std::string percent(std::uint64_t thousandths) { return fmt::format("{}.{}", thousandths / 10, thousandths % 10); }

std::string curve_line(const Rerun& rerun, const Style& style) {
  const Interval interval = wilson(rerun.failed, rerun.of);
  const Paint paint = rerun.always() ? Paint::kBad : rerun.failed == 0 ? Paint::kGood : Paint::kUnsure;
  return fmt::format(
      "{} {} {} {}  {}\n", right(grouped(rerun.event), 10), right(in_seconds(rerun.at), 12),
      painted(bar(rerun, 30), paint, style), right(fmt::format("{}/{}", rerun.failed, rerun.of), 8),
      painted(fmt::format("{}..{} %", percent(interval.low), percent(interval.high)), Paint::kFaint, style));
}

std::string last_words(const Inevitable& result) {
  const Rerun& first = result.curve.front();
  if (result.certain())
    return fmt::format("It was certain from the start: every one of {} failed.", counted(first.of, "re-run"));
  const auto at =
      std::find_if(result.curve.begin(), result.curve.end(), [&](const Rerun& r) { return r.event == *result.from; });
  return fmt::format("From event {} at {} on ({}), every one of {} failed; from the start, {} of {}.",
                     grouped(*result.from), in_seconds(at->at), scenario::printable(result.what),
                     counted(at->of, "re-run"), first.failed, first.of);
}

}  // namespace

std::string shrink_text(const Shrunk& result, const Style& style) {
  std::string text =
      painted(scenario::printable(fmt::format("{}, seed {}", result.lane, result.seed)), Paint::kStrong, style) +
      scenario::printable(fmt::format("  {}", result.goal.words)) + "\n";
  const RunSize &b = result.before, &a = result.after;
  const std::vector<std::tuple<const char*, std::uint64_t, std::uint64_t>> lines{
      {"steps", b.steps, a.steps},       {"nodes", b.nodes, a.nodes},
      {"clients", b.clients, a.clients}, {"operations", b.operations, a.operations},
      {"rows", b.rows, a.rows},          {"messages", b.messages, a.messages},
      {"events", b.events, a.events}};
  for (const auto& [name, before, after] : lines)
    if (before > 0 || after > 0)
      text += fmt::format("  {} {} -> {}\n", left(name, 12), right(grouped(before), 10), grouped(after));
  text += fmt::format("{} fewer events, {} fewer parts  ({})\n", times(result.fewer_events()),
                      times(result.fewer_parts()), end_of(result));
  return text;
}

std::string shrink_table(const std::vector<std::pair<std::string, Shrunk>>& by_file, const Style& style) {
  std::string text = painted(fmt::format("{}{}{}{}{}", right("events", 22), right("fewer", 10), right("parts", 16),
                                         right("fewer", 10), right("runs", 7)),
                             Paint::kFaint, style) +
                     "\n";
  std::vector<std::uint64_t> events, parts;
  for (const auto& [file, result] : by_file) {
    const std::string name = fmt::format("{}, {}, seed {}: ", file, result.lane, result.seed);
    text += scenario::printable(name + (result.error.empty() ? result.goal.words : result.error)) + "\n";
    if (!result.error.empty()) continue;
    events.push_back(result.fewer_events());
    parts.push_back(result.fewer_parts());
    text += fmt::format(
        "{}{}{}{}{}{}\n",
        right(fmt::format("{} -> {}", grouped(result.before.events), grouped(result.after.events)), 22),
        right(times(result.fewer_events()), 10),
        right(fmt::format("{} -> {}", grouped(result.before.parts()), grouped(result.after.parts())), 16),
        right(times(result.fewer_parts()), 10), right(grouped(result.runs), 7), result.complete ? "" : "  stopped");
  }
  text += fmt::format("{} shrunk; median {} fewer events, {} fewer parts\n", counted(events.size(), "failing run"),
                      times(median(events)), times(median(parts)));
  return text;
}

std::string shrink_json(const std::string& file, const Shrunk& result) {
  const Json json{{"file", file},
                  {"lane", result.lane},
                  {"seed", result.seed},
                  {"shows", result.goal.words},
                  {"error", result.error},
                  {"before", json_of(result.before)},
                  {"after", json_of(result.after)},
                  {"runs", result.runs},
                  {"complete", result.complete},
                  {"hash", fmt::format("{:016x}", result.hash)},
                  {"scenario", result.text}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string inevitable_text(const Inevitable& result, const Style& style) {
  std::string text =
      painted(scenario::printable(fmt::format("{}, seed {}", result.lane, result.seed)), Paint::kStrong, style) +
      scenario::printable(fmt::format("  {}", result.goal.words)) + "\n";
  text += painted(fmt::format("{} {} {} {}  {}", right("kept up to", 10), right("at", 12),
                              left("failed when the rest was drawn anew", 36), "", "95 %"),
                  Paint::kFaint, style) +
          "\n";
  for (const Rerun& rerun : result.curve) text += curve_line(rerun, style);
  for (const std::string& line : wrapped(kRedrawn, style.width)) text += painted(line, Paint::kFaint, style) + "\n";
  if (result.from)
    for (const std::string& line : wrapped(last_words(result), style.width)) text += line + "\n";
  else
    text += "Stopped before it was known.\n";
  return text;
}

std::string inevitable_json(const Inevitable& result) {
  Json curve = Json::array();
  for (const Rerun& rerun : result.curve) {
    const Interval interval = wilson(rerun.failed, rerun.of);
    curve.push_back({{"event", rerun.event},
                     {"at_ns", rerun.at.ns},
                     {"failed", rerun.failed},
                     {"of", rerun.of},
                     {"low_thousandths", interval.low},
                     {"high_thousandths", interval.high}});
  }
  Json json{{"lane", result.lane}, {"seed", result.seed}, {"shows", result.goal.words}, {"events", result.events},
            {"curve", curve},      {"from", nullptr},     {"what", result.what}};
  if (result.from) json["from"] = *result.from;
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace twice::lab
