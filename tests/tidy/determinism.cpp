#include <regex>
#include <sstream>

#include <fmt/format.h>

#include "tidy/rules.h"

namespace twice::tidy {
namespace {

struct Ban {
  std::regex pattern;
  std::string_view message;
  std::string_view allowed_in;  // folder where it is harmless; empty: nowhere in sim/
};

#define TWICE_LIBM                                                                                               \
  "acos|acosh|asin|asinh|atan|atan2|atanh|cbrt|ceil|cos|cosh|erf|erfc|exp|exp2|expm1|fdim|floor|fma|fmod|"       \
  "frexp|hypot|ldexp|lgamma|llrint|llround|log|log10|log1p|log2|logb|lrint|lround|modf|nearbyint|nextafter|pow|" \
  "remainder|remquo|rint|round|scalbn|sin|sincos|sinh|sqrt|tan|tanh|tgamma|trunc"

const std::vector<Ban>& bans() {
  static const std::vector<Ban> kBans{
      {std::regex(R"(\bunordered_(map|set|multimap|multiset)\b)"),
       "unordered containers iterate differently on each machine",
       {}},
      {std::regex(R"(\w_distribution\b)"), "std distributions differ between libraries: draw with core/random.h", {}},
      {std::regex(R"(#\s*include\s*<random>|\b(random_device|mt19937|minstd_rand|default_random_engine)\b)"),
       "randomness is a function of seed, purpose and causal id: core/random.h",
       {}},
      {std::regex(R"(\b(rand|srand|rand_r|drand48|lrand48|srandom)\s*\()"), "randomness is keyed: core/random.h", {}},
      {std::regex(R"(\bstd\s*::\s*(ranges\s*::\s*)?(shuffle|sample|random_shuffle)\b)"),
       "std::shuffle differs between libraries",
       {}},
      {std::regex(R"(\b\w+_clock\s*::)"), "no wall clock in a simulation: time is virtual", {}},
      {std::regex(
           R"(\b(gettimeofday|clock_gettime|localtime|localtime_r|mktime|strftime)\s*\(|\bstd\s*::\s*clock\s*\()"),
       "no wall clock in a simulation: time is virtual",
       {}},
      {std::regex(R"(\btime\s*\(\s*(nullptr|NULL|0|&))"), "no wall clock in a simulation: time is virtual", {}},
      {std::regex(R"(#\s*include\s*<(cmath|math\.h|complex|numbers)>)"),
       "libm rounds differently on each machine: use integers",
       {}},
      {std::regex("\\bstd\\s*::\\s*(" TWICE_LIBM ")[fl]?\\s*\\("),
       "libm rounds differently on each machine: use integers",
       {}},
      // Without std:: only names that nobody gives a function of his own; `nm` sees the others.
      {std::regex(
           R"((^|[^\w.>:])(pow|exp|exp2|expm1|log2|log10|log1p|sin|cos|tan|sqrt|cbrt|hypot)[fl]?\s*\(\s*[^)\s])"),
       "libm rounds differently on each machine: use integers",
       {}},
      {std::regex(
           R"(#\s*include\s*<(thread|mutex|shared_mutex|condition_variable|future|atomic|barrier|latch|semaphore|pthread\.h)>)"),
       "worlds know no threads", "sim/lab"},
      {std::regex(
           R"(\bstd\s*::\s*(thread|jthread|mutex|recursive_mutex|shared_mutex|condition_variable|async|future|promise|atomic)\b)"),
       "worlds know no threads", "sim/lab"},
      {std::regex(R"(\b(getenv|secure_getenv|setenv|putenv)\s*\()"), "the environment never enters a run", {}},
      {std::regex(R"(\b(setlocale|localeconv)\s*\(|\bstd\s*::\s*locale\b|#\s*include\s*<(locale|clocale)>)"),
       "the locale never enters a run",
       {}},
      {std::regex(R"(\bu?intptr_t\b|\bstd\s*::\s*hash\s*<)"),
       "addresses and std::hash differ between runs: use ids and core/visit.h",
       {}},
  };
  return kBans;
}

}  // namespace

Findings check_determinism(const Source& source) {
  Findings findings;
  if (!is_cpp(source) || !lies_in(source.path, "sim")) return findings;
  for (std::size_t i = 0; i < source.code.size(); ++i)
    for (const Ban& ban : bans()) {
      if (!ban.allowed_in.empty() && lies_in(source.path, ban.allowed_in)) continue;
      if (std::regex_search(source.code[i], ban.pattern))
        findings.push_back({source.path, i + 1, std::string(ban.message)});
    }
  return findings;
}

std::vector<std::string> libm_symbols(std::string_view nm_output) {
  // "                 U pow", "U sin@GLIBC_2.2.5", and the aliases that -ffast-math links to.
  static const std::regex kSymbol("^\\s*[Uw]\\s+_*((" TWICE_LIBM ")[fl]?(_finite)?)(@.*)?$");
  std::vector<std::string> found;
  std::istringstream lines{std::string(nm_output)};
  std::smatch match;
  for (std::string line; std::getline(lines, line);)
    if (std::regex_match(line, match, kSymbol)) found.push_back(match[1]);
  return found;
}

}  // namespace twice::tidy
