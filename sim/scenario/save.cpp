#include "scenario/save.h"

#include <fmt/format.h>

#include "core/assert.h"
#include "core/overload.h"
#include "scenario/text.h"
#include "scenario/toml_text.h"
#include "scenario/value.h"
#include "scenario/words.h"

namespace twice::scenario {
namespace {

std::string mark_toml(const world::AtMark& mark) {
  std::string key;
  if (mark.mark == "row")
    key = fmt::format("after-row = {}", mark.value);
  else if (mark.mark == "stmt")
    key = fmt::format("before-statement = {}", mark.value);
  else if (mark.mark == "reply")
    key = fmt::format("lost-reply = {}", mark.value);
  else if (mark.mark == "ack")
    key = fmt::format("after-statement = {}", mark.value);
  else
    key = fmt::format("on = {}, value = {}", toml_string(mark.mark), mark.value);
  return mark.scope == 0 ? key : fmt::format("{}, attempt = {}", key, mark.scope);
}

std::string when_toml(const world::Trigger& when) {
  return std::visit(
      Overload{[](const world::AtTime& t) { return fmt::format("at = {}", toml_string(to_string(Duration{t.at.ns}))); },
               [](const world::AtEvent& e) { return fmt::format("event = {}", e.event); },
               [](const world::AtMark& m) { return mark_toml(m); },
               [](const world::AtIo& io) {
                 return fmt::format("io = {}{}", io.operation, io.applied ? ", applied = true" : "");
               },
               [](const world::AtMessage& m) {
                 return fmt::format("message = {}", toml_string(fmt::format("{}>{}#{}", m.from, m.to, m.ordinal)));
               }},
      when);
}

std::string_view word_of(physics::Lose lose) {
  for (const auto& word : words(physics::Lose{}))
    if (word.value == lose) return word.name;
  return {};
}

std::string names_toml(const std::vector<std::string>& list) {
  std::vector<std::string> names;
  for (const std::string& name : list) names.push_back(toml_string(name));
  return fmt::format("[{}]", fmt::join(names, ", "));
}

std::string groups_toml(std::string_view verb, const std::vector<std::vector<std::string>>& groups) {
  std::vector<std::string> lists;
  for (const auto& group : groups) lists.push_back(names_toml(group));
  return fmt::format("{} = [{}]", verb, fmt::join(lists, ", "));
}

std::string among_toml(std::string what, const std::vector<std::string>& among) {
  return among.empty() ? what : fmt::format("{}, among = {}", what, names_toml(among));
}

std::string place_toml(std::string_view verb, const std::string& from, const std::string& to) {
  const std::string place = from.empty() ? "all" : to.empty() ? from : from + ">" + to;
  return fmt::format("{} = {}", verb, toml_string(place));
}

std::string what_toml(const world::Action& what) {
  return std::visit(
      Overload{
          [](const world::Crash& c) {
            const std::string crash = "crash = " + toml_string(c.node);
            return c.lose == physics::Lose::kNothing
                       ? crash
                       : fmt::format("{}, lose = {}", crash, toml_string(word_of(c.lose)));
          },
          [](const world::Restart& r) { return "restart = " + toml_string(r.node); },
          [](const world::Pause& p) { return "pause = " + toml_string(p.node); },
          [](const world::Resume& r) { return "resume = " + toml_string(r.node); },
          [](const world::Partition& p) { return groups_toml("partition", p.groups); },
          [](const world::OneWay& o) {
            return groups_toml("one-way", {o.from, o.to});
          },
          [](const world::Bridge& b) { return among_toml("bridge = " + toml_string(b.node), b.among); },
          [](const world::MajoritiesRing& r) { return among_toml("majorities-ring = true", r.among); },
          [](const world::Halves& h) { return among_toml("halves = true", h.among); },
          [](const world::Isolate& i) { return "isolate = " + toml_string(i.node); },
          [](const world::Cut& c) { return place_toml("cut", c.from, c.to); },
          [](const world::Heal& h) { return "heal = " + (h.nodes.empty() ? toml_string("all") : names_toml(h.nodes)); },
          [](const world::Clog& c) { return place_toml("clog", c.from, c.to); },
          [](const world::Unclog& u) { return place_toml("unclog", u.from, u.to); },
          [](const world::Slow& s) {
            return fmt::format("slow = {}, by = {}", toml_string(s.node), toml_string(to_string(s.by)));
          },
          [](const world::SetClock& c) {
            return fmt::format("clock = {}, skew = {}, drift = {}", toml_string(c.node), toml_string(to_string(c.skew)),
                               toml_string(world::drift_text(c.drift_ppb)));
          },
          [](const world::Drop&) { return std::string("drop = true"); },
          [](const world::Duplicate&) { return std::string("duplicate = true"); },
          [](const world::Delay& d) { return "delay = " + toml_string(to_string(d.by)); },
          [](const world::FailDisk& f) {
            return fmt::format("fail-disk = {}, how = \"{}\"", toml_string(f.node),
                               f.kind == physics::DiskFault::Kind::kFull ? "full" : "io-error");
          },
          [](const world::Command& c) {
            return c.text == "run" ? "run = " + toml_string(c.node)
                                   : fmt::format("tell = {}, words = {}", toml_string(c.node), toml_string(c.text));
          },
          [](const world::Note& n) { return "note = " + toml_string(n.text); }},
      what);
}

std::string lines_of(const std::vector<world::Step>& steps) {
  std::string lines;
  for (const world::Step& step : steps) lines += fmt::format("  {},\n", to_toml(step));
  return lines;
}

std::string insert(std::string_view text, std::size_t at, std::size_t until, std::string_view what) {
  return fmt::format("{}{}{}", text.substr(0, at), what, text.substr(until));
}

}  // namespace

std::string to_toml(const world::Step& step) {
  return fmt::format("{{ {}, {} }}", when_toml(step.when), what_toml(step.what));
}

std::string with_steps(std::string_view text, const std::vector<world::Step>& steps, bool replace) {
  Diagnostics errors;
  const auto root = read_toml(text, 0, errors);
  TWICE_ASSERT(root.has_value(), "a scenario that was read cannot be read again");
  const std::string lines = lines_of(steps);
  const Entry* timeline = find(*root, "timeline");
  const Table* table = timeline ? timeline->value.table() : nullptr;
  const Entry* list = table ? find(*table, "steps") : nullptr;
  if (list) {
    const std::size_t begin = offset_of(text, list->value.span.begin), end = offset_of(text, list->value.span.end);
    if (replace) return insert(text, begin, end, fmt::format("[\n{}]", lines));
    const List& items = *list->value.list();
    if (items.empty()) return insert(text, begin, end, fmt::format("[\n{}]", lines));
    // Right after the last item and its comma, so that a comment behind it stays one.
    const std::size_t last = offset_of(text, items.back().span.end);
    const std::size_t next = text.find_first_not_of(" \t\r\n", last);
    const bool has_comma = next != std::string_view::npos && text[next] == ',';
    const std::size_t at = has_comma ? next + 1 : last;
    return insert(text, at, at, fmt::format("{}\n{}", has_comma ? "" : ",", lines));
  }
  const std::string steps_line = fmt::format("steps = [\n{}]\n", lines);
  if (!timeline)
    return fmt::format("{}{}\n[timeline]\n{}", text, text.empty() || text.back() == '\n' ? "" : "\n", steps_line);
  const std::size_t header_end = text.find('\n', offset_of(text, timeline->key_span.begin));
  const std::size_t at = header_end == std::string_view::npos ? text.size() : header_end + 1;
  return insert(text, at, at, (at == text.size() && header_end == std::string_view::npos ? "\n" : "") + steps_line);
}

}  // namespace twice::scenario
