#pragma once
// From a scenario's variant to a world of source, loader processes, warehouse, orchestrator and dashboard.
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "check/table_difference.h"
#include "core/node.h"
#include "pipeline/formats/contract.h"
#include "pipeline/messages.h"
#include "pipeline/program.h"
#include "pipeline/warehouse/sql_device.h"
#include "scenario/spec.h"
#include "world/world.h"

namespace twice::lab {

/// All of a variant that does not depend on the seed: the warehouse set up, the program, the source's rows.
struct Pipeline {
  const scenario::Variant* variant = nullptr;
  Cloned<pipeline::Engine> engine;  // tables exist, nothing loaded
  Block<pipeline::LoaderProgram> program;
  Block<pipeline::formats::Contract> contract;  // null: rows travel from source to loader as they are
  std::vector<std::pair<std::uint32_t, pipeline::Rows>> source;
  std::vector<std::pair<std::string, pipeline::SqlValue>> job;

  const scenario::Spec& spec() const { return variant->spec; }
  const std::string& table() const { return variant->spec.lane.loader.table.value; }
  std::uint32_t source_rows() const {
    return source.empty() ? 0 : static_cast<std::uint32_t>(source.front().second->rows.size());
  }
};

/// Why a variant cannot be run at all, e.g. its setup fails on the engine.
struct SetupError {
  std::string message;
  scenario::Span span{};
  std::optional<pipeline::SqlLimit> limit{};  // it met a limit of this program: then it says nothing about the load
};

std::variant<Pipeline, SetupError> prepare(const scenario::Variant& variant);

struct BuildOptions {
  std::uint64_t seed = 1;
  Trace::Keep keep = Trace::Keep::kAll;
  bool dashboard = true;
  bool faults = true;                   // false: no timeline, no duplicated start, no lost or duplicated messages
  std::optional<std::uint32_t> runs{};  // instead of the scenario's
};

world::World build(const Pipeline& pipeline, const BuildOptions& options);

/// Links as the scenario describes them; without faults they lose and duplicate nothing.
physics::LinkProfile link_profile(const scenario::NetworkSpec& network, bool faults = true);
void apply_links(const scenario::NetworkSpec& network, world::World& world, bool faults = true);

/// The warehouse's engine inside a world; REQUIRES a pipeline world.
const pipeline::SqlDevice& warehouse_of(const world::World& world);
NodeId node_named(const world::World& world, std::string_view name);

/// Rows of the lane's table: those of the slice (all, without one), and the others.
pipeline::SqlTable slice_rows(const Pipeline& pipeline, const pipeline::Engine& engine);
pipeline::SqlTable other_rows(const Pipeline& pipeline, const pipeline::Engine& engine);
check::RowIdentity identity_of(const Pipeline& pipeline);

}  // namespace twice::lab
