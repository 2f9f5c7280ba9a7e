#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "pipeline/program.h"
#include "pipeline/warehouse/split_sql.h"
#include "scenario/checks.h"
#include "scenario/leaf.h"
#include "scenario/vocabulary.h"
#include "world/chaos.h"

namespace twice::scenario {
namespace {

world::Trigger trigger_of(const StepSpec& s) {
  const std::uint32_t attempt = s.attempt ? s.attempt->value : 0;
  const auto mark = [&](const char* name, const Spanned<std::uint64_t>& n) {
    return world::Trigger{world::AtMark{name, n.value, attempt}};
  };
  if (s.at) return world::AtTime{Time{} + s.at->value};
  if (s.event) return world::AtEvent{s.event->value};
  if (s.after_row) return mark("row", *s.after_row);
  if (s.before_statement) return mark("stmt", *s.before_statement);
  if (s.after_statement) return mark("ack", *s.after_statement);
  if (s.lost_reply) return mark("reply", *s.lost_reply);
  if (s.io) return world::AtIo{s.io->value, s.applied};
  if (s.message) return world::AtMessage{s.message->value.from, s.message->value.to, s.message->value.ordinal};
  return world::AtMark{s.on ? s.on->value : std::string(), s.value.value_or(0), attempt};
}

std::vector<std::string> values_of(const std::vector<Name>& names) {
  std::vector<std::string> values;
  for (const Name& name : names) values.push_back(name.value);
  return values;
}

using NodeGroups = std::vector<std::vector<Name>>;

// A group of this one word is everybody whom no other group names: the hidden node of a protocol, every client.
constexpr std::string_view kOthers = "others";

bool is_others(const std::vector<Name>& group, const std::vector<std::string>& nodes) {
  return group.size() == 1 && group.front().value == kOthers &&
         std::find(nodes.begin(), nodes.end(), kOthers) == nodes.end();
}

// "app" names app-1, app-2 …, several clients of one name.
bool stands_for(const std::string& name, const std::string& node) {
  const bool is_one_of = node.size() > name.size() + 1 && node.starts_with(name + "-") &&
                         node.find_first_not_of("0123456789", name.size() + 1) == std::string::npos;
  return node == name || is_one_of;
}

std::vector<std::string> others_of(const NodeGroups& groups, const std::vector<std::string>& nodes) {
  const auto is_named = [&](const std::string& node) {
    return std::any_of(groups.begin(), groups.end(), [&](const auto& group) {
      return std::any_of(group.begin(), group.end(), [&](const Name& name) { return stands_for(name.value, node); });
    });
  };
  const auto is_several = [&](const std::string& node) {
    return std::any_of(nodes.begin(), nodes.end(),
                       [&](const auto& one) { return one != node && stands_for(node, one); });
  };
  std::vector<std::string> others;
  for (const std::string& node : nodes)
    if (!is_named(node) && !is_several(node)) others.push_back(node);
  return others;
}

// The clients of that name when there are several, and otherwise nobody.
std::vector<std::string> several_of(const std::string& name, const Spec& spec) {
  for (const ClientSpec& client : spec.client)
    if (client.name.value == name && client.count > 1) return numbered(name, client.count);
  return {};
}

std::vector<std::vector<std::string>> named_groups(const NodeGroups& groups, const Spec& spec) {
  const std::vector<std::string> nodes = node_names(spec);
  std::vector<std::vector<std::string>> named;
  for (const auto& group : groups)
    named.push_back(is_others(group, nodes) ? others_of(groups, nodes) : values_of(group));
  return named;
}

// The nodes that a partition without names divides.
std::vector<std::string> among_of(const StepSpec& s, const Spec& spec) {
  if (s.among) return values_of(*s.among);
  return spec.cluster ? values_of(spec.cluster->nodes) : std::vector<std::string>{};
}

// "n1>n2" or "n1"; neither for "all".
LinkName place_of(const std::string& text) {
  if (auto link = Grammar<LinkName>::parse(text)) return *link;
  return {text == "all" ? std::string() : text, {}};
}

std::optional<world::Action> link_action_of(const StepSpec& s, const Spec& spec) {
  if (s.partition) return world::Partition{named_groups(*s.partition, spec)};
  if (s.one_way && s.one_way->size() == 2) {
    const auto sides = named_groups(*s.one_way, spec);
    return world::OneWay{sides[0], sides[1]};
  }
  if (s.one_way) return world::OneWay{};
  if (s.bridge) return world::Bridge{s.bridge->value, among_of(s, spec)};
  if (s.majorities_ring) return world::MajoritiesRing{among_of(s, spec)};
  if (s.halves) return world::Halves{among_of(s, spec)};
  if (s.isolate) return world::Isolate{s.isolate->value};
  if (s.cut) return world::Cut{s.cut->value.from, s.cut->value.to};
  if (s.heal) return world::Heal{s.heal->is("all") ? std::vector<std::string>{} : values_of(s.heal->names)};
  if (s.clog) return world::Clog{place_of(s.clog->value).from, place_of(s.clog->value).to};
  if (s.unclog) return world::Unclog{place_of(s.unclog->value).from, place_of(s.unclog->value).to};
  return std::nullopt;
}

std::optional<world::Action> action_of(const StepSpec& s, const Spec& spec) {
  if (s.crash) return world::Crash{s.crash->value, s.lose};
  if (s.restart) return world::Restart{s.restart->value};
  if (s.pause) return world::Pause{s.pause->value};
  if (s.resume) return world::Resume{s.resume->value};
  if (s.run) return world::Command{s.run->value, "run"};
  if (s.tell) return world::Command{s.tell->value, s.words};
  if (s.fail_disk) return world::FailDisk{s.fail_disk->value, s.how};
  if (s.slow) return world::Slow{s.slow->value, s.by.value_or(Duration{})};
  if (s.clock) return world::SetClock{s.clock->value, s.skew.value_or(Duration{}), s.drift.value_or(Drift{}).ppb};
  if (auto action = link_action_of(s, spec)) return action;
  if (s.drop) return world::Drop{};
  if (s.duplicate) return world::Duplicate{};
  if (s.delay) return world::Delay{*s.delay};
  if (s.lost_reply) return world::Crash{"loader", physics::Lose::kNothing};
  return std::nullopt;
}

constexpr Duration kSwizzle = seconds(2);

std::vector<world::Step> swizzle_of(const StepSpec& s) {
  const std::vector<std::string> nodes = values_of(*s.swizzle_clog);
  const std::vector<std::string> back =
      s.back ? values_of(*s.back) : std::vector<std::string>(nodes.rbegin(), nodes.rend());
  return world::swizzle_clog(Time{} + s.at->value, s.lasts.value_or(kSwizzle), nodes, back);
}

class TimelineChecks {
 public:
  explicit TimelineChecks(CheckContext& context) : c_(context), spec_(context.spec()), nodes_(node_names(spec_)) {}

