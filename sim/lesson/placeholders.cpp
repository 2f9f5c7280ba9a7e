#include "lesson/placeholders.h"

#include <algorithm>

#include "core/overload.h"
#include "scenario/text.h"

namespace twice::lesson {
namespace {

bool may_stand_inside(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
         std::string_view(" +-*/_").find(c) != std::string_view::npos;
}

bool has_name(std::string_view inside) {
  return std::any_of(inside.begin(), inside.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

template <class List>
void add_texts(std::vector<std::string>& texts, const List& list) {
  for (const auto& item : list) texts.push_back(item.text);
}

}  // namespace

std::vector<Placeholder> placeholders_in(std::string_view line) {
  std::vector<Placeholder> found;
  for (std::size_t open = 0; (open = line.find('{', open)) != std::string_view::npos; ++open) {
    std::size_t close = open + 1;
    while (close < line.size() && may_stand_inside(line[close])) ++close;
    if (line.substr(close, 2) == ":,") close += 2;  // with its thousands separated
    if (close == line.size() || line[close] != '}') continue;
    const std::string_view inside = line.substr(open + 1, close - open - 1);
    if (has_name(inside)) found.push_back({std::string(inside), scenario::code_points(line.substr(0, open)) + 1});
  }
  return found;
}

std::vector<std::string> texts_before_answer(const Step& step) {
  std::vector<std::string> texts;
  std::visit(Overload{[&](const Predict& s) { texts.push_back(s.question), add_texts(texts, s.choices); },
                      [&](const Transfer& s) { texts.push_back(s.question), add_texts(texts, s.choices); },
                      [&](const Show& s) { texts.push_back(s.text); },
                      [&](const Explain& s) {
                        texts.insert(texts.end(), {s.question, s.because});
                        add_texts(texts, s.candidates);
                        for (const Candidate& candidate : s.candidates) texts.push_back(candidate.says);
                        texts.insert(texts.end(), s.hints.begin(), s.hints.end());
                      },
                      [&](const Challenge& s) {
                        texts.insert(texts.end(), {s.question, s.because});
                        texts.insert(texts.end(), s.hints.begin(), s.hints.end());
                      },
                      [&](const Card& s) { texts.push_back(s.text); }},
             step);
  return texts;
}

}  // namespace twice::lesson
