// Reads the grammar of `--do`.
#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "world/step.h"

namespace twice::world {
namespace {

struct Cursor {
  std::string_view text;
  std::size_t base;  // offset of `text` in the whole input
  std::size_t at = 0;

  void skip_spaces() {
    while (at < text.size() && text[at] == ' ') ++at;
  }
  std::string_view word() {
    skip_spaces();
    const std::size_t from = at;
    while (at < text.size() && text[at] != ' ') ++at;
    return text.substr(from, at - from);
  }
  std::size_t offset_of(std::string_view part) const {
    return base + static_cast<std::size_t>(part.data() - text.data());
  }
};

using Error = StepError;
template <class T>
using Or = std::variant<T, Error>;

Error error_at(const Cursor& c, std::string_view part, std::string message, std::string help) {
  const std::size_t offset = part.data() == nullptr ? c.base + c.text.size() : c.offset_of(part);
  return {std::move(message), std::move(help), offset, std::max<std::size_t>(part.size(), 1)};
}

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t n = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (text.empty() || code != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return n;
}

std::vector<std::string_view> split(std::string_view text, char by) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t end = text.find(by);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

constexpr std::string_view kTriggerHelp =
    "triggers: @12.5s, @event:120, @row:800, @row:800/2 (attempt 2), @stmt:801, @reply:801, @ack:801, @io:57, @io:57+";

Or<Trigger> parse_trigger(const Cursor& c, std::string_view text) {
  const std::string_view body = text.substr(1);
  const std::size_t colon = body.find(':');
  if (colon == std::string_view::npos) {
    if (const auto at = parse_duration(body); at && at->ns >= 0) return Trigger{AtTime{Time{at->ns}}};
    return error_at(c, text, fmt::format("'{}' is no moment", text), std::string(kTriggerHelp));
  }
  const std::string_view mark = body.substr(0, colon);
  std::string_view value = body.substr(colon + 1);
  const bool applied = !value.empty() && value.back() == '+';
  if (applied) value.remove_suffix(1);
  std::uint32_t scope = 0;
  if (const std::size_t slash = value.find('/'); slash != std::string_view::npos) {
    const auto attempt = number(value.substr(slash + 1));
    if (!attempt || *attempt == 0 || *attempt > 1'000'000)
      return error_at(c, text, fmt::format("'{}' names no attempt after '/'", text), std::string(kTriggerHelp));
    scope = static_cast<std::uint32_t>(*attempt);
    value = value.substr(0, slash);
  }
  const auto n = number(value);
  if (!n || mark.empty() || (applied && mark != "io") || (mark == "io" && *n == 0))
    return error_at(c, text, fmt::format("'{}' is no trigger", text), std::string(kTriggerHelp));
  if (mark == "event") return Trigger{AtEvent{*n}};
  if (mark == "io") return Trigger{AtIo{*n, applied}};
  return Trigger{AtMark{std::string(mark), *n, scope}};
}

struct Verb {
  std::string_view name;
  std::string_view form;
};
constexpr Verb kVerbs[] = {
    {"crash", "crash NODE [lose nothing|unsynced|mixed|all] @WHEN"},
    {"restart", "restart NODE @WHEN"},
    {"pause", "pause NODE @WHEN"},
    {"resume", "resume NODE @WHEN"},
    {"partition", "partition A,B|C,D @WHEN, or one way: partition A,B>C,D @WHEN"},
    {"bridge", "bridge NODE [among A,B,C] @WHEN"},
    {"majorities-ring", "majorities-ring [among A,B,C] @WHEN"},
    {"halves", "halves [among A,B,C] @WHEN"},
    {"isolate", "isolate NODE @WHEN"},
    {"cut", "cut FROM>TO @WHEN"},
    {"heal", "heal [A,B] @WHEN"},
    {"clog", "clog FROM>TO @WHEN, or clog NODE @WHEN"},
    {"unclog", "unclog [FROM>TO | NODE] @WHEN"},
    {"slow", "slow NODE by DURATION @WHEN"},
    {"clock", "clock NODE [skew DURATION] [drift NUMBERppm] @WHEN"},
    {"drop", "drop FROM>TO#N"},
    {"duplicate", "duplicate FROM>TO#N"},
    {"delay", "delay FROM>TO#N by DURATION"},
    {"fail", "fail NODE io-error|full @io:N, or of a server: @WHEN"},
    {"run", "run NODE @WHEN"},
    {"tell", "tell NODE WORDS @WHEN"},
    {"note", "note WORDS @WHEN"},
};

std::string all_verbs() {
  std::vector<std::string_view> names;
  for (const Verb& verb : kVerbs) names.push_back(verb.name);
  return fmt::format("verbs: {}", fmt::join(names, ", "));
}

struct LinkName {
  std::string from, to;
};
std::optional<LinkName> parse_link(std::string_view text) {
  const auto parts = split(text, '>');
  if (parts.size() != 2 || parts[0].empty() || parts[1].empty()) return std::nullopt;
  return LinkName{std::string(parts[0]), std::string(parts[1])};
}

std::optional<AtMessage> parse_message(std::string_view text) {
  const auto parts = split(text, '#');
  if (parts.size() != 2) return std::nullopt;
  const auto link = parse_link(parts[0]);
  const auto n = number(parts[1]);
  if (!link || !n || *n == 0) return std::nullopt;
  return AtMessage{link->from, link->to, *n};
}

// Reads one step; the trigger, when there is one, is its last word.
class StepReader {
 public:
  StepReader(std::string_view text, std::size_t base) : c_{text, base} {}

