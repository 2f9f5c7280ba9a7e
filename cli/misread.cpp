#include "cli/misread.h"

#include <cstdint>
#include <string>

#include <fmt/format.h>

#include "scenario/scan.h"

namespace twice::cli {
namespace {

bool is_whole_number(const std::string& text) { return scenario::number<std::uint64_t>(text).has_value(); }

// What the library would take for something else: an empty word for "not given", -1 for the largest number.
std::string misread(const CLI::Option& option, const std::string& text) {
  if (text.empty()) return "it needs a value, and this one is empty";
  if (option.get_type_name().starts_with("UINT") && !is_whole_number(text))
    return fmt::format("'{}' is no whole number from 0 to 18446744073709551615", text);
  return {};
}

}  // namespace

CLI::Validator at_least_one() {
  return {[](const std::string& text) {
            return scenario::number<std::uint64_t>(text).value_or(0) > 0
                       ? std::string()
                       : fmt::format("'{}' must be a number and must be at least 1", text);
          },
          "NUMBER"};
}

void refuse_misread(CLI::App& app) {
  for (CLI::Option* option : app.get_options([](const CLI::Option* o) { return o->nonpositional(); }))
    if (option->get_items_expected_max() > 0)
      option->check(CLI::Validator([option](const std::string& text) { return misread(*option, text); }, ""));
  for (CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; })) refuse_misread(*sub);
}

}  // namespace twice::cli
