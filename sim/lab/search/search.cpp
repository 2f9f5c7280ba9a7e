#include "lab/search/search.h"

#include <algorithm>

#include <fmt/format.h>

#include "lab/search/eventually.h"
#include "lab/search/expander.h"
#include "lab/search/judge.h"
#include "lab/search/state_store.h"
#include "lab/search/story.h"

namespace twice::lab::search {
namespace {

constexpr std::uint32_t kLookEvery = 1024;  // expansions between two looks at memory and watcher
constexpr std::size_t kBatch = 64;          // successors looked up together

class Search {
 public:
  Search(const Model& model, const Watcher& watcher)
      : model_(model),
        watcher_(watcher),
        expander_(model),
        judge_(model, expander_.places()),
        store_(model.nodes.size() + 1),
        limit_(model.options.max_states == 0 ? StateStore::kNone - 1 : model.options.max_states) {}

  Result run() {
    first_ = expander_.first();
    found_.resize(model_.properties.size());
    store_.stage(expander_.canonical(first_), StateStore::kNone);
    staged_marks_.push_back(0);
    commit();
    result_.generated = 1;
    breadth_first();
    result_.states = store_.size();
    result_.depth = depth_;
    result_.node_steps = expander_.places().steps();
    result_.bytes = bytes();
    tell();
    return std::move(result_);
  }

 private:
  struct Found {
    std::optional<std::uint32_t> state;  // that breaks the property, or shows it
    bool on_the_way_out = false;         // not the state itself does, but a mark of a step from it
  };

  void breadth_first() {
    std::uint32_t level_end = store_.size();
    depth_ = 1;
    std::uint32_t next = 0;
    for (; next < level_end; ++next) {
      if (depth_ == model_.options.max_depth) return stop(Stop::kDepth);
      if (next % kLookEvery == 0 && !may_go_on()) return;
      expand(next);
      const bool level_ends = next + 1 == level_end;
      if (store_.staged() < kBatch && !level_ends) continue;
      commit();
      if (no_room_) return stop(Stop::kStates);
      expanded_ = next + 1;
      if (broken_ && !model_.options.keep_going) return stop(Stop::kFoundOne);
      if (!level_ends || level_end == store_.size()) continue;
      level_end = store_.size();
      ++depth_;
    }
  }

  void stop(Stop why) { result_.stop = why; }

  bool may_go_on() {
    const std::size_t now = bytes();
    if (now > model_.options.memory) return stop(Stop::kMemory), false;
    if (watcher_ && !watcher_({store_.size(), depth_, result_.generated, now})) return stop(Stop::kInterrupted), false;
    return true;
  }

  void expand(std::uint32_t state) {
    store_.read(state, row_);
    const bool symmetry = expander_.has_symmetry();
    expander_.for_each_next(row_, [&](std::size_t, const Move& move, const Row& next, const auto& changed) {
      symmetry ? store_.stage(expander_.canonical(next), state) : store_.stage(next, state, changed);
      staged_marks_.push_back(move.marks);
      ++result_.generated;
    });
  }

  void commit() {
    store_.commit(limit_, [&](std::size_t i, std::uint32_t from, std::uint32_t state, bool is_new) {
      no_room_ = no_room_ || state == StateStore::kNone;
      if (is_new && !model_.properties.empty()) judge_state(state);
      if (staged_marks_[i] != 0) judge_marks(from, staged_marks_[i]);
    });
    staged_marks_.clear();
  }

  void judge_state(std::uint32_t state) {
    store_.read(state, row_);
    for (std::size_t p = 0; p < model_.properties.size(); ++p) {
      const Property& property = model_.properties[p];
      if (found_[p].state || !property.holds || property.kind == Property::Kind::kEventually) continue;
      const bool always = property.kind == Property::Kind::kAlways;
      if (judge_.holds(p, row_) != always) note(p, state, false);
    }
  }

  void judge_marks(std::uint32_t from, std::uint64_t marks) {
    for (std::size_t p = 0; p < model_.properties.size(); ++p)
      if (!found_[p].state && (marks >> p & 1) != 0) note(p, from, true);
  }

  void note(std::size_t p, std::uint32_t state, bool on_the_way_out) {
    found_[p] = {state, on_the_way_out};
    broken_ = broken_ || model_.properties[p].kind == Property::Kind::kAlways;
  }

  std::size_t bytes() const { return store_.bytes() + expander_.places().bytes() + judge_.bytes(); }

  // --- what is told in the end

