// What can be taken away from a scenario, and which numbers of it can be smaller. Each pass goes through the best
// candidate so far and tries one change after another, large ones first.
#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "lab/shrink_trial.h"

namespace twice::lab {
namespace {

using scenario::Entry;
using scenario::List;
using scenario::Table;
using scenario::Value;

// --- lists: delta debugging (Zeller, Hildebrandt 2002), complements only: halves go first, single items last

/// `count`: of the best candidate; `without`: a copy of it that lacks the items [from, to).
template <class Count, class Without>
bool shrink_list(Trial& trial, const Count& count, const Without& without) {
  bool any = false;
  for (std::size_t piece = count(); piece > 0; piece /= 2) {
    // From the end: what comes last is needed least.
    std::size_t end = count();
    while (end > 0 && !trial.out_of_budget()) {
      const std::size_t from = end > piece ? end - piece : 0;
      const bool taken = trial.keep_if_smaller(without(from, std::min(end, count())));
      any = any || taken;
      end = std::min(from, count());
    }
  }
  return any;
}

bool shrink_list_at(Trial& trial, const Path& path) {
  const auto count = [&] {
    Candidate copy = trial.best();
    const List* list = list_at(copy, path);
    return list ? list->size() : std::size_t{0};
  };
  const auto without = [&](std::size_t from, std::size_t to) {
    Candidate next = trial.best();
    List& list = *list_at(next, path);
    list.erase(list.begin() + static_cast<std::ptrdiff_t>(from), list.begin() + static_cast<std::ptrdiff_t>(to));
    if (list.empty()) erase(next, path);
    return next;
  };
  return shrink_list(trial, count, without);
}

// Steps that belong together, such as a crash and its restart, may stand apart.
bool shrink_pairs_of_steps(Trial& trial) {
  constexpr std::size_t kMostSteps = 24;
  const Path path{"timeline", "steps"};
  const auto count = [&] {
    Candidate copy = trial.best();
    const List* list = list_at(copy, path);
    return list ? list->size() : std::size_t{0};
  };
  if (count() > kMostSteps) return false;
  bool any = false;
  for (std::size_t second = count(); second-- > 1;)
    for (std::size_t first = second; first-- > 0;) {
      if (second >= count()) break;
      Candidate next = trial.best();
      List& list = *list_at(next, path);
      list.erase(list.begin() + static_cast<std::ptrdiff_t>(second));
      list.erase(list.begin() + static_cast<std::ptrdiff_t>(first));
      if (list.empty()) erase(next, path);
      any = trial.keep_if_smaller(std::move(next)) || any;
    }
  return any;
}

bool shrink_rows(Trial& trial) {
  bool any = false;
  for (std::size_t version = 0; version < trial.best().rows.size(); ++version) {
    const auto count = [&] { return trial.best().rows[version].table.rows.size(); };
    const auto without = [&](std::size_t from, std::size_t to) {
      Candidate next = trial.best();
      auto& rows = next.rows[version].table.rows;
      rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(from), rows.begin() + static_cast<std::ptrdiff_t>(to));
      return next;
    };
    any = shrink_list(trial, count, without) || any;
  }
  return any;
}

bool shrink_nodes(Trial& trial) {
  bool any = false;
  const auto take_each = [&](std::vector<std::string> names) {
    for (std::size_t i = names.size(); i-- > 0 && !trial.out_of_budget();) {
      Candidate next = trial.best();
      take_node(next, names[i]);
      any = trial.keep_if_smaller(std::move(next)) || any;
    }
  };
  take_each(trial.shown().clients);
  take_each(trial.shown().servers);
  return any;
}

// --- numbers

/// The smallest number in [low, high] that still fails, as if failing were monotone: first `low` itself, then halves.
template <class With>
bool lower(Trial& trial, std::int64_t low, std::int64_t high, const With& with) {
  if (low >= high) return false;
  if (trial.keep_if_smaller(with(low))) return true;
  bool any = false;
  while (high - low > 1 && !trial.out_of_budget()) {
    const std::int64_t middle = low + (high - low) / 2;
    if (trial.keep_if_smaller(with(middle))) {
      any = true;
      high = middle;
    } else {
      low = middle;
    }
  }
  return any;
}

/// An integer, or the one at the end of "every 100" and "n1>n2#37".
struct Number {
  std::string before;
  std::int64_t value = 0;
};
std::optional<Number> number_at(const Candidate& candidate, const Path& path) {
  Candidate copy = candidate;
  const Value* value = value_at(copy, path);
  if (value && value->integer()) return Number{{}, *value->integer()};
  if (!value || !value->text()) return std::nullopt;
  const std::string& text = *value->text();
  const std::size_t digits = text.find_last_not_of("0123456789") + 1;
  Number number{text.substr(0, digits), 0};
  if (!number.before.ends_with('#') && number.before != "every ") return std::nullopt;
  const auto [end, error] = std::from_chars(text.data() + digits, text.data() + text.size(), number.value);
  return error == std::errc{} ? std::optional(number) : std::nullopt;
}

void set_number(Candidate& candidate, const Path& path, const Number& number) {
  if (number.before.empty())
    set(candidate, path, Value{number.value});
  else
    set(candidate, path, Value{fmt::format("{}{}", number.before, number.value)});
}

bool lower_integer(Trial& trial, const Path& path, std::int64_t low = 1) {
  const auto number = number_at(trial.best(), path);
  if (!number) return false;
  return lower(trial, low, number->value, [&](std::int64_t n) {
    Candidate next = trial.best();
    set_number(next, path, {number->before, n});
    return next;
  });
}

std::optional<Duration> duration_at(const Trial& trial, const Path& path) {
  Candidate copy = trial.best();
  const Value* value = value_at(copy, path);
  return value && value->text() ? parse_duration(*value->text()) : std::nullopt;
}

Candidate with_duration(const Trial& trial, const Path& path, Duration duration) {
  Candidate next = trial.best();
  set(next, path, Value{to_string(duration)});
  return next;
}

// Rounder first: whole seconds, tenths, and so on; each round time is written shorter.
bool round_duration(Trial& trial, const Path& path) {
  const auto now = duration_at(trial, path);
  if (!now) return false;
  for (const std::int64_t unit : {1'000'000'000, 100'000'000, 10'000'000, 1'000'000, 100'000})
    for (const std::int64_t up : {0, 1}) {
      const Duration round{(now->ns / unit + up) * unit};
      if (round != *now && trial.keep_if_smaller(with_duration(trial, path, round))) return true;
    }
  return false;
}

bool lower_duration(Trial& trial, const Path& path) {
  const auto now = duration_at(trial, path);
  if (!now) return false;
  // To a sixteenth of what it was is near enough.
  const Duration grain{std::max<std::int64_t>(now->ns / 16, 1)};
  const bool lowered = lower(trial, 0, (now->ns + grain.ns - 1) / grain.ns,
                             [&](std::int64_t n) { return with_duration(trial, path, grain * n); });
  return round_duration(trial, path) || lowered;
}

std::size_t items(const Trial& trial, const Path& path) {
  Candidate copy = trial.best();
  const List* list = list_at(copy, path);
  return list ? list->size() : 0;
}

// --- a load as a whole: rows, batches of them and the row of a crash shrink in proportion, or none of them can

std::int64_t part_of(std::int64_t number, std::int64_t by, std::int64_t of) { return (number * by + of - 1) / of; }

/// Which row, statement, message or operation of a disk a step waits for.
std::vector<Path> ordinals(const Trial& trial) {
  std::vector<Path> paths;
  for (std::size_t i = 0; i < items(trial, {"timeline", "steps"}); ++i)
    for (const char* key : {"after-row", "before-statement", "after-statement", "lost-reply", "io", "message"})
      paths.push_back(Path{"timeline", "steps"} / std::to_string(i) / key);
  return paths;
}

bool scale_load(Trial& trial, std::int64_t by, std::int64_t of) {
  Candidate next = trial.best();
  for (Candidate::Rows& rows : next.rows)
    rows.table.rows.resize(
        static_cast<std::size_t>(part_of(static_cast<std::int64_t>(rows.table.rows.size()), by, of)));
  std::vector<Path> paths = ordinals(trial);
  paths.push_back({"lane", "commit"});
  for (const Path& path : paths)
    if (auto number = number_at(next, path)) {
      number->value = part_of(number->value, by, of);
      set_number(next, path, *number);
    }
  return trial.keep_if_smaller(std::move(next));
}

bool shrink_load(Trial& trial) {
  if (trial.best().rows.empty()) return false;
  bool any = false;
  for (const auto& [by, of] : {std::pair{1, 100}, {1, 10}, {1, 2}, {3, 4}})
    while (scale_load(trial, by, of)) any = true;
  return any;
}

// A client that asks for ever is given the number of operations it asked, then fewer.
bool shrink_operations(Trial& trial) {
  bool any = false;
  for (std::size_t i = 0; i < items(trial, {"client"}); ++i) {
    if (items(trial, {"client"}) != trial.shown().asked.size()) return any;  // several under one name
    const Path path = Path{"client"} / std::to_string(i) / "operations";
    const auto asked = static_cast<std::int64_t>(trial.shown().asked[i]);
    any = lower(trial, 1, asked,
                [&](std::int64_t n) {
                  Candidate next = trial.best();
                  set(next, path, Value{n});
                  return next;
                }) ||
          any;
    any = lower_integer(trial, Path{"client"} / std::to_string(i) / "keys") || any;
  }
  return any;
}

bool lower_numbers(Trial& trial) {
  bool any = lower_integer(trial, {"orchestrator", "runs"});
  any = lower_integer(trial, {"orchestrator", "retry", "attempts"}) || any;
  any = lower_integer(trial, {"source", "generate", "rows"}, 0) || any;
  for (std::size_t i = 0; i < items(trial, {"client"}); ++i)
    any = lower_integer(trial, Path{"client"} / std::to_string(i) / "count") || any;
  for (const Path& path : ordinals(trial)) any = lower_integer(trial, path) || any;
  return any;
}

// --- time

/// Every time of the file that says when, and not how long.
std::vector<Path> moments(const Trial& trial) {
  std::vector<Path> paths{{"until"}};
  for (std::size_t i = 0; i < items(trial, {"client"}); ++i)
    for (const char* key : {"from", "until"}) paths.push_back(Path{"client"} / std::to_string(i) / key);
  for (std::size_t i = 0; i < items(trial, {"timeline", "steps"}); ++i)
    paths.push_back(Path{"timeline", "steps"} / std::to_string(i) / "at");
  return paths;
}

// All at once, so that what belongs together stays together. `moved` gives a moment's new place.
template <class Moved>
bool move_time(Trial& trial, const Moved& moved) {
  Candidate next = trial.best();
  for (const Path& path : moments(trial))
    if (const auto now = duration_at(trial, path)) {
      constexpr std::int64_t kUnit = 1'000'000;
      set(next, path, Value{to_string(Duration{(moved(now->ns) + kUnit - 1) / kUnit * kUnit})});
    }
  return trial.keep_if_smaller(std::move(next));
}

// Everything is earlier by the same; nothing is before the start.
bool shift_time(Trial& trial) {
  bool any = false;
  const auto end = duration_at(trial, {"until"});
  for (std::int64_t by = end ? end->ns / 2 : 0; by >= 5'000'000 && !trial.out_of_budget(); by /= 2)
    any = move_time(trial, [&](std::int64_t ns) { return std::max<std::int64_t>(ns - by, 0); }) || any;
  return any;
}

bool shrink_time(Trial& trial) {
  bool any = lower_duration(trial, {"until"});
  any = shift_time(trial) || any;
  while (move_time(trial, [](std::int64_t ns) { return ns / 2; })) any = true;
  while (move_time(trial, [](std::int64_t ns) { return ns / 4 * 3; })) any = true;
  for (const Path& path : moments(trial)) any = lower_duration(trial, path) || any;
  return any;
}

// --- settings: without them, what the format says

void add_keys(const Trial& trial, const Path& path, std::vector<Path>& all) {
  Candidate copy = trial.best();
  const Value* value = value_at(copy, path);
  if (!value || !value->table()) return;
  for (const Entry& entry : *value->table()) all.push_back(path / entry.key);
}

bool shrink_settings(Trial& trial) {
  std::vector<Path> paths{{"dashboard"},
                          {"network"},
                          {"orchestrator"},
                          {"job"},
                          {"network", "link"},
                          {"timeline"},
                          {"cluster", "node"},
                          {"cluster", "sync-cost"},
                          {"orchestrator", "retry"}};
  for (const Path& path :
       {Path{"network"}, Path{"orchestrator"}, Path{"orchestrator", "retry"}, Path{"cluster", "node"}, Path{"job"}})
    add_keys(trial, path, paths);
  for (std::size_t i = 0; i < items(trial, {"client"}); ++i) {
    const Path client = Path{"client"} / std::to_string(i);
    add_keys(trial, client, paths);
    add_keys(trial, client / "retry", paths);
  }
  // What the clients do to the data is what the expectation is about.
  std::erase_if(paths, [](const Path& path) { return path.back() == "workload" || path.back() == "name"; });
  bool any = false;
  for (const Path& path : paths) {
    Candidate next = trial.best();
    if (erase(next, path)) any = trial.keep_if_smaller(std::move(next)) || any;
  }
  return any;
}

// A delay that is drawn from a range becomes one of its ends.
bool fix_latency(Trial& trial) {
  const Path path{"network", "latency"};
  Candidate copy = trial.best();
  const Value* value = value_at(copy, path);
  if (!value || !value->text() || parse_duration(*value->text())) return false;
  std::vector<std::string> constants{"1ms", "5ms", "10ms"};
  const std::string text = *value->text();
  if (const std::size_t dots = text.find(".."); dots != std::string::npos)
    constants.insert(constants.begin(), {text.substr(0, dots), text.substr(dots + 2)});
  for (const std::string& constant : constants) {
    Candidate next = trial.best();
    set(next, path, Value{constant});
    if (parse_duration(constant) && trial.keep_if_smaller(std::move(next))) return true;
  }
  return false;
}

}  // namespace

bool shrink_round(Trial& trial) {
  bool any = shrink_list_at(trial, {"timeline", "steps"});
  any = shrink_nodes(trial) || any;
  any = shrink_operations(trial) || any;
  any = shrink_load(trial) || any;
  any = lower_numbers(trial) || any;  // a crash after row 800 needs 800 rows
  any = shrink_rows(trial) || any;
  any = shrink_time(trial) || any;
  any = shrink_list_at(trial, {"network", "link"}) || any;
  any = shrink_pairs_of_steps(trial) || any;
  any = shrink_settings(trial) || any;
  any = fix_latency(trial) || any;
  return any;
}

}  // namespace twice::lab
