// A lesson in the terminal. The same words are asked whether a person types or a file is piped in.
#include <filesystem>
#include <iostream>
#include <utility>

#include <fmt/format.h>

#include "cli/lesson_files.h"
#include "cli/output_files.h"
#include "cli/terminal.h"
#include "core/limits.h"
#include "core/overload.h"
#include "lab/report_format.h"
#include "lesson/markdown.h"
#include "lesson/session.h"
#include "scenario/scan.h"
#include "scenario/text.h"

namespace twice::cli {
namespace {

using lesson::Answer;
using lesson::StepPart;

constexpr unsigned kWidest = 88;

class Conversation {
 public:
  Conversation(const LessonArguments& arguments, lesson::Session session, lesson::Answers given)
      : a_(arguments), session_(std::move(session)), given_(std::move(given)), style_(style_for(arguments.outputs)) {
    style_.width = std::min(style_.width, kWidest);
  }

  Exit run() {
    const lesson::FrontMatter& front = session_.lesson().front;
    print(painted(fmt::format("Lesson {}: {}", front.number, front.title), lab::Paint::kStrong) + "\n");
    print(lab::painted(fmt::format("{} minutes. ? asks for a hint, skip goes on without an answer, ahead goes to the "
                                   "last question.",
                                   front.minutes),
                       lab::Paint::kFaint, style_) +
          "\n");
    do {
      show_screen();
    } while (!ended_ && session_.next());
    return finish();
  }

 private:
  std::string painted(std::string_view text, lab::Paint paint) const {
    return lab::painted(scenario::printable(text), paint, style_);
  }
  void say(const std::string& markdown) { print("\n" + lesson::plain(markdown, style_.width)); }

  // Ctrl-C ends a run that goes on; at a question it ends the program at once.
  template <class Work>
  auto listening(Work&& work) {
    const Watch watch("runs", std::nullopt, false);
    auto result = work();
    if (stop_seam()() != lab::StoppedBy::kNothing) ended_ = true;
    return result;
  }

  void show_screen() {
    do {
      ahead_ = false;
      print(fmt::format("\n{}\n",
                        painted(fmt::format("{}/{}  {}", session_.at() + 1, session_.count(), session_.screen().title),
                                lab::Paint::kStrong)));
      for (const lesson::Part& part : session_.screen().parts) {
        if (const auto* text = std::get_if<lesson::TextPart>(&part)) say(text->markdown);
        if (const auto* step = std::get_if<StepPart>(&part)) take(*step);
        if (ended_ || ahead_) break;
      }
    } while (ahead_ && !ended_ && session_.skip_ahead());
  }

  void take(const StepPart& part) {
    std::visit(
        Overload{[&](const lesson::Predict& step) { ask(part, "Predict", step.question); },
                 [&](const lesson::Transfer& step) { ask(part, "Somewhere else", step.question); },
                 [&](const lesson::Explain& step) { ask(part, "Explain", step.question); },
                 [&](const lesson::Challenge& step) { ask(part, "Challenge", step.question); },
                 [&](const lesson::Show& step) { show_run(step); }, [&](const lesson::Card& card) { show_card(card); }},
        part.step);
  }

  void show_card(const lesson::Card& card) {
    print("\n" + painted(fmt::format("{} ({})", card.title, card.dated), lab::Paint::kStrong) + "\n");
    print(lesson::plain(card.text, style_.width) + painted(card.source, lab::Paint::kFaint) + "\n");
  }

  void show_run(const lesson::Show& step) {
    print("\n" + painted("Run", lab::Paint::kStrong) + "\n");
    if (!step.text.empty()) print(lesson::plain(step.text, style_.width));
    const auto shown = listening([&] { return session_.run(step); });
    if (const auto* trouble = std::get_if<lesson::Trouble>(&shown)) return fault(*trouble);
    const auto& run = std::get<lesson::ShownRun>(shown);
    std::string table = "| lane |";
    for (const std::string& of : step.shows) table += " " + of + " |";
    for (const auto& row : run.rows) {
      table += "\n| " + row.lane + " |";
      for (const std::string& cell : row.cells) table += " " + cell + " |";
    }
    print("\n" + lesson::plain(table, style_.width) + (run.strips.empty() ? "" : "\n" + run.strips));
    print(painted("the same again: " + run.repro, lab::Paint::kFaint) + "\n");
  }

