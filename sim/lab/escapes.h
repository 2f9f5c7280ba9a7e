#pragma once
// Text on its way out: each function makes text from outside harmless for one kind of reader, and keeps what it says.
// All of them write what nobody can see as scenario::printable does.
#include <string>
#include <string_view>

namespace twice::lab {

/// A word for a shell (POSIX `sh`): as it is when it is plain, else in quotes. One printable line whatever the word is.
std::string shell_quoted(std::string_view word);
/// A path as an argument: one that begins with '-' is no option.
std::string shell_path(std::string_view path);
/// "--only 'a lane'"; "--only=-x" for a value that looks like an option.
std::string shell_option(std::string_view name, std::string_view value);

/// For XML attributes and text; line ends are &#10;.
std::string xml(std::string_view text);
/// For GitHub workflow commands; `property`: inside file=…,title=….
std::string github(std::string_view text, bool property);
/// For a cell of a Markdown table, a heading, a paragraph of one line.
std::string markdown(std::string_view text);
/// A span of code in Markdown, whatever backticks are in it.
std::string markdown_code(std::string_view text);

/// The last gate before a terminal and the log of a build server: keeps line ends, tabs and the colours that reports
/// use; every other control is written as its escape, and no line is a command for a build server (`::error::`,
/// `##[…]`, `##vso[…]`). Inside strings of JSON the escapes mean what they stand for.
std::string for_terminal(std::string_view text);

}  // namespace twice::lab
