#include <algorithm>
#include <array>
#include <filesystem>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/lesson_files.h"
#include "cli/output_files.h"
#include "cli/terminal.h"
#include "core/limits.h"
#include "lab/report_format.h"
#include "lab/shipped_files.h"
#include "lesson/check.h"
#include "lesson/gradebook.h"
#include "lesson/guide.h"
#include "scenario/scan.h"
#include "scenario/text.h"

namespace twice::cli {
namespace {

namespace fs = std::filesystem;

bool is_meant(const lesson::ListedLesson& listed, const std::string& word) {
  const fs::path folder = fs::path(listed.path).parent_path();
  if (listed.path == word || folder == fs::path(word).lexically_normal()) return true;
  const std::string name = folder.filename().string();
  if (name == word || name.substr(std::min(name.find('-'), name.size() - 1) + 1) == word) return true;
  const auto number = scenario::number<std::uint32_t>(word);
  return number && listed.loaded.lesson && listed.loaded.lesson->front.number == *number;
}

bool is_meant_by_none(const std::vector<lesson::ListedLesson>& all, const std::string& word) {
  return std::none_of(all.begin(), all.end(), [&](const auto& one) { return is_meant(one, word); });
}

// A folder of lessons of one's own does not hide those shipped lessons that it has no number or name of; one in which
// there is nothing hides none.
void add_shipped(const LessonArguments& arguments, const std::vector<std::string>& words,
                 const lesson::Learner& learner, std::vector<lesson::ListedLesson>& all) {
  const auto shipped = lab::shipped_folder_of(lab::running_program());
  if (arguments.folder != LessonArguments{}.folder || !shipped) return;
  const std::string folder = (fs::path(*shipped) / arguments.folder).string();
  if (all.empty()) {
    tell(fmt::format("note: there is no lesson in {}; taken from {}\n", scenario::printable(arguments.folder),
                     scenario::printable(*shipped)));
    all = lesson::list_lessons(folder, learner);
    return;
  }
  if (std::none_of(words.begin(), words.end(), [&](const auto& word) { return is_meant_by_none(all, word); })) return;
  for (lesson::ListedLesson& one : lesson::list_lessons(folder, learner))
    for (const std::string& word : words)
      if (is_meant(one, word) && is_meant_by_none(all, word)) {
        all.push_back(std::move(one));
        break;
      }
}

bool is_lesson_path(const std::string& word) {
  std::error_code error;
  if (fs::is_directory(word, error)) return fs::exists(fs::path(word) / "lesson.md", error);
  return word.ends_with(".md") && fs::exists(word, error);
}

std::variant<std::vector<lesson::ListedLesson>, Refused> listed(const LessonArguments& arguments,
                                                                const lesson::Learner& learner) {
  std::vector<lesson::ListedLesson> all = lesson::list_lessons(here_or_shipped(arguments.folder), learner), chosen;
  std::vector<std::string> which;
  for (const std::string& word : arguments.which) which.push_back(here_or_shipped(word));
  // A path needs no folder of lessons around it.
  for (const std::string& word : which)
    if (is_lesson_path(word))
      if (is_meant_by_none(all, word)) {
        std::error_code error;
        const fs::path path = fs::is_directory(word, error) ? fs::path(word) / "lesson.md" : fs::path(word);
        all.push_back({path.lexically_normal().string(), lesson::load_lesson(path.string(), learner)});
        all.back().path = fs::path(all.back().path).lexically_normal().string();
      }
  add_shipped(arguments, which, learner, all);
  if (all.empty())
    return refuse(Exit::kNothingMatched,
                  fmt::format("there is no lesson in '{}'{}", scenario::printable(arguments.folder),
                              where_shipped_files_would_be()));
  for (const std::string& word : which)
    if (is_meant_by_none(all, word))
      return refuse(Exit::kNothingMatched,
                    fmt::format("there is no lesson '{}'; `twice lesson list` names them", scenario::printable(word)));
  for (lesson::ListedLesson& one : all) {
    const auto meant = [&](const std::string& word) { return is_meant(one, word); };
    if (which.empty() || std::any_of(which.begin(), which.end(), meant)) chosen.push_back(std::move(one));
  }
  return chosen;
}

Exit list(const LessonArguments& arguments) {
  const auto all = listed(arguments, {});
  if (const auto* refused = std::get_if<Refused>(&all)) return refused->code;
  Exit code = Exit::kMet;
  for (const auto& [path, loaded] : std::get<0>(all)) {
    if (!loaded.lesson) {
      code = Exit::kBadScenario;
      tell(render(loaded.diagnostics, colour_for_errors(arguments.outputs)));
      continue;
    }
    const lesson::FrontMatter& front = loaded.lesson->front;
    if (arguments.outputs.json) {
      const nlohmann::ordered_json json = {{"number", front.number},
                                           {"title", front.title},
                                           {"minutes", front.minutes},
                                           {"path", lab::short_name(path)},
                                           {"needs", front.needs},
                                           {"goals", front.goals},
                                           {"misconception", front.misconception}};
      print(json.dump() + "\n");
    } else {
      print(fmt::format("{:>3}  {}  ({} min)\n     {}\n", front.number, scenario::printable(front.title), front.minutes,
                        scenario::printable(front.misconception)));
    }
  }
  return code;
}

Exit code_of(const lesson::Gradebook& book) {
  Exit code = Exit::kMet;
  for (const lesson::LessonRow& row : book.lessons) {
    if (!row.trouble.empty()) code = worse(code, Exit::kBadScenario);
    if (row.status == lesson::Status::kNotYet || row.status == lesson::Status::kOpen) code = worse(code, Exit::kFailed);
    if (row.status == lesson::Status::kUnknown) code = worse(code, Exit::kUndecided);
  }
  return code;
}

// Lessons and the scenarios and data that lie in their folders; answers and the edits beside them.
std::optional<Refused> spares_lessons(const LessonArguments& arguments, const std::vector<lesson::Lesson>& lessons,
                                      const lesson::Answers& answers) {
  constexpr std::array<std::string_view, 5> kRead{".md", ".toml", ".csv", ".jsonl", ".sql"};
  std::vector<std::string> inputs{arguments.answers};
  for (const lesson::Answer& answer : answers.answers)
    if (answer.edits_file)
      inputs.push_back((fs::path(arguments.answers).parent_path() / answer.edits_file->value).string());
  for (const lesson::Lesson& one : lessons) {
    std::error_code error;
    const fs::path folder = fs::path(one.path).parent_path();
    for (auto at = fs::recursive_directory_iterator(folder.empty() ? "." : folder, error);
         !error && at != fs::recursive_directory_iterator(); at.increment(error))
      if (std::find(kRead.begin(), kRead.end(), at->path().extension().string()) != kRead.end())
        inputs.push_back(at->path().string());
  }
  const auto error = overwrites_input({{"--output", arguments.output}}, inputs);
  return error ? std::optional(refuse(Exit::kUsage, *error)) : std::nullopt;
}

Exit grade(const LessonArguments& arguments) {
  if (auto error = cannot_write(arguments.output)) return refuse(Exit::kUsage, *error).code;
  const auto answers = own_answers(arguments);
  if (const auto* refused = std::get_if<Refused>(&answers)) return refused->code;
  const lesson::Learner learner{arguments.learner};
  const auto lessons = chosen_lessons(arguments, learner);
  if (const auto* refused = std::get_if<Refused>(&lessons)) return refused->code;
  if (const auto refused = spares_lessons(arguments, std::get<0>(lessons), std::get<0>(answers))) return refused->code;
  const auto limit = chosen_limit(arguments.time_limit);
  if (const auto* refused = std::get_if<Refused>(&limit)) return refused->code;
  std::optional<Watch> watch(std::in_place, "lessons", std::get<0>(limit), false);
  const lesson::Gradebook book = lesson::grade_all(std::get<0>(lessons), learner, std::get<0>(answers),
                                                   watch->workers(chosen_jobs(arguments.jobs)));
  watch.reset();
  // What was not run any more is unknown, and says so.
  const Exit code = interrupted() ? stop_code(lab::StoppedBy::kInterrupt) : code_of(book);
  if (arguments.output.empty()) {
    print(to_json(book));
    return code;
  }
  if (auto error = write_files({{arguments.output, to_json(book)}})) return refuse(Exit::kUsage, *error).code;
  print(to_text(book));
  return code;
}

Exit check(const LessonArguments& arguments) {
  const auto paths = chosen_lesson_paths(arguments);
  if (const auto* refused = std::get_if<Refused>(&paths)) return refused->code;
  const auto limit = chosen_limit(arguments.time_limit);
  if (const auto* refused = std::get_if<Refused>(&limit)) return refused->code;
  lesson::CheckOptions options;
  options.learners = arguments.learners, options.seeds = arguments.seeds;
  Exit code = Exit::kMet;
  for (const std::string& path : std::get<0>(paths)) {
    options.words = lesson::read_words((fs::path(path).parent_path().parent_path() / "words.txt").string());
    std::optional<Watch> watch(std::in_place, "lessons", std::get<0>(limit), false);
    options.workers = watch->workers(chosen_jobs(arguments.jobs));
    const lesson::Checked checked = lesson::check_lesson(path, options);
    const lab::StoppedBy by = watch->stopped_by();
    watch.reset();
    if (by != lab::StoppedBy::kNothing) {
      tell(fmt::format("{}: not checked to the end ({})\n", scenario::printable(path), name_of(by)));
      return worse(code, stop_code(by));
    }
    if (!checked.limit.empty()) code = worse(code, Exit::kUndecided);
    print(render(checked.diagnostics, style_for(arguments.outputs).colour));
    if (checked.diagnostics.has_errors()) code = Exit::kBadScenario;
    if (arguments.outputs.quiet) continue;
    print(fmt::format("{}: {}\n", scenario::printable(path), checked.diagnostics.has_errors() ? "has errors" : "ok"));
    for (const std::string& line : checked.report) print("  " + scenario::printable(line) + "\n");
    if (options.words.empty()) print(fmt::format("  spelling was not checked: there is no {}\n", options.words.path));
  }
  return code;
}

Exit guide(const LessonArguments& arguments) {
  if (auto error = cannot_write(arguments.output)) return refuse(Exit::kUsage, *error).code;
  const lesson::Learner learner{arguments.learner};
  const auto lessons = chosen_lessons(arguments, learner);
  if (const auto* refused = std::get_if<Refused>(&lessons)) return refused->code;
  if (const auto refused = spares_lessons(arguments, std::get<0>(lessons), {})) return refused->code;
  const auto limit = chosen_limit(arguments.time_limit);
  if (const auto* refused = std::get_if<Refused>(&limit)) return refused->code;
  std::string text;
  {
    Watch watch("lessons", std::get<0>(limit), false);
    text = lesson::guide(std::get<0>(lessons), learner, watch.workers(chosen_jobs(arguments.jobs)));
    // Half a guide is none.
    if (const lab::StoppedBy by = watch.stopped_by(); by != lab::StoppedBy::kNothing)
      return refuse(stop_code(by), fmt::format("stopped ({}); nothing was written", name_of(by))).code;
  }
  if (arguments.output.empty()) return print(text), Exit::kMet;
  if (auto error = write_files({{arguments.output, text}})) return refuse(Exit::kUsage, *error).code;
  return Exit::kMet;
}

}  // namespace

std::variant<std::vector<std::string>, Refused> chosen_lesson_paths(const LessonArguments& arguments) {
  auto all = listed(arguments, {});
  if (const auto* refused = std::get_if<Refused>(&all)) return *refused;
  std::vector<std::string> paths;
  for (const auto& one : std::get<0>(all)) paths.push_back(one.path);
  return paths;
}

std::variant<std::vector<lesson::Lesson>, Refused> chosen_lessons(const LessonArguments& arguments,
                                                                  const lesson::Learner& learner) {
  auto all = listed(arguments, learner);
  if (const auto* refused = std::get_if<Refused>(&all)) return *refused;
  std::vector<lesson::Lesson> lessons;
  for (auto& one : std::get<0>(all)) {
    tell(render(one.loaded.diagnostics, colour_for_errors(arguments.outputs)));
    if (!one.loaded.lesson) return Refused{Exit::kBadScenario};
    lessons.push_back(std::move(*one.loaded.lesson));
  }
  return lessons;
}

std::variant<lesson::Answers, Refused> chosen_answers(const std::string& path, const Outputs& outputs) {
  const scenario::FileText text = scenario::read_text_file(path, limits::kAnswersFile);
  if (const auto* problem = std::get_if<scenario::FileProblem>(&text))
    return refuse(Exit::kBadScenario, scenario::printable(problem->message));
  auto answers = lesson::read_answers(path, std::get<std::string>(text));
  if (const auto* wrong = std::get_if<scenario::DiagnosticList>(&answers)) {
    tell(render(*wrong, colour_for_errors(outputs)));
    return Refused{Exit::kBadScenario};
  }
  return std::get<lesson::Answers>(std::move(answers));
}

std::variant<lesson::Answers, Refused> own_answers(const LessonArguments& arguments) {
  auto answers = chosen_answers(arguments.answers, arguments.outputs);
  const auto* read = std::get_if<lesson::Answers>(&answers);
  if (!read || read->learner == arguments.learner) return answers;
  return refuse(Exit::kUsage, fmt::format("these are the answers of '{}', not of '{}': name whose they are with "
                                          "--learner",
                                          scenario::printable(read->learner), scenario::printable(arguments.learner)));
}

Exit execute(const LessonArguments& arguments) {
  switch (arguments.task) {
    case LessonArguments::Task::kList:
      return list(arguments);
    case LessonArguments::Task::kRun:
      return run_lesson(arguments);
    case LessonArguments::Task::kGrade:
      return grade(arguments);
    case LessonArguments::Task::kStep:
      return run_lesson_step(arguments);
    case LessonArguments::Task::kCheck:
      return check(arguments);
    case LessonArguments::Task::kHtml:
      return write_lesson_pages(arguments);
    case LessonArguments::Task::kGuide:
      return guide(arguments);
  }
  return Exit::kUsage;
}

}  // namespace twice::cli
