#include "lab/shrink_candidate.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "core/assert.h"
#include "core/limits.h"
#include "lab/chaos_steps.h"
#include "scenario/expand.h"
#include "scenario/registry.h"
#include "scenario/save.h"
#include "scenario/toml_text.h"

namespace twice::lab {
namespace {

using scenario::Entry;
using scenario::List;
using scenario::Span;
using scenario::Table;
using scenario::Value;

// Larger sources stay where they are: a file that spells out so many rows helps nobody.
constexpr std::size_t kMostRows = limits::kShrinkRows;

std::optional<std::size_t> index_of(const std::string& key) {
  std::size_t n = 0;
  const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), n);
  return error == std::errc{} && end == key.data() + key.size() ? std::optional(n) : std::nullopt;
}

Value* child(Value& value, const std::string& key) {
  if (Table* table = value.table()) {
    Entry* entry = scenario::find(*table, key);
    return entry ? &entry->value : nullptr;
  }
  auto* list = std::get_if<List>(&value.data);
  const auto index = index_of(key);
  return list && index && *index < list->size() ? &(*list)[*index] : nullptr;
}

void erase_key(Table& table, std::string_view key) {
  std::erase_if(table, [&](const Entry& entry) { return entry.key == key; });
}

Value step_value(const world::Step& step) {
  scenario::Diagnostics ignored;
  const auto table = scenario::read_toml(fmt::format("step = {}", scenario::to_toml(step)), 0, ignored);
  TWICE_ASSERT(table.has_value(), "a step does not read back: " + to_text(step));
  return table->front().value;
}

// --- rows

std::string select_of(const pipeline::SqlTable& table) {
  const auto name = [](const std::string& word) {
    std::string out = "\"";
    for (const char c : word) out += c == '"' ? std::string("\"\"") : std::string(1, c);
    return out + '"';
  };
  std::vector<std::string> columns;
  for (std::size_t i = 0; i < table.columns.size(); ++i)
    columns.push_back(table.rows.empty() ? fmt::format("NULL AS {}", name(table.columns[i]))
                                         : fmt::format("column{} AS {}", i + 1, name(table.columns[i])));
  std::string sql = fmt::format("SELECT {}", fmt::join(columns, ", "));
  if (table.rows.empty()) return sql + " WHERE 0";
  sql += " FROM (VALUES\n";
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    std::vector<std::string> cells;
    for (const pipeline::SqlValue& cell : table.rows[r]) cells.push_back(to_literal(cell));
    sql += fmt::format("  ({}){}\n", fmt::join(cells, ", "), r + 1 < table.rows.size() ? "," : ")");
  }
  return sql;
}

void write_rows(Table& version, const pipeline::SqlTable& rows) {
  for (const char* key : {"csv", "jsonl", "generate", "setup"}) erase_key(version, key);
  erase_key(version, "sql");
  version.push_back({"sql", {}, Value{select_of(rows)}});
}

std::uint32_t attempt_of(const Value& version) {
  const Entry* entry = scenario::find(*version.table(), "from-attempt");
  const std::int64_t* number = entry ? entry->value.integer() : nullptr;
  return number ? static_cast<std::uint32_t>(*number) : 2;
}

void take_rows(Candidate& candidate, const scenario::Variant& variant) {
  std::size_t count = 0;
  for (const scenario::SourceRows& version : variant.source) count += version.table->rows.size();
  if (variant.source.empty() || count > kMostRows || !value_at(candidate, {"source"})) return;
  for (const scenario::SourceRows& version : variant.source)
    candidate.rows.push_back({version.from_attempt, *version.table});
}

// --- what a run without its faults is

void calm(Candidate& candidate) {
  erase(candidate, {"timeline"});
  erase(candidate, {"schedule"});
  erase(candidate, {"orchestrator", "duplicate-start"});
  make_messages_explicit(candidate, {});
  erase(candidate, {"network", "reorder"});
  erase(candidate, {"network", "reorder-by"});
}

// --- expectations