  // A lesson that cannot be run is its author's fault; what took too long is nobody's.
  void fault(const lesson::Trouble& trouble) {
    if (!trouble.limit.empty()) {
      tell(fmt::format("undecided: {}\n", trouble.text));
      code_ = worse(code_, Exit::kUndecided);
      return;
    }
    tell(fmt::format("this lesson has a fault of its own; `twice lesson check` shows it\n{}\n", trouble.text));
    code_ = worse(code_, Exit::kBadScenario);
  }

  void ask(const StepPart& part, std::string_view word, const std::string& question) {
    print("\n" + painted(word, lab::Paint::kStrong) + "\n" + lesson::plain(question, style_.width));
    const std::vector<std::string> choices = session_.choices(part);
    for (std::size_t i = 0; i < choices.size(); ++i)
      print(fmt::format("  {}. {}\n", i + 1, scenario::printable(choices[i])));
    const bool predicts = std::holds_alternative<lesson::Predict>(part.step);
    if (const lesson::Graded* known = session_.result(part)) return tell_result(*known, predicts);
    while (!ended_) {
      const std::optional<Answer> answer = next_answer(part, choices.size());
      if (!answer) return session_.give_up(part);
      const auto graded = listening([&] { return session_.answer(part, *answer); });
      if (const auto* trouble = std::get_if<lesson::Trouble>(&graded)) return fault(*trouble);
      tell_result(std::get<lesson::Graded>(graded), predicts);
      save();
      const bool again =
          std::get<lesson::Graded>(graded).mark != lesson::Mark::kPassed && a_.answers.empty() && !predicts;
      if (!again) return;
      print("Try again, or skip.\n");
    }
  }

  // A prediction that does not come true is no failure.
  void tell_result(const lesson::Graded& graded, bool predicts) {
    const auto paint = graded.mark == lesson::Mark::kPassed   ? lab::Paint::kGood
                       : graded.mark == lesson::Mark::kFailed ? lab::Paint::kBad
                                                              : lab::Paint::kUnsure;
    const bool passed = graded.mark == lesson::Mark::kPassed;
    print(painted(!predicts ? name_of(graded.mark) : passed ? "so it is" : "not so", paint) + "\n");
    if (graded.mark != lesson::Mark::kPassed && !graded.right.empty())
      print("It is: " + scenario::printable(graded.right) + "\n");
    for (const std::string& detail : graded.details) print("  " + scenario::printable(detail) + "\n");
    // Diagnostics keep their lines.
    if (graded.why.find("error: ") != std::string::npos)
      print(graded.why);
    else if (!graded.why.empty())
      print(lesson::plain(graded.why, style_.width));
  }

  /// nullopt: no answer; one goes on.
  std::optional<Answer> next_answer(const StepPart& part, std::size_t choices) {
    if (!a_.answers.empty()) {
      const Answer* known = given_.find(session_.lesson().front.number, part.name);
      return known ? std::optional(*known) : std::nullopt;
    }
    if (std::holds_alternative<lesson::Challenge>(part.step)) return asked_edits(part);
    const bool points = std::holds_alternative<lesson::Explain>(part.step);
    while (true) {
      const auto line = ask_line(part, fmt::format("1 to {}{}> ", choices, points ? ", step N or message a>b#N" : ""));
      if (!line) return std::nullopt;
      Answer answer;
      const auto number = scenario::number<std::uint32_t>(*line);
      if (number && *number >= 1 && *number <= choices)
        answer.choice = *number;
      else if (points && (line->starts_with("step ") || line->starts_with("message ")))
        answer.point = *line;
      else
        continue;
      if (!std::holds_alternative<lesson::Predict>(part.step)) return answer;
      return asked_confidence(part, answer);
    }
  }

  std::optional<Answer> asked_confidence(const StepPart& part, Answer answer) {
    while (true) {
      const auto line = ask_line(part, "how sure are you, 0 to 100 %> ");
      if (!line) return std::nullopt;
      const auto number = scenario::number<std::uint32_t>(*line);
      if (!number || *number > 100) continue;
      answer.confidence = *number;
      return answer;
    }
  }

