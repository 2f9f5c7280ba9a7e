#include "suite.h"

namespace twice::golden {

std::vector<Suite> all_suites() {
  return {worlds(),    clusters(), network(),  replication(), consistency(), sharding(),
          consensus(), zoo(),      pipeline(), loaders(),     formats()};
}

}  // namespace twice::golden
