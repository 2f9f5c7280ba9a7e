#pragma once
// EDN and JSON texts as one kind of tree that knows where each part stood.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace twice::check {

struct Place {
  std::size_t line = 1, column = 1;
};

/// One value of the text. Sets, lists and vectors are lists; a map is a list of keys and values in turn.
struct Form {
  enum class Kind : std::uint8_t { kNil, kBool, kNumber, kText, kWord, kList, kMap };
  Kind kind = Kind::kNil;
  Place place;
  std::int64_t number = 0;  // also of a kBool
  std::string text;         // of a kText; of a kWord without its colon
  std::vector<Form> items;

  /// The value under a key of a map, written :name or "name"; nullptr when there is none.
  const Form* find(std::string_view name) const;
};

struct FormError {
  Place place;
  std::string message, help;
};

/// Reads one value after another. Depth and numbers are bounded; nothing is recursive without a limit.
class FormReader {
 public:
  static constexpr std::size_t kDeepest = 64;
  enum class Syntax : std::uint8_t { kEdn, kJson };

  /// `start`: where the text lies in a larger one.
  FormReader(std::string_view text, Syntax syntax, Place start = {}) : text_(text), syntax_(syntax), place_(start) {}

  /// True at the end of the text, after blanks, commas and comments.
  std::variant<bool, FormError> at_end();
  std::variant<Form, FormError> next() { return value(0); }

 private:
  using Result = std::variant<Form, FormError>;

  bool more() const { return at_ < text_.size(); }
  char peek() const { return text_[at_]; }
  char take();
  bool skip_blanks();
  FormError error(std::string message, std::string help) const { return {place_, std::move(message), std::move(help)}; }
  Result value(std::size_t depth);
  Result dispatch(std::size_t depth);
  Result items(Form form, char close, std::size_t depth);
  Result quoted();
  bool escaped(std::string& to);
  bool code_point(std::string& to);
  Result word();
  Result number(std::string_view token, Place place) const;

  std::string_view text_;
  Syntax syntax_;
  std::size_t at_ = 0;
  Place place_;
};

}  // namespace twice::check