  std::optional<Answer> asked_edits(const StepPart& part) {
    const auto& challenge = std::get<lesson::Challenge>(part.step);
    print(fmt::format("You may change: {}\n  in {}\n", fmt::join(challenge.edit, ", "),
                      beside(session_.lesson(), challenge.run.scenario.value)));
    const auto line = ask_line(part, "a file with your changes, or one change a line, then an empty line> ");
    if (!line) return std::nullopt;
    Answer answer;
    if (line->find('=') == std::string::npos) {
      scenario::FileText text = scenario::read_text_file(*line, limits::kAnswersFile);
      if (const auto* problem = std::get_if<scenario::FileProblem>(&text)) {
        print(problem->message + "\n");
        return asked_edits(part);
      }
      answer.edits = std::get<std::string>(std::move(text));
      return answer;
    }
    answer.edits = *line + "\n";
    for (std::string more; std::getline(std::cin, more) && !more.empty();) *answer.edits += more + "\n";
    return answer;
  }

  /// One line; nullopt: nothing more to read, or the learner goes on without an answer.
  std::optional<std::string> ask_line(const StepPart& part, const std::string& prompt) {
    while (true) {
      print(prompt);
      flushed();
      std::string line;
      if (!std::getline(std::cin, line)) {
        ended_ = true;
        print("\n");
        return std::nullopt;
      }
      line = std::string(scenario::trim(line));
      if (line == "skip") return std::nullopt;
      if (line == "ahead") return ahead_ = true, std::nullopt;
      if (line != "?") return line;
      print(session_.hint(part).value_or("There is no further hint.") + "\n");
    }
  }

  void save() {
    if (a_.output.empty()) return;
    lesson::Answers all = given_;
    all.learner = session_.learner().name;
    for (const Answer& answer : session_.answers().answers) all.put(answer);
    if (auto error = write_files({{a_.output, to_text(all)}})) tell(fmt::format("twice: {}\n", *error));
  }

  Exit finish() {
    const lesson::Answers& answers = session_.answers();
    const lesson::LessonRow row = session_.row();
    print(
        fmt::format("\n{}  {} of {} points\n", painted(name_of(row.status), lab::Paint::kStrong), row.points, row.of));
    if (!a_.output.empty() && !answers.answers.empty())
      print(fmt::format("your answers are in {}\n", scenario::printable(a_.output)));
    if (interrupted()) return stop_code(lab::StoppedBy::kInterrupt);
    const bool done = row.status == lesson::Status::kPassed || row.status == lesson::Status::kSkippedAhead;
    const Exit code = row.status == lesson::Status::kUnknown ? Exit::kUndecided : done ? Exit::kMet : Exit::kFailed;
    return worse(code_, code);
  }

  const LessonArguments& a_;
  lesson::Session session_;
  lesson::Answers given_;
  lab::Style style_;
  bool ended_ = false, ahead_ = false;
  Exit code_ = Exit::kMet;
};

}  // namespace

Exit run_lesson(const LessonArguments& arguments) {
  if (auto error = cannot_write(arguments.output)) return refuse(Exit::kUsage, *error).code;
  const lesson::Learner learner{arguments.learner};
  auto lessons = chosen_lessons(arguments, learner);
  if (const auto* refused = std::get_if<Refused>(&lessons)) return refused->code;
  lesson::Answers given;
  std::error_code error_of_path;
  const bool goes_on = !arguments.output.empty() && std::filesystem::exists(arguments.output, error_of_path);
  if (const std::string& path = goes_on ? arguments.output : arguments.answers; !path.empty()) {
    auto answers = chosen_answers(path, arguments.outputs);
    if (const auto* refused = std::get_if<Refused>(&answers)) return refused->code;
    given = std::get<lesson::Answers>(std::move(answers));
    if (given.learner != learner.name)
      return refuse(Exit::kUsage, fmt::format("{} has the answers of '{}': use --learner", scenario::printable(path),
                                              scenario::printable(given.learner)))
          .code;
  }
  const auto limit = chosen_limit(arguments.time_limit);
  if (const auto* refused = std::get_if<Refused>(&limit)) return refused->code;
  limit_time(std::get<0>(limit));
  const lab::WorkerOptions workers{.workers = chosen_jobs(arguments.jobs), .stop = stop_seam(), .apart = true};
  lesson::Session session(std::get<0>(std::move(lessons)).front(), learner, workers,
                          goes_on ? given : lesson::Answers{});
  return Conversation(arguments, std::move(session), std::move(given)).run();
}

}  // namespace twice::cli
