#include "suite.h"

namespace twice::golden {

// A suite over files under scenarios/ belongs here too; one that runs a warehouse has sqlite3_sourceid() as its key.
std::vector<Suite> all_suites() { return {worlds()}; }

}  // namespace twice::golden