  Or<Step> read() {
    const std::string_view name = c_.word();
    const auto verb = std::find_if(std::begin(kVerbs), std::end(kVerbs), [&](const Verb& v) { return v.name == name; });
    if (verb == std::end(kVerbs)) return error_at(c_, name, fmt::format("unknown verb '{}'", name), all_verbs());
    verb_ = verb;
    for (std::string_view w = c_.word(); !w.empty(); w = c_.word()) words_.push_back(w);
    if (!words_.empty() && words_.back().front() == '@') {
      Or<Trigger> trigger = parse_trigger(c_, words_.back());
      if (auto* error = std::get_if<Error>(&trigger)) return *error;
      when_ = std::get<Trigger>(std::move(trigger));
      words_.pop_back();
    }
    Or<Action> action = read_action();
    if (auto* error = std::get_if<Error>(&action)) return *error;
    if (!when_) return form_error("does not say when");
    return Step{*when_, std::get<Action>(std::move(action))};
  }

 private:
  Error form_error(std::string_view what) const {
    return error_at(c_, c_.text, fmt::format("'{}' {}", c_.text, what), fmt::format("write: {}", verb_->form));
  }

  Or<Action> read_action() {
    const std::string_view verb = verb_->name;
    if (verb == "crash") return read_crash();
    if (verb == "fail") return read_fail();
    if (verb == "partition") return read_partition();
    if (verb == "drop" || verb == "duplicate" || verb == "delay") return read_message();
    if (verb == "heal") return read_heal();
    if (verb == "bridge" || verb == "majorities-ring" || verb == "halves") return read_shape();
    if (verb == "clog" || verb == "unclog") return read_clog();
    if (verb == "slow") return read_slow();
    if (verb == "clock") return read_clock();
    if (verb == "note") return Action{Note{fmt::format("{}", fmt::join(words_, " "))}};
    if (verb == "tell") return read_tell();
    if (words_.size() != 1) return form_error("needs one name");
    const std::string one(words_[0]);
    if (verb == "cut") {
      const auto link = parse_link(one);
      if (!link) return form_error("names no link");
      return Action{Cut{link->from, link->to}};
    }
    if (verb == "isolate") return Action{Isolate{one}};
    if (verb == "restart") return Action{Restart{one}};
    if (verb == "pause") return Action{Pause{one}};
    if (verb == "resume") return Action{Resume{one}};
    return Action{Command{one, std::string(verb)}};
  }

  Or<Action> read_tell() {
    if (words_.size() < 2) return form_error("does not say what it is told");
    const std::vector<std::string_view> told(words_.begin() + 1, words_.end());
    return Action{Command{std::string(words_[0]), fmt::format("{}", fmt::join(told, " "))}};
  }

  Or<Action> read_crash() {
    if (words_.size() != 1 && !(words_.size() == 3 && words_[1] == "lose")) return form_error("does not say whom");
    Crash crash{std::string(words_[0])};
    if (words_.size() == 1) return Action{crash};
    constexpr std::pair<std::string_view, physics::Lose> kWords[] = {{"nothing", physics::Lose::kNothing},
                                                                     {"unsynced", physics::Lose::kUnsynced},
                                                                     {"mixed", physics::Lose::kMixed},
                                                                     {"all", physics::Lose::kEverything}};
    for (const auto& [word, lose] : kWords)
      if (word == words_[2]) {
        crash.lose = lose;
        return Action{crash};
      }
    return error_at(c_, words_[2], fmt::format("a crash cannot lose '{}'", words_[2]),
                    "one of: nothing, unsynced, mixed, all");
  }

