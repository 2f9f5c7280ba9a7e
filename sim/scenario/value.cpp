#include "scenario/value.h"

#include <algorithm>

namespace twice::scenario {
namespace {

struct KindName {
  std::string_view operator()(bool) const { return "true or false"; }
  std::string_view operator()(std::int64_t) const { return "an integer"; }
  std::string_view operator()(const Decimal&) const { return "a decimal number"; }
  std::string_view operator()(const std::string&) const { return "a text"; }
  std::string_view operator()(const Calendar&) const { return "a date"; }
  std::string_view operator()(const List&) const { return "a list"; }
  std::string_view operator()(const Table&) const { return "a table"; }
};

template <class T>
auto* find_in(T& table, std::string_view key) {
  const auto at = std::find_if(table.begin(), table.end(), [&](const Entry& e) { return e.key == key; });
  return at == table.end() ? nullptr : &*at;
}

}  // namespace

std::string_view kind_of(const Value& value) { return std::visit(KindName{}, value.data); }
const Entry* find(const Table& table, std::string_view key) { return find_in(table, key); }
Entry* find(Table& table, std::string_view key) { return find_in(table, key); }

void merge(Table& onto, const Table& from) {
  for (const Entry& entry : from) {
    Entry* const old = find(onto, entry.key);
    if (!old) {
      onto.push_back(entry);
    } else if (old->value.table() && entry.value.table()) {
      merge(*old->value.table(), *entry.value.table());
    } else {
      *old = entry;
    }
  }
}

}  // namespace twice::scenario
