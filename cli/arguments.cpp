#include "cli/arguments.h"

#include <algorithm>
#include <sstream>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "cli/misread.h"
#include "core/limits.h"
#include "scenario/diagnostics.h"
#include "scenario/text.h"

namespace twice::cli {
namespace {

constexpr const char* kExitCodes =
    "Exit codes: 0 all expectations met, 1 an expectation failed, 2 undecided, 3 bad scenario, 4 nothing matched,\n"
    "5 nondeterminism found, 64 usage (also a path that cannot be written), 70 internal error, 130 interrupted "
    "(Ctrl-C),\n"
    "143 ended (SIGTERM).";

// An option that may be given several times takes one word each time; else it would swallow the files behind it.
template <class T>
CLI::Option* add_list(CLI::App& app, const char* name, T& to, const char* doc) {
  return app.add_option(name, to, doc)->allow_extra_args(false);
}

void add_colour(CLI::App& app, Outputs& to) {
  app.add_flag("--no-color", to.no_colour,
               "No colours; so do NO_COLOR and TERM=dumb. FORCE_COLOR keeps them in a pipe");
}

void add_time_limit(CLI::App& app, std::string& to) {
  app.add_option("--time-limit", to, "Stop after this much real time, undecided: 60s")->option_text("TIME");
}

void add_outputs(CLI::App& app, Outputs& to) {
  app.add_flag("--json", to.json, "JSON Lines on the standard output");
  app.add_flag("-q,--quiet", to.quiet, "Failures only");
  add_colour(app, to);
  app.add_option("--junit", to.junit, "Write JUnit XML to FILE")->option_text("FILE");
  app.add_flag("--github", to.github, "Write GitHub annotations; implied by GITHUB_ACTIONS");
  app.add_option("--summary", to.summary, "Write a Markdown summary to FILE")->option_text("FILE");
}

void add_statement_limit(CLI::App& app, std::string& to) {
  app.add_option("--statement-limit", to,
                 fmt::format("Real time of one SQL statement ({}s); beyond it the result is undecided",
                             limits::kStatementSeconds))
      ->option_text("TIME");
}

void add_sql_limits(CLI::App& app, std::string& statement, std::string& unit) {
  add_statement_limit(app, statement);
  app.add_option(
         "--unit-limit", unit,
         fmt::format("Real time of one run, or of one group of crash points, with SQL ({}s); beyond it that one "
                     "is undecided",
                     limits::kUnitSeconds))
      ->option_text("TIME");
}

void add_choice(CLI::App& app, Choice& to) {
  add_list(app, "--set", to.set, "Override a field: network.loss=0.1")->option_text("PATH=VALUE");
  app.add_option("--only", to.only, "Only this lane")->option_text("LANE");
  app.add_option("--seed", to.seed, "Run with this seed")->option_text("N");
  app.add_option("-j,--jobs", to.jobs, "Worker processes (one a core); the result does not depend on it")
      ->option_text("N")
      ->check(CLI::Range(1, 1024));
  add_time_limit(app, to.time_limit);
  add_sql_limits(app, to.statement_limit, to.unit_limit);
}

void add_script(CLI::App& app, lab::ScriptRequest& to) {
  add_list(app, "--setup", to.setup, "SQL that creates the tables of a script")->option_text("FILE.sql");
  app.add_option("--source", to.source, "Rows of a script, staged as a table with the file's name")
      ->option_text("FILE.csv|FILE.jsonl");
  add_list(app, "--param", to.params, "A parameter of a script, bound as :NAME")->option_text("NAME=VALUE");
  app.add_option("--table", to.table, "What a script loads; else the one table it writes")->option_text("NAME");
  add_list(app, "--key", to.key, "Columns that say which row is which")->delimiter(',')->option_text("A,B");
  add_list(app, "--ignore", to.ignore, "Columns that may differ between runs, like loaded_at")
      ->delimiter(',')
      ->option_text("A,B");
  app.add_option("--slice", to.slice, "Condition of the rows that a script owns; all others must stay")
      ->option_text("SQL");
}

void add_run(CLI::App& app, RunArguments& to) {
  app.add_option("files", to.files, "Scenarios, folders of scenarios, or one SQL script")->required();
  add_choice(app, to.choice);
  app.add_option("--seeds", to.choice.seeds, "Run with all these seeds: 1..1000")
      ->option_text("FIRST..LAST")
      ->excludes("--seed");
  app.add_option("--do", to.choice.steps, "Interventions: \"crash loader @stmt:801; drop n1>n2#37\"")
      ->option_text("STEPS");
  app.add_flag("--no-timeline", to.choice.no_timeline, "Leave out the scenario's own faults");
  app.add_option("--runs", to.choice.runs, "Load the same slice N times, one after another")
      ->option_text("N")
      ->check(CLI::Range(1, 1000));
  app.add_flag("--sweep", to.sweep, "After the run, try every crash point of each lane");
  app.add_flag("--verify-determinism{100%}", to.verify,
               "Run twice and compare; =5% checks every twentieth run (so in CI)");
  app.add_option("--judge-budget", to.judge_budget,
                 "Give up judging a consistency model after N steps (3000000); what is not decided then is undecided")
      ->option_text("N")
      ->check(at_least_one());
  app.add_flag("--narrate", to.outputs.narrate, "Tell what happened, event by event");
  app.add_option("--history", to.outputs.history,
                 "Write what clients asked and were told to FILE: .json (one event a line), else EDN")
      ->option_text("FILE");
  app.add_option("--trace", to.outputs.trace, "Write the run to FILE, for `twice replay`")->option_text("FILE");
  app.add_option("--save", to.outputs.save,
                 "Write the scenario with the --do steps in its timeline; its relative paths stay as they are")
      ->option_text("FILE")
      ->needs("--do");
  add_outputs(app, to.outputs);
  add_script(app, to.script);
}

void add_sweep(CLI::App& app, SweepArguments& to) {
  app.add_option("file", to.file, "A scenario, or an SQL script as it stands")->required();
  app.add_option("--points", to.points,
                 "Which crash points: rows, statements, io, all, a time, or several with commas (rows,statements)")
      ->option_text("SET");
  app.add_option("--at-most", to.at_most, "Try at most N points of each lane; the others are named as not tried")
      ->option_text("N")
      ->check(at_least_one());
  app.add_flag("--progress", to.progress, "Lines on the standard error that tell how far it is: for programs");
  add_choice(app, to.choice);
  add_outputs(app, to.outputs);
  add_script(app, to.script);
}

void add_list_command(CLI::App& app, ListArguments& to) {
  app.add_option("folders", to.folders, "Where to look (scenarios)");
  app.add_option("--tag", to.tag, "Only scenarios with this tag")->option_text("TAG");
  app.add_flag("--json", to.outputs.json, "JSON Lines");
  add_colour(app, to.outputs);
}

void add_check(CLI::App& app, CheckArguments& to) {
  app.add_option("files", to.files, "Scenarios or folders of scenarios")->required();
  add_list(app, "--set", to.set, "Override a field: network.loss=0.1")->option_text("PATH=VALUE");
  add_statement_limit(app, to.statement_limit);
  app.add_flag("--json", to.outputs.json, "Diagnostics as JSON; with --bites, JSON Lines");
  app.add_flag("-q,--quiet", to.outputs.quiet, "Nothing about files that are right");
  add_colour(app, to.outputs);
  CLI::Option* bites = app.add_flag(
      "--bites", to.bites, "Name lanes, steps and expectations that nothing would miss, by running small mutations");
  app.add_option("--seeds", to.choice.seeds, "Of --bites: with these seeds (the file's first three)")
      ->option_text("FIRST..LAST")
      ->needs(bites);
  app.add_option("--runs", to.budget, "Of --bites: so many runs of a file at most (2000)")
      ->option_text("N")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1'000'000}))
      ->needs(bites);
  app.add_option("--time-limit", to.choice.time_limit, "Of --bites: stop after this much real time: 60s")
      ->option_text("TIME")
      ->needs(bites);
  app.add_option("-j,--jobs", to.choice.jobs, "Of --bites: worker processes (one a core); no result depends on it")
      ->option_text("N")
      ->check(CLI::Range(1, 1024))
      ->needs(bites);
}