  Or<Action> read_fail() {
    if (words_.size() != 2 || (words_[1] != "io-error" && words_[1] != "full"))
      return form_error("does not say what fails");
    return Action{FailDisk{std::string(words_[0]),
                           words_[1] == "full" ? physics::DiskFault::Kind::kFull : physics::DiskFault::Kind::kIoError}};
  }

  // Groups of names; no name may stand in two of them.
  Or<std::vector<std::vector<std::string>>> read_groups(std::string_view text, char by) {
    std::vector<std::vector<std::string>> groups;
    std::vector<std::string_view> seen;
    for (const std::string_view group : split(text, by)) {
      groups.emplace_back();
      for (const std::string_view node : split(group, ',')) {
        if (node.empty())
          return error_at(c_, group.empty() ? text : group, fmt::format("an empty name in a {}", verb_->name),
                          std::string(verb_->form));
        if (std::find(seen.begin(), seen.end(), node) != seen.end())
          return error_at(c_, node, fmt::format("the {} names '{}' twice", verb_->name, node),
                          verb_->name == "partition" ? "a node is on one side only" : "once is enough");
        seen.push_back(node);
        groups.back().emplace_back(node);
      }
    }
    return groups;
  }

  Or<Action> read_partition() {
    if (words_.size() != 1) return form_error("needs groups of nodes, separated by '|'");
    const bool one_way = words_[0].find('>') != std::string_view::npos;
    auto groups = read_groups(words_[0], one_way ? '>' : '|');
    if (const auto* error = std::get_if<Error>(&groups)) return *error;
    auto& sides = std::get<0>(groups);
    if (one_way && sides.size() != 2) return form_error("needs two sides of '>'");
    if (one_way) return Action{OneWay{std::move(sides[0]), std::move(sides[1])}};
    if (sides.size() < 2) return form_error("has one side only");
    return Action{Partition{std::move(sides)}};
  }

  Or<Action> read_heal() {
    if (words_.empty()) return Action{Heal{}};
    if (words_.size() != 1) return form_error("has words it does not need");
    auto groups = read_groups(words_[0], '|');
    if (const auto* error = std::get_if<Error>(&groups)) return *error;
    if (std::get<0>(groups).size() != 1) return form_error("needs names, separated by ','");
    return Action{Heal{std::move(std::get<0>(groups)[0])}};
  }

  // "bridge NODE", "majorities-ring", "halves", each with "among A,B,C" or without.
  Or<Action> read_shape() {
    const bool bridge = verb_->name == "bridge";
    const std::size_t own = bridge ? 1 : 0;
    if (words_.size() != own && (words_.size() != own + 2 || words_[own] != "among"))
      return form_error(bridge ? "needs one name" : "has words it does not need");
    std::vector<std::string> among;
    if (words_.size() > own) {
      auto groups = read_groups(words_[own + 1], '|');
      if (const auto* error = std::get_if<Error>(&groups)) return *error;
      if (std::get<0>(groups).size() != 1) return form_error("needs names, separated by ','");
      among = std::move(std::get<0>(groups)[0]);
    }
    if (bridge) return Action{Bridge{std::string(words_[0]), std::move(among)}};
    if (verb_->name == "halves") return Action{Halves{std::move(among)}};
    return Action{MajoritiesRing{std::move(among)}};
  }

  Or<Action> read_clog() {
    const bool clog = verb_->name == "clog";
    if (words_.empty() && !clog) return Action{Unclog{}};
    if (words_.size() != 1) return form_error(clog ? "needs a link or a node" : "has words it does not need");
    LinkName place{std::string(words_[0]), {}};
    if (words_[0].find('>') != std::string_view::npos) {
      auto link = parse_link(words_[0]);
      if (!link) return form_error("names no link");
      place = std::move(*link);
    }
    if (clog) return Action{Clog{place.from, place.to}};
    return Action{Unclog{place.from, place.to}};
  }

