#include "lesson/page.h"

#include <filesystem>

#include <fmt/format.h>

#include "core/overload.h"
#include "lesson/map_svg.h"
#include "lesson/markdown.h"

namespace twice::lesson {
namespace {

constexpr std::string_view kStyle = R"(body{font:16px/1.5 sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse}td,th{border:1px solid #888;padding:.2rem .6rem;text-align:left}
pre{background:#f3f3f3;padding:.6rem;overflow-x:auto}.step{border-left:4px solid #0072b2;padding:.1rem 1rem;margin:1rem 0}
section{break-inside:avoid}.card{border:1px solid #888;padding:.1rem 1rem}.space{height:5rem;border:1px dashed #888}
img,svg{max-width:100%;height:auto}
@media(prefers-color-scheme:dark){body{background:#1b1b1b;color:#eee}pre{background:#2a2a2a}a{color:#56b4e9}})";

std::string options(const Session& session, const StepPart& part) {
  std::string out = "<ol>\n";
  for (const std::string& text : session.choices(part)) out += "<li>" + html_inline(text) + "</li>\n";
  return out + "</ol>\n";
}

std::string run_table(const Session& session, const Show& step) {
  const auto shown = session.run(step);
  if (const auto* trouble = std::get_if<Trouble>(&shown)) return "<pre>" + html_inline(trouble->text) + "</pre>\n";
  const auto& run = std::get<ShownRun>(shown);
  std::string out = "<table><tr><th>lane</th>";
  for (const std::string& of : step.shows) out += "<th>" + html_inline(of) + "</th>";
  out += "</tr>\n";
  for (const ShownRun::Row& row : run.rows) {
    out += "<tr><td>" + html_inline(row.lane) + "</td>";
    for (const std::string& cell : row.cells) out += "<td>" + html_inline(cell) + "</td>";
    out += "</tr>\n";
  }
  out += "</table>\n";
  if (!run.strips.empty()) out += "<pre>" + html_inline(run.strips) + "</pre>\n";
  return out + "<p><code>" + html_inline(run.repro) + "</code></p>\n";
}

std::string picture_of(const StepPart& part, const Pictures& pictures) {
  const auto picture = pictures.find(part.name);
  if (picture == pictures.end()) return {};
  return fmt::format("<p><img src=\"{}\" alt=\"This run in the desktop lab, at its end\"></p>\n",
                     html_inline(picture->second));
}

std::string head_of(std::string_view title) {
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{}</title><style>{}</style></head>"
      "<body>\n",
      html_inline(title), kStyle);
}

std::string step_html(const Session& session, const StepPart& part, const Pictures& pictures) {
  const auto box = [](std::string_view word, const std::string& inside) {
    return fmt::format("<div class=\"step\"><p><strong>{}</strong></p>\n{}</div>\n", word, inside);
  };
  const std::string space = "<div class=\"space\"></div>\n";
  return std::visit(
      Overload{
          [&](const Predict& s) {
            return box("Predict", html(s.question) + options(session, part) + "<p>How sure, in percent? ____</p>\n");
          },
          [&](const Transfer& s) { return box("Somewhere else", html(s.question) + options(session, part)); },
          [&](const Show& s) { return box("Run", html(s.text) + run_table(session, s) + picture_of(part, pictures)); },
          [&](const Explain& s) { return box("Explain", html(s.question) + options(session, part)); },
          [&](const Challenge& s) { return box("Challenge", html(s.question) + space); },
          [&](const Card& s) {
            return fmt::format("<div class=\"card\"><h3>{} ({})</h3>\n{}<p>{}</p></div>\n", html_inline(s.title),
                               html_inline(s.dated), html(s.text),
                               html_inline(fmt::format("[{}]({})", s.source, s.source)));
          }},
      part.step);
}

}  // namespace

std::string page(const Session& session, const Pictures& pictures) {
  const FrontMatter& front = session.lesson().front;
  std::string out =
      head_of(front.title) + fmt::format("<h1>{}. {}</h1>\n<p>{} minutes. Afterwards you can:</p>\n<ul>\n",
                                         front.number, html_inline(front.title), front.minutes);
  for (const std::string& goal : front.goals) out += "<li>" + html_inline(goal) + "</li>\n";
  out += "</ul>\n";
  for (const Screen& screen : session.lesson().screens) {
    out += "<section><h2>" + html_inline(screen.title) + "</h2>\n";
    for (const Part& part : screen.parts)
      out += std::visit(Overload{[](const TextPart& text) { return html(text.markdown); },
                                 [&](const StepPart& step) { return step_html(session, step, pictures); }},
                        part);
    out += "</section>\n";
  }
  return out + "<p>What this leaves out: " + html_inline(front.leaves_out) + "</p>\n</body></html>\n";
}

std::string index_page(const std::vector<Lesson>& lessons) {
  std::string out = head_of("Lessons") + "<h1>Lessons</h1>\n" + map_svg(lessons) +
                    "<table><tr><th>lesson</th><th>minutes</th><th>what many believe</th></tr>\n";
  std::uint32_t minutes = 0;
  for (const Lesson& lesson : lessons) {
    const FrontMatter& front = lesson.front;
    minutes += front.minutes;
    out += fmt::format("<tr><td><a href=\"{}.html\">{}. {}</a></td><td>{}</td><td>{}</td></tr>\n",
                       html_inline(std::filesystem::path(lesson.folder).filename().string()), front.number,
                       html_inline(front.title), front.minutes, html_inline(front.misconception));
  }
  return out + fmt::format("</table>\n<p>{} lessons, {} minutes.</p></body></html>\n", lessons.size(), minutes);
}

}  // namespace twice::lesson