void add_ui(CLI::App& app, UiArguments& to) {
  app.add_option("file", to.file, "A scenario or a lesson; without it, the first screen or where you were");
  app.add_option("--seed", to.seed, "Run with this seed")->option_text("N");
  app.add_option("--lane", to.lane, "The lane to look at")->option_text("NAME");
  app.add_option("--at", to.at, "Start at this moment: 12.5s, event:801 or end")->option_text("MOMENT");
  app.add_option("--do", to.steps, "A branch with these steps: \"crash loader @row:300\"")->option_text("STEPS");
  app.add_option("--span", to.span, "What the space-time view shows: 9.9s..10.4s")->option_text("FROM..TO");
  app.add_option("--view", to.view, "loader, network, space-time, tables, compare, spectrum or metrics")
      ->option_text("VIEW");
  app.add_option("--theme", to.theme, "light, dark or high-contrast")->option_text("THEME");
  app.add_option("--zoom", to.zoom, "0.75 to 3")->option_text("FACTOR");
  app.add_option("--screenshot", to.screenshot, "Write a picture instead of opening a window; needs no display")
      ->option_text("FILE.png");
  app.add_option("--size", to.size, "Of the picture (1280x800)")->option_text("WxH");
  app.add_option("--act", to.act, "Of the first screen: so many steps further")->option_text("N");
  app.add_option("--screen", to.screen, "Of a lesson: begin at this screen")->option_text("N");
  app.add_option("--answers", to.answers, "Of a lesson: as answered in this file; what you answer is not kept")
      ->option_text("FILE");
  app.add_flag("--sweep", to.sweep, "The picture waits for a sweep of all crash points");
  app.add_option("--frames", to.frames, "Draw so many frames as fast as they come, say what they cost, and end")
      ->option_text("N");
}

