#include "scenario/latency_text.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/limits.h"
#include "core/overload.h"
#include "scenario/diagnostics.h"
#include "scenario/scan.h"

namespace twice::scenario {
namespace {

using physics::Exponential;
using physics::kLongestLatency;
using physics::Measured;
using physics::Mixture;
using physics::Pareto;
using physics::SimpleLatency;

constexpr std::string_view kWars = "Bailis et al., VLDB 2012";
constexpr std::string_view kSsd = "91.22% pareto 0.235ms 10 | 8.78% exponential 602410ns";
constexpr std::string_view kDiskWrite = "38% pareto 1.05ms 1.51 | 62% exponential 5464481ns";
constexpr std::string_view kYmmrWrite = "93.9% pareto 3ms 3.35 | 6.1% exponential 357142857ns";
constexpr std::string_view kYmmr = "98.2% pareto 1.5ms 3.8 | 1.8% exponential 46082949ns";

constexpr std::int64_t kWhole = 1'000'000'000;
constexpr std::size_t kMostMeasured = limits::kMeasuredLatencies;

std::vector<std::string_view> split(std::string_view text, char by) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t end = text.find(by);
    parts.push_back(trim(text.substr(0, end)));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (const std::string_view word : split(text, ' '))
    if (!word.empty()) words.push_back(word);
  return words;
}

/// A plain decimal times 10^places; nullopt with more places than that.
std::optional<std::int64_t> scaled(std::string_view text, std::size_t places) {
  const std::size_t point = std::min(text.find('.'), text.size());
  std::string decimals(text.substr(std::min(point + 1, text.size())));
  if (decimals.size() > places || (point != text.size() && decimals.empty())) return std::nullopt;
  if (decimals.find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
  decimals.resize(places, '0');
  const auto whole = number<std::uint32_t>(text.substr(0, point));
  const auto part = number<std::uint32_t>(decimals);
  if (!whole || !part) return std::nullopt;
  std::int64_t unit = 1;
  for (std::size_t i = 0; i < places; ++i) unit *= 10;
  return *whole * unit + *part;
}

std::string decimal(std::int64_t value, std::int64_t unit, int places) {
  std::string text = fmt::format("{}.{:0{}}", value / unit, value % unit, places);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

// --- reading. Throws nothing: the first error is kept and everything after it gives nothing.

class LatencyReader {
 public:
  std::variant<Latency, LatencyError> read(std::string_view text) {
    Latency latency;
    if (text.find_first_of("|%") != std::string_view::npos)
      latency = mixture(text);
    else
      latency = sum(text);
    if (failed_) return error_;
    return latency;
  }

 private:
  struct Sum {
    Latency::Shape shape;
    Duration before{}, after{};  // constants that stand before and after the model
  };

  void fail(std::string message = {}, std::string help = {}) {
    if (!failed_) error_ = {std::move(message), std::move(help)};
    failed_ = true;
  }

  Duration duration(std::string_view text) {
    const auto d = parse_duration(text);
    if (!d || d->ns < 0) {
      fail();
    } else if (*d > kLongestLatency) {
      fail(fmt::format("has a part of {}", to_string(*d)),
           fmt::format("the longest latency is {}", to_string(kLongestLatency)));
    } else {
      return *d;
    }
    return {};
  }

  // Constants add to what the model gives, wherever they stand.
  Latency sum(std::string_view text) {
    Sum sum = terms(text);
    const Duration plus = sum.before + sum.after;
    if (auto* range = std::get_if<DurationRange>(&sum.shape))
      return DurationRange{range->low + plus, range->high + plus};
    if (auto* mix = std::get_if<Mixture>(&sum.shape)) return {std::move(*mix), plus};
    return {std::move(sum.shape), plus};
  }

  Sum terms(std::string_view text) {
    Sum sum;
    std::vector<std::string_view> parts = split(text, '+');
    // The first that is more than a duration; of constants alone, the first.
    const auto is_model = [](std::string_view part) { return !parse_duration(part); };
    auto model = std::find_if(parts.begin(), parts.end(), is_model);
    if (model == parts.end()) model = parts.begin();
    sum.shape = shape(*model);
    for (auto part = parts.begin(); part != parts.end(); ++part)
      if (part != model) (part < model ? sum.before : sum.after) += duration(*part);
    return sum;
  }

  Latency::Shape shape(std::string_view text) {
    const auto words = words_of(text);
    if (words.empty()) return fail(), DurationRange{};
    if (words[0] == "exponential") return exponential(words);
    if (words[0] == "pareto") return pareto(words);
    if (words[0] == "table") return table(words);
    if (words.size() == 1 && words[0].find_first_not_of("0123456789") == 0) return published(words[0]);
    return range(text);
  }

  DurationRange range(std::string_view text) {
    const std::size_t dots = text.find("..");
    const Duration low = duration(trim(text.substr(0, dots)));
    const Duration high = dots == std::string_view::npos ? low : duration(trim(text.substr(dots + 2)));
    if (low > high)
      fail(fmt::format("is upside down: {} is more than {}", to_string(low), to_string(high)),
           fmt::format("the smaller one comes first: \"{}..{}\"", to_string(high), to_string(low)));
    return {low, high};
  }

  Exponential exponential(const std::vector<std::string_view>& words) {
    if (words.size() != 2) return fail("does not say the mean", "write \"exponential 5ms\""), Exponential{};
    const Duration mean = duration(words[1]);
    if (mean.ns == 0) fail("has a mean of nothing", "write \"exponential 5ms\"");
    return {mean};
  }

  Pareto pareto(const std::vector<std::string_view>& words) {
    if (words.size() != 3) return fail("does not say minimum and shape", "write \"pareto 0.235ms 10\""), Pareto{};
    const Duration minimum = duration(words[1]);
    const auto ppm = scaled(words[2], 6);
    if (!ppm || *ppm < Pareto::kSmallestShape || *ppm > 4'000'000'000)
      return fail(fmt::format("has a Pareto tail of shape '{}'", words[2]),
                  "the shape is a number from 0.01 to 4000, with at most six decimals"),
             Pareto{};
    if (minimum.ns == 0) fail("has a Pareto tail that starts at nothing", "write \"pareto 0.235ms 10\"");
    return {minimum, static_cast<std::uint32_t>(*ppm)};
  }

  // "5ms*9" was measured nine times.
  Measured table(const std::vector<std::string_view>& words) {
    Measured measured;
    for (std::size_t i = 1; i < words.size(); ++i) {
      const std::size_t star = words[i].find('*');
      const auto times = star == std::string_view::npos ? std::optional<std::size_t>(1)
                                                        : number<std::size_t>(words[i].substr(star + 1));
      const Duration each = duration(words[i].substr(0, star));
      if (!times || *times == 0 || *times > kMostMeasured || measured.durations.size() + *times > kMostMeasured)
        return fail(fmt::format("has '{}' in its table", words[i]),
                    fmt::format("a count follows the '*', and all of them are at most {} (limit measured-latencies)",
                                kMostMeasured)),
               Measured{};
      measured.durations.insert(measured.durations.end(), *times, each);
    }
    if (measured.durations.empty()) fail("is a table of nothing", "write \"table 1ms 2ms 5ms 40ms\"");
    std::sort(measured.durations.begin(), measured.durations.end());
    return measured;
  }

  Latency::Shape published(std::string_view name) {
    std::vector<std::string_view> names;
    for (const PublishedLatency& known : published_latencies()) {
      if (known.name == name) return mixture(known.text).shape;
      names.push_back(known.name);
    }
    const std::string hint = did_you_mean(name, names);
    return fail(hint.empty() ? std::string() : fmt::format("names no published latency '{}'", name), hint),
           DurationRange{};
  }

  Latency mixture(std::string_view text) {
    Mixture mixture;
    Latency latency;
    std::int64_t total = 0;
    const auto parts = split(text, '|');
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const std::size_t percent = parts[i].find('%');
      const auto weight =
          percent == std::string_view::npos ? std::nullopt : scaled(trim(parts[i].substr(0, percent)), 7);
      if (!weight || *weight <= 0 || *weight > kWhole)
        return fail(fmt::format("has a part without its share: '{}'", parts[i]),
                    "write \"90% 1ms..2ms | 10% exponential 5ms\""),
               Latency{};
      Sum sum = terms(parts[i].substr(percent + 1));
      if (sum.after.ns != 0 && i + 1 != parts.size())
        fail(fmt::format("adds {} after a part that is not the last", to_string(sum.after)),
             "before the part it belongs to it, after the last part to all");
      latency.plus = sum.after;
      add_part(mixture, static_cast<std::uint32_t>(*weight), std::move(sum));
      total += *weight;
    }
    if (total != kWhole)
      fail(fmt::format("has parts of {}% in all", decimal(total, 10'000'000, 7)), "they must add up to 100%");
    latency.shape = std::move(mixture);
    return latency;
  }

  void add_part(Mixture& mixture, std::uint32_t weight, Sum sum) {
    std::visit(Overload{[&](Mixture&) { fail("has a mixture in a mixture", "write its parts out"); },
                        [&](DurationRange& range) {
                          const DurationRange moved{range.low + sum.before, range.high + sum.before};
                          mixture.parts.push_back({weight, moved, {}});
                        },
                        [&](auto& simple) {
                          mixture.parts.push_back({weight, std::move(simple), sum.before});
                        }},
               sum.shape);
  }

  bool failed_ = false;
  LatencyError error_;
};

// --- writing

struct Words {
  std::string operator()(const DurationRange& range) const {
    if (range.low == range.high) return to_string(range.low);
    return fmt::format("{}..{}", to_string(range.low), to_string(range.high));
  }
  std::string operator()(const Exponential& e) const { return "exponential " + to_string(e.mean); }
  std::string operator()(const Pareto& p) const {
    return fmt::format("pareto {} {}", to_string(p.minimum), decimal(p.shape_ppm, 1'000'000, 6));
  }
  std::string operator()(const Measured& m) const {
    std::string text = "table";
    for (auto at = m.durations.begin(); at != m.durations.end();) {
      const auto next = std::upper_bound(at, m.durations.end(), *at);
      text += " " + to_string(*at);
      if (next - at > 1) text += fmt::format("*{}", next - at);
      at = next;
    }
    return text;
  }
  std::string operator()(const Mixture& m) const {
    std::string text;
    for (const Mixture::Part& part : m.parts)
      text += fmt::format("{}{}% {}{}", text.empty() ? "" : " | ", decimal(part.weight_ppb, 10'000'000, 7),
                          part.plus.ns == 0 ? "" : to_string(part.plus) + " + ", std::visit(*this, part.model));
    return text;
  }
};

}  // namespace

const std::vector<PublishedLatency>& published_latencies() {
  static const std::vector<PublishedLatency> kPublished{
      {"lnkd-ssd", kSsd, kWars},           {"lnkd-disk-write", kDiskWrite, kWars},
      {"lnkd-disk-ack", kSsd, kWars},      {"lnkd-disk-read", kSsd, kWars},
      {"lnkd-disk-response", kSsd, kWars}, {"ymmr-write", kYmmrWrite, kWars},
      {"ymmr-ack", kYmmr, kWars},          {"ymmr-read", kYmmr, kWars},
      {"ymmr-response", kYmmr, kWars}};
  return kPublished;
}

std::variant<Latency, LatencyError> read_latency(std::string_view text) { return LatencyReader().read(trim(text)); }

std::optional<Latency> parse_latency(std::string_view text) {
  auto read = read_latency(text);
  if (auto* latency = std::get_if<Latency>(&read)) return std::move(*latency);
  return std::nullopt;
}

std::string to_text(const Latency& latency) {
  const std::string shape = std::visit(Words{}, latency.shape);
  if (latency.plus.ns == 0) return shape;
  const bool mixed = std::holds_alternative<Mixture>(latency.shape);
  return mixed ? fmt::format("{} + {}", shape, to_string(latency.plus))
               : fmt::format("{} + {}", to_string(latency.plus), shape);
}

}  // namespace twice::scenario
