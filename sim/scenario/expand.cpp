#include "scenario/expand.h"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "core/limits.h"
#include "scenario/leaf.h"
#include "scenario/read.h"
#include "scenario/text.h"

namespace twice::scenario {
namespace {

// Copies of a file's shared part: a small file may have many variants, a huge one only a few.
constexpr std::size_t kMaxCopiedValues = limits::kCopiedValues;
constexpr std::size_t kLongestPath = 200;
constexpr std::string_view kOnlyLane = "main";

std::size_t count_values(const Table& table);
std::size_t count_values(const Value& value) {
  if (const Table* table = value.table()) return 1 + count_values(*table);
  const std::string* text = value.text();
  std::size_t count = 1 + (text ? text->size() / 64 : 0);
  if (const List* list = value.list())
    for (const Value& item : *list) count += count_values(item);
  return count;
}
std::size_t count_values(const Table& table) {
  return std::accumulate(table.begin(), table.end(), std::size_t{0},
                         [](std::size_t n, const Entry& e) { return n + count_values(e.value); });
}

struct Written {
  std::string operator()(bool b) const { return b ? "true" : "false"; }
  std::string operator()(std::int64_t n) const { return std::to_string(n); }
  std::string operator()(const Decimal& d) const { return d.written; }
  std::string operator()(const std::string& s) const { return s; }
  std::string operator()(const Calendar& c) const { return c.written; }
  std::string operator()(const List& list) const {
    std::string text = "[";
    for (const Value& item : list) text += (text.size() > 1 ? ", " : "") + std::visit(Written{}, item.data);
    return text + "]";
  }
  std::string operator()(const Table& table) const {
    std::string text = "{";
    for (const Entry& e : table)
      text += (text.size() > 1 ? ", " : "") + e.key + " = " + std::visit(Written{}, e.value.data);
    return text + "}";
  }
};

std::optional<Entry> take(Table& table, std::string_view key) {
  const auto at = std::find_if(table.begin(), table.end(), [&](const Entry& e) { return e.key == key; });
  if (at == table.end()) return std::nullopt;
  Entry entry = std::move(*at);
  table.erase(at);
  return entry;
}

// Sets table.a.b.c = value, making the tables on the way.
void set_path(Table& table, std::string_view path, const Span& key_span, const Value& value) {
  const std::size_t dot = path.find('.');
  const std::string_view key = path.substr(0, dot);
  Entry* entry = find(table, key);
  if (!entry) {
    table.push_back({std::string(key), key_span, Value{Table{}, key_span}});
    entry = &table.back();
  }
  if (dot == std::string_view::npos) {
    entry->key_span = key_span;
    entry->value = value;
    return;
  }
  if (!entry->value.table()) entry->value = Value{Table{}, key_span};
  set_path(*entry->value.table(), path.substr(dot + 1), key_span, value);
}

const std::string* lane_name(const Table& lane) {
  const Entry* entry = find(lane, "name");
  return entry ? entry->value.text() : nullptr;
}

class Expander {
 public:
  Expander(Table file, const std::vector<Table>& overrides, Diagnostics& out)
      : shared_(std::move(file)), overrides_(&overrides), out_(&out) {}

  std::vector<Draft> run() {
    if (auto entry = take(shared_, "lane")) take_lanes(entry->value);
    for (const Table& given : *overrides_) take_matrix_override(given);
    if (auto entry = take(shared_, "matrix")) read(*out_, Field{.name = "matrix", .doc = {}}, entry->value, matrix_);
    check_lane_overrides();
    if (!affordable()) return {};
    std::vector<Draft> drafts;
    if (lanes_.empty()) add_cells({std::string(kOnlyLane), {}, with_overrides(shared_, {})}, 0, drafts);
    for (const Value& lane : lanes_) add_cells(lane_draft(lane), 0, drafts);
    return drafts;
  }

 private:
  void take_lanes(const Value& value) {
    const List* list = value.list();
    const bool tables = list && std::all_of(list->begin(), list->end(), [](const Value& v) { return v.table(); });
    if (!tables)
      return out_->error(value.span, "'lane' must be a list of tables", "start each lane with a line [[lane]]");
    lanes_ = *list;
    for (std::size_t i = 0; i < lanes_.size(); ++i) {
      const std::string* name = lane_name(*lanes_[i].table());
      if (name && name->empty())
        out_->error(find(*lanes_[i].table(), "name")->value.span, "a lane's name cannot be empty");
      for (std::size_t j = 0; name && j < i; ++j) {
        const std::string* other = lane_name(*lanes_[j].table());
        if (!other || *other != *name) continue;
        out_->error(find(*lanes_[i].table(), "name")->value.span, fmt::format("lane '{}' is there twice", *name),
                    fmt::format("the first one starts at line {}", lanes_[j].span.begin.line));
        break;
      }
    }
  }