// What all three tasks with a history take.
void add_history_file(CLI::App& app, HistoryArguments& to) {
  app.add_option("file", to.file, "A log of Jepsen, or events as EDN or JSON")->required();
  add_time_limit(app, to.time_limit);
}

void add_history_model(CLI::App& app, HistoryArguments& to) {
  app.add_option("--model", to.model, "What a key holds: register, kv, list, counter (auto: as the operations say)")
      ->option_text("KIND")
      ->check(CLI::IsMember({"auto", "register", "kv", "list", "counter"}));
  app.add_option("--budget", to.budget, "Give up after N steps of the search")->option_text("N")->check(at_least_one());
  app.add_flag("--json", to.outputs.json, "The result as JSON");
  add_colour(app, to.outputs);
}

void add_history(CLI::App& app, HistoryArguments& to) {
  app.require_subcommand(1);
  CLI::App& check = *app.add_subcommand("check", "Is it linearizable? Which operation is the first that cannot be?");
  add_history_file(check, to);
  add_history_model(check, to);
  check.add_flag("--spectrum", to.spectrum, "Also all weaker models, as a table");
  CLI::App& table = *app.add_subcommand("spectrum", "All models from linearizable to eventual: which held");
  add_history_file(table, to);
  add_history_model(table, to);
  CLI::App& convert = *app.add_subcommand("convert", "The same history in another format, on the standard output");
  add_history_file(convert, to);
  convert.add_option("--to", to.to, "edn or json (one event a line)")
      ->option_text("FORMAT")
      ->required()
      ->check(CLI::IsMember({"edn", "json"}));
}

