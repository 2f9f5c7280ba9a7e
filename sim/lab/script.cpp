#include "lab/script.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/limits.h"
#include "lab/report_format.h"
#include "lab/sql_facts.h"
#include "pipeline/formats/source_file.h"
#include "pipeline/warehouse/split_sql.h"
#include "scenario/checks.h"
#include "scenario/text.h"

namespace twice::lab {
namespace {

using scenario::Span;

constexpr std::size_t kKeptText = 1u << 20;  // of a data file, for messages

// "data/stg_orders.csv" is staged as stg_orders.
std::string stem_of(const std::string& path) {
  const std::string name = path.substr(path.rfind('/') == std::string::npos ? 0 : path.rfind('/') + 1);
  return name.substr(0, name.find('.', 1));
}

// A text that SQL would print the same way as an integer is one; anything else is text, and quotes make text of all.
pipeline::SqlValue value_of(const std::string& text) {
  if (text.size() >= 2 && text.front() == '\'' && text.back() == '\'') return text.substr(1, text.size() - 2);
  const bool digits =
      !text.empty() && text.size() < 19 && text.find_first_not_of("0123456789", text[0] == '-') == std::string::npos;
  if (!digits || text == "-") return text;
  const std::int64_t number = std::stoll(text);
  return std::to_string(number) == text ? pipeline::SqlValue{number} : pipeline::SqlValue{text};
}

class ScriptReader {
 public:
  ScriptReader(const ScriptRequest& request,
               const std::function<scenario::FileText(const std::string&, const limits::FileLimit&)>& read_file)
      : request_(request), read_file_(read_file) {
    scenario_.path = request.script;
    options_.read_file = read_file;
  }

  LoadedScript run() {
    variant_.name = stem_of(request_.script);
    scenario::Spec& spec = variant_.spec;
    variant_.is_script = true;
    spec.title = fmt::format("{} as it stands", request_.script);
    spec.lane.name.value = variant_.name;
    spec.lane.loader.script = read_sql(request_.script);
    read_setup(spec);
    read_source(spec);
    read_params(spec);
    if (out_.errors() == 0) choose_table(spec);
    if (out_.errors() == 0) check();
    LoadedScript result{{std::nullopt, {}}, std::move(note_)};
    result.loaded.diagnostics = out_.finish(scenario_.sources);
    if (out_.errors() > 0) return result;
    scenario_.variants.push_back(std::move(variant_));
    result.loaded.scenario = std::move(scenario_);
    return result;
  }

 private:
  std::uint32_t add_source(const std::string& name, std::string text) {
    scenario_.sources.push_back({name, std::move(text)});
    return static_cast<std::uint32_t>(scenario_.sources.size() - 1);
  }

  /// A word of the command line as a source of its own, so that errors can point at it.
  scenario::Spanned<std::string> given(const std::string& option, const std::string& text) {
    const std::uint32_t source = add_source(option, text);
    return {text, {source, {1, 1}, {1, static_cast<std::uint32_t>(scenario::code_points(text) + 1)}}};
  }

  std::optional<std::string> read(const std::string& path, const limits::FileLimit& limit) {
    scenario::FileText text = read_file_(path, limit);
    if (auto* whole = std::get_if<std::string>(&text)) return std::move(*whole);
    const auto& problem = std::get<scenario::FileProblem>(text);
    out_.error({add_source(path, {}), {}, {}}, problem.message, {});
    return std::nullopt;
  }

  std::optional<scenario::SqlText> read_sql(const std::string& path) {
    auto text = read(path, limits::kScriptFile);
    if (!text) return std::nullopt;
    const std::uint32_t source = add_source(path, *text);
    if (const auto bad = scenario::first_invalid_utf8(*text)) {
      const scenario::Position at = scenario::position_of(*text, *bad);
      out_.error({source, at, {at.line, at.column + 1}}, "this is no UTF-8 text", "is it an SQL file?");
    } else if (pipeline::split_sql(*text).empty()) {
      out_.error({source, {}, {}}, "the script holds no statement");
    }
    return scenario::SqlText{std::move(*text), {source, {1, 1}, {1, 1}}, 1};
  }

  // Several files become one text; each is checked by itself first, so that an error has its own file's position.
  void read_setup(scenario::Spec& spec) {
    scenario::WarehouseSpec warehouse;
    for (const std::string& path : request_.setup) {
      const auto sql = read_sql(path);
      if (!sql) continue;
      if (const auto problem = options_.sql.check(warehouse.setup.text, sql->text)) {
        const auto begin = scenario::position_of(sql->text, problem->offset),
                   end = scenario::position_of(sql->text, problem->offset + problem->length);
        out_.error({sql->span.source, begin, end}, problem->message, problem->help);
      }
      if (warehouse.setup.text.empty())
        warehouse.setup = *sql;
      else
        warehouse.setup.text += "\n;\n" + sql->text;
    }
    spec.warehouse = std::move(warehouse);
  }

