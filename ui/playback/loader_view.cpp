#include "ui/playback/loader_view.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "lab/report_format.h"
#include "pipeline/dashboard.h"
#include "pipeline/loader.h"
#include "pipeline/orchestrator.h"

namespace twice::playback {
namespace {

bool same_name(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::any_of(names.begin(), names.end(), [&](const std::string& n) { return same_name(n, name); });
}

std::size_t place_of(const std::vector<std::string>& columns, std::string_view name) {
  const auto at =
      std::find_if(columns.begin(), columns.end(), [&](const std::string& c) { return same_name(c, name); });
  return static_cast<std::size_t>(at - columns.begin());
}

const pipeline::OrchestratorNode& orchestrator_of(const world::World& world) {
  return *state_of<pipeline::OrchestratorNode>(world.node(lab::node_named(world, "orchestrator")));
}

// The loader that was launched last; null before the first.
const pipeline::LoaderNode* newest_loader(const world::World& world, NodeId& which) {
  const pipeline::LoaderNode* newest = nullptr;
  for (const NodeId node : world.members("loader")) {
    const auto* loader = state_of<pipeline::LoaderNode>(world.node(node));
    if (!loader || !loader->plan) continue;
    if (newest && loader->attempt.launch < newest->attempt.launch) continue;
    newest = loader, which = node;
  }
  return newest;
}

std::string_view words_of(pipeline::Role role) {
  return role == pipeline::Role::kBegin ? "BEGIN" : role == pipeline::Role::kCommit ? "COMMIT" : std::string_view();
}

}  // namespace

std::string_view name_of(RowState state) {
  switch (state) {
    case RowState::kEmpty:
      return "not loaded yet";
    case RowState::kUncommitted:
      return "sent, not committed";
    case RowState::kLoaded:
      return "loaded once";
    case RowState::kChanged:
      return "wrong values";
    case RowState::kDuplicated:
      return "there more than once";
    case RowState::kMissing:
      return "missing";
  }
  return {};
}

LoaderLens::LoaderLens(const lab::Pipeline& pipeline, const lab::Reference& reference)
    : pipeline_(pipeline), wanted_(reference.wanted_slice) {
  const check::RowIdentity identity = lab::identity_of(pipeline);
  identity_columns_ = identity.key;
  if (identity_columns_.empty())
    for (const std::string& column : wanted_.columns)
      if (!contains(identity.ignore, column)) identity_columns_.push_back(column);
  for (std::size_t i = 0; i < wanted_.rows.size(); ++i) index_.emplace_back(identity_of(wanted_, wanted_.rows[i]), i);
  std::sort(index_.begin(), index_.end());
}

std::string LoaderLens::identity_of(const pipeline::SqlTable& table, const pipeline::SqlRow& row) const {
  std::string identity;
  for (const std::string& column : identity_columns_) {
    const std::size_t at = place_of(table.columns, column);
    identity += at < row.size() ? to_literal(row[at]) : std::string("NULL");
    identity += ',';
  }
  return identity;
}

void LoaderLens::count_rows(const world::World& world) {
  const pipeline::SqlDevice& device = lab::warehouse_of(world);
  const auto visible = device.engine().visible();
  const std::uint64_t digest = visible.empty() ? 0 : visible.front().digest;
  if (seen_commits_ == device.commits().size() && seen_digest_ == digest) return;
  seen_commits_ = device.commits().size(), seen_digest_ = digest;

  const pipeline::SqlTable found = lab::slice_rows(pipeline_, device.engine());
  counted_.assign(wanted_.rows.size(), {});
  view_.columns = found.columns.empty() ? wanted_.columns : found.columns;
  view_.rows = found.rows.size();
  view_.wanted = wanted_.rows.size();
  view_.unexpected = 0;
  view_.interesting.clear();
  for (const pipeline::SqlRow& row : found.rows) {
    const std::string identity = identity_of(found, row);
    auto known = std::lower_bound(index_.begin(), index_.end(), std::pair(identity, std::size_t{0}));
    // Equal wanted rows share an identity: fill the emptiest of their cells.
    auto best = known;
    for (auto i = known; i != index_.end() && i->first == identity; ++i)
      if (counted_[i->second].copies < counted_[best->second].copies) best = i;
    if (known == index_.end() || known->first != identity) {
      ++view_.unexpected;
      view_.interesting.push_back({std::nullopt, RowState::kDuplicated, 1, row});
      continue;
    }
    Cell& cell = counted_[best->second];
    ++cell.copies;
    const pipeline::SqlRow& wanted = wanted_.rows[best->second];
    bool same = true;
    for (std::size_t c = 0; c < wanted_.columns.size() && same; ++c) {
      if (contains(lab::identity_of(pipeline_).ignore, wanted_.columns[c])) continue;
      const std::size_t at = place_of(found.columns, wanted_.columns[c]);
      same = at < row.size() && row[at] == wanted[c];
    }
    cell.state = cell.copies > 1 ? RowState::kDuplicated : same ? RowState::kLoaded : RowState::kChanged;
  }
}

// A row is sent inside an open transaction when its statement came after the newest BEGIN and before its COMMIT.
void LoaderLens::mark_uncommitted(const world::World& world) {
  view_.cells = counted_;
  NodeId node;
  const pipeline::LoaderNode* loader = newest_loader(world, node);
  if (!loader || !world.is_up(node) || loader->phase != pipeline::LoaderNode::Phase::kLoading) return;
  bool open = false;
  std::vector<std::uint32_t> rows;
  const std::vector<pipeline::Planned>& plan = *loader->plan;
  for (std::uint32_t i = 0; i + 1 < loader->sent && i < plan.size(); ++i) {  // the last one sent is unanswered
    if (plan[i].role == pipeline::Role::kBegin) open = true, rows.clear();
    if (plan[i].role == pipeline::Role::kCommit) open = false, rows.clear();
    if (open && plan[i].role == pipeline::Role::kRow && plan[i].row > 0) rows.push_back(plan[i].row - 1);
  }
  for (const std::uint32_t row : rows)
    if (row < view_.cells.size()) {
      if (view_.cells[row].copies == 0) view_.cells[row].state = RowState::kUncommitted;
      ++view_.uncommitted;
    }
}

void LoaderLens::describe_loader(const world::World& world) {
  const pipeline::OrchestratorNode& orchestrator = orchestrator_of(world);
  view_.warehouse_is_up = world.is_up(lab::node_named(world, "warehouse"));
  view_.told_ok = orchestrator.runs_ok > 0;
  view_.attempt = orchestrator.launches;
  view_.statement.clear();
  NodeId node;
  const pipeline::LoaderNode* loader = newest_loader(world, node);
  view_.loader_is_up = loader && world.is_up(node);
  view_.statements_sent = loader ? loader->sent : 0;
  view_.statements_planned = loader ? static_cast<std::uint32_t>(loader->planned()) : 0;
  view_.rows_done = loader ? loader->rows_done : 0;
  if (loader && loader->sent > 0 && loader->sent <= loader->planned()) {
    const pipeline::Planned& planned = (*loader->plan)[loader->sent - 1];
    view_.statement = planned.sql ? *planned.sql->text : std::string(words_of(planned.role));
  }
  if (!loader)
    view_.status = "not started";
  else if (view_.told_ok && orchestrator.idle())
    view_.status = fmt::format("attempt {} told the orchestrator: ok", view_.attempt);
  else if (!view_.loader_is_up && orchestrator.waiting)
    view_.status = fmt::format("attempt {} died; the orchestrator waits to try again", view_.attempt);
  else if (!view_.loader_is_up)
    view_.status = fmt::format("attempt {} is not running", view_.attempt);
  else
    view_.status = fmt::format("attempt {}, {} of {} rows done", view_.attempt, lab::grouped(view_.rows_done),
                               lab::grouped(loader->rows ? loader->rows->rows.size() : 0));
}

void LoaderLens::conclude(bool over) {
  view_.duplicated = view_.missing = view_.changed = 0;
  std::erase_if(view_.interesting, [](const InterestingRow& row) { return row.cell.has_value(); });
  view_.interesting_in_all = view_.unexpected;
  for (std::size_t i = 0; i < view_.cells.size(); ++i) {
    Cell& cell = view_.cells[i];
    if (over && cell.state == RowState::kEmpty) cell.state = RowState::kMissing;
    if (cell.state == RowState::kDuplicated) view_.duplicated += cell.copies - 1;
    view_.missing += cell.state == RowState::kMissing;
    view_.changed += cell.state == RowState::kChanged;
    const bool interesting =
        cell.state == RowState::kDuplicated || cell.state == RowState::kMissing || cell.state == RowState::kChanged;
    if (!interesting) continue;
    ++view_.interesting_in_all;
    if (view_.interesting.size() < LoaderView::kMostRows)
      view_.interesting.push_back({i, cell.state, cell.copies, wanted_.rows[i]});
  }
  view_.duplicated += view_.unexpected;
}

const LoaderView& LoaderLens::look(const world::World& world, bool over) {
  view_.uncommitted = 0;
  count_rows(world);
  mark_uncommitted(world);
  describe_loader(world);
  conclude(over);
  return view_;
}

std::vector<Series> readings_of(const world::World& world, Time until) {
  std::vector<Series> all;
  const auto node = world.find("dashboard");
  if (!node) return all;
  const auto* dashboard = state_of<pipeline::DashboardNode>(world.node(*node));
  if (!dashboard) return all;
  for (const std::string& column : dashboard->columns) all.push_back({column, {}});
  for (const pipeline::Reading& reading : dashboard->readings) {
    if (reading.at > until) break;
    for (std::size_t c = 0; c < all.size(); ++c) {
      std::optional<double> value;
      if (reading.ok && c < reading.values.size()) {
        if (const auto* n = std::get_if<std::int64_t>(&reading.values[c])) value = static_cast<double>(*n);
        if (const auto* x = std::get_if<double>(&reading.values[c])) value = *x;
      }
      all[c].points.emplace_back(reading.at, value);
    }
  }
  return all;
}

std::optional<pipeline::SqlTable> ask_now(const lab::Pipeline& pipeline, const world::World& world) {
  if (!pipeline.spec().dashboard) return std::nullopt;
  pipeline::SqlReply reply = lab::warehouse_of(world).engine().query(pipeline.spec().dashboard->sql.text, pipeline.job);
  if (reply.status != pipeline::SqlStatus::kOk) return std::nullopt;
  return std::move(reply.result);
}

}  // namespace twice::playback
