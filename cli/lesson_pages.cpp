// `twice lesson html`: a page for each lesson, with a picture of each run where the program has the lab.
#include <filesystem>

#include <fmt/format.h>

#include "cli/lesson_files.h"
#include "cli/lesson_pictures.h"
#include "cli/output_files.h"
#include "cli/terminal.h"
#include "lesson/page.h"
#include "scenario/text.h"

namespace twice::cli {

namespace fs = std::filesystem;

std::string name_of(const lesson::Lesson& lesson) { return fs::path(lesson.folder).filename().string(); }

Exit write_lesson_pages(const LessonArguments& arguments) {
  const lesson::Learner learner{arguments.learner};
  const auto chosen = chosen_lessons(arguments, learner);
  if (const auto* refused = std::get_if<Refused>(&chosen)) return refused->code;
  const auto& lessons = std::get<0>(chosen);
  const fs::path folder = arguments.output;
  std::error_code error;
  fs::create_directories(folder, error);
  std::vector<OutputFile> files{{(folder / "index.html").string(), lesson::index_page(lessons)}};
  for (const lesson::Lesson& one : lessons) files.push_back({(folder / (name_of(one) + ".html")).string(), {}});
  for (const OutputFile& file : files)
    if (auto reason = cannot_write(file.path)) return refuse(Exit::kUsage, *reason).code;
  const auto limit = chosen_limit(arguments.time_limit);
  if (const auto* refused = std::get_if<Refused>(&limit)) return refused->code;
  const Watch watch("lessons", std::get<0>(limit), false);
  for (std::size_t i = 0; i < lessons.size(); ++i) {
    // Pictures may start threads: no process is forked then that need not be.
    const lab::WorkerOptions workers{.workers = chosen_jobs(arguments.jobs), .stop = stop_seam()};
    const lesson::Session session(lessons[i], learner, workers);
    const Pictured pictured = arguments.pictures ? draw_runs(session, folder) : Pictured{};
    if (!pictured.error.empty()) return refuse(Exit::kBadScenario, pictured.error).code;
    files[i + 1].bytes = lesson::page(session, pictured.pictures);
    if (const lab::StoppedBy by = watch.stopped_by(); by != lab::StoppedBy::kNothing)
      return refuse(stop_code(by), fmt::format("stopped ({}); no page was written", name_of(by))).code;
  }
  if (auto reason = write_files(files)) return refuse(Exit::kUsage, *reason).code;
  for (const OutputFile& file : files) print(scenario::printable(file.path) + "\n");
  return Exit::kMet;
}

}  // namespace twice::cli