  void run() {
    for (const StepSpec& step : spec_.timeline.steps) {
      if (step.swizzle_clog) {
        plan_swizzle(step);
        continue;
      }
      auto action = action_of(step, spec_);
      if (step.note) {
        // The words come just before what they are about.
        if (action)
          c_.variant.steps.push_back({{trigger_of(step), world::Note{*step.note}}, step.span});
        else
          action = world::Note{*step.note};
      }
      if (!action) {
        c_.out.error(
            step.span, "this step says when, but not what happens",
            "crash, restart, pause, resume, slow, clock, partition, one-way, bridge, majorities-ring, halves, isolate, "
            "cut, heal, clog, unclog, swizzle-clog, drop, duplicate, delay, fail-disk, run, tell or note");
        continue;
      }
      check_names(step);
      check_when(step);
      check_what(step);
      c_.variant.steps.push_back({{trigger_of(step), std::move(*action)}, step.span});
    }
    check_fixed_crashes();
  }

 private:
  void check_node(const Name& name) {
    if (std::find(nodes_.begin(), nodes_.end(), name.value) != nodes_.end()) return;
    c_.out.error(name.span, fmt::format("there is no node '{}'", name.value),
                 did_you_mean(name.value, nodes_, fmt::format("nodes: {}", shown_nodes())));
  }

  std::string shown_nodes() const {
    const std::size_t most = 8;
    const std::vector<std::string> first(nodes_.begin(),
                                         nodes_.begin() + static_cast<std::ptrdiff_t>(std::min(most, nodes_.size())));
    return fmt::format("{}{}", fmt::join(first, ", "), nodes_.size() > most ? ", …" : "");
  }

