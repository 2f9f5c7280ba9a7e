#pragma once
// A small runner: each subject reports figures, one line each. Times are CPU time of this process, medians of three
// runs; what is gated is the ratio to a reference loop measured in the same process, or a bound that any machine of
// the reference class meets.
#include <ctime>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace twice::bench {

struct Target {
  enum class Of : unsigned char { kRatioAtMost, kValueAtMost, kValueAtLeast };
  Of of;
  double bound;
};
inline Target ratio_at_most(double bound) { return {Target::Of::kRatioAtMost, bound}; }
inline Target at_most(double bound) { return {Target::Of::kValueAtMost, bound}; }
inline Target at_least(double bound) { return {Target::Of::kValueAtLeast, bound}; }

struct Figure {
  std::string name;
  double value = 0;
  std::string_view unit;
  std::optional<double> reference{};  // same unit as value
  std::optional<Target> target{};     // a figure without one is for information
};

/// Prints each figure as it comes and remembers whether any target was missed.
class Report {
 public:
  void add(const Figure& figure);
  int missed() const { return missed_; }

 private:
  int missed_ = 0;
};

/// One file of this folder: measures and reports.
struct Subject {
  std::string_view name;
  void (*run)(Report&);
};

void run_phold(Report& report);
void run_trace(Report& report);
void run_heartbeats(Report& report);
void run_clusters(Report& report);
void run_raft(Report& report);
void run_copies(Report& report);
void run_loaders(Report& report);
void run_search(Report& report);
#ifdef TWICE_WITH_UI
void run_desktop(Report& report);
#endif

/// CPU seconds that `f()` takes.
template <class F>
double cpu_seconds(F&& f) {
  const std::clock_t start = std::clock();
  f();
  return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

double median(std::vector<double> values);

/// Median of three calls of `f`, which returns its own measurement.
template <class F>
double median_of_3(F&& f) {
  std::vector<double> values;
  for (int i = 0; i < 3; ++i) values.push_back(f());
  return median(std::move(values));
}

/// A measurement beside its reference, taken in turns so that a busy machine slows both: the median of each, and
/// reference such that value / reference is the median ratio.
struct Versus {
  double value, reference;
};
template <class F, class G>
Versus side_by_side(F&& subject, G&& reference) {
  std::vector<double> values, ratios;
  for (int i = 0; i < 5; ++i) {
    const double theirs = reference();
    values.push_back(subject());
    ratios.push_back(values.back() / theirs);
  }
  const double value = median(std::move(values));
  return {value, value / median(std::move(ratios))};
}

}  // namespace twice::bench
