#include "pipeline/formats/sample.h"

#include <array>

#include <fmt/format.h>

#include "core/random.h"

namespace twice::pipeline::formats {
namespace {

constexpr std::uint64_t kDays = 30;
constexpr std::array<std::string_view, 6> kItems{"tea", "cup", "filter", "kettle", "teapot", "spoon"};
constexpr std::array<std::string_view, 16> kWords{"please", "leave", "it",    "at",  "the",  "door", "with", "people",
                                                  "next",   "ring",  "twice", "and", "mind", "a",    "dog",  "second"};

/// Draws of one row, one after another.
class Dice {
 public:
  Dice(std::uint64_t seed, std::uint64_t row) : seed_(seed), row_(row) {}
  std::uint64_t below(std::uint64_t n) { return draw(mix(seed_, row_), Purpose::kSource, ++rolls_).below(n); }

 private:
  std::uint64_t seed_, row_, rolls_ = 0;
};

std::string note(Dice& dice) {
  std::string text;
  const std::uint64_t words = dice.below(12);
  for (std::uint64_t i = 0; i < words; ++i) {
    const std::uint64_t word = dice.below(kWords.size());
    text += fmt::format("{}{}", i == 0 ? "" : " ", kWords[word]);
  }
  return text;
}

}  // namespace

const Schema& sample_schema() {
  static const Schema kSchema{{"order_id", {Type::kInteger, false}}, {"order_date", {Type::kText, false}},
                              {"customer", {Type::kInteger, false}}, {"item", {Type::kText, false}},
                              {"pieces", {Type::kInteger, false}},   {"amount", {Type::kReal, false}},
                              {"discount", {Type::kReal, true}},     {"note", {Type::kText, false}}};
  return kSchema;
}

SqlTable sample_orders(std::uint64_t rows, std::uint64_t seed) {
  SqlTable table;
  for (const Column& column : sample_schema()) table.columns.push_back(column.name);
  for (std::uint64_t i = 0; i < rows; ++i) {
    Dice dice(seed, i);
    const std::uint64_t customer = dice.below(20'000);
    const std::uint64_t item = dice.below(kItems.size());
    const std::uint64_t pieces = dice.below(5);
    const std::uint64_t quarters = dice.below(2'000);  // of a euro: exact in binary
    const std::uint64_t discount = dice.below(8);
    table.rows.push_back({static_cast<std::int64_t>(50'001 + i), fmt::format("2026-06-{:02}", 1 + i * kDays / rows),
                          static_cast<std::int64_t>(10'000 + customer), std::string(kItems[item]),
                          static_cast<std::int64_t>(1 + pieces), static_cast<double>(quarters) / 4 + 1,
                          discount == 0 ? SqlValue(0.25) : SqlValue(Null{}), note(dice)});
  }
  return table;
}

}  // namespace twice::pipeline::formats
