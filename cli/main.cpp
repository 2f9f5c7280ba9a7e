#include <exception>

#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/terminal.h"
#include "core/assert.h"

namespace {

using twice::cli::Exit;

Exit execute(const twice::cli::Command& command) {
  try {
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
