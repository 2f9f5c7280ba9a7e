#pragma once
// What must hold between the parts of a scenario before it may run. Each check reports where the file is wrong and
// leaves sections alone that could not be read.
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenario/data.h"
#include "scenario/diagnostics.h"
#include "scenario/read_spec.h"
#include "scenario/sql_tools.h"

namespace twice::scenario {

/// Answers about SQL that many variants ask alike.
class SqlMemory {
 public:
  explicit SqlMemory(const SqlTools& tools) : tools_(&tools) {}
  std::optional<pipeline::SqlDiagnosis> check(std::string_view schema, std::string_view statement);
  const std::vector<TableFacts>& tables(const std::string& schema);
  /// The columns of a query's result; nullopt when it fails.
  std::optional<std::vector<std::string>> columns(const std::string& schema, const std::string& query,
                                                  const SqlParameters& parameters);

 private:
  const SqlTools* tools_;
  std::map<std::string, std::optional<pipeline::SqlDiagnosis>> checks_;
  std::map<std::string, std::vector<TableFacts>> tables_;
  std::map<std::string, std::optional<std::vector<std::string>>> columns_;
};

/// What stands in the file without effect. A shared section serves several lanes, so a value is inert only when no
/// variant of the file makes use of it.
class InertParts {
 public:
  void saw(const Span& span, bool has_effect, std::string message, std::string help = {});
  /// Errors, once all variants were seen. Parts written in `except_source` are passed over: where a `--set` changes
  /// what the file does, what it makes idle is no mistake of the file.
  void report(Diagnostics& out, std::optional<std::uint32_t> except_source) const;

 private:
  struct Part {
    bool has_effect = false;
    std::string message, help;
  };
  std::map<Span, Part> parts_;
};

struct CheckContext {
  Diagnostics& out;
  InertParts& inert;
  Sources& sources;
  DataReader& data;
  SqlMemory& sql;
  const std::vector<std::string>& lanes;  // names of all lanes of the file
  const Table& file;                      // of this variant, with the lane's overrides
  const Resolved& read;                   // as it was read
  Variant& variant;                       // being completed

  Spec& spec() const { return variant.spec; }
  bool sound(std::string_view section) const { return read.sound(section); }
  /// Where the value at a path ("cluster", "quorum", "r") was written; `otherwise` when it was not.
  Span span_of(std::initializer_list<std::string_view> path, const Span& otherwise) const;
  /// The job's parameters, in order of their names.
  SqlParameters job() const;
};

/// Reads the source's rows into the variant.
void load_source(CheckContext& context);
/// Lane, warehouse, orchestrator: what one field says about another.
void check_pipeline(CheckContext& context);
/// Prepares every SQL text on the setup's tables, checks its parameters, and replaces {table}. Also the names of
/// tables and columns in key, ignore and the dashboard's expectations.
void check_sql_texts(CheckContext& context);
/// What a cluster's parameters, its nodes and its clients say of each other.
void check_clients(CheckContext& context);
/// Links and nodes of the cluster.
void check_network(CheckContext& context);
/// Nodes, times and places of the timeline; fills the variant's steps.
void plan_timeline(CheckContext& context);
/// Windows, nodes and kinds of [chaos].
void check_chaos(CheckContext& context);
/// Nodes, order and length of [schedule].
void check_schedule(CheckContext& context);
/// Names, columns and windows of the expectations.
void check_expectations(CheckContext& context);
/// Notes every value that another one takes the effect from: `think` beside `rate`, a table of another protocol.
void note_inert(CheckContext& context);

/// Whether clients can ask a cluster that runs this.
bool answers_clients(const ProtocolSpec& protocol);

/// name, or name-1, name-2, …
std::vector<std::string> numbered(const std::string& name, std::uint32_t count);
/// The nodes of the cluster, and those that its protocol adds.
std::vector<std::string> server_names(const Spec& spec);
/// Names of all nodes, and of groups ("loader" = the one started last).
std::vector<std::string> node_names(const Spec& spec);

}  // namespace twice::scenario
