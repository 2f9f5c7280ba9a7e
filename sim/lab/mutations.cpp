#include "lab/mutations.h"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "scenario/checks.h"

namespace twice::lab {
namespace {

using scenario::FieldInfo;
using scenario::List;
using scenario::Value;
using Kind = Mutation::Kind;

std::string dotted(const Path& path) { return fmt::format("{}", fmt::join(path, ".")); }

std::optional<std::string> plain_text(const Value* value) {
  if (!value) return std::nullopt;
  if (const auto* text = value->text()) return *text;
  if (const auto* number = value->integer()) return std::to_string(*number);
  if (const auto* on = std::get_if<bool>(&value->data)) return *on ? "true" : "false";
  return std::nullopt;
}

class Mutations {
 public:
  Mutations(const Candidate& lane, const scenario::Variant& variant, std::uint64_t events, const FieldInfo& fields)
      : lane_(lane), variant_(variant), spec_(variant.spec), events_(events), fields_(fields) {}

  std::vector<Mutation> all() {
    without();
    add(Kind::kBounds, "every bound moved to half or twice", [](Candidate&) {});
    if (spec_.cluster)
      cluster();
    else
      load();
    when();
    faults();
    std::stable_sort(found_.begin(), found_.end(),
                     [](const Mutation& a, const Mutation& b) { return a.kind < b.kind; });
    return std::move(found_);
  }

 private:
  void add(Kind kind, std::string words, std::function<void(Candidate&)> change) {
    found_.push_back({kind, std::move(words), std::nullopt, std::move(change)});
  }
  void put(Kind kind, const Path& path, Value value) {
    std::string words = fmt::format("{} = {}", dotted(path), plain_text(&value).value_or("…"));
    add(kind, std::move(words), [path, value](Candidate& c) { set(c, path, value); });
  }
  void take(Kind kind, const Path& path) {
    if (value_at(lane_, path)) add(kind, "without " + dotted(path), [path](Candidate& c) { erase(c, path); });
  }
  std::size_t size_at(const Path& path) {
    const List* list = list_at(lane_, path);
    return list ? list->size() : 0;
  }

  // --- away

  void without() {
    const Path steps{"timeline", "steps"};
    for (std::size_t i = 0; i < size_at(steps); ++i) {
      add(Kind::kWithout, fmt::format("without step {}", i + 1), [steps, i](Candidate& c) {
        List* list = list_at(c, steps);
        if (list && i < list->size()) list->erase(list->begin() + static_cast<std::ptrdiff_t>(i));
      });
      found_.back().step = i;
    }
    if (size_at(steps) > 1) take(Kind::kWithout, {"timeline"});
    for (const char* section : {"chaos", "schedule"}) take(Kind::kWithout, {section});
    for (const char* key : {"loss", "duplicate", "reorder", "link"}) take(Kind::kWithout, {"network", key});
    take(Kind::kWithout, {"orchestrator", "duplicate-start"});
    for (std::size_t i = 0; i < size_at({"source", "then"}); ++i) take(Kind::kWithout, {"source", "then"});
  }

  // --- the design

  void cluster() {
    const std::string protocol = name_of_protocol();
    fields(Kind::kDesign, Path{"cluster", protocol}, "cluster." + protocol);
    for (std::size_t i = 0; i < size_at({"client"}); ++i) {
      const Path client = Path{"client"} / std::to_string(i);
      fields(Kind::kNumber, client, "client");
      fields(Kind::kNumber, client / "retry", "client.retry");
    }
    const Path all{"cluster", "protocol"};
    const FieldInfo* choice = find(fields_, "cluster.protocol");
    for (const auto& [word, meaning] :
         choice ? choice->shape.words : std::vector<std::pair<std::string, std::string>>{})
      if (word != protocol)
        add(Kind::kProtocol, fmt::format("cluster.protocol = {}", word), [all, protocol, word = word](Candidate& c) {
          erase(c, {"cluster", protocol});
          set(c, all, Value{word});
        });
  }

  std::string name_of_protocol() const {
    return std::visit([](const auto& p) { return std::string(p.kName); }, spec_.cluster->protocol);
  }

  void load() {
    for (const char* list : {"before", "row", "batch-start", "batch-end", "batch-done", "after", "statement"})
      statements(Path{"lane", list});
    script();
    for (const char* rule : {"each-row", "every 10", "once", "none"}) word(Kind::kDesign, {"lane", "commit"}, rule, "");
    fields(Kind::kDesign, {"warehouse"}, "warehouse");
    fields(Kind::kDesign, {"orchestrator"}, "orchestrator");
    fields(Kind::kDesign, {"orchestrator", "retry"}, "orchestrator.retry");
  }

  void statements(const Path& path) {
    const std::size_t count = size_at(path);
    if (count < 2) return take(Kind::kDesign, path);
    for (std::size_t i = 0; i < count; ++i)
      add(Kind::kDesign, fmt::format("without {}.{}", dotted(path), i + 1), [path, i](Candidate& c) {
        List& list = *list_at(c, path);
        list.erase(list.begin() + static_cast<std::ptrdiff_t>(i));
      });
  }

