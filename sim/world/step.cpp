#include "world/step.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "core/assert.h"
#include "core/overload.h"

namespace twice::world {
namespace {

std::string_view word_for(physics::Lose lose) {
  switch (lose) {
    case physics::Lose::kNothing:
      return "nothing";
    case physics::Lose::kUnsynced:
      return "unsynced";
    case physics::Lose::kMixed:
      return "mixed";
  }
  return {};
}

std::string join(const std::vector<std::string>& names) { return fmt::format("{}", fmt::join(names, ",")); }

std::string verb_text(const Step& step) {
  const auto* message = std::get_if<AtMessage>(&step.when);
  const auto on_message = [&](std::string_view verb) {
    return message ? fmt::format("{} {}>{}#{}", verb, message->from, message->to, message->ordinal) : std::string(verb);
  };
  return std::visit(
      Overload{[](const Crash& c) {
                 return c.lose == physics::Lose::kNothing ? "crash " + c.node
                                                          : fmt::format("crash {} lose {}", c.node, word_for(c.lose));
               },
               [](const Restart& r) { return "restart " + r.node; }, [](const Pause& p) { return "pause " + p.node; },
               [](const Resume& r) { return "resume " + r.node; },
               [](const Partition& p) {
                 std::vector<std::string> groups;
                 for (const auto& group : p.groups) groups.push_back(join(group));
                 return fmt::format("partition {}", fmt::join(groups, "|"));
               },
               [](const Cut& c) { return fmt::format("cut {}>{}", c.from, c.to); },
               [](const Heal&) { return std::string("heal"); }, [&](const Drop&) { return on_message("drop"); },
               [&](const Duplicate&) { return on_message("duplicate"); },
               [&](const Delay& d) { return fmt::format("{} by {}", on_message("delay"), to_string(d.by)); },
               [](const FailDisk& f) {
                 return fmt::format("fail {} {}", f.node,
                                    f.kind == physics::DiskFault::Kind::kFull ? "full" : "io-error");
               },
               [](const Command& c) { return fmt::format("{} {}", c.text, c.node); },
               [](const Note& n) { return "note " + n.text; }},
      step.what);
}

// --- reading

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
    {"crash", "crash NODE [lose nothing|unsynced|mixed] @WHEN"},
    {"restart", "restart NODE @WHEN"},
    {"pause", "pause NODE @WHEN"},
    {"resume", "resume NODE @WHEN"},
    {"partition", "partition A,B|C,D @WHEN"},
    {"cut", "cut FROM>TO @WHEN"},
    {"heal", "heal @WHEN"},
    {"drop", "drop FROM>TO#N"},
    {"duplicate", "duplicate FROM>TO#N"},
    {"delay", "delay FROM>TO#N by DURATION"},
    {"fail", "fail NODE io-error|full @io:N"},
    {"run", "run NODE @WHEN"},
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
    if (verb == "heal") return words_.empty() ? Or<Action>{Action{Heal{}}} : form_error("has words it does not need");
    if (verb == "note") return Action{Note{fmt::format("{}", fmt::join(words_, " "))}};
    if (words_.size() != 1) return form_error("needs one name");
    const std::string one(words_[0]);
    if (verb == "cut") {
      const auto link = parse_link(one);
      if (!link) return form_error("names no link");
      return Action{Cut{link->from, link->to}};
    }
    if (verb == "restart") return Action{Restart{one}};
    if (verb == "pause") return Action{Pause{one}};
    if (verb == "resume") return Action{Resume{one}};
    return Action{Command{one, std::string(verb)}};
  }

  Or<Action> read_crash() {
    if (words_.size() != 1 && !(words_.size() == 3 && words_[1] == "lose")) return form_error("does not say whom");
    Crash crash{std::string(words_[0])};
    if (words_.size() == 1) return Action{crash};
    for (const auto lose : {physics::Lose::kNothing, physics::Lose::kUnsynced, physics::Lose::kMixed})
      if (word_for(lose) == words_[2]) {
        crash.lose = lose;
        return Action{crash};
      }
    return error_at(c_, words_[2], fmt::format("a crash cannot lose '{}'", words_[2]),
                    "one of: nothing, unsynced, mixed");
  }

  Or<Action> read_fail() {
    if (words_.size() != 2 || (words_[1] != "io-error" && words_[1] != "full"))
      return form_error("does not say what fails");
    if (!when_ || !std::holds_alternative<AtIo>(*when_)) return form_error("needs @io:N, the operation that fails");
    return Action{FailDisk{std::string(words_[0]),
                           words_[1] == "full" ? physics::DiskFault::Kind::kFull : physics::DiskFault::Kind::kIoError}};
  }

  Or<Action> read_partition() {
    if (words_.size() != 1) return form_error("needs groups of nodes, separated by '|'");
    Partition p;
    std::vector<std::string_view> seen;
    for (const std::string_view group : split(words_[0], '|')) {
      p.groups.emplace_back();
      for (const std::string_view node : split(group, ',')) {
        if (node.empty())
          return error_at(c_, group.empty() ? words_[0] : group, "an empty name in a partition",
                          std::string(verb_->form));
        if (std::find(seen.begin(), seen.end(), node) != seen.end())
          return error_at(c_, node, fmt::format("the partition names '{}' twice", node), "a node is on one side only");
        seen.push_back(node);
        p.groups.back().emplace_back(node);
      }
    }
    if (p.groups.size() < 2) return form_error("has one side only");
    return Action{p};
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

std::string to_text(const Trigger& trigger) {
  return std::visit(
      Overload{[](const AtTime& t) { return fmt::format("@{}", to_string(Duration{t.at.ns})); },
               [](const AtEvent& e) { return fmt::format("@event:{}", e.event); },
               [](const AtMark& m) {
                 return m.scope == 0 ? fmt::format("@{}:{}", m.mark, m.value)
                                     : fmt::format("@{}:{}/{}", m.mark, m.value, m.scope);
               },
               [](const AtIo& io) { return fmt::format("@io:{}{}", io.operation, io.applied ? "+" : ""); },
               [](const AtMessage& m) { return fmt::format("{}>{}#{}", m.from, m.to, m.ordinal); }},
      trigger);
}

std::string to_text(const Step& step) {
  const std::string verb = verb_text(step);
  return std::holds_alternative<AtMessage>(step.when) ? verb : fmt::format("{} {}", verb, to_text(step.when));
}

std::string to_text(const std::vector<Step>& steps) {
  std::vector<std::string> parts;
  for (const Step& step : steps) parts.push_back(to_text(step));
  return fmt::format("{}", fmt::join(parts, "; "));
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
