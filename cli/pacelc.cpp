#include "lab/pacelc.h"

#include <optional>

#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/subject.h"
#include "cli/terminal.h"
#include "core/time.h"
#include "scenario/checks.h"

namespace twice::cli {
namespace {

constexpr const char* kAllDesigns = "scenarios/consistency/designs.toml";

}  // namespace

Exit execute(const PacelcArguments& arguments) {
  if (arguments.all == !arguments.file.empty())
    return refuse(Exit::kUsage, "name one scenario, or say --all for every design that ships").code;
  const auto deadline = parse_duration(arguments.deadline);
  if (!deadline || deadline->ns <= 0 || *deadline > seconds(2))
    return refuse(Exit::kUsage, "--deadline wants a time up to 2s, such as 500ms").code;
  auto loaded = load(arguments.all ? kAllDesigns : arguments.file, {}, arguments.choice, arguments.outputs);
  if (const auto* refused = std::get_if<Refused>(&loaded)) return refused->code;
  const Loaded& subject = std::get<Loaded>(loaded);
  auto lanes = chosen_lanes(subject.scenario, arguments.choice.only);
  if (const auto* refused = std::get_if<Refused>(&lanes)) return refused->code;
  for (const scenario::Variant* lane : std::get<0>(lanes)) {
    if (!lane->spec.cluster || !scenario::answers_clients(lane->spec.cluster->protocol))
      return refuse(Exit::kNothingMatched, "there is no design here that answers clients").code;
  }
  const auto limit = chosen_limit(arguments.choice.time_limit);
  if (const auto* refused = std::get_if<Refused>(&limit)) return refused->code;
  std::optional<Watch> watch(std::in_place, "designs", std::get<0>(limit), false);
  const lab::PacelcOptions options{.first_seed = arguments.choice.seed.value_or(1),
                                   .seeds = arguments.seeds,
                                   .deadline = *deadline,
                                   .stop = stop_seam()};
  const lab::PacelcReport report = lab::measure_pacelc(std::get<0>(lanes), options);
  watch.reset();
  const lab::Style style = style_for(arguments.outputs);
  print(arguments.outputs.json ? pacelc_json(report) : pacelc_text(report, options, style.colour, style.width));
  for (const lab::PacelcRow& row : report.rows)
    if (!row.error.empty()) return Exit::kBadScenario;
  if (report.stopped_by == lab::StoppedBy::kNothing) return Exit::kMet;
  tell(fmt::format("stopped ({}): {} of {} designs were measured\n", name_of(report.stopped_by), report.rows.size(),
                   std::get<0>(lanes).size()));
  return stop_code(report.stopped_by);
}

}  // namespace twice::cli
