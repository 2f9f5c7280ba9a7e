#include "lab/mutations.h"

#include <algorithm>
#include <cctype>
#include <set>

#include <fmt/format.h>

#include "scenario/checks.h"

namespace twice::lab {
namespace {

using MutationKind = Mutation::Kind;

std::string dotted(const Path& path) { return fmt::format("{}", fmt::join(path, ".")); }

std::optional<std::string> plain_text(const scenario::Value* value) {
  if (!value) return std::nullopt;
  if (const auto* text = value->text()) return *text;
  if (const auto* number = value->integer()) return std::to_string(*number);
  if (const auto* on = std::get_if<bool>(&value->data)) return *on ? "true" : "false";
  return std::nullopt;
}

// A default as it is written in a file.
std::string without_quotes(const std::string& text) {
  const bool quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
  return quoted ? text.substr(1, text.size() - 2) : text;
}

/// The statement up to its first such clause; nullopt: it has none.
std::optional<std::string> without_clause(const std::string& sql, std::string_view clause) {
  const auto same = [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; };
  const auto at = std::search(sql.begin(), sql.end(), clause.begin(), clause.end(), same);
  if (at == sql.end() || at == sql.begin()) return std::nullopt;
  return std::string(sql.begin(), at);
}

class Mutations {
 public:
  Mutations(const Candidate& lane, const scenario::Variant& variant, std::uint64_t events,
            const scenario::FieldInfo& fields)
      : lane_(lane), variant_(variant), spec_(variant.spec), events_(events), fields_(fields) {}

  std::vector<Mutation> all() {
    without();
    add(MutationKind::kBounds, "every bound moved to half or twice", [](Candidate&) {});
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
  void add(MutationKind kind, std::string words, std::function<void(Candidate&)> change) {
    found_.push_back({kind, std::move(words), std::nullopt, std::move(change), false});
  }
  void put(MutationKind kind, const Path& path, scenario::Value value) {
    std::string words = fmt::format("{} = {}", dotted(path), plain_text(&value).value_or("…"));
    add(kind, std::move(words), [path, value](Candidate& c) { set(c, path, value); });
  }
  void take(MutationKind kind, const Path& path) {
    if (value_at(lane_, path)) add(kind, "without " + dotted(path), [path](Candidate& c) { erase(c, path); });
  }
  std::size_t size_at(const Path& path) {
    const scenario::List* list = list_at(lane_, path);
    return list ? list->size() : 0;
  }

  // --- away

  void without() {
    const Path steps{"timeline", "steps"};
    for (std::size_t i = 0; i < size_at(steps); ++i) {
      add(MutationKind::kWithout, fmt::format("without step {}", i + 1), [steps, i](Candidate& c) {
        scenario::List* list = list_at(c, steps);
        if (list && i < list->size()) list->erase(list->begin() + static_cast<std::ptrdiff_t>(i));
      });
      found_.back().step = i;
    }
    if (size_at(steps) > 1) take(MutationKind::kWithout, {"timeline"});
    for (const char* section : {"chaos", "schedule"}) take(MutationKind::kWithout, {section});
    for (const char* key : {"loss", "duplicate", "reorder", "link"}) take(MutationKind::kWithout, {"network", key});
    take(MutationKind::kWithout, {"orchestrator", "duplicate-start"});
    for (std::size_t i = 0; i < size_at({"source", "then"}); ++i) take(MutationKind::kWithout, {"source", "then"});
  }

  // --- the design

  void cluster() {
    const std::string protocol = name_of_protocol();
    fields(MutationKind::kDesign, Path{"cluster", protocol}, "cluster." + protocol);
    for (std::size_t i = 0; i < size_at({"client"}); ++i) {
      const Path client = Path{"client"} / std::to_string(i);
      fields(MutationKind::kNumber, client, "client");
      fields(MutationKind::kNumber, client / "retry", "client.retry");
    }
    fields(MutationKind::kNumber, {"cluster"}, "cluster");
    const Path all{"cluster", "protocol"};
    const scenario::FieldInfo* choice = find(fields_, "cluster.protocol");
    for (const auto& [word, meaning] :
         choice ? choice->shape.words : std::vector<std::pair<std::string, std::string>>{})
      if (word != protocol)
        add(MutationKind::kProtocol, fmt::format("cluster.protocol = {}", word),
            [all, protocol, word = word](Candidate& c) {
              erase(c, {"cluster", protocol});
              set(c, all, scenario::Value{word});
            });
  }

  std::string name_of_protocol() const {
    return std::visit([](const auto& p) { return std::string(p.kName); }, spec_.cluster->protocol);
  }

  void load() {
    for (const char* list : {"before", "row", "batch-start", "batch-end", "batch-done", "after", "statement"})
      statements(Path{"lane", list});
    script();
    for (const char* rule : {"each-row", "every 10", "once", "none"})
      word(MutationKind::kDesign, {"lane", "commit"}, rule, "");
    if (value_at(lane_, {"source"})) fields(MutationKind::kDesign, {"source"}, "source");
    fields(MutationKind::kDesign, {"warehouse"}, "warehouse");
    fields(MutationKind::kDesign, {"orchestrator"}, "orchestrator");
    fields(MutationKind::kDesign, {"orchestrator", "retry"}, "orchestrator.retry");
  }

  void statements(const Path& path) {
    const std::size_t count = size_at(path);
    if (count == 0) clauses(path);
    for (std::size_t i = 0; i < count; ++i) clauses(path / std::to_string(i));
    if (count < 2) return take(MutationKind::kDesign, path);
    for (std::size_t i = 0; i < count; ++i)
      add(MutationKind::kDesign, fmt::format("without {}.{}", dotted(path), i + 1), [path, i](Candidate& c) {
        scenario::List& list = *list_at(c, path);
        list.erase(list.begin() + static_cast<std::ptrdiff_t>(i));
      });
  }

  // The condition or the rule for rows that are there is forgotten.
  void clauses(const Path& at) {
    const auto text = plain_text(value_at(lane_, at));
    for (const char* clause : {"where", "on conflict"})
      if (const auto cut = text ? without_clause(*text, clause) : std::nullopt)
        add(MutationKind::kDesign, fmt::format("{} without {}", dotted(at), clause),
            [at, cut = *cut](Candidate& c) { set(c, at, scenario::Value{cut}); });
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
      instead_of_script(fmt::format("without statement {} of the script", skip + 1), rest);
      if (const auto cut = without_clause(pieces[skip], "where")) {
        std::vector<std::string> others = pieces;
        others[skip] = *cut + ";";
        instead_of_script(fmt::format("statement {} of the script without where", skip + 1),
                          fmt::format("{}", fmt::join(others, "")));
      }
    }
  }