void add_pacelc(CLI::App& app, PacelcArguments& to) {
  app.add_option("file", to.file, "A scenario: its lanes are the designs");
  app.add_flag("--all", to.all, "Every design that ships");
  add_list(app, "--set", to.choice.set, "Override a field: network.latency=20ms")->option_text("PATH=VALUE");
  app.add_option("--only", to.choice.only, "Only this lane")->option_text("LANE");
  app.add_option("--seed", to.choice.seed, "The first seed (1)")->option_text("N");
  app.add_option("--seeds", to.seeds, "How many (5)")->option_text("N")->check(CLI::Range(1, 1000));
  app.add_option("--deadline", to.deadline, "What is not done by then was not answered (1s)")->option_text("TIME");
  add_time_limit(app, to.choice.time_limit);
  app.add_flag("--json", to.outputs.json, "The result as JSON");
  add_colour(app, to.outputs);
}

void add_formats(CLI::App& app, FormatsArguments& to) {
  app.add_option("--rows", to.rows, "Of the table (100000)")->option_text("N")->check(CLI::Range(1, 2'000'000));
  app.add_option("--seed", to.seed, "Makes other rows (1)")->option_text("N");
  app.add_option("--columns", to.columns, "Those that a reader wants (amount)")->option_text("A,B,…")->delimiter(',');
  app.add_option("-o,--output", to.folder, "Keep the files here; none that is there is overwritten")
      ->option_text("FOLDER");
  app.add_flag("--json", to.outputs.json, "The figures as JSON");
  add_time_limit(app, to.time_limit);
}

// Which failing run is meant.
void add_failing(CLI::App& app, Choice& to, std::string& expect) {
  add_list(app, "--set", to.set, "Override a field: network.loss=0.1")->option_text("PATH=VALUE");
  app.add_option("--lane,--only", to.only, "Only this lane")->option_text("LANE");
  app.add_option("--seed", to.seed, "Only this seed; else the file's, until one fails")->option_text("N");
  app.add_option("--seeds", to.seeds, "Look for a failing run among these: 1..1000")
      ->option_text("FIRST..LAST")
      ->excludes("--seed");
  app.add_option("--do", to.steps, "Interventions: \"crash loader @stmt:801; drop n1>n2#37\"")->option_text("STEPS");
  app.add_flag("--no-timeline", to.no_timeline, "Leave out the scenario's own faults");
  app.add_option("--expect", expect, "The expectation that fails: linearizable, \"finally converged\"; else the first")
      ->option_text("NAME");
  add_time_limit(app, to.time_limit);
  add_sql_limits(app, to.statement_limit, to.unit_limit);
}

void add_shrink(CLI::App& app, ShrinkArguments& to) {
  app.add_option("files", to.files, "A scenario; with --all also several, and folders")->required();
  add_failing(app, to.choice, to.expect);
  app.add_flag("--all", to.all, "Shrink every failing lane and print by how much, and the median");
  app.add_option("--runs", to.budget, "Try at most N runs (2000)")->option_text("N")->check(at_least_one());
  app.add_option("-o,--output", to.output, "Write the scenario to FILE; else to the standard output")
      ->option_text("FILE");
  app.add_flag("--json", to.outputs.json, "The result as JSON Lines, the scenario in it");
  app.add_flag("-q,--quiet", to.outputs.quiet, "No progress");
  add_colour(app, to.outputs);
}