  // A statement of the script less. A ';' inside a text makes a piece that is no SQL: such a file is not run.
  void script() {
    const auto& text = spec_.lane.loader.script;
    if (!text) return;
    std::vector<std::string> pieces;
    for (std::size_t from = 0; from < text->text.size();) {
      const std::size_t end = std::min(text->text.find(';', from), text->text.size() - 1);
      pieces.push_back(text->text.substr(from, end + 1 - from));
      from = end + 1;
    }
    for (std::size_t skip = 0; skip < pieces.size() && pieces.size() <= kMostPieces; ++skip) {
      std::string rest;
      for (std::size_t i = 0; i < pieces.size(); ++i)
        if (i != skip) rest += pieces[i];
      add(Kind::kDesign, fmt::format("without statement {} of the script", skip + 1), [rest](Candidate& c) {
        erase(c, {"lane", "script-file"});
        set(c, {"lane", "script"}, Value{rest});
      });
    }
  }

  /// Every field of a table that has other values: words, switches, numbers, times.
  void fields(Kind kind, const Path& at, const std::string& named) {
    const FieldInfo* table = find(fields_, named);
    if (!table) return;
    for (const FieldInfo& field : table->children)
      if (field.form == FieldInfo::Form::kLeaf) leaf(kind, at / std::string(field.field.name), field);
  }

  void leaf(Kind kind, const Path& path, const FieldInfo& field) {
    const auto written = plain_text(value_at(lane_, path));
    const std::string now = written.value_or(field.fallback);
    const bool is_mistake = path.back() == "bug";
    if (!field.shape.words.empty()) {
      for (const auto& [choice, meaning] : field.shape.words)
        word(is_mistake ? Kind::kMistake : kind, path, choice, now);
    } else if (field.shape.json == std::vector<std::string>{"boolean"}) {
      put(kind, path, Value{now != "true"});
    } else if (field.shape.json == std::vector<std::string>{"integer"}) {
      numbers(path, now, field);
    } else if (const auto duration = parse_duration(now)) {
      times(path, *duration);
    }
  }

  void word(Kind kind, const Path& path, const std::string& choice, const std::string& now) {
    const auto written = plain_text(value_at(lane_, path));
    if (choice != written.value_or(now)) put(kind, path, Value{choice});
  }

