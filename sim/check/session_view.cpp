#include "check/session_view.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "check/brief.h"

namespace twice::check {
namespace {

bool writes(const Operation& o) { return o.function != Function::kRead; }

// Sessions whose completed operations overlap are not one after another: their processes are.
std::vector<std::string> clients(const History& history) {
  const std::vector<Operation>& all = history.operations;
  std::map<std::string, std::uint64_t> busy_until;
  std::map<std::string, bool> overlaps;
  for (const Operation& o : all) {
    if (o.session.empty() || o.outcome == Outcome::kUnknown) continue;
    std::uint64_t& until = busy_until[o.session];
    if (until > o.call) overlaps[o.session] = true;
    until = std::max(until, o.ret);
  }
  std::vector<std::string> names;
  names.reserve(all.size());
  for (const Operation& o : all)
    names.push_back(o.session.empty() || overlaps.count(o.session) ? fmt::format("#{}", o.process) : "s" + o.session);
  return names;
}

class Viewer {
 public:
  Viewer(const History& history, Object object) {
    view_.history = &history;
    view_.object = object;
  }
  SessionView view() {
    number_keys();
    chain();
    const std::size_t count = all().size();
    view_.source.assign(count, kNoOperation);
    view_.effective.assign(count, false);
    view_.elements.resize(count);
    if (!traceable_object()) return std::move(view_);
    collect_writes();
    for (std::size_t i = 0; i < count && !view_.impossible && !view_.untraceable; ++i) {
      const Operation& o = all()[i];
      const bool answered = o.outcome == Outcome::kOk;
      view_.effective[i] = view_.effective[i] || (answered && writes(o));
      if (answered && o.function == Function::kRead) trace(i, o.result);
      if (answered && o.function == Function::kCas) trace(i, o.expected);
      if (o.outcome == Outcome::kFail && o.function == Function::kCas) count_failure(o);
    }
    trace_unanswered();
    return std::move(view_);
  }

 private:
  const std::vector<Operation>& all() const { return view_.history->operations; }
  Value normal(const Value& value) const {
    return std::holds_alternative<Nil>(value) ? initial_value(view_.object) : value;
  }

  void number_keys() {
    std::map<std::string_view, std::uint32_t> numbers;
    for (const Operation& o : all()) numbers.emplace(o.key, 0);
    for (auto& [name, number] : numbers) number = view_.keys++;
    for (const Operation& o : all()) view_.key.push_back(numbers[o.key]);
  }

  void chain() {
    const std::vector<std::string> names = clients(*view_.history);
    std::map<std::string_view, std::size_t> chain_of;
    std::vector<std::optional<std::size_t>> last_failure;  // of chains: since the last operation that is ok
    view_.before.assign(all().size(), kNoOperation);
    for (std::size_t i = 0; i < all().size(); ++i) {
      const Operation& o = all()[i];
      const bool failed = o.outcome == Outcome::kFail;
      if (failed && o.function != Function::kCas) continue;
      const auto [at, is_new] = chain_of.emplace(names[i], view_.chains.size());
      if (is_new) {
        view_.chains.emplace_back();
        last_failure.emplace_back();
      }
      std::vector<std::size_t>& chain = view_.chains[at->second];
      std::optional<std::size_t>& failure = last_failure[at->second];
      if (failed) {
        if (failure) view_.failures[*failure].after = i;
        failure = view_.failures.size();
        view_.failures.push_back({i, chain.empty() ? kNoOperation : chain.back(), kNoOperation});
        continue;
      }
      if (o.outcome == Outcome::kOk) {
        if (failure) view_.failures[*failure].after = i;
        failure.reset();
        chain.push_back(i);
        continue;
      }
      for (std::size_t back = chain.size(); back-- > 0;)
        if (all()[chain[back]].ret < o.call) {
          view_.before[i] = chain[back];
          break;
        }
    }
  }

