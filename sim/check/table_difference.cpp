#include "check/table_difference.h"

#include <algorithm>

namespace twice::check {
namespace {

using pipeline::SqlRow;
using pipeline::SqlTable;

bool same_name(const std::string& a, const std::string& b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](unsigned char x, unsigned char y) {
           const auto lower = [](unsigned char c) {
             return c >= 'A' && c <= 'Z' ? static_cast<unsigned char>(c + 32) : c;
           };
           return lower(x) == lower(y);
         });
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::any_of(names.begin(), names.end(), [&](const std::string& n) { return same_name(n, name); });
}

// A row split into what identifies it and the rest, with the row as it stands in the table.
struct Keyed {
  SqlRow key, rest;
  const SqlRow* row;
  bool operator<(const Keyed& o) const { return key != o.key ? key < o.key : rest < o.rest; }
};

// Position of each column of `columns` in `table`, -1 where it has none.
std::vector<int> positions(const SqlTable& table, const std::vector<std::string>& columns) {
  std::vector<int> at;
  for (const std::string& name : columns) {
    const auto it = std::find_if(table.columns.begin(), table.columns.end(),
                                 [&](const std::string& c) { return same_name(c, name); });
    at.push_back(it == table.columns.end() ? -1 : static_cast<int>(it - table.columns.begin()));
  }
  return at;
}

SqlRow pick(const SqlRow& row, const std::vector<int>& at) {
  SqlRow out;
  out.reserve(at.size());
  for (const int i : at) out.push_back(i < 0 ? pipeline::SqlValue{pipeline::Null{}} : row[static_cast<std::size_t>(i)]);
  return out;
}

std::vector<Keyed> keyed(const SqlTable& table, const std::vector<std::string>& key,
                         const std::vector<std::string>& rest) {
  const std::vector<int> key_at = positions(table, key), rest_at = positions(table, rest);
  std::vector<Keyed> rows;
  rows.reserve(table.rows.size());
  for (const SqlRow& row : table.rows) rows.push_back({pick(row, key_at), pick(row, rest_at), &row});
  std::sort(rows.begin(), rows.end());
  return rows;
}

void sample(std::vector<SqlRow>& samples, const SqlRow& row) {
  if (samples.size() < TableDifference::kSamples) samples.push_back(row);
}

// One identity on both sides: equal rows cancel, pairs of different ones are changed, what is left over is
// duplicated or lost.
void compare_group(const Keyed* wanted, const Keyed* wanted_end, const Keyed* found, const Keyed* found_end,
                   TableDifference& out) {
  std::vector<const Keyed*> missing, extra;
  while (wanted != wanted_end && found != found_end) {
    if (wanted->rest == found->rest) {
      ++wanted, ++found;
    } else if (wanted->rest < found->rest) {
      missing.push_back(wanted++);
    } else {
      extra.push_back(found++);
    }
  }
  for (; wanted != wanted_end; ++wanted) missing.push_back(wanted);
  for (; found != found_end; ++found) extra.push_back(found);
  const std::size_t pairs = std::min(missing.size(), extra.size());
  out.changed += pairs;
  for (std::size_t i = 0; i < pairs; ++i) sample(out.changed_samples, *extra[i]->row);
  out.lost += missing.size() - pairs;
  for (std::size_t i = pairs; i < missing.size(); ++i) sample(out.lost_samples, *missing[i]->row);
  out.duplicated += extra.size() - pairs;
  for (std::size_t i = pairs; i < extra.size(); ++i) sample(out.duplicated_samples, *extra[i]->row);
}

// Without a key there is nothing to pair rows by: rows that are wanted nowhere stand against rows that are missing.
void settle_unkeyed(TableDifference& out, std::uint64_t strangers) {
  const std::uint64_t pairs = std::min(strangers, out.lost);
  out.changed += pairs;
  out.lost -= pairs;
  out.duplicated -= pairs;
}

}  // namespace

TableDifference compare(const SqlTable& wanted, const SqlTable& found, const RowIdentity& identity) {
  TableDifference out;
  out.wanted_rows = wanted.rows.size();
  out.found_rows = found.rows.size();
  out.columns = found.columns.empty() ? wanted.columns : found.columns;
  std::vector<std::string> all = wanted.columns;
  for (const std::string& name : found.columns)
    if (!contains(all, name)) all.push_back(name);
  std::vector<std::string> key, rest;
  for (const std::string& name : all) {
    if (contains(identity.ignore, name)) continue;
    (identity.key.empty() || contains(identity.key, name) ? key : rest).push_back(name);
  }
  const std::vector<Keyed> want = keyed(wanted, key, rest), have = keyed(found, key, rest);
  std::uint64_t strangers = 0;
  std::size_t w = 0, f = 0;
  while (w < want.size() || f < have.size()) {
    const SqlRow& id = f == have.size() || (w < want.size() && want[w].key < have[f].key) ? want[w].key : have[f].key;
    std::size_t w_end = w, f_end = f;
    while (w_end < want.size() && want[w_end].key == id) ++w_end;
    while (f_end < have.size() && have[f_end].key == id) ++f_end;
    if (w == w_end) strangers += f_end - f;
    compare_group(want.data() + w, want.data() + w_end, have.data() + f, have.data() + f_end, out);
    w = w_end, f = f_end;
  }
  if (identity.key.empty()) settle_unkeyed(out, strangers);
  return out;
}

}  // namespace twice::check