  void numbers(const Path& path, const std::string& now, const FieldInfo& field) {
    const auto is = scenario::parse_comparison(now.empty() ? "0" : now);
    const auto* number = is ? std::get_if<std::int64_t>(&is->value) : nullptr;
    if (!number || *number > 1'000'000'000) return;
    std::set<std::int64_t> others;
    for (const std::int64_t n : {std::int64_t{0}, std::int64_t{1}, *number - 1, *number + 1, *number * 2, *number * 10})
      if (n != *number && n >= 0 && n >= field.field.min && n <= field.field.max) others.insert(n);
    for (const std::int64_t n : others) put(Kind::kNumber, path, Value{n});
  }

  void times(const Path& path, Duration now) {
    for (const std::int64_t ns : {now.ns / 10, now.ns * 10})
      if (ns != now.ns && now.ns < seconds(3600).ns) put(Kind::kNumber, path, Value{to_string(Duration{ns})});
  }

  // --- faults at other moments

  void when() {
    const Path steps{"timeline", "steps"};
    for (std::size_t i = 0; i < size_at(steps); ++i) {
      const Path step = steps / std::to_string(i);
      for (const char* key : {"at", "after-row", "before-statement", "after-statement", "lost-reply", "io"})
        moved(step / key, i);
    }
    if (size_at(steps) > 1) together();
  }

  void moved(const Path& path, std::size_t step) {
    const Value* value = value_at(lane_, path);
    if (!value) return;
    const auto at = [&](Value later) {
      add(Kind::kWhen, fmt::format("step {}: {} = {}", step + 1, path.back(), *plain_text(&later)),
          [path, later](Candidate& c) { set(c, path, later); });
    };
    if (const auto* number = value->integer()) {
      for (const std::int64_t n : {std::int64_t{1}, *number / 2, *number * 2})
        if (n > 0 && n != *number) at(Value{n});
    } else if (const auto time = value->text() ? parse_duration(*value->text()) : std::nullopt) {
      at(Value{to_string(Duration{time->ns / 2})});
      if (const std::int64_t later = middle(time->ns); later > time->ns) at(Value{to_string(Duration{later})});
    }
  }

  std::int64_t middle(std::int64_t from) const { return (from + last_asked().ns) / 2 / 1'000'000 * 1'000'000; }

  void together() {
    add(Kind::kWhen, "all steps twice as early", [](Candidate& c) {
      for (Value& step : *list_at(c, {"timeline", "steps"}))
        if (scenario::Entry* at = step.table() ? scenario::find(*step.table(), "at") : nullptr; at && at->value.text())
          if (const auto time = parse_duration(*at->value.text())) at->value.data = to_string(Duration{time->ns / 2});
    });
  }

  // --- one fault more

  /// When the last client stops asking.
  Duration last_asked() const {
    Duration last{};
    for (const scenario::ClientSpec& client : spec_.client)
      last = std::max(last, client.until ? client.until->value : spec_.until);
    return spec_.client.empty() ? spec_.until : std::min(last, spec_.until);
  }

  void fault(const std::string& steps) {
    auto parsed = world::parse_steps(steps);
    if (auto* list = std::get_if<std::vector<world::Step>>(&parsed))
      add(Kind::kFault, steps, [list = std::move(*list)](Candidate& c) { add_steps(c, list); });
  }

  void faults() {
    if (spec_.cluster)
      cluster_faults();
    else
      load_faults();
  }

  void cluster_faults() {
    for (const auto& [key, value] : {std::pair{"loss", "0.3"}, std::pair{"duplicate", "0.5"}})
      add(Kind::kFault, fmt::format("network.{} = {}", key, value), [key = key, value = value](Candidate& c) {
        set(c, {"network", key}, Value{scenario::Decimal{std::string_view(value) == "0.3" ? 0.3 : 0.5, value}});
      });
    put(Kind::kFault, {"network", "latency"}, Value{std::string("50ms..1s")});
    std::vector<std::string> names = scenario::server_names(spec_);
    if (names.size() > kMostServers) names.resize(kMostServers);
    const std::string half = to_string(Duration{middle(0)});
    const std::string back = to_string(Duration{middle(0) + milliseconds(500).ns});
    std::string outage;
    for (const std::string& name : names) {
      fault(fmt::format("isolate {} @{}", name, half));
      fault(fmt::format("crash {} lose all @{}", name, half));
      fault(fmt::format("crash {} lose unsynced @{}; restart {} @{}", name, half, name, back));
      outage +=
          fmt::format("{}crash {} lose all @{}; restart {} @{}", outage.empty() ? "" : "; ", name, half, name, back);
    }
    fault(outage);
  }

  void load_faults() {
    for (const std::uint64_t quarter : {2u, 1u, 3u}) {
      const std::uint64_t event = events_ * quarter / 4;
      if (event == 0) continue;
      fault(fmt::format("crash loader @event:{}", event));
      fault(fmt::format("crash warehouse lose unsynced @event:{}; restart warehouse @event:{}", event, event + 20));
    }
    for (const scenario::SourceRows& rows : variant_.source)
      if (const std::size_t count = rows.table->rows.size(); count > 1) {
        fault(fmt::format("crash loader @row:{}", count / 2));
        break;
      }
    put(Kind::kFault, {"orchestrator", "runs"}, Value{std::int64_t{2}});
    put(Kind::kFault, {"orchestrator", "retry", "attempts"}, Value{std::int64_t{1}});
    add(Kind::kFault, "network.loss = 0.3", [](Candidate& c) {
      set(c, {"network", "loss"}, Value{scenario::Decimal{0.3, "0.3"}});
    });
  }

  static constexpr std::size_t kMostPieces = 40, kMostServers = 5;

  Candidate lane_;
  const scenario::Variant& variant_;
  const scenario::Spec& spec_;
  std::uint64_t events_;
  const FieldInfo& fields_;
  std::vector<Mutation> found_;
};

struct Moved {
  bool down;
  scenario::Operand operator()(std::int64_t n) const { return down ? n / 2 : n > (1LL << 61) ? n : n * 2; }
  scenario::Operand operator()(double n) const { return down ? n / 2 : n * 2; }
  scenario::Operand operator()(Duration d) const {
    return Duration{down ? d.ns / 2 : d.ns > (1LL << 61) ? d.ns : d.ns * 2};
  }
  template <class T>
  scenario::Operand operator()(const T& other) const {
    return other;
  }
};

void move_bound(scenario::Comparison& is) {
  using enum scenario::Compare;
  switch (is.how) {
    case kEqual:
    case kNotEqual:
      return;  // no bound: only another value is another
    case kLess:
    case kAtMost:
      is.value = std::visit(Moved{true}, is.value);
      return;
    case kGreater:
    case kAtLeast:
      is.value = std::visit(Moved{false}, is.value);
      return;
  }
}

}  // namespace

std::vector<Mutation> mutations_of(const Candidate& lane, const scenario::Variant& variant, std::uint64_t events,
                                   const FieldInfo& fields) {
  return Mutations(lane, variant, events, fields).all();
}

void move_bounds(scenario::Variant& variant) {
  scenario::ExpectSpec& expect = variant.spec.expect;
  for (scenario::MetricSpec& metric : expect.metrics) move_bound(metric.is);
  for (auto& [name, define] : expect.define)
    if (define.is) move_bound(*define.is);
  for (auto& [name, column] : expect.columns)
    for (auto* is : {&column.before_crash, &column.after_crash, &column.finally, &column.always})
      if (*is) move_bound(**is);
}

}  // namespace twice::lab