  bool traceable_object() {
    if (view_.object == Object::kCounter)
      view_.untraceable = "the reads of a counter do not tell which additions they saw";
    for (const Operation& o : all()) {
      if (view_.object == Object::kText && o.function == Function::kAppend)
        view_.untraceable = "a text does not tell which appends it is made of";
      if (view_.object == Object::kList && (o.function == Function::kWrite || o.function == Function::kCas))
        view_.untraceable = "lists that are also overwritten do not tell which appends were seen";
    }
    return !view_.untraceable;
  }

  void collect_writes() {
    for (std::size_t i = 0; i < all().size(); ++i) {
      const Operation& o = all()[i];
      if (!writes(o)) continue;
      auto& to = o.outcome == Outcome::kFail ? failed_ : writers_;
      to[{view_.key[i], normal(o.argument)}].push_back(i);
    }
  }

  std::optional<std::size_t> writer(std::size_t reader, const Value& value) {
    const Operation& o = all()[reader];
    const auto found = writers_.find({view_.key[reader], value});
    if (found == writers_.end()) {
      const auto failed = failed_.find({view_.key[reader], value});
      view_.impossible = reader;
      view_.impossible_words = failed == failed_.end()
                                   ? fmt::format("{}, and nobody wrote {} there", in_words(o), brief(value))
                                   : fmt::format("{}, although the request for that failed: {}", in_words(o),
                                                 in_words(all()[failed->second.front()]));
      return std::nullopt;
    }
    if (found->second.size() > 1) {
      view_.untraceable =
          fmt::format("values are not unique: {} was written {} times{}, so it is not known which of them {} saw",
                      brief(value), found->second.size(), o.key.empty() ? "" : " to " + o.key, client_of(o));
      return std::nullopt;
    }
    return found->second.front();
  }

  void trace(std::size_t i, const Value& seen) {
    if (view_.object == Object::kList) return trace_list(i, seen);
    const Value value = normal(seen);
    if (value == initial_value(view_.object)) {
      view_.source[i] = kStart;
      if (writers_.count({view_.key[i], value}))
        view_.untraceable = fmt::format("the initial value {} was also written", to_text(value));
      return;
    }
    if (const auto found = writer(i, value)) {
      view_.source[i] = *found;
      view_.effective[*found] = true;
    }
  }

  void trace_list(std::size_t i, const Value& seen) {
    const auto* list = std::get_if<List>(&seen);
    std::vector<std::size_t>& elements = view_.elements[i];
    if (!list && !std::holds_alternative<Nil>(seen)) {
      view_.untraceable = fmt::format("{}, which is no list", in_words(all()[i]));
      return;
    }
    view_.source[i] = kStart;
    for (std::size_t e = 0; list && e < list->size(); ++e) {
      const auto found = writer(i, (*list)[e]);
      if (!found) return;
      elements.push_back(*found);
      view_.effective[*found] = true;
      view_.source[i] = *found;
    }
    std::vector<std::size_t> sorted = elements;
    std::sort(sorted.begin(), sorted.end());
    const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
    if (twice == sorted.end()) return;
    view_.impossible = i;
    view_.impossible_words =
        fmt::format("{}, which holds {} twice, appended once", in_words(all()[i]), to_text(all()[*twice].argument));
  }

  void count_failure(const Operation& o) {
    const auto key = view_.key[static_cast<std::size_t>(&o - all().data())];
    const Value expected = normal(o.expected);
    view_.failed_compares += expected == initial_value(view_.object) || writers_.count({key, expected}) > 0;
  }

  // A compare-and-set without an answer whose value was seen did read what it expected.
  void trace_unanswered() {
    for (bool more = true; more && !view_.impossible && !view_.untraceable;) {
      more = false;
      for (std::size_t i = 0; i < all().size() && !view_.impossible && !view_.untraceable; ++i) {
        const Operation& o = all()[i];
        if (o.outcome != Outcome::kUnknown || o.function != Function::kCas || !view_.effective[i] || view_.reads(i))
          continue;
        trace(i, o.expected);
        more = true;
      }
    }
  }

  SessionView view_;
  std::map<std::pair<std::uint32_t, Value>, std::vector<std::size_t>> writers_, failed_;
};

}  // namespace

SessionView view_sessions(const History& history, Object object) { return Viewer(history, object).view(); }

}  // namespace twice::check
