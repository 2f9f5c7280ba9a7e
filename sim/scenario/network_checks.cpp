// Links and nodes: names that exist, settings that go together.
#include <algorithm>

#include <fmt/format.h>

#include "core/limits.h"
#include "scenario/checks.h"

namespace twice::scenario {
namespace {

constexpr std::uint32_t kMostLoaders = limits::kLoaders;

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

void check_order(CheckContext& c, const Spanned<Probability>& reorder) {
  if (reorder.value.ppb != 0 && c.spec().network.order == LinkOrder::kFifo)
    c.out.error(reorder.span, "messages of an ordered network cannot be reordered", "leave out 'reorder' or 'order'");
}

void check_links(CheckContext& c) {
  const auto nodes = node_names(c.spec());
  check_order(c, c.spec().network.reorder);
  for (const LinkSpec& link : c.spec().network.link) {
    for (const auto* end : {&link.from, &link.to})
      if (end->value != LinkSpec::kEveryNode && !contains(nodes, end->value))
        c.out.error(end->span, fmt::format("there is no node '{}'", end->value), did_you_mean(end->value, nodes));
    if (link.reorder) check_order(c, *link.reorder);
    if (link.message && link.message->value.empty()) c.out.error(link.message->span, "a message has a name");
    if (link.message && link.bandwidth)
      c.out.error(link.bandwidth->span, "'bandwidth' belongs to a link, not to the messages of one name",
                  "give it in an entry without 'message'");
  }
}

void check_nodes(CheckContext& c) {
  if (!c.spec().cluster) return;
  const std::vector<std::string> nodes = server_names(c.spec());
  for (const auto& [name, node] : c.spec().cluster->node) {
    if (!contains(nodes, name))
      c.out.error(node.span, fmt::format("there is no node '{}' in the cluster", name), did_you_mean(name, nodes));
  }
}

}  // namespace

std::vector<std::string> node_names(const Spec& spec) {
  std::vector<std::string> names;
  if (spec.warehouse) {
    names = {"source", "orchestrator", "warehouse", "loader"};
    for (std::uint32_t i = 1; i <= kMostLoaders; ++i) names.push_back(fmt::format("loader-{}", i));
    if (spec.dashboard) names.emplace_back("dashboard");
  }
  for (std::string& server : server_names(spec)) names.push_back(std::move(server));
  for (const ClientSpec& client : spec.client) {
    if (client.count > 1) names.push_back(client.name.value);
    for (std::string& name : numbered(client.name.value, client.count)) names.push_back(std::move(name));
  }
  return names;
}

void check_network(CheckContext& c) {
  const bool nodes_known = c.sound("cluster") && c.sound("warehouse") && c.sound("dashboard");
  if (nodes_known && c.sound("network")) check_links(c);
  if (c.sound("cluster")) check_nodes(c);
}

}  // namespace twice::scenario
