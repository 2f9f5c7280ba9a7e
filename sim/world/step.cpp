#include "world/step.h"

#include <fmt/format.h>

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
    case physics::Lose::kEverything:
      return "all";
  }
  return {};
}

std::string join(const std::vector<std::string>& names) { return fmt::format("{}", fmt::join(names, ",")); }

std::string with_others(std::string_view what, const std::vector<std::string>& among) {
  return among.empty() ? std::string(what) : fmt::format("{} among {}", what, join(among));
}

// A link, a node, or nothing at all.
std::string place(std::string_view verb, const std::string& from, const std::string& to) {
  if (from.empty()) return std::string(verb);
  return to.empty() ? fmt::format("{} {}", verb, from) : fmt::format("{} {}>{}", verb, from, to);
}

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
               [](const Restart& r) { return "restart " + r.node; },
               [](const Pause& p) { return "pause " + p.node; },
               [](const Resume& r) { return "resume " + r.node; },
               [](const Partition& p) {
                 std::vector<std::string> groups;
                 for (const auto& group : p.groups) groups.push_back(join(group));
                 return fmt::format("partition {}", fmt::join(groups, "|"));
               },
               [](const OneWay& o) { return fmt::format("partition {}>{}", join(o.from), join(o.to)); },
               [](const Bridge& b) { return with_others("bridge " + b.node, b.among); },
               [](const MajoritiesRing& r) { return with_others("majorities-ring", r.among); },
               [](const Halves& h) { return with_others("halves", h.among); },
               [](const Isolate& i) { return "isolate " + i.node; },
               [](const Cut& c) { return place("cut", c.from, c.to); },
               [](const Heal& h) { return h.nodes.empty() ? std::string("heal") : "heal " + join(h.nodes); },
               [](const Clog& c) { return place("clog", c.from, c.to); },
               [](const Unclog& u) { return place("unclog", u.from, u.to); },
               [](const Slow& s) { return fmt::format("slow {} by {}", s.node, to_string(s.by)); },
               [](const SetClock& c) {
                 return fmt::format("clock {} skew {} drift {}", c.node, to_string(c.skew), drift_text(c.drift_ppb));
               },
               [&](const Drop&) { return on_message("drop"); },
               [&](const Duplicate&) { return on_message("duplicate"); },
               [&](const Delay& d) { return fmt::format("{} by {}", on_message("delay"), to_string(d.by)); },
               [](const FailDisk& f) {
                 return fmt::format("fail {} {}", f.node,
                                    f.kind == physics::DiskFault::Kind::kFull ? "full" : "io-error");
               },
               [](const Command& c) {
                 return c.text == "run" ? "run " + c.node : fmt::format("tell {} {}", c.node, c.text);
               },
               [](const Note& n) { return "note " + n.text; }},
      step.what);
}

}  // namespace

std::string drift_text(std::int64_t ppb) {
  return ppb % 1000 == 0 ? fmt::format("{}ppm", ppb / 1000) : fmt::format("{}ppb", ppb);
}

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

}  // namespace twice::world