  void take_matrix_override(const Table& given) {
    if (const Entry* entry = find(given, "matrix")) merge(shared_, {*entry});
  }

  void check_lane_overrides() {
    std::vector<std::string_view> names;
    for (const Value& lane : lanes_)
      if (const std::string* name = lane_name(*lane.table())) names.push_back(*name);
    for (const Table& given : *overrides_) {
      const Entry* lanes = find(given, "lane");
      if (!lanes || !lanes->value.table()) continue;
      for (const Entry& lane : *lanes->value.table())
        if (std::find(names.begin(), names.end(), lane.key) == names.end())
          out_->error(lane.key_span, fmt::format("there is no lane '{}'", lane.key), did_you_mean(lane.key, names));
    }
  }

  bool affordable() {
    std::size_t variants = std::max<std::size_t>(lanes_.size(), 1);
    for (const Matrix::Axis& axis : matrix_.axes) {
      if (axis.path.value.size() > kLongestPath)
        return out_->error(axis.path.span, "no field has so long a path"), false;
      variants *= axis.values.size();
      if (variants <= kMaxVariants) continue;
      out_->error(axis.path.span,
                  fmt::format("lanes and matrix together make more than {} variants (limit variants)", kMaxVariants),
                  "give fewer values");
      return false;
    }
    if (variants <= kMaxVariants && variants * count_values(shared_) <= kMaxCopiedValues) return true;
    out_->error({}, fmt::format("{} variants are too many for a file of this size (limit copied-values)", variants),
                "keep data in files of its own, or give fewer lanes");
    return false;
  }

  Table with_overrides(Table table, std::string_view lane) const {
    for (const Table& given : *overrides_) {
      for (const Entry& entry : given) {
        if (entry.key == "matrix") continue;
        if (entry.key != "lane")
          merge(table, {entry});
        else if (lane.empty())
          out_->error(entry.key_span, "this file has no lanes");
        else if (const Entry* own = entry.value.table() ? find(*entry.value.table(), lane) : nullptr;
                 own && own->value.table())
          add_lane(table, *own->value.table());
      }
    }
    return table;
  }

  // A lane's own fields go to the table "lane", the sections it overrides over the shared ones.
  void add_lane(Table& table, const Table& lane) const {
    for (const Entry& entry : lane) {
      const bool section = std::find(sections_.begin(), sections_.end(), entry.key) != sections_.end();
      merge(section ? table : *find(table, "lane")->value.table(), {entry});
    }
  }

  Draft lane_draft(const Value& lane) const {
    const std::string* name = lane_name(*lane.table());
    Draft draft{name ? *name : std::string(kOnlyLane), {}, shared_};
    draft.table.push_back({"lane", lane.span, Value{Table{}, lane.span}});
    add_lane(draft.table, *lane.table());
    draft.table = with_overrides(std::move(draft.table), draft.name);
    return draft;
  }

  void add_cells(Draft draft, std::size_t axis, std::vector<Draft>& drafts) const {
    if (axis == matrix_.axes.size()) {
      for (const auto& [path, value] : draft.cell) draft.name += fmt::format(" · {} = {}", path, value);
      drafts.push_back(std::move(draft));
      return;
    }
    const Spanned<std::string>& path = matrix_.axes[axis].path;
    for (const Value& value : matrix_.axes[axis].values) {
      Draft next = draft;
      set_path(next.table, path.value, path.span, value);
      next.cell.emplace_back(path.value, std::visit(Written{}, value.data));
      add_cells(std::move(next), axis + 1, drafts);
    }
  }

  Table shared_;
  const std::vector<Table>* overrides_;
  Diagnostics* out_;
  std::vector<std::string_view> sections_ = shared_sections();
  List lanes_;
  Matrix matrix_;
};

// The quotes were ours: the value itself is two columns shorter.
void forget_quotes(Table& table) {
  Value& value = table.front().value;
  if (value.table()) return forget_quotes(*value.table());
  value.span.end.column -= 2;
}

}  // namespace

std::optional<Table> read_override(std::string_view text, std::uint32_t source, Diagnostics& out) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos) {
    out.error({source, {1, 1}, {1, static_cast<std::uint32_t>(code_points(text) + 1)}}, "an override is PATH=VALUE",
              "for example network.loss=0.1");
    return std::nullopt;
  }
  Diagnostics as_written, as_text;
  if (auto table = read_toml(text, source, as_written)) return table;
  const std::string quoted = fmt::format("{}='{}'", text.substr(0, equals), text.substr(equals + 1));
  auto table = read_toml(quoted, source, as_text);
  if (table)
    forget_quotes(*table);
  else
    read_toml(text, source, out);
  return table;
}

std::vector<Draft> expand(Table file, const std::vector<Table>& overrides, Diagnostics& out) {
  return Expander(std::move(file), overrides, out).run();
}

}  // namespace twice::scenario
