// `twice lesson html`: a page for each lesson, with a picture of each run where the program has the lab.
#include <filesystem>

#include <fmt/format.h>

#include "cli/lesson_files.h"
#include "cli/lesson_pictures.h"
#include "cli/output_files.h"
#include "cli/terminal.h"
#include "lesson/page.h"

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
  for (std::size_t i = 0; i < lessons.size(); ++i) {
    const lesson::Session session(lessons[i], learner, {chosen_jobs(arguments.jobs), {}});
    const Pictured pictured = arguments.pictures ? draw_runs(session, folder) : Pictured{};
    if (!pictured.error.empty()) return refuse(Exit::kBadScenario, pictured.error).code;
    files[i + 1].bytes = lesson::page(session, pictured.pictures);
  }
  if (auto reason = write_files(files)) return refuse(Exit::kUsage, *reason).code;
  for (const OutputFile& file : files) print(file.path + "\n");
  return Exit::kMet;
}

}  // namespace twice::cli
