// A challenge is a contract: the goal holds in every seed, the witness fails in some of them, and every fault happened.
#include <algorithm>

#include <fmt/format.h>

#include "core/limits.h"
#include "lab/report_format.h"
#include "lesson/grade.h"
#include "lesson/written_whole.h"
#include "scenario/text.h"
#include "scenario/value.h"
#include "world/step.h"

namespace twice::lesson {
namespace {

using Path = std::vector<std::string>;

Path split_path(std::string_view text) {
  Path path;
  while (true) {
    const std::size_t dot = text.find('.');
    path.emplace_back(text.substr(0, dot));
    if (dot == std::string_view::npos) return path;
    text.remove_prefix(dot + 1);
  }
}

bool lies_under(const Path& path, const Path& allowed) {
  return path.size() >= allowed.size() && std::equal(allowed.begin(), allowed.end(), path.begin());
}

/// Reports every field that a learner may not touch.
class EditCheck {
 public:
  EditCheck(const Challenge& challenge, scenario::Diagnostics& out) : challenge_(challenge), out_(out) {
    for (const std::string& edit : challenge.edit) allowed_.push_back(split_path(edit));
  }

  void check(const scenario::Table& table, const Path& above) {
    for (const scenario::Entry& entry : table) {
      Path path = above;
      path.push_back(entry.key);
      if (std::any_of(allowed_.begin(), allowed_.end(), [&](const Path& a) { return lies_under(path, a); })) continue;
      const bool on_the_way =
          std::any_of(allowed_.begin(), allowed_.end(), [&](const Path& a) { return lies_under(a, path); });
      if (on_the_way && entry.value.table())
        check(*entry.value.table(), path);
      else if (on_the_way && is_list_of_tables(entry.value))
        continue;  // written whole: what else is in it is compared with the scenario's
      else
        out_.error(entry.key_span, fmt::format("'{}' may not be changed here", fmt::join(path, ".")),
                   fmt::format("what may be: {}", fmt::join(challenge_.edit, ", ")));
    }
  }

 private:
  const Challenge& challenge_;
  scenario::Diagnostics& out_;
  std::vector<Path> allowed_;
};

/// `do = "crash n1 @3s"` among the edits: steps besides the timeline, in the words of `twice run --do`. The lines it
/// stands on are taken out of the edits, which are a scenario's for the rest.
void take_steps(const scenario::Entry& entry, Variation& edits, scenario::Diagnostics& out) {
  const std::string* text = entry.value.text();
  auto steps = world::parse_steps(text ? *text : std::string());
  if (const auto* wrong = std::get_if<world::StepError>(&steps))
    return out.error(entry.value.span, wrong->message, wrong->help);
  edits.steps = std::get<std::vector<world::Step>>(std::move(steps));
  const std::size_t from = scenario::offset_of(edits.edits, entry.key_span.begin);
  const std::size_t to = scenario::offset_of(edits.edits, entry.value.span.end);
  for (std::size_t i = from; i < to; ++i)
    if (edits.edits[i] != '\n') edits.edits[i] = ' ';
}

class Judge {
 public:
  Judge(const Context& context, const Challenge& challenge) : context_(context), challenge_(challenge) {}

  std::variant<Contest, Trouble> run(Variation edits) {
    if (auto trouble = prepare()) return *trouble;
    if (auto text = read_edits(challenge_, edits); !text.empty()) return failed(std::move(text));
    if (auto text = changed_beside(context_, challenge_, lane_, edits); !text.empty()) return failed(std::move(text));
    for (const Hidden& circumstances : all_circumstances()) {
      auto trouble = run_one(circumstances, edits);
      if (!trouble) continue;
      // The lesson's own files were tried with the witness: what is left is the learner's.
      if (witness_ran_) return failed(trouble->text);
      return *trouble;
    }
    decide();
    return std::move(result_);
  }

 private:
  std::optional<Trouble> prepare() {
    const auto lane = lane_of(context_, challenge_.run);
    if (const auto* trouble = std::get_if<Trouble>(&lane)) return *trouble;
    lane_ = std::get<std::string>(lane);
    auto text = edits_in(context_, challenge_.wrong.front().value);
    if (const auto* trouble = std::get_if<Trouble>(&text)) return *trouble;
    witness_.edits = std::get<std::string>(std::move(text));
    witness_.edits_name = challenge_.wrong.front().value;
    if (auto refused = read_edits(challenge_, witness_); !refused.empty()) return Trouble{std::move(refused)};
    return std::nullopt;
  }

  std::vector<Hidden> all_circumstances() const {
    std::vector<Hidden> all{Hidden{}};
    all.insert(all.end(), challenge_.hidden.begin(), challenge_.hidden.end());
    return all;
  }

  Contest failed(std::string why) const {
    Contest contest = result_;
    contest.mark = Mark::kFailed;
    contest.first_failure = std::move(why);
    return contest;
  }

  /// What one seed showed: the first condition that does not hold, and the first fault that never happened.
  struct Seed {
    std::uint64_t seed = 0;
    std::string broken, unbitten;
  };
  using Seeds = std::vector<Seed>;

  const std::string& lane_of_goal(const Condition& condition) const {
    return condition.lane.empty() ? lane_ : condition.lane;
  }

  /// All seeds held against the goal. Sweeps, which are long, are made only when nothing else is broken.
  std::variant<Seeds, Trouble> judge(const std::vector<Condition>& goal, const Variation& variation) const {
    std::vector<Condition> quick;
    for (const Condition& condition : goal)
      if (!condition.of.value.starts_with("sweep.")) quick.push_back(condition);
    if (quick.empty() || quick.size() == goal.size()) return judge_all(goal, variation);
    auto seeds = judge_all(quick, variation);
    const auto* judged = std::get_if<Seeds>(&seeds);
    const auto is_broken = [](const Seed& seed) { return !seed.broken.empty(); };
    if (!judged || std::any_of(judged->begin(), judged->end(), is_broken)) return seeds;
    return judge_all(goal, variation);
  }

