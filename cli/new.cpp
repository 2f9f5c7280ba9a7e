#include "cli/commands.h"
#include "cli/new_files.h"

namespace twice::cli {

Exit execute(const NewArguments& arguments) {
  switch (arguments.kind) {
    case NewArguments::Kind::kLoader:
      return new_loader(arguments);
    case NewArguments::Kind::kScenario:
      return new_scenario(arguments);
    case NewArguments::Kind::kLesson:
      return new_lesson(arguments);
  }
  return Exit::kUsage;
}

}  // namespace twice::cli
