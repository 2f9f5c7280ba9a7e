#include "tidy/rules.h"

namespace twice::tidy {

const std::vector<Exception>& exceptions() {
  static const std::vector<Exception> kExceptions{
      {"sim/physics/disk_page.h", check_determinism,
       "caches a digest in pages that worlds on several threads share; every thread computes the same value"},
      {"tests/tidy/", check_unfinished, "names the words it bans and holds snippets that must be caught"},
      {"tests/tidy/", check_machine_paths, "names the paths it bans and holds snippets that must be caught"},
  };
  return kExceptions;
}

}  // namespace twice::tidy