void keep_span(Table& expect, const Span& span) {
  for (Entry& entry : expect) {
    if (entry.key == "define") continue;
    if (auto* list = std::get_if<List>(&entry.value.data))
      std::erase_if(*list, [&](const Value& item) { return item.span.begin != span.begin; });
    if (Table* column = entry.value.table())
      std::erase_if(*column, [&](const Entry& e) { return e.value.span.begin != span.begin; });
  }
  std::erase_if(expect, [](const Entry& entry) {
    const List* list = entry.value.list();
    const Table* table = entry.value.table();
    return entry.key != "define" && ((list && list->empty()) || (table && table->empty()));
  });
}

void keep_define(Table& expect, const std::string& finding) {
  Entry* define = scenario::find(expect, "define");
  if (!define || !define->value.table()) return;
  Table& table = *define->value.table();
  std::erase_if(table, [&](const Entry& e) { return !finding.ends_with(" " + e.key); });
  if (table.empty()) erase_key(expect, "define");
}

// A bound that names another lane means nothing in a file without it.
void take_bounds_of_others(Candidate& candidate, const std::string& lane) {
  List* metrics = list_at(candidate, {"expect", "metrics"});
  if (!metrics) return;
  std::erase_if(*metrics, [&](const Value& metric) {
    const Entry* of = metric.table() ? scenario::find(*metric.table(), "lane") : nullptr;
    return of && of->value.text() && *of->value.text() != lane;
  });
  if (metrics->empty()) erase(candidate, {"expect", "metrics"});
}

// --- names

bool mentions(const std::string& place, const std::string& name) {
  const std::string_view text = std::string_view(place).substr(0, place.find('#'));
  const std::size_t arrow = text.find('>');
  return arrow == std::string_view::npos ? text == name
                                         : text.substr(0, arrow) == name || text.substr(arrow + 1) == name;
}

// Takes the name out of a list, or of lists in it; an empty list inside goes too.
void take_name(List& list, const std::string& name) {
  for (Value& item : list)
    if (auto* inner = std::get_if<List>(&item.data)) take_name(*inner, name);
  std::erase_if(list, [&](const Value& item) {
    return (item.text() && *item.text() == name) || (item.list() && item.list()->empty());
  });
}

// False when the step means nothing without the node.
bool take_name(Table& step, const std::string& name) {
  for (Entry& entry : step) {
    if (entry.key == "note") continue;
    if (entry.value.text() && mentions(*entry.value.text(), name)) return false;
    auto* list = std::get_if<List>(&entry.value.data);
    if (!list) continue;
    const std::size_t before = list->size();
    take_name(*list, name);
    const bool sides = entry.key == "partition" || entry.key == "one-way";
    if (list->size() < before && (list->empty() || (sides && list->size() < 2))) return false;
  }
  return true;
}

void take_client_names(Table& client, const std::string& name) {
  if (Entry* to = scenario::find(client, "to"))
    if (auto* list = std::get_if<List>(&to->value.data)) take_name(*list, name);
  std::erase_if(client, [&](const Entry& e) {
    return (e.key == "to" && e.value.list() && e.value.list()->empty()) ||
           (e.key == "at" && e.value.text() && *e.value.text() == name);
  });
}

List node_names(const Value& nodes) {
  if (const List* list = nodes.list()) return *list;
  List names;
  for (std::int64_t i = 1; nodes.integer() && i <= *nodes.integer(); ++i)
    names.push_back(Value{fmt::format("n{}", i), nodes.span});
  return names;
}

void take_server(Candidate& candidate, const std::string& name) {
  Value* nodes = value_at(candidate, {"cluster", "nodes"});
  if (!nodes) return;
  List names = node_names(*nodes);
  std::erase_if(names, [&](const Value& item) { return item.text() && *item.text() == name; });
  const auto count = static_cast<std::int64_t>(names.size());
  bool numbered = true;
  for (std::size_t i = 0; i < names.size(); ++i)
    numbered = numbered && names[i].text() && *names[i].text() == fmt::format("n{}", i + 1);
  nodes->data = numbered ? decltype(nodes->data)(count) : decltype(nodes->data)(std::move(names));
  erase(candidate, {"cluster", "node", name});
  // No more replicas than nodes.
  for (Entry& entry : *value_at(candidate, {"cluster"})->table())
    if (Value* n = child(entry.value, "n"); n && n->integer() && *n->integer() > count) n->data = count;
}

}  // namespace

