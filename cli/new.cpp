#include "cli/commands.h"
#include "cli/new_files.h"

namespace twice::cli {

Exit execute(const NewArguments& arguments) {
  return arguments.kind == NewArguments::Kind::kLesson ? new_lesson(arguments) : new_loader(arguments);
}

}  // namespace twice::cli
