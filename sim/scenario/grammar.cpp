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

std::string to_text(const Seeds& seeds) {
  if (seeds.count == 1) return std::to_string(seeds.first);
  return fmt::format("{}..{}", seeds.first, seeds.first + seeds.count - 1);
}

}  // namespace twice::scenario