std::string Candidate::text() const {
  if (rows.empty()) return toml_text(file);
  Table whole = file;
  Table& source = *scenario::find(whole, "source")->value.table();
  write_rows(source, rows.front().table);
  if (Entry* then = scenario::find(source, "then"))
    if (auto* versions = std::get_if<List>(&then->value.data))
      for (Value& version : *versions)
        for (const Rows& r : rows)
          if (r.from_attempt == attempt_of(version)) write_rows(*version.table(), r.table);
  return toml_text(whole);
}

Path operator/(Path path, std::string key) {
  path.push_back(std::move(key));
  return path;
}

Value* value_at(Candidate& candidate, const Path& path) {
  Entry* entry = scenario::find(candidate.file, path.front());
  Value* at = entry ? &entry->value : nullptr;
  for (std::size_t i = 1; at && i < path.size(); ++i) at = child(*at, path[i]);
  return at;
}

void set(Candidate& candidate, const Path& path, Value value) {
  if (Value* old = value_at(candidate, path)) {
    *old = std::move(value);
    return;
  }
  Table* table = &candidate.file;
  for (std::size_t i = 0; i + 1 < path.size(); ++i) {
    const Path here(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(i) + 1);
    if (!value_at(candidate, here)) table->push_back({path[i], {}, Value{Table{}}});
    table = value_at(candidate, here)->table();
    if (!table) return;  // the place goes through something else than tables
  }
  table->push_back({path.back(), {}, std::move(value)});
}

bool erase(Candidate& candidate, const Path& path) {
  Table* table = &candidate.file;
  if (path.size() > 1) {
    Value* parent = value_at(candidate, Path(path.begin(), path.end() - 1));
    table = parent ? parent->table() : nullptr;
  }
  if (!table || !scenario::find(*table, path.back())) return false;
  erase_key(*table, path.back());
  return true;
}

List* list_at(Candidate& candidate, const Path& path) {
  Value* value = value_at(candidate, path);
  return value ? std::get_if<List>(&value->data) : nullptr;
}

void add_steps(Candidate& candidate, const std::vector<world::Step>& steps) {
  if (steps.empty()) return;
  if (!list_at(candidate, {"timeline", "steps"})) set(candidate, {"timeline", "steps"}, Value{List{}});
  List& list = *list_at(candidate, {"timeline", "steps"});
  for (const world::Step& step : steps) list.push_back(step_value(step));
}

std::optional<Candidate> lane_alone(const scenario::Scenario& scenario, const scenario::Variant& variant) {
  scenario::Diagnostics out;
  auto file = scenario::read_toml(scenario.sources.front().text, 0, out);
  if (!file) return std::nullopt;
  std::vector<Table> overrides;
  for (std::size_t i = 1; i < scenario.sources.size() && scenario.sources[i].name == "--set"; ++i)
    if (auto given = scenario::read_override(scenario.sources[i].text, static_cast<std::uint32_t>(i), out))
      overrides.push_back(std::move(*given));
  std::vector<scenario::Draft> drafts = scenario::expand(std::move(*file), overrides, out);
  const auto draft =
      std::find_if(drafts.begin(), drafts.end(), [&](const scenario::Draft& d) { return d.name == variant.name; });
  if (draft == drafts.end()) return std::nullopt;

  Candidate candidate{std::move(draft->table), {}};
  for (const char* key : {"story", "tags", "leaves-out", "bites"}) erase(candidate, {key});
  erase(candidate, {"lane", "doc"});
  take_bounds_of_others(candidate, variant.spec.lane.name.value);
  return candidate;
}

