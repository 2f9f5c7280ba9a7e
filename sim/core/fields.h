#pragma once
// A described value as lines "path = text", and what differs between two of them: for the inspector, the diff of a
// step and the two sides of a nondeterminism report.
#include <string>
#include <string_view>
#include <vector>

#include "core/visit.h"

namespace twice {

/// One line. Paths read as in code: "log[3].term". A nested value has a line of its own with its type's name.
struct Field {
  std::string path, text;
  bool operator==(const Field&) const = default;
};

/// Collects the fields of what is described to it, in order of the visit.
class FieldList final : public FieldSink {
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

  const std::vector<Field>& fields() const { return fields_; }

 private:
  struct Level {
    std::string path;
    bool is_list;
    std::size_t members;
    std::size_t field;  // its own line, or kNoField
  };
  static constexpr std::size_t kNoField = ~std::size_t{0};
  std::string path_of(std::string_view name);
  void add(std::string_view name, std::string text);

  std::vector<Field> fields_;
  std::vector<Level> levels_;  // of the values that are open
};

template <class T>
std::vector<Field> fields_of(const T& value, std::string_view name = {}) {
  FieldList list;
  describe(list, name, value);
  return list.fields();
}

struct FieldChange {
  enum class Kind : std::uint8_t { kChanged, kRemoved, kAdded };
  Kind kind = Kind::kChanged;
  std::string path, before, after;  // `before` is empty when added, `after` when removed
  bool operator==(const FieldChange&) const = default;
};

/// Fields that changed or vanished in the order of `before`, then new ones in the order of `after`.
std::vector<FieldChange> difference(const std::vector<Field>& before, const std::vector<Field>& after);
/// "term: 3 -> 4", "log[2] removed (was 7)", "log[2] added: 7".
std::string to_text(const FieldChange& change);

}  // namespace twice