  // One line of the file, a step for each clog and each opening.
  void plan_swizzle(const StepSpec& s) {
    const std::size_t before = c_.out.reports();
    for (const Name& name : *s.swizzle_clog) check_node(name);
    std::vector<std::string> sorted = values_of(*s.swizzle_clog);
    std::sort(sorted.begin(), sorted.end());
    if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end())
      c_.out.error(s.span, "'swizzle-clog' names a node twice");
    check_when(s);
    if (s.back) check_back(s);
    if (!s.at) c_.out.error(s.span, "'swizzle-clog' is several steps and needs a time to begin", "at = \"2s\"");
    if (s.swizzle_clog->size() < 2) c_.out.error(s.span, "'swizzle-clog' needs at least two nodes");
    if (s.at && s.at->value <= spec_.until && s.at->value + s.lasts.value_or(kSwizzle) > spec_.until)
      c_.out.error(s.span,
                   fmt::format("the last node opens at {}, after the end of the run at {}",
                               to_string(s.at->value + s.lasts.value_or(kSwizzle)), to_string(spec_.until)),
                   "begin earlier, or give a shorter 'lasts'");
    if (c_.out.reports() != before) return;
    if (s.note) c_.variant.steps.push_back({{trigger_of(s), world::Note{*s.note}}, s.span});
    for (world::Step& step : swizzle_of(s)) c_.variant.steps.push_back({std::move(step), s.span});
  }

  void check_back(const StepSpec& s) {
    std::vector<std::string> nodes = values_of(*s.swizzle_clog), back = values_of(*s.back);
    std::sort(nodes.begin(), nodes.end());
    std::sort(back.begin(), back.end());
    if (nodes != back)
      c_.out.error(s.span, "'back' names other nodes than 'swizzle-clog'", "the same nodes, in another order");
  }

  void check_names(const StepSpec& s) {
    for (const auto* name : {&s.crash, &s.restart, &s.pause, &s.resume, &s.run, &s.tell, &s.fail_disk, &s.bridge,
                             &s.isolate, &s.slow, &s.clock})
      if (*name) check_node(**name);
    if (s.heal && !s.heal->is("all"))
      for (const Name& name : s.heal->names) check_node(name);
    for (const auto* place : {&s.clog, &s.unclog})
      if (*place) check_place(**place, place == &s.unclog);
    if (s.cut) check_link(s.cut->value.from, s.cut->value.to, s.cut->span);
    if (s.message) check_message(*s.message);
    if (s.partition) check_partition(*s.partition);
    if (s.one_way) check_one_way(*s.one_way, s.span);
    if (s.among) check_partition({*s.among});
    check_size(s);
  }

  void check_place(const Name& place, bool may_be_all) {
    const auto link = Grammar<LinkName>::parse(place.value);
    if (link) return check_link(link->from, link->to, place.span);
    if (!may_be_all || place.value != "all") check_node(place);
  }

  void check_one_way(const std::vector<std::vector<Name>>& sides, const Span& span) {
    check_partition(sides);
    if (sides.size() != 2 || sides[0].empty() || sides[1].empty())
      c_.out.error(span, "'one-way' needs two lists of nodes", "one-way = [[\"n1\"], [\"n2\", \"n3\"]]");
  }

  // A ring of two, or a bridge with nobody on one side, would cut nothing.
  void check_size(const StepSpec& s) {
    const std::vector<std::string> among = among_of(s, spec_);
    const auto nodes_of = [&](const std::string& name) {
      return std::max<std::int64_t>(1, std::ssize(several_of(name, spec_)));
    };
    std::int64_t count = 0;
    for (const std::string& name : among) count += nodes_of(name);
    const auto needs = [&](const char* verb, std::int64_t least, const char* what) {
      if (count < least)
        c_.out.error(s.span, fmt::format("'{}' needs at least {} {}, and there are {}", verb, least, what, count),
                     "'among' names them; without it, those of [cluster] are meant");
    };
    if (s.majorities_ring) needs("majorities-ring", 3, "nodes");
    if (s.halves) needs("halves", 2, "nodes");
    if (s.bridge && std::find(among.begin(), among.end(), s.bridge->value) != among.end())
      count -= nodes_of(s.bridge->value);
    if (s.bridge) needs("bridge", 2, "other nodes");
  }

  void check_link(const std::string& from, const std::string& to, const Span& span) {
    check_node({from, span});
    check_node({to, span});
    if (from == to) c_.out.error(span, fmt::format("'{}' has no link to itself", from));
  }

  void check_message(const Spanned<MessageName>& message) {
    check_link(message.value.from, message.value.to, message.span);
    for (const std::string& name : {message.value.from, message.value.to})
      if (const auto several = several_of(name, spec_); !several.empty())
        c_.out.error(message.span,
                     fmt::format("'{}' is {} clients, and a message travels between two nodes", name, several.size()),
                     fmt::format("name one of them: {} to {}", several.front(), several.back()));
  }

