// What the command line answers where the desktop lab is not part of the program.
#include "cli/commands.h"
#include "cli/lesson_pictures.h"
#include "cli/subject.h"

namespace twice::cli {

Exit execute(const UiArguments&) {
  return refuse(Exit::kUsage, "this program was built without the desktop lab (-DTWICE_UI=ON builds it)").code;
}

Pictured draw_runs(const lesson::Session&, const std::filesystem::path&) { return {}; }

}  // namespace twice::cli