  Or<Action> read_slow() {
    if (words_.size() != 3 || words_[1] != "by") return form_error("does not say by how much");
    const auto by = parse_duration(words_[2]);
    if (!by || by->ns < 0)
      return error_at(c_, words_[2], fmt::format("'{}' is no duration", words_[2]), "write 250ms, 2s …; 0s ends it");
    return Action{Slow{std::string(words_[0]), *by}};
  }

  Or<Action> read_clock() {
    if (words_.size() != 3 && words_.size() != 5) return form_error("does not say what the clock does");
    SetClock clock{std::string(words_[0])};
    for (std::size_t i = 1; i < words_.size(); i += 2) {
      if ((words_[i] != "skew" && words_[i] != "drift") || (i == 3 && words_[1] == words_[3]))
        return form_error("does not say what the clock does");
      if (words_[i] == "drift") {
        const auto drift = parse_drift(words_[i + 1]);
        if (!drift)
          return error_at(c_, words_[i + 1], fmt::format("'{}' is no drift", words_[i + 1]),
                          "write 50ppm or -7ppb, less than 100000ppm");
        clock.drift_ppb = *drift;
      } else if (const auto skew = parse_duration(words_[i + 1])) {
        clock.skew = *skew;
      } else {
        return error_at(c_, words_[i + 1], fmt::format("'{}' is no duration", words_[i + 1]), "write 250ms, -2s, 1m …");
      }
    }
    return Action{clock};
  }

  Or<Action> read_message() {
    const bool delay = verb_->name == "delay";
    if (words_.empty() || words_.size() != (delay ? 3u : 1u) || (delay && words_[1] != "by") || when_)
      return form_error("does not name one message");
    const auto message = parse_message(words_[0]);
    if (!message)
      return error_at(c_, words_[0], fmt::format("'{}' names no message", words_[0]),
                      "a message is FROM>TO#N: the N-th on that link, from 1");
    when_ = *message;
    if (verb_->name == "drop") return Action{Drop{}};
    if (verb_->name == "duplicate") return Action{Duplicate{}};
    const auto by = parse_duration(words_[2]);
    if (!by || by->ns < 0)
      return error_at(c_, words_[2], fmt::format("'{}' is no duration", words_[2]), "write 250ms, 2s, 1m …");
    return Action{Delay{*by}};
  }

  Cursor c_;
  const Verb* verb_ = nullptr;
  std::vector<std::string_view> words_;
  std::optional<Trigger> when_;
};

}  // namespace

std::optional<std::int64_t> parse_drift(std::string_view text) {
  const bool ppm = text.size() > 3 && text.substr(text.size() - 3) == "ppm";
  if (!ppm && (text.size() <= 3 || text.substr(text.size() - 3) != "ppb")) return std::nullopt;
  text.remove_suffix(3);
  const bool negative = text.front() == '-';
  if (negative) text.remove_prefix(1);
  const std::size_t point = std::min(text.find('.'), text.size());
  std::string decimals(text.substr(std::min(point + 1, text.size())));
  if (point != text.size() && (decimals.empty() || decimals.size() > (ppm ? 3u : 0u))) return std::nullopt;
  decimals.resize(ppm ? 3 : 0, '0');
  const auto whole = number(text.substr(0, point));
  const auto part = ppm ? number(decimals) : std::optional<std::uint64_t>(0);
  constexpr std::uint64_t kTenth = 100'000'000;
  if (!whole || !part || *whole >= kTenth) return std::nullopt;
  const std::uint64_t ppb = ppm ? *whole * 1000 + *part : *whole;
  if (ppb >= kTenth) return std::nullopt;
  const auto drift = static_cast<std::int64_t>(ppb);
  return negative ? -drift : drift;
}

std::variant<std::vector<Step>, StepError> parse_steps(std::string_view text) {
  std::vector<Step> steps;
  std::size_t base = 0;
  for (std::string_view part : split(text, ';')) {
    const std::size_t length = part.size();
    const std::size_t lead = std::min(part.find_first_not_of(' '), part.size());
    part.remove_prefix(lead);
    while (!part.empty() && part.back() == ' ') part.remove_suffix(1);
    if (!part.empty()) {
      Or<Step> step = StepReader(part, base + lead).read();
      if (auto* error = std::get_if<Error>(&step)) return *error;
      steps.push_back(std::get<Step>(std::move(step)));
    }
    base += length + 1;
  }
  if (steps.empty()) return StepError{"no step is given", all_verbs(), 0, std::max<std::size_t>(text.size(), 1)};
  return steps;
}

}  // namespace twice::world