void add_inevitable(CLI::App& app, InevitableArguments& to) {
  app.add_option("file", to.file, "A scenario")->required();
  add_failing(app, to.choice, to.expect);
  app.add_option("--samples", to.samples, "Re-runs from each moment (40)")
      ->option_text("N")
      ->check(CLI::Range(1, 100'000));
  app.add_option("--points", to.points, "Moments of the run (30)")->option_text("N")->check(CLI::Range(2, 10'000));
  app.add_option("-j,--jobs", to.choice.jobs, "Workers (one a core); the result does not depend on it")
      ->option_text("N")
      ->check(CLI::Range(1, 1024));
  app.add_flag("--json", to.outputs.json, "The result as JSON");
  app.add_flag("--progress", to.progress, "Lines on the standard error that tell how far it is: for programs");
  app.add_flag("-q,--quiet", to.outputs.quiet, "No progress");
  add_colour(app, to.outputs);
}

void add_search(CLI::App& app, SearchArguments& to) {
  app.add_option("file", to.file, "A scenario of a cluster")->required();
  add_list(app, "--set", to.choice.set, "Override a field: cluster.nodes=5")->option_text("PATH=VALUE");
  app.add_option("--only", to.choice.only, "Only this lane")->option_text("LANE");
  app.add_option("--network", to.network,
                 "set: a message may come never, late or often; multiset: once at most; fifo: also in order")
      ->option_text("KIND")
      ->check(CLI::IsMember({"set", "multiset", "fifo"}));
  app.add_option("--crashes", to.crashes, "Up to N crashes, each with a restart at any later time (0)")
      ->option_text("N")
      ->check(CLI::Range(0, 100));
  app.add_option("--disk", to.disk, "When writes are durable: at-once, or later, and a crash before that loses them")
      ->option_text("WHEN")
      ->check(CLI::IsMember({"at-once", "later"}));
  app.add_option("--drops", to.drops, "Up to N messages are lost (0); a set needs none")
      ->option_text("N")
      ->check(CLI::Range(0, 100));
  app.add_option("--timers", to.timers, "Up to N timers fire (any number)")
      ->option_text("N")
      ->check(CLI::Range(0, 100));
  app.add_option("--symmetry", to.symmetry, "on: states that differ in names only count once (off)")
      ->option_text("on|off")
      ->check(CLI::IsMember({"on", "off"}));
  app.add_option("--from", to.from, "Begin with the state after this event of the simulated run")->option_text("EVENT");
  app.add_option("--seed", to.choice.seed, "Of that run")->option_text("N");
  app.add_option("--max-depth", to.max_depth, "Stop at this depth; the first state has depth 1")->option_text("N");
  app.add_option("--max-states", to.max_states, "Stop at so many distinct states")->option_text("N");
  app.add_option("--memory", to.memory_mb, "Stop at so many megabytes (2000)")->option_text("MB");
  app.add_flag("--keep-going", to.keep_going, "Go on after the first state that must not be");
  app.add_option("--save", to.save,
                 "Write the way to what was found as a scenario that runs it: for run, replay and ui")
      ->option_text("FILE");
  app.add_flag("--json", to.outputs.json, "The result as JSON, one line a lane");
  add_time_limit(app, to.choice.time_limit);
  app.add_flag("-q,--quiet", to.outputs.quiet, "No progress");
  add_colour(app, to.outputs);
}

void add_zoo(CLI::App& app, ZooArguments& to) {
  app.add_option("flags", to.flags, "Mistakes by name: vote-twice; without it, all");
  app.add_option("--folder", to.folder, "Where their scenarios are (scenarios/zoo)")->option_text("FOLDER");
  app.add_option("--trials", to.trials, "Random searches of each, of which the median counts (11); 0: none")
      ->option_text("N")
      ->check(CLI::Range(0, 1000));
  app.add_option("--limit", to.limit, "Seeds of a random search at most (300)")
      ->option_text("N")
      ->check(CLI::Range(1, 1'000'000));
  app.add_option("-j,--jobs", to.jobs, "Workers (one a core); the result does not depend on it")
      ->option_text("N")
      ->check(CLI::Range(1, 1024));
  app.add_flag("--markdown", to.markdown, "The page docs/bug-zoo.md");
  app.add_flag("--json", to.outputs.json, "JSON Lines, one a mistake")->excludes("--markdown");
  add_time_limit(app, to.time_limit);
  app.add_flag("-q,--quiet", to.outputs.quiet, "No progress");
  add_colour(app, to.outputs);
}

// What all tasks with lessons take.
CLI::App& add_lesson_task(CLI::App& app, LessonArguments& to, const char* name, const char* doc) {
  CLI::App& task = *app.add_subcommand(name, doc);
  add_sql_limits(task, to.statement_limit, to.unit_limit);
  task.add_option("--lessons", to.folder, "The folder with the lessons (lessons)")->option_text("FOLDER");
  add_colour(task, to.outputs);
  return task;
}

void add_learner(CLI::App& app, LessonArguments& to) {
  app.add_option("--learner", to.learner, "Whose: seeds, numbers and the order of answers follow from the name")
      ->option_text("NAME");
  add_time_limit(app, to.time_limit);
  app.add_option("-j,--jobs", to.jobs, "Workers (one a core); the result does not depend on it")
      ->option_text("N")
      ->check(CLI::Range(1, 1024));
}

void add_lesson(CLI::App& app, LessonArguments& to) {
  app.require_subcommand(1);
  CLI::App& list = add_lesson_task(app, to, "list", "Lessons with their titles");
  list.add_flag("--json", to.outputs.json, "JSON Lines");
  CLI::App& run = add_lesson_task(app, to, "run", "Take a lesson: predict, run, explain, change");
  run.add_option("lesson", to.which, "Its number, its name or its path")->required()->expected(1);
  add_learner(run, to);
  run.add_option("--answers", to.answers, "Answer from this file instead of asking")->option_text("FILE");
  run.add_option("-o,--output", to.output, "Keep the answers in FILE; what is there already is gone on with")
      ->option_text("FILE")
      ->excludes("--answers");
  CLI::App& grade = add_lesson_task(app, to, "grade", "Run everything again that somebody answered, as JSON");
  grade.add_option("lesson", to.which, "Only these lessons");
  add_learner(grade, to);
  grade.add_option("--answers", to.answers, "The answers")->option_text("FILE")->required();
  grade.add_option("-o,--output", to.output, "Write JSON to FILE and a summary to the standard output")
      ->option_text("FILE");
  CLI::App& step = add_lesson_task(app, to, "step", "Run one step of a lesson, or grade the answer to it, as JSON");
  step.add_option_function<std::string>(
          "lesson", [&to](const std::string& lesson) { to.which = {lesson}; }, "Its number, its name or its path")
      ->required();
  step.add_option("step", to.step, "predict, run-2, challenge, …")->required();
  add_learner(step, to);
  step.add_option("--answers", to.answers, "The answers")->option_text("FILE");
  step.add_option("--seeds", to.seeds, "So many seeds, instead of the step's own number")
      ->option_text("N")
      ->check(CLI::Range(1, 10'000));
  step.add_flag("--progress", to.progress, "How far it is, as lines on the standard error");
  CLI::App& check = add_lesson_task(app, to, "check", "Is a lesson honest? Runs everything it says, for authors");
  check.add_option("lesson", to.which, "Only these lessons");
  check.add_option("--learners", to.learners, "Also for so many made-up learners (3)")
      ->option_text("N")
      ->check(CLI::Range(0, 1000));
  check.add_option("--seeds", to.seeds, "Seeds of each challenge, instead of its own number")
      ->option_text("N")
      ->check(CLI::Range(1, 10'000));
  check.add_option("-j,--jobs", to.jobs, "Workers (one a core)")->option_text("N")->check(CLI::Range(1, 1024));
  add_time_limit(check, to.time_limit);
  check.add_flag("-q,--quiet", to.outputs.quiet, "Only what is wrong");
  CLI::App& html = add_lesson_task(app, to, "html", "A page to print for each lesson, with pictures of its runs");
  html.add_option("lesson", to.which, "Only these lessons");
  html.add_option("-o,--output", to.output, "The folder for the pages")->option_text("FOLDER")->required();
  html.add_flag("!--no-pictures", to.pictures, "Only text and tables");
  add_learner(html, to);
  CLI::App& guide = add_lesson_task(app, to, "guide", "The instructor's guide in Markdown, with the key");
  guide.add_option("lesson", to.which, "Only these lessons");
  guide.add_option("-o,--output", to.output, "Write it to FILE")->option_text("FILE");
  add_learner(guide, to);
}

/// The tree of commands, and the values it fills.
struct Tree {
  CLI::App app{"Twice: run a load, crash it everywhere, run it again; see what became of the rows.", "twice"};
  RunArguments run;
  SweepArguments sweep;
  ReplayArguments replay;
  CheckArguments check;
  ExplainArguments explain;
  ListArguments list;
  NewArguments make;
  UiArguments ui;
  HistoryArguments history;
  PacelcArguments pacelc;
  ShrinkArguments shrink;
  InevitableArguments inevitable;
  SearchArguments search;
  ZooArguments zoo;
  LessonArguments lesson;
  FormatsArguments formats;

  Tree() {
    app.footer(kExitCodes);
    app.require_subcommand(1);
    app.set_version_flag("--version", std::string("twice ") + TWICE_VERSION);
    add_run(*app.add_subcommand("run", "Run scenarios and check what they expect"), run);
    add_sweep(*app.add_subcommand("sweep", "Crash a load at every point: is it safe to run again?"), sweep);
    CLI::App& again = *app.add_subcommand("replay", "Run a saved trace again and compare");
    again.add_option("file", replay.file, "A trace that `twice run --trace` wrote")->required();
    add_time_limit(again, replay.time_limit);
    add_statement_limit(again, replay.statement_limit);
    add_colour(again, replay.outputs);
    add_check(*app.add_subcommand("check", "Say what is wrong with scenarios, and run nothing"), check);
    CLI::App& words = *app.add_subcommand("explain", "What a field of a scenario means");
    words.add_option(
        "path", explain.path,
        "cluster.nodes, warehouse.journal, …; lesson, lesson.predict, …; limits; without it, all sections");
    words.add_flag("--markdown", explain.markdown, "All fields as a page");
    add_list_command(*app.add_subcommand("list", "Scenarios with their titles and tags"), list);
    app.add_subcommand("schema", "The format of scenarios as a JSON Schema")
        ->add_subcommand("lesson", "The format of the blocks of a lesson");
    CLI::App& create = *app.add_subcommand("new", "Write a first scenario or lesson");
    create.require_subcommand(1);
    create.add_subcommand("loader", "A load with a crash and a retry, and its CSV file")
        ->add_option("file", make.file, "Where (loader.toml)");
    create.add_subcommand("scenario", "A cluster whose primary dies, in two designs")
        ->add_option("file", make.file, "Where (scenario.toml)");
    create.add_subcommand("lesson", "A lesson with a scenario, a challenge, its solution and two wrong ones")
        ->add_option("folder", make.file, "Where (lessons/my-lesson)");
    add_lesson(*app.add_subcommand("lesson", "Lessons: list, run, grade, step, check, html, guide"), lesson);
    add_history(*app.add_subcommand("history", "Judge what clients of any system asked and were told"), history);
    add_pacelc(*app.add_subcommand("pacelc", "What designs answer while the network is split, and what they cost"),
               pacelc);
    add_shrink(*app.add_subcommand("shrink", "The smallest scenario that still fails"), shrink);
    add_inevitable(*app.add_subcommand("inevitable", "From which event on a run could no longer be saved"), inevitable);
    add_search(*app.add_subcommand("search", "Try every order of everything that can happen in a cluster"), search);
    add_zoo(*app.add_subcommand("zoo", "Mistakes that implementations of Raft made: what each breaks"), zoo);
    add_formats(
        *app.add_subcommand("formats", "One table as CSV, JSON, XML, log, Avro and columns: bytes and parse costs"),
        formats);
    add_ui(*app.add_subcommand("ui", "Open the desktop lab, or make a picture of it"), ui);
    refuse_misread(app);
  }

  Command chosen() const {
    if (app.got_subcommand("run")) return run;
    if (app.got_subcommand("sweep")) return sweep;
    if (app.got_subcommand("replay")) return replay;
    if (app.got_subcommand("check")) return check;
    if (app.got_subcommand("explain")) return explain;
    if (app.got_subcommand("list")) return list;
    if (app.got_subcommand("schema")) return SchemaArguments{app.get_subcommand("schema")->got_subcommand("lesson")};
    if (app.got_subcommand("ui")) return ui;
    if (app.got_subcommand("pacelc")) return pacelc;
    if (app.got_subcommand("shrink")) return shrink;
    if (app.got_subcommand("inevitable")) return inevitable;
    if (app.got_subcommand("search")) return search;
    if (app.got_subcommand("zoo")) return zoo;
    if (app.got_subcommand("formats")) return formats;
    if (app.got_subcommand("history")) return chosen_history();
    if (app.got_subcommand("lesson")) return chosen_lesson();
    return chosen_new();
  }

  NewArguments chosen_new() const {
    NewArguments chosen = make;
    const CLI::App& kinds = *app.get_subcommand("new");
    if (kinds.got_subcommand("lesson")) chosen.kind = NewArguments::Kind::kLesson;
    if (kinds.got_subcommand("scenario")) chosen.kind = NewArguments::Kind::kScenario;
    return chosen;
  }

  LessonArguments chosen_lesson() const {
    using Task = LessonArguments::Task;
    LessonArguments chosen = lesson;
    const CLI::App& tasks = *app.get_subcommand("lesson");
    for (const auto& [word, task] :
         {std::pair{"run", Task::kRun}, std::pair{"grade", Task::kGrade}, std::pair{"step", Task::kStep},
          std::pair{"check", Task::kCheck}, std::pair{"html", Task::kHtml}, std::pair{"guide", Task::kGuide}})
      if (tasks.got_subcommand(word)) chosen.task = task;
    return chosen;
  }

  HistoryArguments chosen_history() const {
    HistoryArguments chosen = history;
    const CLI::App& tasks = *app.get_subcommand("history");
    if (tasks.got_subcommand("spectrum")) chosen.task = HistoryArguments::Task::kSpectrum;
    if (tasks.got_subcommand("convert")) chosen.task = HistoryArguments::Task::kConvert;
    return chosen;
  }
};

std::vector<std::string> subcommands_of(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(sub->get_name());
  return names;
}

std::vector<std::string> flags_of(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    for (const std::string& name : option->get_snames()) names.push_back("-" + name);
  }
  return names;
}

bool is_negative(const std::string& word) {
  return word.size() > 1 && word[0] == '-' && word[1] >= '0' && word[1] <= '9';
}

/// Walks the words along the tree; gives what is wrong with the first one that nothing knows.
std::string unknown_word(const CLI::App& root, int argc, const char* const* argv) {
  const CLI::App* app = &root;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const std::vector<std::string> subcommands = subcommands_of(*app);
    if (is_negative(word)) continue;  // a value, and whoever took it says what is wrong with it
    if (word.size() > 1 && word[0] == '-') {
      const std::string name = word.substr(0, word[1] == '-' ? word.find('=') : 2);
      const std::vector<std::string> flags = flags_of(*app);
      if (std::find(flags.begin(), flags.end(), name) == flags.end())
        return fmt::format("there is no option {}\n{}", scenario::printable(name),
                           scenario::did_you_mean(name, flags,
                                                  fmt::format("`{} --help` lists the options",
                                                              app == &root ? "twice" : "twice " + app->get_name())));
    } else if (!subcommands.empty()) {
      if (std::find(subcommands.begin(), subcommands.end(), word) == subcommands.end())
        return fmt::format(
            "there is no command '{}'\n{}", scenario::printable(word),
            scenario::did_you_mean(word, subcommands, fmt::format("there are: {}", fmt::join(subcommands, ", "))));
      app = app->get_subcommand(word);
    }
  }
  return {};
}

}  // namespace

std::variant<Command, Answer> parse(int argc, const char* const* argv) {
  Tree tree;
  try {
    tree.app.parse(argc, argv);
    return tree.chosen();
  } catch (const CLI::ParseError& error) {
    std::ostringstream out, err;
    if (tree.app.exit(error, out, err) == 0) return Answer{Exit::kMet, out.str(), {}};
    const std::string unknown = unknown_word(tree.app, argc, argv);
    return Answer{Exit::kUsage,
                  {},
                  unknown.empty() ? fmt::format("twice: {}\n", scenario::printable(error.what()))
                                  : fmt::format("twice: {}\n", unknown)};
  }
}

}  // namespace twice::cli
