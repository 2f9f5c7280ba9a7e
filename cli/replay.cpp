#include <algorithm>

#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/subject.h"
#include "cli/terminal.h"
#include "core/limits.h"
#include "lab/report_format.h"
#include "lab/trace_file.h"
#include "scenario/text.h"

namespace twice::cli {
namespace {

std::variant<lab::TraceFile, Refused> read_trace(const std::string& path) {
  const scenario::FileText bytes = scenario::read_text_file(path, limits::kTraceFile);
  if (const auto* problem = std::get_if<scenario::FileProblem>(&bytes))
    return refuse(Exit::kBadScenario, scenario::printable(problem->message));
  auto trace = lab::decode_trace(std::get<std::string>(bytes));
  if (const auto* problem = std::get_if<std::string>(&trace))
    return refuse(Exit::kBadScenario, fmt::format("{}: {}", scenario::printable(path), *problem));
  return std::get<lab::TraceFile>(std::move(trace));
}

// The scenario as it was, from the trace alone: files that changed since do not matter.
scenario::Loaded read_scenario(const lab::TraceFile& trace) {
  scenario::LoadOptions options;
  options.idle_values = true;
  options.set = trace.set;
  options.reads_disk = false;
  options.read_file = [&](const std::string& name, std::size_t) -> scenario::FileText {
    const auto at =
        std::find_if(trace.files.begin(), trace.files.end(), [&](const auto& file) { return file.first == name; });
    if (at != trace.files.end()) return at->second;
    return scenario::FileProblem{fmt::format("the trace does not hold '{}'", name), {}};
  };
  return scenario::parse_scenario(trace.scenario_path, trace.scenario_text, options);
}

Exit compare(const lab::TraceFile& trace, const scenario::Variant& variant, const ReplayArguments& arguments) {
  const lab::Style style = style_for(arguments.outputs);
  const auto limit = chosen_limit(arguments.time_limit);
  if (const auto* refused = std::get_if<Refused>(&limit)) return refused->code;
  auto steps = chosen_steps(trace.steps);
  if (const auto* refused = std::get_if<Refused>(&steps)) return refused->code;
  std::optional<world::World> world;
  const Watch watch("events", std::get<0>(limit), false);
  const lab::RunOptions options{
      .steps = std::get<0>(steps), .timeline = trace.timeline, .keep = Trace::Keep::kAll, .stop = stop_seam()};
  const lab::RunReport report = lab::run(variant, trace.seed, options, &world);
  if (const lab::StoppedBy by = lab::stopped_by(report.limit); by != lab::StoppedBy::kNothing)
    return refuse(stop_code(by), fmt::format("not compared to the end ({}): {}", report.limit, report.findings[0].seen))
        .code;
  if (!world)
    return refuse(Exit::kBadScenario, "the recorded run does not start: " + scenario::printable(report.error)).code;
  const auto difference = first_difference(trace, world->trace());
  const std::string what = fmt::format("{} · {} · seed {}", trace.scenario_path, trace.variant, trace.seed);
  if (!difference) {
    print(lab::painted(scenario::printable(
                           fmt::format("✓ {}: the same {} events, hash {:016x}", what, trace.events, trace.hash)),
                       lab::Paint::kGood, style) +
          "\n");
    return Exit::kMet;
  }
  print(lab::painted(
            scenario::printable(fmt::format("✗ {}: recorded hash {:016x}, now {:016x}", what, trace.hash, report.hash)),
            lab::Paint::kBad, style) +
        "\n");
  if (difference->recorded == difference->now)
    print(fmt::format("the first difference lies in events {} to {}: {}\n", difference->event,
                      difference->event + Trace::kHashEvery - 1, scenario::printable(difference->now)));
  else
    print(fmt::format("the first difference is event {}\n  recorded: {}\n  now:      {}\n", difference->event,
                      scenario::printable(difference->recorded), scenario::printable(difference->now)));
  const std::string engine = report.load ? report.load->engine : std::string();
  if (trace.twice_version != TWICE_VERSION || trace.engine_version != engine) {
    print(fmt::format("it was recorded by twice {} on {}; this is twice {} on {}\n",
                      scenario::printable(trace.twice_version), scenario::printable(trace.engine_version),
                      TWICE_VERSION, engine));
    return Exit::kFailed;
  }
  // The same program, the same input, another run: that is what may never be.
  print("NONDETERMINISM: the trace says that this very version of twice recorded it\n");
  return Exit::kNondeterminism;
}

}  // namespace

Exit execute(const ReplayArguments& arguments) {
  const auto read = read_trace(arguments.file);
  if (const auto* refused = std::get_if<Refused>(&read)) return refused->code;
  const auto& trace = std::get<lab::TraceFile>(read);
  scenario::Loaded loaded = read_scenario(trace);
  if (!loaded.scenario) {
    tell(render(loaded.diagnostics, colour_for_errors(arguments.outputs)));
    return Exit::kBadScenario;
  }
  std::vector<scenario::Variant>& variants = loaded.scenario->variants;
  const auto variant =
      std::find_if(variants.begin(), variants.end(), [&](const auto& v) { return v.name == trace.variant; });
  if (variant == variants.end())
    return refuse(Exit::kBadScenario,
                  fmt::format("the recorded scenario has no lane '{}'", scenario::printable(trace.variant)))
        .code;
  if (trace.runs > 0) variant->spec.orchestrator.runs = trace.runs;
  return compare(trace, *variant, arguments);
}

}  // namespace twice::cli
