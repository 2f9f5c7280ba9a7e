#include "lab/effect_log.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "pipeline/stream/stream.h"

namespace twice::lab {
namespace {

using check::EffectTally;

constexpr std::string_view kOfEffects[] = {"exactly-once-effect", "nothing-lost", "nothing-doubled", "nothing-invented",
                                           "state-exact"};
constexpr std::string_view kOfTables[] = {"no-stale-parts", "table-consistent"};

template <std::size_t N>
bool is_in(const std::string_view (&names)[N], std::string_view name) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

std::string tally_words(const EffectTally& t) {
  std::string words = fmt::format("{} records, {} rows", t.records, t.effects);
  if (t.lost > 0 && t.unsettled.empty()) words += fmt::format(", {} lost", t.lost);
  if (t.doubled > 0) words += fmt::format(", {} too many", t.doubled);
  if (t.invented > 0) words += fmt::format(", {} of nothing", t.invented);
  return words;
}

}  // namespace

std::string EffectLog::event(const world::World& world, const Event& event, const std::vector<Effect>& effects) {
  const auto wrong = [&](const std::optional<check::FirstSeen>& first) {
    return first && first->event == world.events() ? first->words : std::string();
  };
  const bool doubled = deliveries_.first_doubled() || table_.first_doubled();
  deliveries_.event(world, event, effects);
  table_.event(world, event);
  if (doubled) return {};
  return wrong(deliveries_.first_doubled()) + wrong(table_.first_doubled());
}

EffectTally EffectLog::tally(const world::World& world) const {
  return saw_store() ? table_.tally(world) : deliveries_.tally(world);
}

std::optional<EffectLog::Answer> EffectLog::judge(const std::string& name, const world::World& world) const {
  if (is_in(kOfTables, name)) return table_is(name, world);
  if (is_in(kOfEffects, name) && (saw_stream() || saw_store())) return effects_are(name, world);
  if (is_in(kOfEffects, name)) return Answer{Held::kUnknown, name, "nobody runs a stream or an object store"};
  return std::nullopt;
}

EffectLog::Answer EffectLog::effects_are(const std::string& name, const world::World& world) const {
  const EffectTally t = tally(world);
  const std::uint64_t counted = deliveries_.counted(world);
  const bool is_state = name == "state-exact";
  // Too many is too many at any time; too few only in the end.
  const std::uint64_t wrong = (name == "exactly-once-effect" ? t.doubled + t.invented
                               : name == "nothing-doubled"   ? t.doubled
                               : name == "nothing-invented"  ? t.invented
                                                             : 0);
  const std::uint64_t missing = name == "exactly-once-effect" || name == "nothing-lost" ? t.lost : 0;
  Answer answer;
  answer.wanted = name == "exactly-once-effect" ? "every record once"
                  : is_state                    ? fmt::format("{} counted", t.records)
                                                : fmt::format("0 {}", name.substr(name.find('-') + 1));
  answer.seen = is_state ? fmt::format("{} counted", counted) : tally_words(t);
  if (wrong > 0) {
    answer.held = Held::kNo;
    const auto& first = saw_store() ? table_.first_doubled() : deliveries_.first_doubled();
    if (first && t.doubled > 0 && name != "nothing-invented") answer.at = first->at;
  } else if (!t.unsettled.empty()) {
    answer.seen += ": " + t.unsettled + ", let the run end later";
  } else {
    answer.held = held_if(missing == 0 && (!is_state || counted == t.records));
  }
  return answer;
}

EffectLog::Answer EffectLog::table_is(const std::string& name, const world::World& world) const {
  if (!saw_store()) return {Held::kUnknown, name, "nobody runs an object store"};
  if (name == "no-stale-parts") {
    const check::TableStates::Files files = table_.files(world);
    return {held_if(files.stale == 0), "0 stale", fmt::format("{} files, {} stale", files.listed, files.stale)};
  }
  const auto& broken = table_.inconsistent();
  if (!broken) return {Held::kYes, "every slice whole, once, or not at all", "after every change"};
  return {Held::kNo, "every slice whole, once, or not at all",
          fmt::format("{} at {}, event {}", broken->words, in_seconds(broken->at), broken->event), broken->at};
}

std::optional<std::int64_t> EffectLog::metric(std::string_view name, const world::World& world) const {
  const auto number = [](std::uint64_t n) { return std::optional(static_cast<std::int64_t>(n)); };
  if (saw_stream()) {
    if (name == "records.sent") return number(deliveries_.sent());
    if (name == "deliveries") return number(deliveries_.delivered());
    if (name == "deliveries.repeated") return number(deliveries_.delivered_again());
    if (name == "state.counted") return number(deliveries_.counted(world));
  }
  if (saw_store()) {
    if (name == "files.listed") return number(table_.files(world).listed);
    if (name == "files.stale") return number(table_.files(world).stale);
    if (name == "files.orphaned") return number(table_.files(world).orphaned);
  }
  if ((name != "records" && !name.starts_with("effects")) || (!saw_stream() && !saw_store())) return std::nullopt;
  const EffectTally t = tally(world);
  if (name == "records") return number(t.records);
  if (name == "effects") return number(t.effects);
  if (name == "effects.doubled") return number(t.doubled);
  if (name == "effects.invented" && saw_stream()) return number(t.invented);
  if (name == "effects.lost" && t.unsettled.empty()) return number(t.lost);
  return std::nullopt;
}

std::optional<EffectMark> effect_mark(const world::World& world, const TraceRecord& record, std::string_view label) {
  namespace stream = pipeline::stream;
  namespace store = pipeline::store;
  const std::string_view kind = world.node(record.node).kind();
  const std::string& name = world.name(record.node);
  const std::uint64_t n = record.value;
  EffectMark told;
  if (kind == stream::ProducerNode::kName) {
    if (label == "sent-again") told.words = fmt::format("{} heard nothing and sends batch {} again", name, n);
  } else if (kind == stream::BusNode::kName) {
    if (label == "recognised") told.words = fmt::format("{} has this batch already and appends nothing", name);
  } else if (kind == stream::ConsumerNode::kName) {
    if (label == "gave-up")
      told.words = fmt::format("{} does not know whether the sink has batch {}, and goes on", name, n);
    if (label == "checkpoint")
      told = {"checkpoints", fmt::format("{} has a checkpoint of all before offset {}", name, n)};
  } else if (kind == store::WriterNode::kName) {
    if (label == "load") told.words = fmt::format("{} loads slice {}", name, n);
    if (label == "loaded") told.words = fmt::format("{} reports slice {}: done", name, n);
    if (label == "recognised") told.words = fmt::format("{} finds slice {} in the table", name, n);
    if (label == "begins-again") told.words = fmt::format("{} heard nothing and loads slice {} again", name, n);
    if (label == "conflict")
      told = {"conflicts", fmt::format("{} finds another pointer than it had read: it reads it again", name)};
  } else if (kind != stream::SinkNode::kName && kind != store::StoreNode::kName) {
    return std::nullopt;
  }
  return told;
}

}  // namespace twice::lab
