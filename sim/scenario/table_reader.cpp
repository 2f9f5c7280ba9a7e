#include "scenario/table_reader.h"

#include <algorithm>

#include <fmt/format.h>

namespace twice::scenario {
namespace {

std::vector<std::string_view> split_words(std::string_view text) {
  std::vector<std::string_view> result;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    result.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return result;
}

// "a, b or c"
std::string join_or(const std::vector<std::string_view>& names) {
  std::string result;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) result += i + 1 == names.size() ? " or " : ", ";
    result += fmt::format("'{}'", names[i]);
  }
  return result;
}

}  // namespace

TableReader::TableReader(Diagnostics& out, const Table& table, const Span& span, std::string where)
    : out_(&out), table_(&table), span_(span), where_(std::move(where)), taken_(table.size(), false) {}

const Entry* TableReader::take(const Field& field) {
  fields_.push_back(field);
  for (std::size_t i = 0; i < table_->size(); ++i) {
    if ((*table_)[i].key != field.name) continue;
    taken_[i] = true;
    return &(*table_)[i];
  }
  return nullptr;
}

std::vector<const Entry*> TableReader::take_rest() {
  open_ = true;
  std::vector<const Entry*> rest;
  for (std::size_t i = 0; i < table_->size(); ++i)
    if (!taken_[i]) rest.push_back(&(*table_)[i]);
  return rest;
}

void TableReader::suggest(std::vector<std::string_view> names) { suggestions_ = std::move(names); }

std::string TableReader::inside(std::string_view key) const {
  if (where_.empty()) return key == "lane" ? "[[lane]]" : fmt::format("[{}]", key);
  if (where_.substr(0, 2) == "[[") return fmt::format("{} of {}", key, where_);
  if (where_.front() == '[' && where_.back() == ']')
    return fmt::format("{}.{}]", where_.substr(0, where_.size() - 1), key);
  return fmt::format("{} of {}", key, where_);
}

bool TableReader::given(std::string_view name) const { return find(*table_, name) != nullptr; }

void TableReader::finish() {
  for (std::size_t i = 0; i < table_->size() && !open_; ++i)
    if (!taken_[i]) report_unknown((*table_)[i]);
  check_required();
  for (const Field& field : fields_) {
    if (!given(field.name)) continue;
    check_company(field);
  }
  std::vector<std::string_view> groups;
  for (const Field& field : fields_)
    if (!field.one_of.empty() && std::find(groups.begin(), groups.end(), field.one_of) == groups.end())
      groups.push_back(field.one_of);
  for (const std::string_view group : groups) check_group(group);
}

bool TableReader::excused(std::string_view name) const {
  return std::find(meant_.begin(), meant_.end(), name) != meant_.end();
}

void TableReader::check_required() const {
  for (const Field& field : fields_) {
    if (!field.required || given(field.name) || excused(field.name)) continue;
    const std::string subject = where_.empty() ? "a scenario" : where_;
    const std::string example =
        field.example.empty() ? std::string() : fmt::format("for example {} = {}", field.name, field.example);
    out_->error(span_, fmt::format("{} needs '{}'", subject, field.name), example);
  }
}

void TableReader::check_group(std::string_view group) const {
  std::vector<std::string_view> members;
  const Entry* first = nullptr;
  bool optional = false;
  for (const Field& field : fields_) {
    if (field.one_of != group) continue;
    members.push_back(field.name);
    optional = optional || field.optional_group || excused(field.name);
  }
  for (const Entry& entry : *table_) {
    if (std::find(members.begin(), members.end(), entry.key) == members.end()) continue;
    if (first)
      out_->error(entry.key_span, fmt::format("'{}' and '{}' exclude each other", first->key, entry.key),
                  "keep one of the two");
    else
      first = &entry;
  }
  if (!first && !optional) out_->error(span_, fmt::format("{} needs one of {}", where_, join_or(members)));
}

void TableReader::check_company(const Field& field) const {
  if (field.with.empty()) return;
  const auto company = split_words(field.with);
  if (std::any_of(company.begin(), company.end(), [&](std::string_view name) { return given(name); })) return;
  out_->error(find(*table_, field.name)->key_span,
              fmt::format("'{}' means nothing without {}", field.name, join_or(company)));
}

void TableReader::report_unknown(const Entry& entry) {
  std::vector<std::string_view> known;
  for (const Field& field : fields_) known.push_back(field.name);
  const std::size_t own = known.size();
  known.insert(known.end(), suggestions_.begin(), suggestions_.end());
  std::string all = own <= 8 ? "known here: " : "`twice explain` lists what a file may say";
  for (std::size_t i = 0; i < own && own <= 8; ++i) all += (i > 0 ? ", " : "") + std::string(known[i]);
  const std::string key = entry.key.size() <= 60 ? entry.key : entry.key.substr(0, 57) + "...";
  if (const std::string_view near = nearest(entry.key, known); !near.empty()) meant_.push_back(near);
  const std::string in = where_.empty() ? std::string() : " in " + where_;
  out_->error(entry.key_span, fmt::format("unknown key '{}'{}", key, in),
              did_you_mean(entry.key, known, std::move(all)));
}

}  // namespace twice::scenario
