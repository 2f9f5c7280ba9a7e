#include <algorithm>

#include <fmt/format.h>

#include "core/limits.h"
#include "scenario/checks.h"

namespace twice::scenario {
namespace {

constexpr auto kMostSlots = static_cast<std::int64_t>(limits::kChaosSlots);

class ChaosChecks {
 public:
  ChaosChecks(CheckContext& context, const ChaosSpec& chaos)
      : c_(context), chaos_(chaos), nodes_(node_names(context.spec())) {}

  void run() {
    check_window();
    check_kinds();
    if (chaos_.nodes) check_names(*chaos_.nodes);
    if (chaos_.nodes && chaos_.nodes->empty()) c_.out.error(chaos_.span, "'nodes' of [chaos] lists no node");
    if (!chaos_.nodes && !c_.spec().cluster)
      c_.out.error(chaos_.span, "[chaos] does not say whom it may hit", "for example nodes = [\"warehouse\"]");
    if (chaos_.liveness) check_liveness(*chaos_.liveness);
  }

 private:
  void check_window() {
    const Duration until = c_.spec().until;
    if (chaos_.from.value >= chaos_.to.value)
      c_.out.error(chaos_.to.span,
                   fmt::format("the window of [chaos] is upside down: it goes from {} to {}",
                               to_string(chaos_.from.value), to_string(chaos_.to.value)),
                   "'from' comes before 'to'");
    else if ((chaos_.to.value - chaos_.from.value).ns / chaos_.slot.value.ns > kMostSlots)
      c_.out.error(chaos_.slot.span, fmt::format("[chaos] has more than {} slots (limit chaos-slots)", kMostSlots),
                   "a longer 'slot', or a shorter window");
    if (c_.sound("until") && chaos_.to.value > until)
      c_.out.error(chaos_.to.span,
                   fmt::format("{} is past the end of the run at {}", to_string(chaos_.to.value), to_string(until)),
                   "end it earlier, or give a later 'until'");
  }

  void check_kinds() {
    if (!chaos_.kinds) return;
    const ChaosKindsSpec& k = *chaos_.kinds;
    if (k.crash + k.pause + k.slow + k.partition + k.one_way + k.bridge + k.majorities_ring + k.isolate + k.clog +
            k.swizzle_clog + k.clock ==
        0)
      c_.out.error(k.span, "'kinds' of [chaos] leaves no kind of fault", "for example { crash = 3, partition = 1 }");
  }

  void check_names(const std::vector<Spanned<std::string>>& names) {
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (std::find(nodes_.begin(), nodes_.end(), names[i].value) == nodes_.end())
        c_.out.error(names[i].span, fmt::format("there is no node '{}'", names[i].value),
                     did_you_mean(names[i].value, nodes_));
      for (std::size_t j = 0; j < i; ++j)
        if (names[j].value == names[i].value)
          c_.out.error(names[i].span, fmt::format("node '{}' is there twice", names[i].value), "once is enough");
    }
  }

  void check_liveness(const LivenessSpec& liveness) {
    if (liveness.at.value < chaos_.to.value)
      c_.out.error(liveness.at.span,
                   fmt::format("the liveness phase begins at {}, before chaos ends at {}", to_string(liveness.at.value),
                               to_string(chaos_.to.value)),
                   "faults are over when it begins");
    if (c_.sound("until") && liveness.at.value > c_.spec().until)
      c_.out.error(
          liveness.at.span,
          fmt::format("{} is past the end of the run at {}", to_string(liveness.at.value), to_string(c_.spec().until)),
          "give a later 'until'");
    if (!liveness.core.is("majority") && !liveness.core.is("all")) check_names(liveness.core.names);
  }

  CheckContext& c_;
  const ChaosSpec& chaos_;
  std::vector<std::string> nodes_;
};

}  // namespace

void check_chaos(CheckContext& c) {
  const bool nodes_known = c.sound("cluster") && c.sound("warehouse") && c.sound("dashboard");
  if (c.spec().chaos && nodes_known && c.sound("chaos")) ChaosChecks(c, *c.spec().chaos).run();
}

}  // namespace twice::scenario
