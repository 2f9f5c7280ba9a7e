// One step of a lesson for a program that listens: what it shows, or what an answer to it is worth.
#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/lesson_files.h"
#include "cli/terminal.h"
#include "core/overload.h"
#include "lesson/gradebook.h"
#include "lesson/show.h"
#include "scenario/text.h"

namespace twice::cli {
namespace {

using Json = nlohmann::ordered_json;

/// Grading runs several batches one after the other: together they are one way, from 0 to `of`.
class WholeWay {
 public:
  WholeWay(std::function<bool(std::size_t, std::size_t)> to, std::size_t batches)
      : to_(std::move(to)), batches_(batches) {}

  bool operator()(std::size_t done, std::size_t of) {
    if (done < last_) over_ = std::min(over_ + 1, batches_ - 1);
    last_ = done;
    return to_(over_ * of + done, batches_ * of);
  }

 private:
  std::function<bool(std::size_t, std::size_t)> to_;
  std::size_t batches_, over_ = 0, last_ = 0;
};

/// How often the runs of a step are run: the witness and the answer, as it is and under each circumstance.
std::size_t batches_of(const lesson::Step& step) {
  const auto* challenge = std::get_if<lesson::Challenge>(&step);
  return challenge ? 2 * (challenge->hidden.size() + 1) : 1;
}

void set_seeds(lesson::Step& step, std::uint32_t seeds) {
  std::visit(Overload{[](lesson::Card&) {}, [&](auto& s) { s.run.seeds = seeds; }}, step);
}

class StepRun {
 public:
  StepRun(const lesson::Context& context, const lesson::StepPart& part) : context_(context), part_(part) {}

  Exit answered(const lesson::Answer& answer) {
    const auto graded = grade(context_, part_, answer);
    if (const auto* wrong = std::get_if<lesson::Trouble>(&graded)) return trouble(*wrong);
    print(to_json(lesson::StepRow{part_.name, true, std::get<lesson::Graded>(graded), answer.confidence}));
    return Exit::kMet;
  }

  Exit shown() {
    if (const auto* step = std::get_if<lesson::Show>(&part_.step)) return say(show(context_, *step));
    if (const auto* step = std::get_if<lesson::Explain>(&part_.step)) return say(what_went_wrong(context_, *step));
    return refuse(Exit::kUsage, fmt::format("'{}' shows nothing by itself: grade an answer with --answers", part_.name))
        .code;
  }

 private:
  template <class T>
  Exit say(const std::variant<T, lesson::Trouble>& result) {
    if (const auto* wrong = std::get_if<lesson::Trouble>(&result)) return trouble(*wrong);
    write(std::get<T>(result));
    return Exit::kMet;
  }
  void write(const lesson::ShownRun& run) {
    Json rows = Json::array();
    for (const auto& row : run.rows) rows.push_back({{"lane", row.lane}, {"cells", row.cells}});
    write({{"step", part_.name}, {"rows", rows}, {"strips", run.strips}, {"repro", run.repro}});
  }
  void write(const lesson::WentWrong& wrong) {
    write({{"step", part_.name}, {"seed", wrong.seed}, {"seen", wrong.seen}});
  }
  Exit trouble(const lesson::Trouble& wrong) {
    write({{"step", part_.name}, {"trouble", wrong.text}});
    return wrong.limit.empty() ? Exit::kBadScenario : Exit::kUndecided;
  }
  void write(const Json& json) { print(json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n"); }

  const lesson::Context& context_;
  const lesson::StepPart& part_;
};

}  // namespace

Exit run_lesson_step(const LessonArguments& arguments) {
  const lesson::Learner learner{arguments.learner};
  const auto lessons = chosen_lessons(arguments, learner);
  if (const auto* refused = std::get_if<Refused>(&lessons)) return refused->code;
  const lesson::Lesson& chosen = std::get<0>(lessons).front();
  const lesson::StepPart* found = chosen.step(arguments.step);
  if (!found)
    return refuse(Exit::kNothingMatched,
                  fmt::format("this lesson has no step '{}'", scenario::printable(arguments.step)))
        .code;
  lesson::StepPart part = *found;
  if (arguments.seeds > 0) set_seeds(part.step, arguments.seeds);
  lesson::Answers answers;
  if (!arguments.answers.empty()) {
    auto read = own_answers(arguments);
    if (const auto* refused = std::get_if<Refused>(&read)) return refused->code;
    answers = std::get<lesson::Answers>(std::move(read));
  }
  const auto limit = chosen_limit(arguments.time_limit);
  if (const auto* refused = std::get_if<Refused>(&limit)) return refused->code;
  const unsigned jobs = chosen_jobs(arguments.jobs);
  Exit code = Exit::kMet;
  {
    Watch watch("runs", std::get<0>(limit), false, arguments.progress);
    WholeWay way(watch.progress(), batches_of(part.step));  // one for all batches: options are copied
    lab::WorkerOptions workers = watch.workers(jobs);
    workers.progress = [&way](std::size_t done, std::size_t of) { return way(done, of); };
    const lesson::Context context{chosen, learner, workers};
    const lesson::Answer* answer = answers.find(chosen.front.number, part.name);
    code = answer ? StepRun(context, part).answered(*answer) : StepRun(context, part).shown();
  }
  return interrupted() ? stop_code(lab::StoppedBy::kInterrupt) : code;
}

}  // namespace twice::cli
