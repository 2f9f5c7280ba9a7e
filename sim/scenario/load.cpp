#include "scenario/load.h"

#include <utility>

#include "core/limits.h"
#include "scenario/checks.h"
#include "scenario/data.h"
#include "scenario/expand.h"
#include "scenario/read_spec.h"

namespace twice::scenario {
namespace {

constexpr std::size_t kVariantsAfterAnError = 64;

template <class T>
void append(std::vector<T>& onto, std::vector<T> from) {
  onto.insert(onto.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

// A lane's expectations add to the shared ones; where both define a name, the lane's counts.
void join_expectations(Spec& spec) {
  ExpectSpec own = std::exchange(spec.lane.expect, {});
  append(spec.expect.always, std::move(own.always));
  append(spec.expect.finally, std::move(own.finally));
  append(spec.expect.sometimes, std::move(own.sometimes));
  append(spec.expect.eventually, std::move(own.eventually));
  append(spec.expect.metrics, std::move(own.metrics));
  for (auto& [name, define] : own.define) spec.expect.define.insert_or_assign(name, std::move(define));
  for (auto& [name, column] : own.columns) spec.expect.columns.insert_or_assign(name, std::move(column));
}

class Loader {
 public:
  Loader(const std::string& path, std::string text, const LoadOptions& options)
      : options_(options), data_(path, options, scenario_.sources, out_), sql_(options.sql) {
    scenario_.path = path;
    scenario_.sources.push_back({path, std::move(text)});
  }

  Loaded run() {
    std::vector<Table> overrides;
    for (const std::string& set : options_.set) add_override(set, overrides);
    auto file = read_toml(std::string(scenario_.sources[0].text), 0, out_);
    if (file && check_version(*file)) read_variants(std::move(*file), overrides);
    Loaded loaded{std::nullopt, out_.finish(scenario_.sources)};
    if (out_.errors() == 0) loaded.scenario = std::move(scenario_);
    return loaded;
  }

 private:
  void add_override(const std::string& set, std::vector<Table>& overrides) {
    const auto source = static_cast<std::uint32_t>(scenario_.sources.size());
    scenario_.sources.push_back({"--set", set});
    if (auto table = read_override(set, source, out_)) overrides.push_back(std::move(*table));
  }

  // A file of a later format would only give misleading errors.
  bool check_version(const Table& file) {
    const Entry* version = find(file, "scenario");
    const std::int64_t* number = version ? version->value.integer() : nullptr;
    if (!number || *number <= kFormatVersion) return true;
    out_.error(version->value.span, "this file needs a newer version of the program", "this one reads scenario = 1");
    return false;
  }

  void read_variants(Table file, const std::vector<Table>& overrides) {
    const std::vector<std::string> lanes = lane_names(file);
    InertParts inert;
    std::size_t wrong = 0;  // variants read since the first error: the later ones mostly say the same again
    for (Draft& draft : expand(std::move(file), overrides, out_)) {
      if (out_.full() || (out_.errors() > 0 && ++wrong > kVariantsAfterAnError)) return;
      Resolved read = read_spec(out_, draft.table);
      Variant variant{std::move(draft.name), std::move(draft.cell), std::move(read.spec), {}, {}};
      CheckContext context{out_, inert, scenario_.sources, data_, sql_, lanes, draft.table, read, variant};
      complete(context);
      scenario_.variants.push_back(std::move(variant));
    }
    if (!options_.idle_values) inert.report(out_, overrides.empty() ? std::nullopt : std::optional<std::uint32_t>(0));
  }

  static void complete(CheckContext& context) {
    join_expectations(context.spec());
    load_source(context);
    check_pipeline(context);
    check_sql_texts(context);
    check_clients(context);
    check_network(context);
    plan_timeline(context);
    check_chaos(context);
    check_schedule(context);
    check_expectations(context);
    note_inert(context);
  }

  static std::vector<std::string> lane_names(const Table& file) {
    std::vector<std::string> names;
    const Entry* lanes = find(file, "lane");
    if (!lanes) return names;
    if (!lanes->value.list()) return {""};
    for (const Value& lane : *lanes->value.list()) {
      const Entry* name = lane.table() ? find(*lane.table(), "name") : nullptr;
      names.push_back(name && name->value.text() ? *name->value.text() : std::string());
    }
    return names;
  }

  const LoadOptions& options_;
  Scenario scenario_;
  Diagnostics out_;
  DataReader data_;
  SqlMemory sql_;
};

}  // namespace

Loaded parse_scenario(const std::string& path, std::string text, const LoadOptions& options) {
  return Loader(path, std::move(text), options).run();
}

Loaded load_scenario(const std::string& path, const LoadOptions& options) {
  FileText read = options.read_file(path, limits::kScenarioFile);
  if (auto* text = std::get_if<std::string>(&read)) {
    if (!text->empty()) return parse_scenario(path, std::move(*text), options);
    read = FileProblem{"the file is empty", "`twice new` writes a first scenario"};
  }
  const auto& problem = std::get<FileProblem>(read);
  Diagnostics out;
  out.error({}, problem.message, problem.help);
  return {std::nullopt, out.finish({{path, {}}})};
}

}  // namespace twice::scenario