  std::variant<Seeds, Trouble> judge_all(const std::vector<Condition>& goal, const Variation& variation) const {
    std::vector<std::string> lanes, of;
    for (const Condition& condition : goal) {
      const std::string& own = lane_of_goal(condition);
      if (std::find(lanes.begin(), lanes.end(), own) == lanes.end()) lanes.push_back(own);
      of.push_back(condition.of.value);
    }
    const auto tried = try_out(context_, challenge_.run, variation, lanes, of);
    if (const auto* trouble = std::get_if<Trouble>(&tried)) return *trouble;
    const auto& trials = std::get<Trials>(tried);
    Seeds seeds;
    for (const Trial& trial : trials.all)
      if (trial.lane == lanes.front())
        seeds.push_back({trial.seed, broken(goal, trials, trial.seed), unbitten(trials, trial.seed)});
    return seeds;
  }

  std::optional<Trouble> run_one(const Hidden& circumstances, const Variation& edits) {
    const auto& goal = circumstances.goal.empty() ? challenge_.goal : circumstances.goal;
    Variation wrong = witness_, own = edits;
    wrong.set = own.set = circumstances.set;
    witness_ran_ = false;
    const auto witness = judge(goal, wrong);
    if (const auto* trouble = std::get_if<Trouble>(&witness)) return *trouble;
    witness_ran_ = true;
    const auto tried = judge(goal, own);
    if (const auto* trouble = std::get_if<Trouble>(&tried)) return *trouble;
    count(std::get<Seeds>(tried), std::get<Seeds>(witness), circumstances.name);
    return std::nullopt;
  }

  std::string broken(const std::vector<Condition>& goal, const Trials& trials, std::uint64_t seed) const {
    for (std::size_t i = 0; i < goal.size(); ++i) {
      const Condition& condition = goal[i];
      const auto& value = trials.find(lane_of_goal(condition), seed)->values[i];
      if (meets(condition, value)) continue;
      const std::string lane = condition.lane.empty() ? "" : fmt::format("lane {}, ", condition.lane);
      return fmt::format("{}{} is {}, and must be {}", lane, condition.of.value,
                         value ? shown(condition.of.value, *value) : "not measured", to_text(condition.is));
    }
    return {};
  }

  static std::string unbitten(const Trials& trials, std::uint64_t seed) {
    for (const Trial& trial : trials.all)
      for (const StepSeen& step : trial.steps)
        if (trial.seed == seed && !step.acted()) return step.text;
    return {};
  }

  void count(const Seeds& own, const Seeds& witness, const std::string& circumstances) {
    const std::string under = circumstances.empty() ? "" : fmt::format(" ({})", circumstances);
    std::uint64_t held = 0, bites = 0;
    for (const Seed& seed : witness) bites += !seed.broken.empty();
    for (const Seed& seed : own) {
      const bool holds = seed.broken.empty();
      held += holds;
      result_.failed += !holds;
      result_.unbitten += holds && !seed.unbitten.empty();
      if (!holds && result_.first_failure.empty())
        result_.first_failure = fmt::format("Seed {}{}: {}.", seed.seed, under, seed.broken);
      if (holds && !seed.unbitten.empty() && never_.empty())
        never_ = fmt::format("Seed {}{}: `{}` never happened.", seed.seed, under, seed.unbitten);
    }
    result_.runs += own.size(), result_.held += held, result_.bites += bites;
    result_.details.push_back(fmt::format("the goal holds in {} of {}{}; a wrong design fails in {}", held,
                                          lab::counted(own.size(), "seed"), under, bites));
  }

  void decide() {
    if (result_.failed > 0) {
      result_.mark = Mark::kFailed;
    } else if (result_.bites == 0) {
      result_.first_failure = "It proves nothing: a wrong design holds on these seeds as well.";
    } else if (result_.unbitten > 0) {
      result_.first_failure = "It proves nothing. " + never_;
    } else {
      result_.mark = Mark::kPassed;
    }
  }

  const Context& context_;
  const Challenge& challenge_;
  Variation witness_;
  std::string lane_;  // the one that a condition means when it names none
  std::string never_;
  bool witness_ran_ = false;
  Contest result_;
};

}  // namespace

std::string read_edits(const Challenge& challenge, Variation& edits) {
  if (edits.edits.empty()) return {};
  scenario::Diagnostics out;
  const std::string text = edits.edits;
  if (const auto table = scenario::read_toml(text, 0, out)) {
    EditCheck(challenge, out).check(*table, {});
    if (const scenario::Entry* entry = scenario::find(*table, "do"); entry && out.errors() == 0)
      take_steps(*entry, edits, out);
  }
  if (edits.edits.find('=') == std::string::npos) edits.edits.clear();
  return out.errors() > 0 ? render(out.finish({{edits.edits_name, text}})) : std::string();
}

std::variant<std::string, Trouble> edits_in(const Context& context, const std::string& file) {
  scenario::FileText read = scenario::read_text_file(beside(context.lesson, file), limits::kAnswersFile);
  if (const auto* text = std::get_if<std::string>(&read))
    return with_numbers(*text, numbers_for(context.learner, context.lesson.front));
  return Trouble{std::get<scenario::FileProblem>(read).message};
}

std::variant<Contest, Trouble> contest(const Context& context, const Challenge& challenge, const Variation& edits) {
  return Judge(context, challenge).run(edits);
}

}  // namespace twice::lesson
