#pragma once
// Spelling by a list of words that somebody has read: a word that is not there is asked about, with the nearest one.
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "lesson/spec.h"
#include "scenario/diagnostics.h"

namespace twice::lesson {

struct WordList {
  std::string path;  // for "if it is right, add it there"
  std::set<std::string> words;
  bool empty() const { return words.empty(); }
};
/// One word a line. A file that is not there gives an empty list.
WordList read_words(const std::string& path);

struct WrittenWord {
  std::string word;                  // in lower case
  std::size_t line = 0, column = 0;  // from 0, within the text; columns in bytes
};
/// Words of English prose: no code between backquotes, no targets of links, nothing with digits, dots or capitals
/// inside.
std::vector<WrittenWord> words_in(std::string_view markdown);

/// Everything a learner reads in this lesson.
void check_spelling(const Lesson& lesson, const WordList& words, scenario::Diagnostics& out);
/// Targets of [text](target) that start from the lesson's folder exist.
void check_links(const Lesson& lesson, scenario::Diagnostics& out);

}  // namespace twice::lesson
