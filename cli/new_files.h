#pragma once
#include "cli/arguments.h"

namespace twice::cli {

Exit new_loader(const NewArguments& arguments);
Exit new_scenario(const NewArguments& arguments);
Exit new_lesson(const NewArguments& arguments);

}  // namespace twice::cli
