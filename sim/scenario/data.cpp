#include "scenario/data.h"

#include <fmt/format.h>

#include "core/limits.h"
#include "core/random.h"
#include "pipeline/formats/source_file.h"
#include "scenario/leaf.h"
#include "scenario/named_file.h"
#include "scenario/text.h"

namespace twice::scenario {
namespace {

// Only the lines an error speaks of are worth keeping of a large file.
constexpr std::size_t kKeptText = 1u << 20;

struct Generated {
  std::uint64_t row;  // from 0
  std::uint64_t seed, column;
  Draw roll() const { return draw(mix(seed, column), Purpose::kSource, row); }
  pipeline::SqlValue operator()(const RowNumber& rule) const { return rule.first + static_cast<std::int64_t>(row); }
  pipeline::SqlValue operator()(const IntegerRange& rule) const {
    const auto span = static_cast<std::uint64_t>(rule.high) - static_cast<std::uint64_t>(rule.low);
    const std::uint64_t offset = span == ~std::uint64_t{0} ? roll().bits : roll().below(span + 1);
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(rule.low) + offset);
  }
  pipeline::SqlValue operator()(const OneOfValues& rule) const { return rule.values[roll().below(rule.values.size())]; }
  pipeline::SqlValue operator()(const Constant& rule) const { return rule.value; }
};

}  // namespace

DataReader::DataReader(const std::string& scenario_path, const LoadOptions& options, Sources& sources, Diagnostics& out)
    : folder_(folder_of(scenario_path)), options_(&options), sources_(&sources), out_(&out) {}

const DataReader::File& DataReader::open(const Spanned<std::string>& path) {
  const auto known = files_.find(path.value);
  if (known != files_.end() && known->second.text) return known->second;
  File file;
  const auto refused = [&](const FileProblem& problem) { out_->error(path.span, problem.message, problem.help); };
  const auto named = named_file(folder_, path.value, options_->reads_disk ? Links::kFollowed : Links::kIgnored);
  if (const auto* outside = std::get_if<FileProblem>(&named)) {
    refused(*outside);
  } else {
    file.path = std::get<std::string>(named);
    FileText read = options_->read_file(file.path, limits::kDataFile);
    if (auto* text = std::get_if<std::string>(&read))
      file.text = std::move(*text);
    else
      refused(std::get<FileProblem>(read));
  }
  return files_.insert_or_assign(path.value, std::move(file)).first->second;
}

DataReader::Rows DataReader::csv(const Spanned<std::string>& path) { return table(path, true); }
DataReader::Rows DataReader::json_lines(const Spanned<std::string>& path) { return table(path, false); }

DataReader::Rows DataReader::table(const Spanned<std::string>& path, bool is_csv) {
  const std::string key = (is_csv ? "csv " : "jsonl ") + path.value;
  if (const auto known = tables_.find(key); known != tables_.end()) return known->second;
  Rows rows;
  const File& file = open(path);
  if (!file.text) return rows;
  const std::string_view text = *file.text;
  pipeline::TableOrError read = is_csv ? pipeline::read_csv(text) : pipeline::read_json_lines(text);
  if (auto* found = std::get_if<pipeline::SqlTable>(&read)) {
    rows = Block<pipeline::SqlTable>(std::move(*found));
  } else {
    const auto& error = std::get<pipeline::FileError>(read);
    const auto source = static_cast<std::uint32_t>(sources_->size());
    sources_->push_back({file.path, text.size() <= kKeptText ? std::string(text) : std::string()});
    const Position at = text.size() <= kKeptText ? Position{error.line, error.column} : Position{error.line, 0};
    out_->error({source, at, {at.line, at.column + 1}}, error.message, error.help);
  }
  return tables_.insert_or_assign(key, std::move(rows)).first->second;
}

DataReader::Rows DataReader::query(const SqlText& setup, const SqlText& sql, const SqlParameters& job) {
  std::string key = setup.text + '\0' + sql.text;
  for (const auto& [name, value] : job) key += '\0' + name + '=' + to_literal(value);
  if (const auto known = queries_.find(key); known != queries_.end()) return known->second;
  Rows rows;
  if (const auto problem = options_->sql.check(setup.text, sql.text)) {
    const std::string& file = (*sources_)[sql.span.source].text;
    const Position begin = position_in_string(file, sql.span, problem->offset);
    const Position end = position_in_string(file, sql.span, problem->offset + problem->length);
    out_->error({sql.span.source, begin, end}, problem->message, problem->help);
    return queries_.insert_or_assign(std::move(key), std::move(rows)).first->second;
  }
  auto result = options_->sql.rows(setup.text, sql.text, job);
  if (auto* found = std::get_if<pipeline::SqlTable>(&result)) {
    rows = Block<pipeline::SqlTable>(std::move(*found));
  } else {
    const auto& problem = std::get<pipeline::SqlDiagnosis>(result);
    out_->error(sql.span, fmt::format("the source's query fails: {}", problem.message), problem.help);
  }
  return queries_.insert_or_assign(std::move(key), std::move(rows)).first->second;
}

DataReader::Rows DataReader::generate(const GenerateSpec& spec) {
  std::string key = fmt::format("generate {} {}", spec.rows, spec.seed);
  for (const auto& [name, rule] : spec.columns) key += '\0' + name + '=' + write(rule);
  if (const auto known = tables_.find(key); known != tables_.end()) return known->second;
  return tables_.insert_or_assign(std::move(key), Block<pipeline::SqlTable>(generate_rows(spec))).first->second;
}

std::optional<SqlText> DataReader::script(const Spanned<std::string>& path) {
  const File& file = open(path);
  if (!file.text) return std::nullopt;
  if (file.text->size() > limits::kScriptFile)
    return out_->error(path.span, "the script has more than 8 MB"), std::nullopt;
  const auto source = static_cast<std::uint32_t>(sources_->size());
  sources_->push_back({file.path, *file.text});
  return SqlText{*file.text, {source, {1, 1}, {1, 1}}, 1};
}

pipeline::SqlTable generate_rows(const GenerateSpec& spec) {
  pipeline::SqlTable table;
  for (const auto& column : spec.columns) table.columns.push_back(column.first);
  table.rows.reserve(spec.rows);
  for (std::uint64_t r = 0; r < spec.rows; ++r) {
    pipeline::SqlRow row;
    row.reserve(spec.columns.size());
    for (std::uint64_t c = 0; c < spec.columns.size(); ++c)
      row.push_back(std::visit(Generated{r, spec.seed, c + 1}, spec.columns[c].second));
    table.rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace twice::scenario
