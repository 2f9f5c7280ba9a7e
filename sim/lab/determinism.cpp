// Runs the same world twice and finds the first event that differs.
#include <algorithm>

#include <fmt/format.h>

#include "core/fields.h"
#include "lab/run.h"
#include "lab/run_world.h"

namespace twice::lab {
namespace {

// Every event of one block of the trace: its rolling hash, and what it was.
class BlockLog final : public world::Observer {
 public:
  BlockLog(Sequence first, Sequence last) : first_(first), last_(last) {}
  void event(const world::World& world, const Event& event, const std::vector<Effect>&) override {
    if (world.events() < first_ || world.events() > last_) return;
    entries.push_back({world.events(), world.trace().hash(), words(world, event)});
  }
  struct Entry {
    Sequence event;
    std::uint64_t hash;
    std::string text;
  };
  std::vector<Entry> entries;

 private:
  static std::string words(const world::World& world, const Event& event) {
    std::string text = fmt::format("{} {} {}", in_seconds(world.now()), world.name(event.node), name_of(event.kind));
    FieldList input, state;
    if (!event.body.empty()) event.body.describe(input, event.body.name());
    world.node(event.node).describe(state, world.name(event.node));
    for (const Field& field : input.fields()) text += fmt::format("\n  {} = {}", field.path, field.text);
    for (const Field& field : state.fields()) text += fmt::format("\n  {} = {}", field.path, field.text);
    return text;
  }
  Sequence first_, last_;
};

Divergence describe(const BlockLog& a, const BlockLog& b, Sequence first) {
  const std::size_t n = std::min(a.entries.size(), b.entries.size());
  for (std::size_t i = 0; i < n; ++i)
    if (a.entries[i].hash != b.entries[i].hash || a.entries[i].event != b.entries[i].event)
      return {a.entries[i].event, a.entries[i].text, b.entries[i].text};
  const auto side = [&](const BlockLog& log) {
    return n < log.entries.size() ? log.entries[n].text : std::string("the run is over");
  };
  return {n < a.entries.size()   ? a.entries[n].event
          : n < b.entries.size() ? b.entries[n].event
                                 : first,
          side(a), side(b)};
}

}  // namespace

std::optional<Divergence> first_divergence(const std::function<world::World()>& make, Time until,
                                           const StopSeam& stop) {
  world::World a = make(), b = make();
  for (world::World* world : {&a, &b})
    if (run_world(*world, until, stop) != StoppedBy::kNothing) return std::nullopt;
  if (a.trace().hash() == b.trace().hash() && a.events() == b.events()) return std::nullopt;
  const auto& left = a.trace().block_hashes();
  const auto& right = b.trace().block_hashes();
  std::size_t block = 0;
  while (block < left.size() && block < right.size() && left[block] == right[block]) ++block;
  const Sequence first = block * Trace::kHashEvery + 1, last = (block + 1) * Trace::kHashEvery;
  BlockLog log_a(first, last), log_b(first, last);
  world::World again_a = make(), again_b = make();
  again_a.run(until, last, &log_a);
  again_b.run(until, last, &log_b);
  return describe(log_a, log_b, first);
}

std::optional<Divergence> verify_determinism(const scenario::Variant& variant, std::uint64_t seed,
                                             const RunOptions& options) {
  RunOptions hashing = options;
  hashing.keep = Trace::Keep::kHashes;
  const auto make = [&] { return std::move(*build_world(variant, seed, hashing).world); };
  if (!build_world(variant, seed, hashing).world) return std::nullopt;
  return first_divergence(make, options.until.value_or(Time{variant.spec.until.ns}), options.stop);
}

}  // namespace twice::lab