  // "app-1" stands where "app" does.
  bool overlap(const std::string& a, const std::string& b) const {
    const auto is_of = [&](const std::string& group, const std::string& one) {
      const std::vector<std::string> several = several_of(group, spec_);
      return std::find(several.begin(), several.end(), one) != several.end();
    };
    return a == b || is_of(a, b) || is_of(b, a);
  }

  void check_partition(const std::vector<std::vector<Name>>& groups) {
    std::vector<std::string> seen;
    for (const auto& group : groups) {
      const bool others = is_others(group, nodes_);
      if (others && spec_.warehouse)
        c_.out.error(group.front().span, "'others' is known in clusters only", "name the nodes of this group");
      for (const Name& name : group) {
        if (!others) check_node(name);
        if (std::any_of(seen.begin(), seen.end(), [&](const auto& other) { return overlap(other, name.value); }))
          c_.out.error(name.span, fmt::format("node '{}' is in this partition twice", name.value),
                       "a node stands on one side of a partition");
        seen.push_back(name.value);
      }
    }
  }

  void check_when(const StepSpec& s) {
    if (s.at && s.at->value > spec_.until)
      c_.out.error(s.at->span,
                   fmt::format("{} is past the end of the run at {}", to_string(s.at->value), to_string(spec_.until)),
                   "move the step, or give a later 'until'");
    const std::uint32_t attempts =
        spec_.orchestrator.retry.attempts * spec_.orchestrator.runs + (spec_.orchestrator.duplicate_start ? 1 : 0);
    if (s.attempt && c_.sound("orchestrator") && !s.on && s.attempt->value > attempts)
      c_.out.error(s.attempt->span, fmt::format("there are at most {} attempts", attempts),
                   "'retry' in [orchestrator] says how many");
    const bool of_loader = s.after_row || s.before_statement || s.after_statement || s.lost_reply || s.io;
    if (of_loader && !spec_.warehouse && c_.sound("warehouse"))
      return c_.out.error(s.span, "this scenario has no warehouse for this step to speak of");
    check_row(s);
    check_statement(s);
    if (s.on && c_.sound("lane")) check_mark(s);
  }

  // A mark that nobody reports, or a number that it never has, would be waited for in vain.
  void check_mark(const StepSpec& s) {
    const std::vector<MarkWord> marks = marks_of(spec_);
    const auto known =
        std::find_if(marks.begin(), marks.end(), [&](const MarkWord& m) { return m.name == s.on->value; });
    std::vector<std::string_view> names;
    for (const MarkWord& mark : marks) names.push_back(mark.name);
    if (known == marks.end())
      return c_.out.error(s.on->span, fmt::format("no node here reports a mark '{}'", s.on->value),
                          did_you_mean(s.on->value, names, fmt::format("marks: {}", marks_text(marks))));
    if (known->never_zero && s.value.value_or(0) == 0)
      c_.out.error(s.on->span,
                   fmt::format("the mark '{}' never comes with 0: its number is {}", known->name, known->value),
                   "say which one with 'value': without it, 0 is waited for");
  }

  std::size_t rows_of_attempt(const StepSpec& s) const {
    std::size_t rows = 0;
    for (const SourceRows& version : c_.variant.source)
      if (!s.attempt || version.from_attempt <= s.attempt->value)
        rows = s.attempt ? version.table->rows.size() : std::max(rows, version.table->rows.size());
    return rows;
  }

  void check_row(const StepSpec& s) {
    if (!s.after_row || c_.variant.source.empty() || !c_.sound("lane")) return;
    const std::size_t rows = rows_of_attempt(s);
    if (s.after_row->value > rows)
      c_.out.error(s.after_row->span, fmt::format("there is no row {}: the source has {}", s.after_row->value, rows));
  }

  // Statement numbers need the plan; it is made only for steps that use them.
  void check_statement(const StepSpec& s) {
    if (!c_.sound("lane") || !spec_.lane.loads() || (!spec_.lane.loader.row.empty() && c_.variant.source.empty()))
      return;
    for (const auto* number : {&s.before_statement, &s.after_statement, &s.lost_reply}) {
      if (!*number) continue;
      const std::size_t count = statements(rows_of_attempt(s));
      if ((*number)->value > count)
        c_.out.error((*number)->span, fmt::format("there is no statement {}: an attempt of lane '{}' sends {}",
                                                  (*number)->value, spec_.lane.name.value, count));
    }
  }

