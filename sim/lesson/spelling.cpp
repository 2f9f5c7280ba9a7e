#include "lesson/spelling.h"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "core/limits.h"
#include "core/overload.h"
#include "lesson/load.h"
#include "scenario/load.h"

namespace twice::lesson {
namespace {

namespace fs = std::filesystem;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }
/// Bytes that make a token something else than a word of prose: 3x, a_b, x.toml, naïve in UTF-8.
bool joins(char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '/' || (c & 0x80) != 0; }

// Code and link targets become blanks, so that positions stay.
std::string prose_only(std::string_view markdown) {
  std::string text(markdown);
  bool fence = false;
  const auto blank = [&](std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; ++i)
      if (text[i] != '\n') text[i] = ' ';
  };
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const bool marks = std::string_view(text).substr(at, 3) == "```";
    if (marks) fence = !fence;
    if (marks || fence) blank(at, end);
    at = end + 1;
  }
  for (std::size_t open = 0; (open = text.find('`', open)) != std::string::npos;) {
    const std::size_t close = std::min(text.find('`', open + 1), text.size() - 1);
    blank(open, close + 1);
  }
  for (std::size_t open = 0; (open = text.find("](", open)) != std::string::npos;) {
    const std::size_t close = std::min(text.find(')', open), text.size() - 1);
    blank(open, close + 1);
  }
  for (std::size_t open = 0; (open = text.find("http", open)) != std::string::npos;)
    blank(open, std::min(text.find_first_of(" \n", open), text.size()));
  return text;
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result)
    if (is_capital(c)) c = static_cast<char>(c - 'A' + 'a');
  return result;
}

struct Prose {
  std::string text;
  Span span{};
  bool exact = false;  // the text begins at the span; otherwise the span is the step's
};

std::vector<Prose> prose_of(const StepPart& part) {
  std::vector<Prose> prose;
  const auto add = [&](const std::string& text, const Span& span) { prose.push_back({text, span, false}); };
  const auto add_question = [&](const Question& q) {
    add(q.question, part.span), add(q.because, part.span);
    for (const Choice& c : q.choices) add(c.text, c.span), add(c.says, c.span);
  };
  std::visit(Overload{[&](const Predict& q) { add_question(q); }, [&](const Transfer& q) { add_question(q); },
                      [&](const Show& s) { add(s.text, part.span); },
                      [&](const Explain& e) {
                        add(e.question, part.span), add(e.because, part.span);
                        for (const auto& hint : e.hints) add(hint, part.span);
                        for (const Candidate& c : e.candidates) add(c.text, c.span), add(c.says, c.span);
                      },
                      [&](const Challenge& c) {
                        add(c.question, part.span), add(c.because, part.span);
                        for (const auto& hint : c.hints) add(hint, part.span);
                        for (const Hidden& h : c.hidden) add(h.name, h.span);
                      },
                      [&](const Card& c) { add(c.title, part.span), add(c.text, part.span); }},
             part.step);
  return prose;
}

std::vector<Prose> prose_of(const Lesson& lesson) {
  const FrontMatter& front = lesson.front;
  std::vector<Prose> prose{{front.title, front.span, false},
                           {front.misconception, front.span, false},
                           {front.leaves_out, front.span, false}};
  for (const std::string& goal : front.goals) prose.push_back({goal, front.span, false});
  for (const Screen& screen : lesson.screens) {
    prose.push_back({screen.title, screen.span, false});
    for (const Part& part : screen.parts) {
      if (const auto* text = std::get_if<TextPart>(&part)) prose.push_back({text->markdown, text->span, true});
      if (const auto* step = std::get_if<StepPart>(&part))
        for (Prose& place : prose_of(*step)) prose.push_back(std::move(place));
    }
  }
  return prose;
}

Span span_of(const Prose& place, const WrittenWord& word) {
  if (!place.exact) return place.span;
  const auto line = static_cast<std::uint32_t>(place.span.begin.line + word.line);
  const auto column = static_cast<std::uint32_t>(word.column + 1);
  return {0, {line, column}, {line, column + static_cast<std::uint32_t>(word.word.size())}};
}

}  // namespace

WordList read_words(const std::string& path) {
  WordList list{path, {}};
  const scenario::FileText read = scenario::read_text_file(path, limits::kWordsFile);
  const auto* text = std::get_if<std::string>(&read);
  if (!text) return list;
  for (const WrittenWord& word : words_in(*text)) list.words.insert(word.word);
  return list;
}

std::vector<WrittenWord> words_in(std::string_view markdown) {
  const std::string text = prose_only(markdown);
  std::vector<WrittenWord> words;
  std::size_t line = 0, line_start = 0;
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == '\n') ++line, line_start = i + 1;
    if (!joins(text[i])) {
      ++i;
      continue;
    }
    std::size_t end = i;
    const auto apostrophe = [&](std::size_t at) {
      return text[at] == '\'' && at + 1 < text.size() && is_letter(text[at + 1]);
    };
    while (end < text.size() && (joins(text[end]) || apostrophe(end))) ++end;
    std::string_view token = std::string_view(text).substr(i, end - i);
    if (token.ends_with("'s")) token.remove_suffix(2);
    const bool plain = std::all_of(token.begin(), token.end(), [](char c) { return is_letter(c) || c == '\''; }) &&
                       std::none_of(token.begin() + 1, token.end(), is_capital);
    if (plain && token.size() > 1) words.push_back({lower(token), line, i - line_start});
    i = end;
  }
  return words;
}

void check_spelling(const Lesson& lesson, const WordList& words, scenario::Diagnostics& out) {
  if (words.empty()) return;
  const std::vector<std::string> known(words.words.begin(), words.words.end());
  std::set<std::string> told;
  for (const Prose& place : prose_of(lesson)) {
    const auto written = words_in(place.text);
    for (std::size_t i = 0; i < written.size(); ++i) {
      const WrittenWord& word = written[i];
      if (i > 0 && word.word == written[i - 1].word && word.line == written[i - 1].line &&
          word.column == written[i - 1].column + word.word.size() + 1)
        out.warning(span_of(place, word), fmt::format("'{}' stands here twice", word.word));
      if (words.words.count(word.word) > 0 || !told.insert(word.word).second) continue;
      out.warning(span_of(place, word), fmt::format("'{}' is no word this project knows", word.word),
                  scenario::did_you_mean(word.word, known, "a right word is added to " + words.path));
    }
  }
}

void check_links(const Lesson& lesson, scenario::Diagnostics& out) {
  for (const Prose& place : prose_of(lesson)) {
    const std::string& text = place.text;
    for (std::size_t open = 0; (open = text.find("](", open)) != std::string::npos; ++open) {
      const std::size_t close = text.find(')', open);
      if (close == std::string::npos) break;
      std::string target = text.substr(open + 2, close - open - 2);
      target.erase(std::min(target.find('#'), target.size()));
      if (target.empty() || target.starts_with("https://") || target.starts_with("http://")) continue;
      if (target.starts_with("mailto:")) continue;
      std::error_code error;
      if (fs::exists(beside(lesson, target), error)) continue;
      const auto line =
          static_cast<std::size_t>(std::count(text.begin(), text.begin() + static_cast<long>(open), '\n'));
      Span span = place.span;
      if (place.exact) span = {0, {span.begin.line + static_cast<std::uint32_t>(line), 1}, {}};
      out.error(span, fmt::format("the link leads nowhere: '{}'", target), "paths start from the lesson's folder");
    }
  }
}

}  // namespace twice::lesson
