#include <exception>

#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/sql_limits.h"
#include "cli/subject.h"
#include "cli/terminal.h"
#include "core/assert.h"

namespace {

using twice::cli::Exit;

struct LimitWords {
  std::string statement, unit;
};

template <class Arguments>
LimitWords words_of(const Arguments& arguments) {
  if constexpr (requires { arguments.choice.unit_limit; }) {
    return {arguments.choice.statement_limit, arguments.choice.unit_limit};
  } else {
    LimitWords words;
    if constexpr (requires { arguments.statement_limit; }) words.statement = arguments.statement_limit;
    if constexpr (requires { arguments.unit_limit; }) words.unit = arguments.unit_limit;
    return words;
  }
}

/// False: shorter than any clock of SQL tells apart, and that was said.
bool is_long_enough(const std::optional<std::chrono::nanoseconds>& limit, const char* option) {
  if (!limit || *limit >= std::chrono::milliseconds(1)) return true;
  twice::cli::refuse(Exit::kUsage, fmt::format("{} must be at least 1ms", option));
  return false;
}

/// False: a limit is not a time, and that was said. The lab is watched by whoever looks at it, and a
/// search has its own bound of memory and runs no SQL.
bool obey_sql_limits(const twice::cli::Command& command) {
  if (std::holds_alternative<twice::cli::UiArguments>(command) ||
      std::holds_alternative<twice::cli::SearchArguments>(command))
    return true;
  const LimitWords words = std::visit([](const auto& arguments) { return words_of(arguments); }, command);
  const auto statement = twice::cli::chosen_limit(words.statement, "--statement-limit");
  const auto unit = twice::cli::chosen_limit(words.unit, "--unit-limit");
  if (std::holds_alternative<twice::cli::Refused>(statement) || std::holds_alternative<twice::cli::Refused>(unit))
    return false;
  if (!is_long_enough(std::get<0>(statement), "--statement-limit") ||
      !is_long_enough(std::get<0>(unit), "--unit-limit"))
    return false;
  const twice::cli::SqlLimits& usual = twice::cli::sql_limits();
  twice::cli::obey({std::get<0>(statement).value_or(usual.statement), std::get<0>(unit).value_or(usual.unit)});
  return true;
}

Exit execute(const twice::cli::Command& command) {
  try {
    if (!obey_sql_limits(command)) return Exit::kUsage;
    const Exit code = std::visit([](const auto& arguments) { return twice::cli::execute(arguments); }, command);
    if (twice::cli::flushed()) return code;
    twice::cli::tell("twice: the standard output cannot be written\n");
    return twice::cli::worse(code, Exit::kUsage);
  } catch (const std::exception& error) {
    const twice::RunContext& run = twice::run_context();
    const std::string where = run.event > 0 ? fmt::format(" (seed {}, event {})", run.seed, run.event) : std::string();
    twice::cli::tell(
        fmt::format("twice: internal error{}: {}\nThis is a fault of the program, not of your file; please report it "
                    "with the command you gave.\n",
                    where, error.what()));
    return Exit::kInternal;
  }
}

}  // namespace

int main(int argc, char** argv) {
  twice::cli::handle_interrupts();
  const auto parsed = twice::cli::parse(argc, argv);
  if (const auto* answer = std::get_if<twice::cli::Answer>(&parsed)) {
    twice::cli::print(answer->out);
    twice::cli::tell(answer->err);
    return static_cast<int>(twice::cli::flushed() ? answer->code : Exit::kUsage);
  }
  return static_cast<int>(execute(std::get<twice::cli::Command>(parsed)));
}
