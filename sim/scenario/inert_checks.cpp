// Values without effect: of a protocol that no lane runs, or beside another value that decides instead.
#include <algorithm>
#include <initializer_list>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "core/overload.h"
#include "scenario/checks.h"

namespace twice::scenario {
namespace {

template <class... Protocol>
std::vector<std::string_view> names_of_protocols(const std::variant<Protocol...>*) {
  return {Protocol::kName...};
}

std::string_view name_of_protocol(const ProtocolSpec& protocol) {
  return std::visit([](const auto& p) { return std::decay_t<decltype(p)>::kName; }, protocol);
}

class InertNotes {
 public:
  explicit InertNotes(CheckContext& context) : c_(context), spec_(context.spec()), loads_(spec_.lane.loads()) {}

  void run() {
    if (c_.sound("lane")) sections();
    if (c_.sound("cluster") && spec_.cluster) other_protocols();
    if (c_.sound("cluster") && spec_.cluster) protocol_fields();
    if (c_.sound("client")) clients();
    if (c_.sound("network") && c_.sound("client")) network();
    if (c_.sound("chaos") && spec_.chaos) chaos();
    if (c_.sound("orchestrator")) orchestrator();
    if (c_.sound("expect") && c_.sound("lane")) metrics_of_lanes();
  }

 private:
  using Path = std::initializer_list<std::string_view>;

  static const Value* value_in(const Table& table, Path path) {
    const Table* at = &table;
    const Value* found = nullptr;
    for (const std::string_view key : path) {
      const Entry* entry = at ? find(*at, key) : nullptr;
      if (!entry) return nullptr;
      found = &entry->value;
      at = found->table();
    }
    return found;
  }

  /// Notes the value at `path`, when the file gives one.
  void field(Path path, bool has_effect, std::string_view why, std::string help) {
    field_in(c_.file, path, has_effect, why, std::move(help));
  }
  void field_in(const Table& table, Path path, bool has_effect, std::string_view why, std::string help) {
    if (const Value* value = value_in(table, path))
      c_.inert.saw(value->span, has_effect, fmt::format("'{}' has no effect: {}", *(path.end() - 1), why),
                   std::move(help));
  }

  // A lane either loads a table or runs a cluster.
  void sections() {
    constexpr std::string_view kLoad = "it belongs to a load, and this file runs a cluster";
    constexpr std::string_view kCluster = "it belongs to a cluster, and this file loads a table";
    if (loads_ == spec_.cluster.has_value() && !loads_) return;  // neither: reported elsewhere
    for (const std::string_view section : {"source", "job", "orchestrator", "dashboard"})
      field({section}, loads_, kLoad, "leave it out");
    field({"lane", "verdict"}, loads_, kLoad, "[expect] says what a cluster must show");
    field({"network", "statement-timeout"}, loads_, kLoad, "leave it out");
    field({"cluster"}, !loads_, kCluster, "leave it out");
  }

  void other_protocols() {
    const Value* cluster = value_in(c_.file, {"cluster"});
    if (!cluster || !cluster->table()) return;
    const std::string_view runs = name_of_protocol(spec_.cluster->protocol);
    for (const std::string_view name : names_of_protocols(static_cast<const ProtocolSpec*>(nullptr))) {
      const Entry* table = find(*cluster->table(), name);
      if (!table || !table->value.table()) continue;
      for (const Entry& entry : *table->value.table())
        c_.inert.saw(
            entry.key_span, name == runs,
            fmt::format("'{}' has no effect: this cluster runs \"{}\", and no lane runs \"{}\"", entry.key, runs, name),
            fmt::format("leave [cluster.{}] out, or say protocol = \"{}\"", name, name));
    }
  }

  void protocol_fields() {
    const auto of = [&](std::string_view protocol, std::string_view name, bool has_effect, std::string_view why,
                        const char* help) {
      field({"cluster", protocol, name}, has_effect, why, help);
    };
    std::visit(Overload{[&](const QuorumSpec& q) {
                          of("quorum", "handoff", q.p.sloppy, "only a sloppy quorum keeps hints to hand over",
                             "sloppy = true, or leave it out");
                        },
                        [&](const RaftSpec& r) {
                          of("raft", "drift-bound", r.p.reads == protocols::raft::Reads::kLease,
                             "it is for leases, and no read is answered by one", "reads = \"lease\", or leave it out");
                        },
                        [&](const PrimaryBackupSpec& p) {
                          of("primary-backup", "detect", p.p.failover, "nobody takes over: failover = false",
                             "failover = true, or leave it out");
                        },
                        [&](const ShardingSpec& s) {
                          of("sharding", "virtual-nodes", s.p.partitioning == protocols::Partitioning::kRing,
                             "only a ring has places", "by = \"ring\", or leave it out");
                        },
                        [&](const StreamSpec& s) {
                          of("stream", "checkpoint-every", s.p.commit == pipeline::stream::CommitOffset::kCheckpoint,
                             "nobody makes checkpoints", "commit = \"checkpoint\", or leave it out");
                        },
                        [&](const ObjectStoreSpec& s) {
                          of("object-store", "between", s.p.loads > 1, "each writer loads one slice",
                             "loads = 2 or more");
                        },
                        [](const auto&) {}},
               spec_.cluster->protocol);
  }