std::optional<Candidate> candidate_of(const scenario::Scenario& scenario, const scenario::Variant& variant,
                                      std::uint64_t seed, const std::vector<world::Step>& steps, bool timeline) {
  auto candidate = lane_alone(scenario, variant);
  if (!candidate) return std::nullopt;
  erase(*candidate, {"chaos"});
  set(*candidate, {"seeds"}, Value{static_cast<std::int64_t>(seed)});
  if (variant.spec.orchestrator.runs != 1)
    set(*candidate, {"orchestrator", "runs"}, Value{std::int64_t{variant.spec.orchestrator.runs}});
  if (const auto& script = variant.spec.lane.loader.script; script && erase(*candidate, {"lane", "script-file"}))
    set(*candidate, {"lane", "script"}, Value{script->text});
  take_rows(*candidate, variant);
  if (timeline)
    add_steps(*candidate, chaos_steps(variant.spec, seed));
  else
    calm(*candidate);
  add_steps(*candidate, steps);
  return candidate;
}

void keep_expectation(Candidate& candidate, const Goal& goal, const std::string& added) {
  for (const Path& path : {Path{"expect"}, Path{"lane", "expect"}}) {
    Value* expect = value_at(candidate, path);
    if (!expect || !expect->table()) continue;
    keep_span(*expect->table(), goal.name.empty() || !added.empty() ? Span{} : goal.span);
    keep_define(*expect->table(), goal.name);
    if (expect->table()->empty()) erase(candidate, path);
  }
  if (!added.empty()) set(candidate, {"expect", "finally"}, Value{List{Value{added}}});
}

void make_messages_explicit(Candidate& candidate, const std::vector<world::Step>& instead) {
  for (const char* key : {"loss", "duplicate"}) erase(candidate, {"network", key});
  if (List* links = list_at(candidate, {"network", "link"})) {
    for (Value& link : *links)
      for (const char* key : {"loss", "duplicate"}) erase_key(*link.table(), key);
    std::erase_if(*links, [](const Value& link) { return link.table()->size() <= 2; });
    if (links->empty()) erase(candidate, {"network", "link"});
  }
  if (const Value* network = value_at(candidate, {"network"}); network && network->table() && network->table()->empty())
    erase(candidate, {"network"});
  add_steps(candidate, instead);
}

void split_clients(Candidate& candidate) {
  List* clients = list_at(candidate, {"client"});
  if (!clients) return;
  List split;
  for (Value& client : *clients) {
    Table& table = *client.table();
    const Entry* count = scenario::find(table, "count");
    const std::int64_t n = count && count->value.integer() ? *count->value.integer() : 1;
    const Entry* name = scenario::find(table, "name");
    if (n <= 1 || !name || !name->value.text()) {
      split.push_back(client);
      continue;
    }
    for (std::int64_t i = 1; i <= n; ++i) {
      Value one = client;
      erase_key(*one.table(), "count");
      scenario::find(*one.table(), "name")->value.data = fmt::format("{}-{}", *name->value.text(), i);
      split.push_back(std::move(one));
    }
  }
  *clients = std::move(split);
}

void take_node(Candidate& candidate, const std::string& name) {
  take_server(candidate, name);
  if (List* clients = list_at(candidate, {"client"})) {
    std::erase_if(*clients, [&](const Value& client) {
      const Entry* own = scenario::find(*client.table(), "name");
      return own && own->value.text() && *own->value.text() == name;
    });
    for (Value& client : *clients) take_client_names(*client.table(), name);
  }
  if (List* links = list_at(candidate, {"network", "link"}))
    std::erase_if(*links, [&](const Value& link) {
      return std::any_of(link.table()->begin(), link.table()->end(),
                         [&](const Entry& e) { return e.value.text() && *e.value.text() == name; });
    });
  if (List* steps = list_at(candidate, {"timeline", "steps"}))
    std::erase_if(*steps, [&](Value& step) { return !take_name(*step.table(), name); });
  if (List* steps = list_at(candidate, {"timeline", "steps"}); steps && steps->empty()) erase(candidate, {"timeline"});
}

}  // namespace twice::lab
