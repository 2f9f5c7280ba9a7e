// Calendar dates without the C library, whose answers depend on the machine's time zone.
#include <array>

#include <fmt/format.h>

#include "scenario/scan.h"
#include "scenario/words.h"

namespace twice::scenario {
namespace {

constexpr std::int64_t kDay = 86'400;

constexpr bool is_leap(std::int64_t year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }
constexpr std::int64_t days_in(std::int64_t year, std::int64_t month) {
  constexpr std::array<std::int64_t, 12> kDays{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap(year) ? 29 : kDays[static_cast<std::size_t>(month - 1)];
}
constexpr std::int64_t leap_days_before(std::int64_t year) {
  return (year - 1) / 4 - (year - 1) / 100 + (year - 1) / 400;
}
constexpr std::int64_t days_before(std::int64_t year) {
  return (year - 1970) * 365 + leap_days_before(year) - leap_days_before(1970);
}

std::optional<std::int64_t> digits(std::string_view text, std::size_t from, std::size_t count) {
  if (from + count > text.size()) return std::nullopt;
  return number<std::int64_t>(text.substr(from, count));
}

}  // namespace

std::string to_text(const CalendarTime& time) {
  std::int64_t days = time.unix_seconds / kDay;
  const std::int64_t rest = time.unix_seconds % kDay;
  std::int64_t year = 1970;
  std::int64_t month = 1;
  while (days >= 365 + is_leap(year)) days -= 365 + is_leap(year++);
  while (days >= days_in(year, month)) days -= days_in(year, month++);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", year, month, days + 1, rest / 3600, rest / 60 % 60,
                     rest % 60);
}

std::optional<CalendarTime> parse_calendar(std::string_view text) {
  if (text.size() != 20 || text[4] != '-' || text[7] != '-' || (text[10] != 'T' && text[10] != ' ') ||
      text[13] != ':' || text[16] != ':' || text[19] != 'Z')
    return std::nullopt;
  const auto year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
  const auto hour = digits(text, 11, 2), minute = digits(text, 14, 2), second = digits(text, 17, 2);
  if (!year || !month || !day || !hour || !minute || !second) return std::nullopt;
  if (*year < 1970 || *month < 1 || *month > 12 || *day < 1 || *day > days_in(*year, *month)) return std::nullopt;
  if (*hour < 0 || *hour > 23 || *minute < 0 || *minute > 59 || *second < 0 || *second > 59) return std::nullopt;
  std::int64_t days = days_before(*year) + *day - 1;
  for (std::int64_t m = 1; m < *month; ++m) days += days_in(*year, m);
  return CalendarTime{days * kDay + *hour * 3600 + *minute * 60 + *second};
}

}  // namespace twice::scenario