  void read_source(scenario::Spec& spec) {
    if (!request_.source) return;
    const std::string& path = *request_.source;
    const auto text = read(path, limits::kDataFile);
    if (!text) return;
    const bool is_json = path.ends_with(".jsonl") || path.ends_with(".ndjson") || path.ends_with(".json");
    pipeline::TableOrError rows = is_json ? pipeline::read_json_lines(*text) : pipeline::read_csv(*text);
    if (const auto* error = std::get_if<pipeline::FileError>(&rows)) {
      const bool kept = text->size() <= kKeptText;
      const std::uint32_t source = add_source(path, kept ? *text : std::string());
      out_.error({source, {error->line, kept ? error->column : 0}, {error->line, error->column + 1}}, error->message,
                 error->help);
      return;
    }
    scenario::SourceSpec source;
    source.table.value = stem_of(path);
    spec.source = std::move(source);
    variant_.source.push_back({1, Block<pipeline::SqlTable>(std::move(std::get<pipeline::SqlTable>(rows)))});
  }

  void read_params(scenario::Spec& spec) {
    for (const std::string& param : request_.params) {
      const auto text = given("--param", param);
      const std::size_t equals = param.find('=');
      if (equals == std::string::npos || equals == 0)
        out_.error(text.span, "a parameter is NAME=VALUE", "--param day=2026-06-23");
      else
        spec.job[param.substr(0, equals)] = {value_of(param.substr(equals + 1)), text.span};
    }
  }

  void choose_table(scenario::Spec& spec) {
    scenario::LoaderSpec& loader = spec.lane.loader;
    for (const std::string& column : request_.key) loader.key.push_back(given("--key", column));
    for (const std::string& column : request_.ignore) loader.ignore.push_back(given("--ignore", column));
    if (request_.slice) {
      const auto slice = given("--slice", *request_.slice);
      loader.slice = {slice.value, {slice.span.source, {1, 1}, {1, 1}}, 1};
    }
    if (request_.table) {
      loader.table = given("--table", *request_.table);
      return;
    }
    const std::vector<std::string> written = tables_written(facts_of(loader.script->text));
    if (written.size() == 1) {
      loader.table = {written.front(), loader.script->span};
      note_ = fmt::format("the script writes one table, {}: that is what is judged (--table names another)",
                          written.front());
    } else if (written.empty()) {
      out_.error({loader.script->span.source, {}, {}}, "the script writes no table", "name what it loads with --table");
    } else {
      out_.error({loader.script->span.source, {}, {}},
                 fmt::format("the script writes several tables: {}", fmt::join(written, ", ")),
                 "name the one it loads with --table");
    }
  }

  void check() {
    scenario::DataReader data(request_.script, options_, scenario_.sources, out_);
    scenario::SqlMemory sql(options_.sql);
    const std::vector<std::string> lanes{variant_.name};
    const scenario::Table file;
    const scenario::Resolved read{};
    scenario::InertParts inert;
    scenario::CheckContext context{out_, inert, scenario_.sources, data, sql, lanes, file, read, variant_};
    scenario::check_sql_texts(context);
  }

  const ScriptRequest& request_;
  const std::function<scenario::FileText(const std::string&, const limits::FileLimit&)>& read_file_;
  scenario::LoadOptions options_;
  scenario::Scenario scenario_;
  scenario::Variant variant_;
  scenario::Diagnostics out_;
  std::string note_;
};

void add_option(std::string& line, std::string_view name, const std::string& value) {
  line += " " + shell_option(name, value);
}

}  // namespace

std::string arguments_of(const ScriptRequest& request) {
  std::string line = shell_path(request.script);
  for (const std::string& path : request.setup) add_option(line, "--setup", path);
  if (request.source) add_option(line, "--source", *request.source);
  for (const std::string& param : request.params) add_option(line, "--param", param);
  if (request.table) add_option(line, "--table", *request.table);
  if (!request.key.empty()) add_option(line, "--key", fmt::format("{}", fmt::join(request.key, ",")));
  if (!request.ignore.empty()) add_option(line, "--ignore", fmt::format("{}", fmt::join(request.ignore, ",")));
  if (request.slice) add_option(line, "--slice", *request.slice);
  return line;
}

LoadedScript load_script(
    const ScriptRequest& request,
    const std::function<scenario::FileText(const std::string&, const limits::FileLimit&)>& read_file) {
  return ScriptReader(request, read_file).run();
}

}  // namespace twice::lab
