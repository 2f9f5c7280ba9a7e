#include "world/schedule.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "core/overload.h"

namespace twice::world {
namespace {

template <class T>
std::optional<T> number(std::string_view text) {
  T n = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), n);
  return code == std::errc{} && end == text.data() + text.size() ? std::optional(n) : std::nullopt;
}

std::optional<choice::Deliver> parse_numbered(std::string_view text) {
  const std::size_t arrow = text.find('>'), hash = text.rfind('#');
  if (arrow == std::string_view::npos || hash == std::string_view::npos || hash < arrow) return std::nullopt;
  const std::string_view from = text.substr(0, arrow), to = text.substr(arrow + 1, hash - arrow - 1);
  const auto ordinal = number<std::uint32_t>(text.substr(hash + 1));
  if (from.empty() || to.empty() || !ordinal || *ordinal == 0) return std::nullopt;
  return choice::Deliver{std::string(from), std::string(to), *ordinal};
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (std::size_t at = text.find_first_not_of(' '); at != std::string_view::npos;
       at = text.find_first_not_of(' ', at)) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    words.push_back(text.substr(at, end - at));
    at = end;
  }
  return words;
}

}  // namespace

std::string to_text(const Choice& what) {
  return std::visit(
      Overload{[](const choice::Deliver& d) { return fmt::format("deliver {}>{}#{}", d.from, d.to, d.ordinal); },
               [](const choice::Drop& d) { return fmt::format("drop {}>{}#{}", d.from, d.to, d.ordinal); },
               [](const choice::Fire& f) { return fmt::format("fire {} {}", f.node, f.timer); },
               [](const choice::Sync& s) { return "sync " + s.node; },
               [](const choice::Crash& c) { return "crash " + c.node; },
               [](const choice::Restart& r) { return "restart " + r.node; }},
      what);
}

std::optional<Choice> parse_choice(std::string_view text) {
  const std::vector<std::string_view> words = words_of(text);
  if (words.size() < 2) return std::nullopt;
  const std::string_view verb = words[0];
  const std::string node(words[1]);
  if (verb == "fire") {
    const auto timer = words.size() == 3 ? number<std::uint8_t>(words[2]) : std::nullopt;
    return timer ? std::optional<Choice>(choice::Fire{node, *timer}) : std::nullopt;
  }
  if (words.size() != 2) return std::nullopt;
  if (verb == "deliver" || verb == "drop") {
    const auto message = parse_numbered(words[1]);
    if (!message) return std::nullopt;
    if (verb == "deliver") return *message;
    return choice::Drop{message->from, message->to, message->ordinal};
  }
  if (verb == "sync") return choice::Sync{node};
  if (verb == "crash") return choice::Crash{node};
  if (verb == "restart") return choice::Restart{node};
  return std::nullopt;
}

std::vector<std::string_view> names_in(const Choice& what) {
  using Names = std::vector<std::string_view>;
  return std::visit(Overload{[](const choice::Deliver& d) {
                               return Names{d.from, d.to};
                             },
                             [](const choice::Drop& d) {
                               return Names{d.from, d.to};
                             },
                             [](const auto& one) { return Names{one.node}; }},
                    what);
}

Plan::Plan(Schedule schedule, std::vector<Entry> entries)
    : schedule_(std::move(schedule)), entries_(std::move(entries)) {
  std::sort(entries_.begin(), entries_.end());
}

// Choice i is after `now` when (i + 1) · every > now.
std::vector<Plan::Entry>::const_iterator Plan::first_after(const Key& key, Time now) const {
  const auto index = static_cast<std::size_t>(now.ns / schedule_.every.ns);
  return std::lower_bound(entries_.begin(), entries_.end(), Entry{key, index});
}

std::vector<std::size_t> Plan::after(const Key& key, Time now) const {
  std::vector<std::size_t> choices;
  for (auto at = first_after(key, now); at != entries_.end() && at->first == key; ++at) choices.push_back(at->second);
  return choices;
}

std::optional<std::size_t> Plan::next(const Key& key, Time now) const {
  const auto at = first_after(key, now);
  return at != entries_.end() && at->first == key ? std::optional(at->second) : std::nullopt;
}

Time Plan::time_of_next(const Key& key, Time now) const {
  const auto choice = next(key, now);
  return choice ? schedule_.at(*choice) : kEndOfTime;
}

}  // namespace twice::world
