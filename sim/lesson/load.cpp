#include "lesson/load.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "core/limits.h"
#include "core/overload.h"
#include "lesson/placeholders.h"
#include "scenario/named_file.h"
#include "scenario/read.h"
#include "scenario/scan.h"
#include "scenario/text.h"

namespace twice::lesson {
namespace {

namespace fs = std::filesystem;
using scenario::Diagnostics;
using scenario::Table;
using scenario::TableReader;

constexpr std::string_view kFile = "lesson.md";

template <class... Block>
std::vector<std::string_view> names_of(const std::variant<Block...>&) {
  return {Block::kName...};
}
const std::vector<std::string_view>& step_words() {
  static const std::vector<std::string_view> kWords = names_of(Step{});
  return kWords;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

Span line_span(std::size_t line, std::string_view text) {
  const auto number = static_cast<std::uint32_t>(line + 1);
  return {0, {number, 1}, {number, static_cast<std::uint32_t>(scenario::code_points(text) + 1)}};
}

class Reader {
 public:
  Reader(const std::string& path, std::string text, const Learner& learner) : learner_(learner) {
    lesson_.path = path;
    lesson_.folder = fs::path(path).parent_path().string();
    sources_.push_back({path, std::move(text)});
  }

  LoadedLesson run() {
    if (read_front()) {
      sources_[0].text = with_numbers(sources_[0].text, numbers_for(learner_, lesson_.front));
      read_body();
    }
    LoadedLesson loaded{std::nullopt, sources_, out_.finish(sources_)};
    if (out_.errors() == 0) loaded.lesson = std::move(lesson_);
    return loaded;
  }

 private:
  using Lines = std::vector<std::string_view>;

  // TOML that begins in this line of the file. A lesson may have thousands of blocks: none of them costs more than its
  // own lines.
  std::optional<Table> read_block(const Lines& lines, std::size_t first, std::size_t end) {
    std::string text;
    for (std::size_t i = first; i < end; ++i) text.append(lines[i]).push_back('\n');
    return scenario::read_toml(text, 0, out_, {.lines_before = static_cast<std::uint32_t>(first)});
  }

  template <class T>
  void read_table(const Table& table, const Span& span, std::string where, T& to) {
    TableReader reader(out_, table, span, std::move(where));
    scenario::read_struct(reader, to);
  }

  bool read_front() {
    const std::string whole = sources_[0].text;  // the lines below point into it
    const auto lines = lines_of(whole);
    if (lines.empty() || lines[0] != "+++") {
      const std::string help = "its first line is +++, then come title, number, goals, …, then +++ again";
      return out_.error({0, {1, 1}, {1, 1}}, "a lesson begins with its front matter", help), false;
    }
    const auto end = std::find(lines.begin() + 1, lines.end(), "+++");
    if (end == lines.end())
      return out_.error(line_span(0, "+++"), "the front matter has no end", "a second line +++ ends it"), false;
    body_ = static_cast<std::size_t>(end - lines.begin()) + 1;
    const auto table = read_block(lines, 1, body_ - 1);
    if (!table) return false;
    lesson_.front.span = line_span(0, "+++");
    read_table(*table, lesson_.front.span, "the front matter", lesson_.front);
    check_draws();
    // The front matter is the same for everybody: no number stands in it.
    find_placeholders(lines, 1, body_ - 1, {});
    return out_.errors() == 0;
  }

  void check_draws() {
    for (const auto& [name, draw] : lesson_.front.draw) {
      const bool ordered = draw.from <= draw.to && (draw.to - draw.from) / draw.step < 1'000'000;
      if (!ordered || draw.first < draw.from || draw.first > draw.to || (draw.first - draw.from) % draw.step != 0)
        out_.error(draw.span, fmt::format("'{}' cannot be drawn", name),
                   "from <= first <= to, in steps of `step` from `from` on");
    }
  }

  // What with_numbers has left would be read as it stands.
  void find_placeholders(const Lines& lines, std::size_t first, std::size_t end,
                         const std::vector<std::string>& known) {
    for (std::size_t i = first; i < end; ++i) {
      const bool is_comment = i < body_ && lines[i].starts_with('#');
      for (const Placeholder& found : placeholders_in(lines[i])) {
        if (is_comment || found.inside == kValue || found.inside == kTable) continue;
        const auto line = static_cast<std::uint32_t>(i + 1), column = static_cast<std::uint32_t>(found.column);
        const auto length = static_cast<std::uint32_t>(found.inside.size() + 2);
        const std::string otherwise = known.empty() ? "[draw] in the front matter defines numbers for the text below it"
                                                    : fmt::format("[draw] defines {}", fmt::join(known, ", "));
        out_.error({0, {line, column}, {line, column + length}},
                   fmt::format("there is no number for {{{}}}: learners would read it as it stands", found.inside),
                   scenario::did_you_mean(found.inside, known, otherwise));
      }
    }
  }

  void read_body() {
    const std::string whole = sources_[0].text;
    const auto lines = lines_of(whole);
    std::vector<std::string> known;
    for (const auto& [name, spec] : lesson_.front.draw) known.push_back(name);
    find_placeholders(lines, body_, lines.size(), known);
    std::string text;
    std::size_t text_from = body_;
    const auto end_text = [&](std::size_t line) {
      add_text(std::exchange(text, {}), {0, {static_cast<std::uint32_t>(text_from + 1), 1}, {}});
      text_from = line;
    };
    for (std::size_t i = body_; i < lines.size(); ++i) {
      if (lines[i].starts_with("## ")) {
        end_text(i + 1);
        lesson_.screens.push_back({std::string(scenario::trim(lines[i].substr(3))), {}, line_span(i, lines[i])});
      } else if (lines[i].starts_with("```")) {
        const std::size_t close = end_of_fence(lines, i);
        if (close == lines.size())
          return out_.error(line_span(i, lines[i]), "this block has no end", "a line ``` ends it");
        const std::string_view word = scenario::trim(lines[i].substr(3));
        if (is_step(word, lines[i], i)) {
          end_text(close + 1);
          add_step(lines, word, line_span(i, lines[i]), i + 1, close);
        } else {
          for (std::size_t j = i; j <= close; ++j) text += std::string(lines[j]) + "\n";
        }
        i = close;
      } else {
        text += std::string(lines[i]) + "\n";
      }
    }
    end_text(lines.size());
    if (lesson_.screens.empty()) out_.error(lesson_.front.span, "the lesson has no screen", "## begins one");
  }

  static std::size_t end_of_fence(const Lines& lines, std::size_t open) {
    std::size_t close = open + 1;
    while (close < lines.size() && lines[close] != "```") ++close;
    return close;
  }

  // Other blocks are samples of SQL and the like; a word that is nearly a step was meant to be one.
  bool is_step(std::string_view word, std::string_view line, std::size_t at) {
    const auto& words = step_words();
    if (std::find(words.begin(), words.end(), word) != words.end()) return true;
    if (!word.empty() && !scenario::nearest(word, words).empty() && word != "text")
      out_.error(line_span(at, line), fmt::format("there is no step '{}'", word), scenario::did_you_mean(word, words));
    return false;
  }

  std::vector<Part>* parts(const Span& span) {
    if (lesson_.screens.empty()) {
      out_.error(span, "this stands on no screen", "a line \"## heading\" begins one");
      return nullptr;
    }
    return &lesson_.screens.back().parts;
  }

  void add_text(std::string text, const Span& span) {
    const std::size_t first = text.find_first_not_of(" \n\t");
    if (first == std::string::npos) return;
    const bool is_title = lesson_.screens.empty() && text.substr(first, 2) == "# ";
    if (is_title) return;  // the front matter has the title; a heading makes the page readable by itself
    Span at = span;
    at.begin.line +=
        static_cast<std::uint32_t>(std::count(text.begin(), text.begin() + static_cast<long>(first), '\n'));
    at.end = {at.begin.line, 2};
    text.erase(0, text.rfind('\n', first) == std::string::npos ? 0 : text.rfind('\n', first) + 1);
    text.erase(text.find_last_not_of(" \n\t") + 1);
    check_no_value({text}, at);
    if (auto* to = parts(at)) to->push_back(TextPart{std::move(text), at});
  }

  template <class T>
  Step read_step(const Table& table, const Span& span, std::string_view word) {
    T step{};
    read_table(table, span, fmt::format("[{}]", word), step);
    return step;
  }

  void add_step(const Lines& lines, std::string_view word, const Span& span, std::size_t first, std::size_t end) {
    const auto table = read_block(lines, first, end);
    if (!table) return;
    StepPart part{name_of(word), read_kind(word, *table, span), span};
    check_step(part);
    if (auto* to = parts(span)) to->push_back(std::move(part));
  }

  Step read_kind(std::string_view word, const Table& table, const Span& span) {
    if (word == "predict") return read_step<Predict>(table, span, word);
    if (word == "run") return read_step<Show>(table, span, word);
    if (word == "explain") return read_step<Explain>(table, span, word);
    if (word == "challenge") return read_step<Challenge>(table, span, word);
    if (word == "transfer") return read_step<Transfer>(table, span, word);
    return read_step<Card>(table, span, word);
  }

  std::string name_of(std::string_view word) {
    const std::uint32_t count = ++counts_[std::string(word)];
    return count == 1 ? std::string(word) : fmt::format("{}-{}", word, count);
  }

  // Other people's files: what they name stays in the lesson's folder.
  void check_file(const Spanned<std::string>& file, const Span& step) {
    const auto named = scenario::named_file(lesson_.folder, file.value);
    if (const auto* outside = std::get_if<scenario::FileProblem>(&named))
      out_.error(file.span.begin.line > 0 ? file.span : step, outside->message, outside->help);
  }

  void check_files(const StepPart& part) {
    std::visit(Overload{[](const Card&) {}, [&](const auto& step) { check_file(step.run.scenario, part.span); }},
               part.step);
    const auto* challenge = std::get_if<Challenge>(&part.step);
    if (!challenge) return;
    check_file(challenge->solution, part.span);
    for (const auto& wrong : challenge->wrong) check_file(wrong, part.span);
  }

  void check_step(const StepPart& part) {
    check_files(part);
    check_no_value(texts_before_answer(part.step), part.span);
    const auto* question = std::get_if<Predict>(&part.step);
    if (question) check_question(*question, part.span);
    if (const auto* transfer = std::get_if<Transfer>(&part.step)) check_question(*transfer, part.span);
    if (const auto* explain = std::get_if<Explain>(&part.step))
      if (explain->candidates.size() < 2) out_.error(part.span, "there is nothing to choose between", "give two");
    if (const auto* challenge = std::get_if<Challenge>(&part.step))
      if (challenge->wrong.size() < 2)
        out_.error(part.span, "a challenge needs two wrong solutions", "each shows that the check tells them apart");
  }

  // {value} is what was measured: only the words after an answer have it.
  void check_no_value(const std::vector<std::string>& texts, const Span& span) {
    for (const std::string& text : texts)
      for (const Placeholder& found : placeholders_in(text))
        if (found.inside == kValue)
          out_.error(span, "{value} is not known here: learners would read it as it stands",
                     "`says` of a choice and `because` of a question have it");
  }

  void check_question(const Question& question, const Span& span) {
    if (question.choices.size() < 2) out_.error(span, "there is nothing to choose between", "give two choices");
    for (const Choice& choice : question.choices)
      if (choice.lane.has_value() != question.where.has_value())
        out_.error(choice.span, question.where ? "`where` asks for a lane, and this names none"
                                               : "a lane as an answer needs `where`: which one is asked for");
  }

  const Learner& learner_;
  Lesson lesson_;
  scenario::Sources sources_;
  Diagnostics out_;
  std::size_t body_ = 0;  // its first line, from 0
  std::map<std::string, std::uint32_t> counts_;
};

}  // namespace

std::vector<const StepPart*> Lesson::steps() const {
  std::vector<const StepPart*> all;
  for (const Screen& screen : screens)
    for (const Part& part : screen.parts)
      if (const auto* found = std::get_if<StepPart>(&part)) all.push_back(found);
  return all;
}

const StepPart* Lesson::step(std::string_view name) const {
  for (const StepPart* part : steps())
    if (part->name == name) return part;
  return nullptr;
}

LoadedLesson parse_lesson(const std::string& path, std::string text, const Learner& learner) {
  if (scenario::first_invalid_utf8(text)) {
    Diagnostics out;
    out.error({}, "this is no UTF-8 text");
    const scenario::Sources sources{{path, {}}};
    return {std::nullopt, sources, out.finish(sources)};
  }
  return Reader(path, std::move(text), learner).run();
}

LoadedLesson load_lesson(const std::string& path, const Learner& learner) {
  std::error_code error;
  const std::string file = fs::is_directory(path, error) ? (fs::path(path) / kFile).string() : path;
  const scenario::FileText read = scenario::read_text_file(file, limits::kLessonFile);
  if (const auto* text = std::get_if<std::string>(&read)) return parse_lesson(file, *text, learner);
  const auto& problem = std::get<scenario::FileProblem>(read);
  Diagnostics out;
  out.error({}, problem.message, "`twice new lesson` writes a first one");
  const scenario::Sources sources{{file, {}}};
  return {std::nullopt, sources, out.finish(sources)};
}

std::string beside(const Lesson& lesson, const std::string& file) {
  return (fs::path(lesson.folder) / file).lexically_normal().string();
}

std::vector<ListedLesson> list_lessons(const std::string& folder, const Learner& learner) {
  std::vector<std::string> paths;
  std::error_code error;
  for (auto at = fs::recursive_directory_iterator(folder, fs::directory_options::skip_permission_denied, error);
       !error && at != fs::recursive_directory_iterator(); at.increment(error))
    if (at->path().filename() == kFile) paths.push_back(at->path().lexically_normal().string());
  std::sort(paths.begin(), paths.end());
  std::vector<ListedLesson> all;
  for (std::string& path : paths) {
    LoadedLesson loaded = load_lesson(path, learner);
    all.push_back({std::move(path), std::move(loaded)});
  }
  const auto number = [](const ListedLesson& l) { return l.loaded.lesson ? l.loaded.lesson->front.number : 1'000u; };
  std::stable_sort(all.begin(), all.end(), [&](const auto& a, const auto& b) { return number(a) < number(b); });
  return all;
}

}  // namespace twice::lesson
