#include "lab/inevitable.h"

#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/subject.h"
#include "cli/terminal.h"
#include "lab/report_shrink.h"
#include "scenario/text.h"

namespace twice::cli {

Exit execute(const InevitableArguments& arguments) {
  if (is_script(arguments.file)) return refuse(Exit::kUsage, "inevitable takes a scenario, not a script").code;
  auto steps = chosen_steps(arguments.choice.steps);
  if (const auto* refused = std::get_if<Refused>(&steps)) return refused->code;
  auto limit = chosen_limit(arguments.choice.time_limit);
  if (const auto* refused = std::get_if<Refused>(&limit)) return refused->code;
  auto loaded = load(arguments.file, {}, arguments.choice, arguments.outputs);
  if (const auto* refused = std::get_if<Refused>(&loaded)) return refused->code;
  const lab::FailingOptions options{std::get<0>(steps), !arguments.choice.no_timeline, arguments.expect, stop_seam()};
  Watch watch("re-runs", std::get<0>(limit), !arguments.outputs.quiet, arguments.progress);
  auto failing = chosen_failing(std::get<Loaded>(loaded), arguments.choice, options);
  if (const auto* refused = std::get_if<Refused>(&failing)) return refused->code;
  const auto& found = std::get<0>(failing);
  if (const lab::StoppedBy by = watch.stopped_by(); by != lab::StoppedBy::kNothing && !found)
    return refuse(stop_code(by), fmt::format("stopped ({}) before a failing run was found", name_of(by))).code;
  if (!found)
    return refuse(Exit::kNothingMatched,
                  "no run fails, so nothing became inevitable; --seed and --lane choose another run")
        .code;
  const lab::Inevitable result = lab::find_inevitable(*found, {.steps = options.steps,
                                                               .timeline = options.timeline,
                                                               .samples = arguments.samples,
                                                               .points = arguments.points,
                                                               .workers = chosen_jobs(arguments.choice.jobs),
                                                               .progress = watch.progress(),
                                                               .stop = stop_seam(),
                                                               .apart = true});
  if (!result.error.empty()) return refuse(Exit::kBadScenario, scenario::printable(result.error)).code;
  print(arguments.outputs.json ? inevitable_json(result) : inevitable_text(result, style_for(arguments.outputs)));
  if (result.from) return Exit::kMet;
  if (result.stopped_by == lab::StoppedBy::kNothing) return Exit::kUndecided;
  tell(fmt::format("stopped ({}) before the moment was known\n", name_of(result.stopped_by)));
  return stop_code(result.stopped_by);
}

}  // namespace twice::cli