  void clients() {
    const Value* list = value_in(c_.file, {"client"});
    if (!list || !list->list() || list->list()->size() != spec_.client.size()) return;
    for (std::size_t i = 0; i < spec_.client.size(); ++i)
      if (const Table* table = (*list->list())[i].table()) client(spec_.client[i], *table, i == 0);
  }

  void client(const ClientSpec& client, const Table& table, bool is_first) {
    using protocols::Workload;
    const auto note = [&](Path path, bool has_effect, std::string_view why, const char* help) {
      field_in(table, path, has_effect, why, help);
    };
    note({"think"}, !client.rate, "'rate' says how often it asks, whether or not it was answered",
         "leave out one of them");
    const bool probes = client.workload == Workload::kProbe;
    note({"wait"}, probes && !client.rate, probes ? "'rate' says when it asks" : "it belongs to the workload \"probe\"",
         "leave it out");
    note({"reads"}, !probes, "a probe writes and reads in turn", "leave it out");
    note({"opening"}, client.workload == Workload::kBank && is_first,
         is_first ? "it belongs to the workload \"bank\"" : "the first [[client]] opens the accounts", "leave it out");
    const bool retries = client.retry.policy != protocols::RetryPolicy::kGiveUp;
    for (const std::string_view name : {"backoff", "jitter"})
      note({"retry", name}, retries, "policy = \"give-up\" asks once", "another 'policy', or leave it out");
    const std::size_t servers = client.to.empty() ? server_names(spec_).size() : client.to.size();
    note({"route"}, servers > 1, "there is one server to ask", "leave it out");
  }

  void network() {
    const NetworkSpec& network = spec_.network;
    const auto reorders = [](const auto& reorder) { return reorder && reorder->value.ppb > 0; };
    const bool all_reorder = network.reorder.value.ppb > 0;
    const bool any_default =
        all_reorder || std::any_of(network.link.begin(), network.link.end(),
                                   [&](const LinkSpec& l) { return reorders(l.reorder) && !l.reorder_by; });
    field({"network", "reorder-by"}, any_default, "no message is held back", "reorder = 0.1, or leave it out");
    const Value* links = value_in(c_.file, {"network", "link"});
    if (links && links->list() && links->list()->size() == network.link.size())
      for (std::size_t i = 0; i < network.link.size(); ++i)
        if (const Table* table = (*links->list())[i].table())
          field_in(*table, {"reorder-by"}, network.link[i].reorder ? reorders(network.link[i].reorder) : all_reorder,
                   "no message of this link is held back", "reorder = 0.1, or leave it out");
  }

  void chaos() {
    if (!spec_.chaos->kinds) return;
    const ChaosKindsSpec& k = *spec_.chaos->kinds;
    const bool stops = k.crash + k.pause > 0;
    const bool parts = k.partition + k.one_way + k.bridge + k.majorities_ring + k.isolate > 0;
    const auto note = [&](std::string_view name, bool drawn, const char* what) {
      field({"chaos", name}, drawn, fmt::format("'kinds' draws no {}", what), fmt::format("draw some in 'kinds'"));
    };
    note("slow-by", k.slow > 0, "slow node");
    // "0ms" says no more than that no clock is set wrong.
    note("max-skew", k.clock > 0 || spec_.chaos->max_skew.ns == 0, "wrong clock");
    note("max-drift", k.clock > 0 || spec_.chaos->max_drift.ppb == 0, "wrong clock");
    note("max-crashes", k.crash > 0, "crash");
    note("lose", k.crash > 0, "crash");
    note("max-down", stops, "crash and no pause");
    note("max-partitions", parts, "partition");
  }

  void orchestrator() {
    const std::uint32_t attempts = spec_.orchestrator.retry.attempts;
    field({"orchestrator", "retry", "after"}, attempts > 1, "there is one attempt", "attempts = 2 or more");
    field({"orchestrator", "retry", "backoff"}, attempts > 2, "there is at most one wait", "attempts = 3 or more");
  }

  // In a lane's own `expect`, the name of another lane would be looked for in vain.
  void metrics_of_lanes() {
    for (const MetricSpec& metric : spec_.expect.metrics)
      if (metric.lane && std::find(c_.lanes.begin(), c_.lanes.end(), metric.lane->value) != c_.lanes.end())
        c_.inert.saw(metric.lane->span, metric.lane->value == spec_.lane.name.value,
                     fmt::format("this bound is never looked at: it stands in lane '{}' and speaks of '{}'",
                                 spec_.lane.name.value, metric.lane->value),
                     "leave 'lane' out, or move it to [expect]");
  }

  CheckContext& c_;
  const Spec& spec_;
  bool loads_;
};

}  // namespace

void InertParts::saw(const Span& span, bool has_effect, std::string message, std::string help) {
  Part& part = parts_[span];
  part.has_effect = part.has_effect || has_effect;
  if (part.message.empty() && !has_effect) part.message = std::move(message), part.help = std::move(help);
}

void InertParts::report(Diagnostics& out, std::optional<std::uint32_t> except_source) const {
  for (const auto& [span, part] : parts_)
    if (!part.has_effect && except_source != span.source) out.error(span, part.message, part.help);
}

void note_inert(CheckContext& c) { InertNotes(c).run(); }

}  // namespace twice::scenario
