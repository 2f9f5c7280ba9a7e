#pragma once
// One lane of a scenario as a tree of values that can be cut smaller and printed as a file. Every cut may make it
// nonsense: only the scenario layer says whether the file is sound.
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lab/goal.h"
#include "pipeline/sql_value.h"
#include "scenario/load.h"
#include "scenario/spec.h"
#include "scenario/value.h"
#include "world/step.h"

namespace twice::lab {

struct Candidate {
  /// A source's version: the rows that every attempt from `from_attempt` on reads.
  struct Rows {
    std::uint32_t from_attempt = 1;
    pipeline::SqlTable table;
  };
  scenario::Table file;    // without lanes but its own, matrix and [chaos]
  std::vector<Rows> rows;  // written out; empty: the file says where they come from

  std::string text() const;
};

/// A place in the tree: keys, and numbers where it goes through a list.
using Path = std::vector<std::string>;
Path operator/(Path path, std::string key);
scenario::Value* value_at(Candidate& candidate, const Path& path);
void set(Candidate& candidate, const Path& path, scenario::Value value);
bool erase(Candidate& candidate, const Path& path);
/// The items of a list of tables; null where there is none.
scenario::List* list_at(Candidate& candidate, const Path& path);

/// The variant alone, with its overrides and its cell of the matrix; everything else as the file has it, but for words
/// to a reader and what is said of other lanes.
std::optional<Candidate> lane_alone(const scenario::Scenario& scenario, const scenario::Variant& variant);
/// Steps at the end of the timeline.
void add_steps(Candidate& candidate, const std::vector<world::Step>& steps);
/// The variant alone, with its overrides, its cell of the matrix, `steps` and the steps of [chaos] written out, for one
/// seed. `timeline` false: without the file's own faults.
std::optional<Candidate> candidate_of(const scenario::Scenario& scenario, const scenario::Variant& variant,
                                      std::uint64_t seed, const std::vector<world::Step>& steps, bool timeline);
/// Leaves only the expectation that the goal is about. `added`: one that the file does not have.
void keep_expectation(Candidate& candidate, const Goal& goal, const std::string& added);
/// Links lose and double nothing by chance; `instead` says which messages do.
void make_messages_explicit(Candidate& candidate, const std::vector<world::Step>& instead);
/// Each client by itself, so that one of several can go.
void split_clients(Candidate& candidate);
/// Takes a node or client away, and every word about it: steps that need it go, too.
void take_node(Candidate& candidate, const std::string& name);

}  // namespace twice::lab