  void instead_of_script(std::string words, const std::string& text) {
    add(MutationKind::kDesign, std::move(words), [text](Candidate& c) {
      erase(c, {"lane", "script-file"});
      set(c, {"lane", "script"}, scenario::Value{text});
    });
  }

  /// Every field of a table that has other values: words, switches, numbers, times.
  void fields(MutationKind kind, const Path& at, const std::string& named) {
    const scenario::FieldInfo* table = find(fields_, named);
    if (!table) return;
    for (const scenario::FieldInfo& field : table->children)
      if (field.form == scenario::FieldInfo::Form::kLeaf && field.field.name != "protocol")
        leaf(kind, at / std::string(field.field.name), field);
  }

  void leaf(MutationKind kind, const Path& path, const scenario::FieldInfo& field) {
    const auto written = plain_text(value_at(lane_, path));
    const std::string now = written.value_or(without_quotes(field.fallback));
    const bool is_mistake = path.back() == "bug";
    if (!field.shape.words.empty()) {
      for (const auto& [choice, meaning] : field.shape.words)
        word(is_mistake ? MutationKind::kMistake : kind, path, choice, now);
    } else if (field.shape.json == std::vector<std::string>{"boolean"}) {
      put(kind, path, scenario::Value{now != "true"});
    } else if (field.shape.json == std::vector<std::string>{"integer"}) {
      numbers(path, now, field);
    } else if (const auto duration = parse_duration(now)) {
      times(path, *duration);
    }
  }

  void word(MutationKind kind, const Path& path, const std::string& choice, const std::string& now) {
    const auto written = plain_text(value_at(lane_, path));
    if (choice != written.value_or(now)) put(kind, path, scenario::Value{choice});
  }

