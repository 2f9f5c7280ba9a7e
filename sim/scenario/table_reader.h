#pragma once
// One table of the file against one list of fields: which keys are known, required, exclude or need each other.
#include <string>
#include <string_view>
#include <vector>

#include "scenario/diagnostics.h"
#include "scenario/field.h"
#include "scenario/value.h"

namespace twice::scenario {

class TableReader {
 public:
  /// `where` names the table for people: "[network]", "[[lane]]". The table must outlive the reader.
  TableReader(Diagnostics& out, const Table& table, const Span& span, std::string where);

  /// The entry of this field, nullptr when it is not given. Every field of the struct must pass through here once.
  const Entry* take(const Field& field);
  /// All entries no field has taken; they count as known.
  std::vector<const Entry*> take_rest();
  /// Names that are known elsewhere and worth suggesting.
  void suggest(std::vector<std::string_view> names);
  /// Reports what `take` could not: missing, excluding, lonely and unknown keys.
  void finish();

  Diagnostics& out() const { return *out_; }
  const std::string& where() const { return where_; }
  std::string inside(std::string_view key) const;

 private:
  bool given(std::string_view name) const;
  void check_required() const;
  void check_group(std::string_view group) const;
  void check_company(const Field& field) const;
  void report_unknown(const Entry& entry);
  bool excused(std::string_view name) const;

  Diagnostics* out_;
  const Table* table_;
  Span span_;
  std::string where_;
  std::vector<bool> taken_;
  std::vector<Field> fields_;
  std::vector<std::string_view> suggestions_;
  std::vector<std::string_view> meant_;  // what misspelt keys probably meant: not reported as missing as well
  bool open_ = false;
};

}  // namespace twice::scenario
