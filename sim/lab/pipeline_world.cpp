#include "lab/pipeline_world.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/assert.h"
#include "core/limits.h"
#include "pipeline/dashboard.h"
#include "pipeline/loader.h"
#include "pipeline/orchestrator.h"
#include "pipeline/source.h"
#include "pipeline/warehouse/split_sql.h"
#include "pipeline/warehouse/sql_check.h"
#include "pipeline/warehouse/warehouse.h"

namespace twice::lab {
namespace {

using pipeline::SqlStep;

constexpr pipeline::SessionId kSetupSession{0};
constexpr std::uint32_t kMaxLoaders = limits::kLoaders;

std::vector<SqlStep> sql_steps(const scenario::SqlText& sql) {
  std::vector<SqlStep> steps;
  for (const auto& piece : pipeline::split_sql(sql.text))
    steps.push_back({Block<std::string>(std::string(piece.text)),
                     Block<std::vector<std::string>>(pipeline::parameters_of(piece.text)),
                     sql.first_line == 0 ? piece.line : sql.first_line + piece.line - 1});
  return steps;
}

std::vector<SqlStep> sql_steps(const std::vector<scenario::SqlText>& list) {
  std::vector<SqlStep> steps;
  for (const scenario::SqlText& sql : list)
    for (SqlStep& step : sql_steps(sql)) steps.push_back(std::move(step));
  return steps;
}

std::vector<SqlStep> sql_steps(const std::optional<scenario::SqlText>& sql) {
  return sql ? sql_steps(*sql) : std::vector<SqlStep>{};
}

pipeline::CommitRule commit_rule(scenario::CommitRule::Kind kind) {
  switch (kind) {
    case scenario::CommitRule::Kind::kEachRow:
      return pipeline::CommitRule::kEachRow;
    case scenario::CommitRule::Kind::kEvery:
      return pipeline::CommitRule::kEvery;
    case scenario::CommitRule::Kind::kOnce:
      return pipeline::CommitRule::kOnce;
    case scenario::CommitRule::Kind::kNone:
      return pipeline::CommitRule::kNone;
  }
  return pipeline::CommitRule::kNone;
}

pipeline::LoaderProgram program_of(const scenario::LoaderSpec& loader,
                                   const std::vector<std::pair<std::string, pipeline::SqlValue>>& job) {
  pipeline::LoaderProgram program;
  program.commit = commit_rule(loader.commit.kind);
  program.every = loader.commit.every;
  program.before = sql_steps(loader.before);
  program.row = sql_steps(loader.row);
  program.after = sql_steps(loader.after);
  program.batch_start = sql_steps(loader.batch_start);
  program.batch_end = sql_steps(loader.batch_end);
  program.batch_done = sql_steps(loader.batch_done);
  program.statements = sql_steps(loader.statement);
  program.script = sql_steps(loader.script);
  program.job = job;
  return program;
}

// The schema's columns in the order of the source's, and what the loader's statements bind of them.
pipeline::formats::Contract contract_of(const scenario::SourceSpec& source, const std::vector<std::string>& columns,
                                        const pipeline::LoaderProgram& program) {
  pipeline::formats::Contract contract;
  contract.format = source.format->value;
  const bool carries = carries_schema(contract.format);
  if (carries) contract.check = pipeline::formats::Check::kWriter;
  if (source.check) contract.check = source.check->value;
  contract.columns = columns;
  const auto place = [&](const std::string& name) { return std::find(columns.begin(), columns.end(), name); };
  for (const auto& [name, type] : source.schema) contract.schema.push_back({name, type});
  std::stable_sort(contract.schema.begin(), contract.schema.end(),
                   [&](const auto& a, const auto& b) { return place(a.name) < place(b.name); });
  for (const std::string& name : columns) {
    const auto binds = [&](const SqlStep& step) {
      return std::find(step.parameters->begin(), step.parameters->end(), name) != step.parameters->end();
    };
    const auto any = [&](const std::vector<SqlStep>& steps) { return std::any_of(steps.begin(), steps.end(), binds); };
    const bool known = !carries || find_column(contract.schema, name);
    if (known && (any(program.row) || any(program.batch_start) || any(program.batch_end) || any(program.batch_done)))
      contract.needed.push_back(name);
  }
  return contract;
}

// The source's rows as a table of the engine, columns as in the file.
std::optional<SetupError> load_staging(pipeline::Engine& engine, const std::string& name,
                                       const pipeline::SqlTable& rows, const scenario::Span& span) {
  const auto quoted = [](const std::string& word) {
    std::string out = "\"";
    for (const char c : word) out += c == '"' ? std::string("\"\"") : std::string(1, c);
    return out + '"';
  };
  std::vector<std::string> columns, slots, names;
  for (const std::string& column : rows.columns) {
    columns.push_back(quoted(column));
    names.push_back(fmt::format("c{}", names.size()));
    slots.push_back(":" + names.back());
  }
  if (columns.empty()) return std::nullopt;
  const Block<std::vector<std::string>> parameters{std::move(names)};
  const auto run = [&](const Block<std::string>& text, const Block<std::vector<std::string>>& bound,
                       const pipeline::SqlRow& values) -> std::optional<SetupError> {
    const pipeline::SqlReply reply = engine.execute(kSetupSession, {text, bound, values}, {});
    if (reply.status == pipeline::SqlStatus::kOk) return std::nullopt;
    return SetupError{fmt::format("the source cannot be staged as table '{}': {}", name, reply.message), span,
                      reply.limit};
  };
  const Block<std::vector<std::string>> none{std::vector<std::string>{}};
  if (auto error = run(Block<std::string>(fmt::format("CREATE TABLE {} ({})", quoted(name), fmt::join(columns, ", "))),
                       none, {}))
    return error;
  if (auto error = run(Block<std::string>(std::string("BEGIN")), none, {})) return error;
  const Block<std::string> insert(fmt::format("INSERT INTO {} VALUES ({})", quoted(name), fmt::join(slots, ", ")));
  for (const pipeline::SqlRow& row : rows.rows)
    if (auto error = run(insert, parameters, row)) return error;
  return run(Block<std::string>(std::string("COMMIT")), none, {});
}

std::optional<SetupError> set_up(pipeline::Engine& engine, const Pipeline& pipeline) {
  const scenario::Spec& spec = pipeline.spec();
  engine.open(kSetupSession);
  if (spec.warehouse)
    for (const SqlStep& sql : sql_steps(spec.warehouse->setup)) {
      const pipeline::SqlReply reply = engine.execute(kSetupSession, {sql.text, sql.parameters, {}}, {});
      if (reply.status != pipeline::SqlStatus::kOk)
        return SetupError{fmt::format("the warehouse's setup fails: {}", reply.message), spec.warehouse->setup.span,
                          reply.limit};
    }
  const bool set_based = !spec.lane.loader.statement.empty() || spec.lane.loader.script.has_value();
  if (set_based && spec.source && !pipeline.source.empty())
    if (auto error = load_staging(engine, spec.source->table.value, *pipeline.source.front().second, spec.source->span))
      return error;
  engine.close(kSetupSession);
  engine.settle();
  return std::nullopt;
}

pipeline::EngineOptions engine_options(const scenario::Spec& spec) {
  pipeline::EngineOptions options;
  options.watch = {spec.lane.loader.table.value};
  if (!spec.warehouse) return options;
  const scenario::WarehouseSpec& w = *spec.warehouse;
  options.journal = name_of(w.journal);
  options.synchronous = name_of(w.synchronous);
  options.epoch_unix_seconds = w.epoch.unix_seconds;
  options.page_bytes = w.page_size;
  options.disk.sector_bytes = w.sector_size;
  options.disk.write = options.disk.truncate = w.write_cost;
  options.disk.sync = options.disk.sync_directory = w.sync_cost;
  return options;
}

pipeline::SqlTable query_rows(const Pipeline& pipeline, const pipeline::Engine& engine, const std::string& where) {
  pipeline::SqlReply reply = engine.query(fmt::format("SELECT * FROM {}{}", pipeline.table(), where), pipeline.job);
  // A loader may have dropped its table, or crashed between two renames: then there are no rows to see.
  return reply.status == pipeline::SqlStatus::kOk ? std::move(reply.result) : pipeline::SqlTable{};
}

pipeline::Statement dashboard_query(const Pipeline& pipeline) {
  const std::string& text = pipeline.spec().dashboard->sql.text;
  pipeline::Statement query{
      Block<std::string>(text), Block<std::vector<std::string>>(pipeline::parameters_of(text)), {}};
  for (const std::string& name : *query.names) {
    const auto at = std::find_if(pipeline.job.begin(), pipeline.job.end(),
                                 [&](const auto& parameter) { return parameter.first == name; });
    query.values.push_back(at == pipeline.job.end() ? pipeline::SqlValue{pipeline::Null{}} : at->second);
  }
  return query;
}

// Nodes in the order in which every picture shows them.
struct Seats {
  NodeId source{0}, orchestrator{1}, warehouse{2};
  std::vector<NodeId> loaders;
  std::uint16_t dashboard = 0;
};

Seats seats_for(const scenario::OrchestratorSpec& spec) {
  Seats seats;
  const std::uint32_t wanted = spec.retry.attempts + (spec.duplicate_start ? 1 : 0);
  for (std::uint16_t i = 0; i < std::clamp(wanted, 2u, kMaxLoaders); ++i)
    seats.loaders.push_back(NodeId{static_cast<std::uint16_t>(3 + i)});
  seats.dashboard = static_cast<std::uint16_t>(3 + seats.loaders.size());
  return seats;
}

std::vector<world::NodeSetup> make_nodes(const Pipeline& pipeline, const Seats& seats, const BuildOptions& options) {
  const scenario::Spec& spec = pipeline.spec();
  const scenario::WarehouseSpec warehouse_spec = spec.warehouse.value_or(scenario::WarehouseSpec{});
  std::vector<world::NodeSetup> nodes;

  pipeline::SourceNode source;
  source.versions = pipeline.source;
  source.contract = pipeline.contract;
  nodes.push_back({.name = "source", .node = make_node(std::move(source))});

  pipeline::OrchestratorNode orchestrator;
  orchestrator.loaders = seats.loaders;
  orchestrator.retry = {spec.orchestrator.retry.attempts, spec.orchestrator.retry.after,
                        spec.orchestrator.retry.backoff, spec.orchestrator.timeout};
  orchestrator.runs = options.runs.value_or(spec.orchestrator.runs);
  orchestrator.between_runs = spec.orchestrator.between_runs;
  if (options.faults) orchestrator.duplicate_start = spec.orchestrator.duplicate_start;
  nodes.push_back({.name = "orchestrator", .node = make_node(std::move(orchestrator))});

  pipeline::WarehouseNode warehouse;
  warehouse.lock_wait = warehouse_spec.on_lock.wait;
  warehouse.session_timeout = warehouse_spec.session_timeout;
  warehouse.recognises_repeats = warehouse_spec.recognises_repeats;
  nodes.push_back({.name = "warehouse",
                   .node = make_node(std::move(warehouse)),
                   .device = std::make_unique<pipeline::SqlDevice>(pipeline.engine->clone()),
                   .restart_after = warehouse_spec.recovery});

  for (std::size_t i = 0; i < seats.loaders.size(); ++i) {
    pipeline::LoaderNode loader;
    loader.program = pipeline.program;
    loader.contract = pipeline.contract;
    loader.source = seats.source;
    loader.warehouse = seats.warehouse;
    loader.orchestrator = seats.orchestrator;
    loader.statement_timeout = spec.network.statement_timeout;
    nodes.push_back({.name = fmt::format("loader-{}", i + 1),
                     .group = "loader",
                     .node = make_node(std::move(loader)),
                     .starts = false});
  }

  if (options.dashboard && spec.dashboard) {
    pipeline::DashboardNode dashboard;
    dashboard.warehouse = seats.warehouse;
    dashboard.query = dashboard_query(pipeline);
    dashboard.every = spec.dashboard->every;
    nodes.push_back({.name = "dashboard", .node = make_node(std::move(dashboard))});
  }
  return nodes;
}

}  // namespace

std::variant<Pipeline, SetupError> prepare(const scenario::Variant& variant) {
  Pipeline pipeline;
  pipeline.variant = &variant;
  for (const auto& [name, value] : variant.spec.job) pipeline.job.emplace_back(name, value.value);
  for (const scenario::SourceRows& rows : variant.source)
    pipeline.source.emplace_back(rows.from_attempt, pipeline::Rows(*rows.table));
  pipeline.program = Block<pipeline::LoaderProgram>(program_of(variant.spec.lane.loader, pipeline.job));
  if (variant.spec.source && variant.spec.source->format)
    pipeline.contract = Block<pipeline::formats::Contract>(
        contract_of(*variant.spec.source, pipeline.source.front().second->columns, *pipeline.program));
  std::unique_ptr<pipeline::Engine> engine = pipeline::make_sqlite_engine(engine_options(variant.spec));
  if (auto error = set_up(*engine, pipeline)) return *error;
  pipeline.engine = std::move(engine);
  return pipeline;
}

physics::LinkProfile link_profile(const scenario::NetworkSpec& network, bool faults) {
  physics::LinkProfile profile;
  profile.latency = network.latency;
  profile.capacity = network.bandwidth;
  profile.in_order = network.order == scenario::LinkOrder::kFifo;
  if (!faults) return profile;
  profile.loss = network.loss;
  profile.duplicate = network.duplicate;
  profile.reorder = network.reorder.value;
  profile.reorder_by = network.reorder_by;
  return profile;
}

namespace {

void override_link(physics::LinkProfile& profile, const scenario::LinkSpec& link, bool faults) {
  if (link.latency) profile.latency = *link.latency;
  if (link.bandwidth) profile.capacity = link.bandwidth->value;
  if (!faults) return;
  if (link.loss) profile.loss = *link.loss;
  if (link.duplicate) profile.duplicate = *link.duplicate;
  if (link.reorder) profile.reorder = link.reorder->value;
  if (link.reorder_by) profile.reorder_by = *link.reorder_by;
}

std::vector<NodeId> ends(const world::World& world, const std::string& name) {
  if (name != scenario::LinkSpec::kEveryNode) return world.members(name);
  std::vector<NodeId> all;
  for (std::uint16_t i = 0; i < world.size(); ++i) all.push_back({i});
  return all;
}

}  // namespace

void apply_links(const scenario::NetworkSpec& network, world::World& world, bool faults) {
  for (const scenario::LinkSpec& link : network.link) {
    const std::string message = link.message ? link.message->value : std::string();
    const bool everywhere =
        link.from.value == scenario::LinkSpec::kEveryNode && link.to.value == scenario::LinkSpec::kEveryNode;
    if (everywhere) {
      physics::LinkProfile profile = link_profile(network, faults);
      override_link(profile, link, faults);
      world.set_all_links(profile, message);
      continue;
    }
    for (const NodeId from : ends(world, link.from.value))
      for (const NodeId to : ends(world, link.to.value)) {
        if (from == to) continue;
        physics::LinkProfile profile = world.network().profile(from, to);
        override_link(profile, link, faults);
        world.set_link(from, to, profile, message);
      }
  }
}

world::World build(const Pipeline& pipeline, const BuildOptions& options) {
  const scenario::Spec& spec = pipeline.spec();
  world::World world(options.seed, make_nodes(pipeline, seats_for(spec.orchestrator), options),
                     link_profile(spec.network, options.faults), options.keep);
  apply_links(spec.network, world, options.faults);
  if (options.faults)
    for (const scenario::PlannedStep& planned : pipeline.variant->steps) {
      const auto error = world.add(planned.step);
      TWICE_ASSERT(!error, "a checked timeline names an unknown node: " + error.value_or(""));
    }
  return world;
}

NodeId node_named(const world::World& world, std::string_view name) {
  const auto node = world.find(name);
  TWICE_ASSERT(node.has_value(), fmt::format("a pipeline world has no node '{}'", name));
  return *node;
}

const pipeline::SqlDevice& warehouse_of(const world::World& world) {
  const auto* device = dynamic_cast<const pipeline::SqlDevice*>(world.device(node_named(world, "warehouse")));
  TWICE_ASSERT(device != nullptr, "the warehouse has no engine");
  return *device;
}

pipeline::SqlTable slice_rows(const Pipeline& pipeline, const pipeline::Engine& engine) {
  const scenario::SqlText& slice = pipeline.spec().lane.loader.slice;
  return query_rows(pipeline, engine, slice.empty() ? "" : fmt::format(" WHERE ({})", slice.text));
}

pipeline::SqlTable other_rows(const Pipeline& pipeline, const pipeline::Engine& engine) {
  const scenario::SqlText& slice = pipeline.spec().lane.loader.slice;
  if (slice.empty()) return {};
  return query_rows(pipeline, engine, fmt::format(" WHERE ({}) IS NOT TRUE", slice.text));
}

check::RowIdentity identity_of(const Pipeline& pipeline) {
  check::RowIdentity identity;
  for (const auto& column : pipeline.spec().lane.loader.key) identity.key.push_back(column.value);
  for (const auto& column : pipeline.spec().lane.loader.ignore) identity.ignore.push_back(column.value);
  return identity;
}

}  // namespace twice::lab
