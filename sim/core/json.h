#pragma once
// JSON from the same visit as everything else. Reading JSON is for the layers above.
#include <string>
#include <string_view>
#include <vector>

#include "core/visit.h"

namespace twice {

/// Writes what it is told as one line of JSON. A typed value becomes an object whose first member "$type" is its name;
/// durations and times are texts with units ("150ms"), exact; a node is its index, nobody is null; bytes that are not
/// UTF-8 become U+FFFD; a number that JSON lacks (infinity) is null.
class JsonWriter final : public FieldSink {
 public:
  void boolean(std::string_view name, bool value) override;
  void integer(std::string_view name, std::int64_t value) override;
  void natural(std::string_view name, std::uint64_t value) override;
  void real(std::string_view name, double value) override;
  void text(std::string_view name, std::string_view value) override;
  void duration(std::string_view name, Duration value) override;
  void time(std::string_view name, Time value) override;
  void node(std::string_view name, NodeId value) override;
  void nothing(std::string_view name) override;
  void begin(std::string_view name, std::string_view type, bool is_list) override;
  void end() override;

  const std::string& text() const { return out_; }

 private:
  struct Level {
    bool is_list;
    bool has_members;
  };
  void member(std::string_view name);

  std::string out_;
  std::vector<Level> levels_;  // of the values that are open
};

/// `text` as a JSON string, with its quotes.
std::string json_text(std::string_view text);

template <class T>
std::string to_json(const T& value) {
  JsonWriter writer;
  describe(writer, {}, value);
  return writer.text();
}

}  // namespace twice
