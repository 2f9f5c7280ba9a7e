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
  const lab::FailingOptions options{std::get<0>(steps), !arguments.choice.no_timeline, arguments.expect};
  auto failing = chosen_failing(std::get<Loaded>(loaded), arguments.choice, options);
  if (const auto* refused = std::get_if<Refused>(&failing)) return refused->code;
  const auto& found = std::get<0>(failing);
  if (!found)
    return refuse(Exit::kNothingMatched,
                  "no run fails, so nothing became inevitable; --seed and --lane choose another run")
        .code;
  lab::Inevitable result;
  {
    const unsigned jobs = chosen_jobs(arguments.choice.jobs);
    Watch watch("re-runs", std::get<0>(limit), !arguments.outputs.quiet, jobs > 1, arguments.progress);
    result = lab::find_inevitable(*found, {.steps = options.steps,
                                           .timeline = options.timeline,
                                           .samples = arguments.samples,
                                           .points = arguments.points,
                                           .workers = jobs,
                                           .progress = watch.progress()});
  }
  if (interrupted()) return Exit::kInterrupted;
  if (!result.error.empty()) return refuse(Exit::kBadScenario, scenario::printable(result.error)).code;
  print(arguments.outputs.json ? inevitable_json(result) : inevitable_text(result, style_for(arguments.outputs)));
  return result.from ? Exit::kMet : Exit::kUndecided;
}

}  // namespace twice::cli
