#pragma once
// A lesson as the card beside the views shows it: one screen at a time, drafts of answers, what is being graded in
// another process, and which run stands beside it. Knows no ImGui.
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "lesson/load.h"
#include "lesson/session.h"
#include "ui/playback/background_step.h"
#include "ui/playback/lesson_commands.h"
#include "ui/playback/scratch_folder.h"

namespace twice::playback {

/// An answer on its way.
struct Draft {
  std::optional<std::uint32_t> choice;      // from 1, in the order this learner sees
  std::optional<std::uint32_t> confidence;  // percent
  std::string edits;
  std::string wrong;               // with the edits, before anything runs: with line and column
  std::vector<std::string> hints;  // those asked for
  bool sent = false;               // nothing changed since it was graded
};

/// How a run is told apart that can stand beside the card.
struct Beside {
  std::string step, edits;
  std::optional<std::uint64_t> seed;  // of an explanation: the one that went wrong
  std::uint64_t generation = 0;       // of the lesson's files
  bool operator==(const Beside&) const = default;
};
struct BesideRun {
  scenario::Scenario scenario;
  std::uint64_t seed = 0;
  std::vector<std::string> lanes, set;
  std::vector<world::Step> steps;  // besides the timeline
};

class LessonCard {
 public:
  static constexpr std::uint32_t kManySeeds = 1'000;

  /// `program`: this program, which grades in another process. `kept`: what was answered before; it is graded again.
  LessonCard(lesson::Lesson lesson, lesson::Learner learner, std::string program, const lesson::Answers& kept);

  // --- acting
  void apply(const LessonCommand& command);
  /// Takes what came from the other process and starts what is wanted next; never waits.
  void poll();
  /// The lesson's text once more, after its file changed. With errors, the last good one stays.
  void reload(lesson::LoadedLesson loaded);
  void go_to(std::size_t screen);

  // --- looking
  const lesson::Session& session() const { return session_; }
  const lesson::Screen& screen() const { return session_.screen(); }
  /// Parts of the screen up to the step that waits: what comes after may give its answer away.
  std::vector<const lesson::Part*> visible() const;
  /// The step that keys act on: the one that waits, else the last visible one that may be answered better.
  const lesson::StepPart* active() const;
  const Draft& draft(const lesson::StepPart& part) const;
  /// Why there is nothing to send; empty: it can be sent.
  std::string why_not_send(const lesson::StepPart& part) const;
  std::string why_not_seeds(const lesson::StepPart& part) const;
  /// Not graded yet, though sent.
  bool grading(const lesson::StepPart& part) const;
  bool trying_seeds(const lesson::StepPart& part) const;
  /// Nothing waits for its grade.
  bool settled() const;
  /// Of the work under way, 0..1.
  double progress() const { return process_.progress(); }
  /// Something is being run, or waits for it.
  bool busy() const { return process_.running() || !queue_.empty(); }
  /// What came of a run, of many seeds; nullptr: nothing yet.
  const StepResult* shown(const lesson::StepPart& part) const;
  const StepResult* seeds(const lesson::StepPart& part) const;
  /// Why an answer could not be graded: the lesson's own fault. Empty: there is none.
  const std::string& fault(const lesson::StepPart& part) const;
  /// What is wrong with the file as it is now; the card shows the last good one.
  const std::vector<scenario::Diagnostic>& problems() const { return problems_; }
  std::string points_text() const;
  /// All that was answered, also what is still being graded again.
  const lesson::Answers& answers() const { return answers_; }
  /// Grows with every answer that was graded.
  std::uint64_t answers_revision() const { return answers_revision_; }

  // --- the run beside
  /// Time stands still, and nothing may be seen that answers a question: it is open, or comes on a later screen.
  bool asks() const { return !why_still().empty(); }
  std::string why_still() const;
  /// The run that belongs to this screen; nullopt: it has none.
  std::optional<Beside> beside() const;
  std::variant<BesideRun, lesson::Trouble> run_of(const Beside& beside) const;
  /// Of the visible explanation: what its candidates take away ("step 2"), in this learner's order; empty where one
  /// takes away no step. No explanation: empty.
  std::vector<std::string> pointed() const;
  const lesson::StepPart* explained() const;

 private:
  enum class Work : std::uint8_t { kGrade, kShow, kSeeds };
  struct Task {
    Work work;
    std::string step;
    lesson::Answer answer{};
  };
  void enqueue(Task task);
  void start_next();
  void start(const Task& task);
  void take(const Task& task, StepResult result);
  void want_visible();
  bool is_queued(Work work, const std::string& step) const;
  void send(const lesson::StepPart& part);
  void change_screen(bool moved);
  void keep(const lesson::Answers& kept);
  const lesson::StepPart* own_run() const;
  const lesson::StepPart* later_run() const;

  lesson::Session session_;
  lesson::Answers answers_;
  std::string program_;
  std::unique_ptr<ScratchFolder> folder_;
  std::map<std::string, Draft> drafts_;
  std::map<std::string, StepResult> shown_, seeds_;
  std::map<std::string, std::string> faults_;
  std::vector<scenario::Diagnostic> problems_;
  std::optional<std::string> chosen_beside_;  // by the learner, on this screen
  std::map<std::string, std::string> tried_;  // edits that stand beside, by challenge
  std::uint64_t generation_ = 1, answers_revision_ = 0;
  std::deque<Task> queue_;
  std::optional<Task> running_;
  BackgroundStep process_;
};

/// The run of a case as it is shown, with these edits.
std::variant<BesideRun, lesson::Trouble> run_of_case(const lesson::Context& context, const lesson::Case& what,
                                                     lesson::Variation edits = {});
/// The case of a step that runs something; nullptr: it runs nothing.
const lesson::Case* case_of(const lesson::Step& step);

}  // namespace twice::playback
