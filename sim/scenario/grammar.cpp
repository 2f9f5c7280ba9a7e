// The small grammars of words.h: read and written side by side, so that parse(print(x)) == x.
#include <fmt/format.h>

#include "scenario/scan.h"
#include "scenario/words.h"

namespace twice::scenario {

std::string to_text(const CommitRule& rule) {
  switch (rule.kind) {
    case CommitRule::Kind::kEachRow:
      return "each-row";
    case CommitRule::Kind::kEvery:
      return fmt::format("every {}", rule.every);
    case CommitRule::Kind::kOnce:
      return "once";
    case CommitRule::Kind::kNone:
      return "none";
  }
  return {};
}

std::optional<CommitRule> parse_commit(std::string_view text) {
  if (text == "each-row") return CommitRule{CommitRule::Kind::kEachRow, 1, {}};
  if (text == "once") return CommitRule{CommitRule::Kind::kOnce, 1, {}};
  if (text == "none") return CommitRule{CommitRule::Kind::kNone, 1, {}};
  const auto rest = after(text, "every ");
  if (!rest) return std::nullopt;
  const auto rows = number<std::uint64_t>(*rest);
  if (!rows || *rows == 0) return std::nullopt;
  return CommitRule{CommitRule::Kind::kEvery, *rows, {}};
}

std::string to_text(const OnLock& rule) { return rule.wait ? "wait " + to_string(*rule.wait) : "fail"; }

std::optional<OnLock> parse_on_lock(std::string_view text) {
  if (text == "fail") return OnLock{std::nullopt};
  const auto rest = after(text, "wait ");
  const auto wait = rest ? parse_duration(*rest) : std::nullopt;
  if (!wait || wait->ns < 0) return std::nullopt;
  return OnLock{*wait};
}

std::string to_text(const Latency& latency) {
  if (const auto* range = std::get_if<DurationRange>(&latency)) {
    if (range->low == range->high) return to_string(range->low);
    return fmt::format("{}..{}", to_string(range->low), to_string(range->high));
  }
  const auto& e = std::get<ExponentialLatency>(latency);
  const std::string floor = e.floor.ns == 0 ? "" : to_string(e.floor) + " + ";
  return fmt::format("{}exponential {}", floor, to_string(e.mean));
}

std::optional<Latency> parse_latency(std::string_view text) {
  if (const std::size_t word = text.find("exponential "); word != std::string_view::npos) {
    const auto mean = parse_duration(trim(text.substr(word + 12)));
    std::string_view floor_text = trim(text.substr(0, word));
    std::optional<Duration> floor = Duration{};
    if (!floor_text.empty()) {
      if (floor_text.back() != '+') return std::nullopt;
      floor = parse_duration(trim(floor_text.substr(0, floor_text.size() - 1)));
    }
    if (!mean || !floor || mean->ns <= 0 || floor->ns < 0) return std::nullopt;
    return ExponentialLatency{*mean, *floor};
  }
  const std::size_t dots = text.find("..");
  const auto low = parse_duration(trim(text.substr(0, dots)));
  const auto high = dots == std::string_view::npos ? low : parse_duration(trim(text.substr(dots + 2)));
  if (!low || !high || low->ns < 0 || high->ns < 0) return std::nullopt;
  return DurationRange{*low, *high};
}

std::string to_text(const Seeds& seeds) {
  if (seeds.count == 1) return std::to_string(seeds.first);
  return fmt::format("{}..{}", seeds.first, seeds.first + seeds.count - 1);
}

}  // namespace twice::scenario
