#include "suite.h"

namespace twice::golden {

std::vector<Suite> all_suites() { return {worlds(), clusters(), loaders()}; }

}  // namespace twice::golden