  std::size_t statements(std::size_t rows) {
    if (const auto known = statements_.find(rows); known != statements_.end()) return known->second;
    const LoaderSpec& loader = spec_.lane.loader;
    pipeline::LoaderProgram program;
    program.commit = loader.commit.kind;
    program.every = loader.commit.every;
    const auto pieces = [](const std::vector<SqlText>& list) {
      std::vector<pipeline::SqlStep> steps;
      for (const SqlText& sql : list) steps.resize(steps.size() + pipeline::split_sql(sql.text).size());
      return steps;
    };
    program.before = pieces(loader.before), program.row = pieces(loader.row), program.after = pieces(loader.after);
    program.batch_start = pieces(loader.batch_start), program.batch_end = pieces(loader.batch_end),
    program.batch_done = pieces(loader.batch_done);
    program.statements = pieces(loader.statement);
    if (loader.script) program.script = pieces({*loader.script});
    return statements_[rows] = pipeline::make_plan(program, static_cast<std::uint32_t>(rows)).size();
  }

  void check_what(const StepSpec& s) {
    if (s.slow && !s.by)
      c_.out.error(s.slow->span, "'slow' does not say by how much", "by = \"50ms\", or \"0s\" to end it");
    if (s.clock && !s.skew && !s.drift)
      c_.out.error(s.clock->span, "'clock' does not say what the clock does",
                   "skew = \"200ms\", drift = \"50ppm\" or both");
    if (s.run && s.run->value != "orchestrator")
      c_.out.error(s.run->span, "only the orchestrator can be told to run", "run = \"orchestrator\"");
    if (s.tell && std::find(nodes_.begin(), nodes_.end(), s.tell->value) != nodes_.end())
      if (const auto wrong = misunderstood(spec_, s.tell->value, s.words))
        c_.out.error(s.tell->span, wrong->message, wrong->help);
    check_disk(s);
    for (const auto& [given, name] : {std::pair{s.drop, "drop"}, std::pair{s.duplicate, "duplicate"},
                                      std::pair{s.majorities_ring, "majorities-ring"}, std::pair{s.halves, "halves"}})
      if (given && !*given) c_.out.error(s.span, fmt::format("'{}' can only be true", name));
  }

  void check_disk(const StepSpec& s) {
    if (s.crash && s.lose == physics::Lose::kEverything && !spec_.cluster)
      c_.out.error(s.crash->span, "only a server of a cluster comes back with an empty disk");
    if (!s.fail_disk || s.io) return;
    if (!spec_.cluster)
      c_.out.error(s.fail_disk->span, "a disk fails at an I/O operation", "say which: io = 57");
    else if (!std::holds_alternative<RaftSpec>(spec_.cluster->protocol))
      c_.out.error(s.fail_disk->span, "only servers that run \"raft\" look whether a write fails");
  }

  // At fixed times it is known who is down. The warehouse starts again by itself, and a crashed loader by a retry.
  void check_fixed_crashes() {
    std::vector<const StepSpec*> fixed;
    for (const StepSpec& step : spec_.timeline.steps) {
      if (step.at)
        fixed.push_back(&step);
      else if (step.restart)
        return;  // it may come at any time
    }
    std::stable_sort(fixed.begin(), fixed.end(),
                     [](const StepSpec* a, const StepSpec* b) { return a->at->value < b->at->value; });
    std::map<std::string, Duration> down;
    for (const StepSpec* step : fixed) {
      if (step->restart) down.erase(step->restart->value);
      if (!step->crash || !stays_down(step->crash->value)) continue;
      const auto [at, is_new] = down.emplace(step->crash->value, step->at->value);
      if (!is_new)
        c_.out.error(step->crash->span,
                     fmt::format("node '{}' is already down since {}", at->first, to_string(at->second)),
                     "restart it first");
    }
  }

  bool stays_down(const std::string& name) const {
    if (!spec_.cluster) return false;
    const auto supervised = spec_.cluster->node.find(name);
    if (supervised != spec_.cluster->node.end() && supervised->second.restart_after) return false;
    const std::vector<std::string> servers = server_names(spec_);
    return std::find(servers.begin(), servers.end(), name) != servers.end();
  }

  CheckContext& c_;
  const Spec& spec_;
  std::vector<std::string> nodes_;
  std::map<std::size_t, std::size_t> statements_;
};

}  // namespace

void plan_timeline(CheckContext& c) {
  const bool nodes_known = c.sound("cluster") && c.sound("client") && c.sound("warehouse") && c.sound("dashboard");
  if (nodes_known && c.sound("timeline") && c.sound("until")) TimelineChecks(c).run();
}

}  // namespace twice::scenario