  void tell() {
    Storyteller storyteller(model_, expander_);
    for (std::size_t p = 0; p < model_.properties.size(); ++p) {
      const Property& property = model_.properties[p];
      Finding finding{property.name, property.kind, Verdict::kUnknown, {}};
      if (property.kind == Property::Kind::kEventually)
        eventually(p, storyteller, finding);
      else
        conclude(found_[p], p, storyteller, finding);
      if (finding.verdict == Verdict::kUnknown && finding.words.empty())
        finding.words = fmt::format("the search ended early: {}", name_of(result_.stop));
      result_.findings.push_back(std::move(finding));
    }
  }

  void conclude(const Found& found, std::size_t p, Storyteller& storyteller, Finding& finding) {
    const bool always = finding.kind == Property::Kind::kAlways, complete = result_.stop == Stop::kComplete;
    if (!found.state) {
      if (complete) finding.verdict = always ? Verdict::kHolds : Verdict::kBroken;
      if (complete && !always) finding.words = "no state shows it";
      return;
    }
    finding.verdict = always ? Verdict::kBroken : Verdict::kHolds;
    finding.story = storyteller.tell(rows_to(*found.state), first_,
                                     found.on_the_way_out ? std::optional<std::size_t>(p) : std::nullopt);
  }

  void eventually(std::size_t p, Storyteller& storyteller, Finding& finding) {
    if (result_.stop == Stop::kFoundOne) return;
    const Escape escape = find_escape(expander_, store_, judge_, p, expanded_);
    if (escape.path.empty()) {
      if (!escape.cut_short) finding.verdict = Verdict::kHolds;
      return;
    }
    finding.verdict = Verdict::kBroken;
    finding.words = escape.back_to ? "a run can go round for ever without it" : "a run can end without it";
    finding.back_to = escape.back_to;
    finding.story = storyteller.tell(rows_of(escape.path), first_, std::nullopt);
  }

  std::vector<Row> rows_to(std::uint32_t state) const {
    std::vector<std::uint32_t> path;
    for (std::uint32_t at = state; at != StateStore::kNone; at = store_.parent(at)) path.push_back(at);
    std::reverse(path.begin(), path.end());
    return rows_of(path);
  }
  std::vector<Row> rows_of(const std::vector<std::uint32_t>& path) const {
    std::vector<Row> rows;
    for (const std::uint32_t at : path) {
      rows.emplace_back();
      store_.read(at, rows.back());
    }
    return rows;
  }

  const Model& model_;
  const Watcher& watcher_;
  Expander expander_;
  Judge judge_;
  StateStore store_;
  std::uint32_t limit_;
  Result result_;
  Row first_, row_;
  std::vector<std::uint64_t> staged_marks_;
  std::vector<Found> found_;
  std::uint32_t depth_ = 0, expanded_ = 0;
  bool broken_ = false, no_room_ = false;
};

}  // namespace

std::string_view name_of(NetworkKind kind) {
  switch (kind) {
    case NetworkKind::kSet:
      return "set";
    case NetworkKind::kMultiset:
      return "multiset";
    case NetworkKind::kFifo:
      return "fifo";
  }
  return {};
}

std::string_view name_of(Property::Kind kind) {
  switch (kind) {
    case Property::Kind::kAlways:
      return "always";
    case Property::Kind::kSometimes:
      return "sometimes";
    case Property::Kind::kEventually:
      return "eventually";
  }
  return {};
}

std::string_view name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::kHolds:
      return "holds";
    case Verdict::kBroken:
      return "broken";
    case Verdict::kUnknown:
      return "unknown";
  }
  return {};
}

std::string_view name_of(Stop stop) {
  switch (stop) {
    case Stop::kComplete:
      return "every state was seen";
    case Stop::kFoundOne:
      return "a state was found that must not be";
    case Stop::kDepth:
      return "the bound on the depth was reached (limit search-depth)";
    case Stop::kStates:
      return "the bound on the states was reached (limit search-states)";
    case Stop::kMemory:
      return "the bound on the memory was reached (limit search-memory)";
    case Stop::kTimeLimit:
      return "the time-limit was reached";
    case Stop::kInterrupted:
      return "it was interrupted";
  }
  return {};
}

Verdict Result::verdict() const {
  Verdict all = Verdict::kHolds;
  for (const Finding& finding : findings) {
    if (finding.verdict == Verdict::kBroken) return Verdict::kBroken;
    if (finding.verdict == Verdict::kUnknown) all = Verdict::kUnknown;
  }
  return stop == Stop::kComplete ? all : findings.empty() ? Verdict::kUnknown : all;
}

Result explore(const Model& model, const Watcher& watcher) {
  try {
    return Search(model, watcher).run();
  } catch (const Unsupported& unsupported) {
    Result result;
    result.error = unsupported.text;
    return result;
  }
}

}  // namespace twice::lab::search