  void numbers(const Path& path, const std::string& now, const scenario::FieldInfo& field) {
    const auto is = scenario::parse_comparison(now.empty() ? "0" : now);
    const auto* number = is ? std::get_if<std::int64_t>(&is->value) : nullptr;
    if (!number || *number > 1'000'000'000) return;
    std::set<std::int64_t> others;
    for (const std::int64_t n : {std::int64_t{0}, std::int64_t{1}, *number - 1, *number + 1, *number * 2, *number * 10})
      if (n != *number && n >= 0 && n >= field.field.min && n <= field.field.max) others.insert(n);
    for (const std::int64_t n : others) put(MutationKind::kNumber, path, scenario::Value{n});
  }

  void times(const Path& path, Duration now) {
    for (const std::int64_t ns : {now.ns / 10, now.ns * 10})
      if (ns != now.ns && now.ns < seconds(3600).ns)
        put(MutationKind::kNumber, path, scenario::Value{to_string(Duration{ns})});
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
    const scenario::Value* value = value_at(lane_, path);
    if (!value) return;
    const auto at = [&](scenario::Value later) {
      add(MutationKind::kWhen, fmt::format("step {}: {} = {}", step + 1, path.back(), *plain_text(&later)),
          [path, later](Candidate& c) { set(c, path, later); });
    };
    if (const auto* number = value->integer()) {
      for (const std::int64_t n : {std::int64_t{1}, *number / 2, *number * 2})
        if (n > 0 && n != *number) at(scenario::Value{n});
    } else if (const auto time = value->text() ? parse_duration(*value->text()) : std::nullopt) {
      at(scenario::Value{to_string(Duration{time->ns / 2})});
      if (const std::int64_t later = middle(time->ns); later > time->ns)
        at(scenario::Value{to_string(Duration{later})});
    }
  }

  std::int64_t middle(std::int64_t from) const { return (from + last_asked().ns) / 2 / 1'000'000 * 1'000'000; }

  void together() {
    add(MutationKind::kWhen, "all steps twice as early", [](Candidate& c) {
      for (scenario::Value& step : *list_at(c, {"timeline", "steps"}))
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

  void fault(const std::string& steps, bool strong = false) {
    auto parsed = world::parse_steps(steps);
    auto* list = std::get_if<std::vector<world::Step>>(&parsed);
    if (!list) return;
    add(MutationKind::kFault, steps, [list = std::move(*list)](Candidate& c) { add_steps(c, list); });
    found_.back().strong = strong;
  }

  void faults() {
    if (spec_.cluster)
      cluster_faults();
    else
      load_faults();
  }

  void cluster_faults() {
    for (const auto& [key, value] : {std::pair{"loss", "0.3"}, std::pair{"duplicate", "0.5"}})
      add(MutationKind::kFault, fmt::format("network.{} = {}", key, value), [key = key, value = value](Candidate& c) {
        set(c, {"network", key},
            scenario::Value{scenario::Decimal{std::string_view(value) == "0.3" ? 0.3 : 0.5, value}});
      });
    for (const char* latency : {"30ms..60ms", "50ms..1s"})
      add(MutationKind::kFault, fmt::format("network.latency = {} on every link", latency), [latency](Candidate& c) {
        erase(c, {"network", "link"});
        set(c, {"network", "latency"}, scenario::Value{std::string(latency)});
      });
    std::vector<std::string> names = scenario::server_names(spec_);
    if (names.size() > kMostServers) names.resize(kMostServers);
    const std::string half = to_string(Duration{middle(0)});
    const std::string back = to_string(Duration{middle(0) + milliseconds(500).ns});
    std::string outage, slow;
    for (const std::string& name : names) {
      const bool first = name == names.front();
      const std::string returns = fmt::format("; restart {} @{}", name, back);
      fault(fmt::format("isolate {} @{}", name, half), first);
      fault(fmt::format("crash {} lose all @{}", name, half));
      fault(fmt::format("crash {} lose unsynced @{}{}", name, half, returns), first);
      slow += fmt::format("{}slow {} by 5ms @0s", first ? "" : "; ", name);
      outage += fmt::format("{}crash {} lose all @{}{}", first ? "" : "; ", name, half, returns);
    }
    fault(outage, true);
    fault(slow);
  }

  void load_faults() {
    for (const std::uint64_t quarter : {2u, 1u, 3u}) {
      const std::uint64_t event = events_ * quarter / 4;
      if (event == 0) continue;
      fault(fmt::format("crash loader @event:{}", event), quarter == 2);
      fault(fmt::format("crash warehouse lose unsynced @event:{}; restart warehouse @event:{}", event, event + 20),
            quarter == 2);
    }
    for (const scenario::SourceRows& rows : variant_.source)
      if (const std::size_t count = rows.table->rows.size(); count > 1) {
        fault(fmt::format("crash loader @row:{}", count / 2));
        break;
      }
    put(MutationKind::kFault, {"orchestrator", "runs"}, scenario::Value{std::int64_t{2}});
    put(MutationKind::kFault, {"orchestrator", "retry", "attempts"}, scenario::Value{std::int64_t{1}});
    add(MutationKind::kFault, "network.loss = 0.3", [](Candidate& c) {
      set(c, {"network", "loss"}, scenario::Value{scenario::Decimal{0.3, "0.3"}});
    });
  }

  static constexpr std::size_t kMostPieces = 40, kMostServers = 5;

  Candidate lane_;
  const scenario::Variant& variant_;
  const scenario::Spec& spec_;
  std::uint64_t events_;
  const scenario::FieldInfo& fields_;
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
                                   const scenario::FieldInfo& fields) {
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
