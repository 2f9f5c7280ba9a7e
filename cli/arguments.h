#pragma once
// The command line as values. Only arguments.cpp knows the library that reads it.
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "cli/exit_code.h"
#include "core/limits.h"
#include "lab/script.h"

namespace twice::cli {

/// Where results go, and how they look.
struct Outputs {
  bool json = false, quiet = false, narrate = false, no_colour = false, github = false;
  std::string junit, summary, trace, save, history;  // paths; empty: not wanted
};

/// What of a scenario is run.
struct Choice {
  std::vector<std::string> set;  // PATH=VALUE
  std::string only;              // a lane; empty: all
  std::optional<std::uint64_t> seed;
  std::string seeds;  // "1..1000"
  std::string steps;  // --do
  bool no_timeline = false;
  std::uint32_t runs = 0;                   // of the load; 0: as the scenario says
  unsigned jobs = 0;                        // 0: one a core
  std::string time_limit;                   // of the wall clock, "60s"; empty: none
  std::string statement_limit, unit_limit;  // of SQL; empty: as usual
};

struct RunArguments {
  std::vector<std::string> files;  // scenarios, folders of them, or one script
  lab::ScriptRequest script;       // its options; the path is the file's
  Choice choice;
  Outputs outputs;
  bool sweep = false;
  std::string verify;              // percentage of runs that are run twice: "", "100%", "5%"
  std::uint64_t judge_budget = 0;  // steps; 0: as usual
};

struct SweepArguments {
  std::string file;
  lab::ScriptRequest script;
  Choice choice;
  Outputs outputs;
  std::string points;
  std::uint64_t at_most = 0;  // 0: all
  bool progress = false;      // lines on the standard error, whatever that is
};

struct ReplayArguments {
  std::string file, time_limit, statement_limit;
  Outputs outputs;
};

struct CheckArguments {
  std::vector<std::string> files, set;
  std::string statement_limit;
  bool bites = false;
  Choice choice;                // of --bites: seeds, jobs, time limit
  std::uint64_t budget = 2000;  // of --bites: runs of a file
  Outputs outputs;
};

struct ExplainArguments {
  std::string path;
  bool markdown = false;
};

struct ListArguments {
  std::vector<std::string> folders;
  std::string tag;
  Outputs outputs;
};

struct SchemaArguments {
  bool of_lessons = false;
};

struct NewArguments {
  enum class Kind : std::uint8_t { kLoader, kScenario, kLesson };
  Kind kind = Kind::kLoader;
  std::string file;  // of a lesson: its folder
};

/// Lessons: what there is, to take one, to grade answers, to check what an author wrote.
struct LessonArguments {
  enum class Task : std::uint8_t { kList, kRun, kGrade, kStep, kCheck, kHtml, kGuide };
  Task task = Task::kList;
  std::string folder = "lessons";
  std::vector<std::string> which;  // numbers, names or paths; empty: all
  std::string learner, answers, output;
  std::string step;  // of a lesson: "predict", "challenge-2"
  std::uint32_t learners = 3, seeds = 0;
  bool progress = false;  // lines on the standard error
  bool pictures = true;   // on pages
  unsigned jobs = 0;
  std::string time_limit, statement_limit, unit_limit;
  Outputs outputs;
};

/// A history of clients' operations from outside.
struct HistoryArguments {
  enum class Task : std::uint8_t { kCheck, kSpectrum, kConvert };
  Task task = Task::kCheck;
  std::string file;
  std::string model = "auto";  // of the keys: register, kv, list, counter
  std::string to;              // convert: edn or json
  std::uint64_t budget = 0;    // steps of the search; 0: as usual
  bool spectrum = false;       // check: the table too
  std::string time_limit;
  Outputs outputs;
};

/// The desktop lab, or a picture of it.
struct UiArguments {
  std::string file, lane, at, view, theme, steps, span;
  std::optional<std::uint64_t> seed;
  float zoom = 0;
  std::string screenshot;  // a path; empty: a window
  std::string size;        // of the picture, "1280x800"
  std::uint32_t act = 0;
  std::uint32_t screen = 0;  // of a lesson, from 1
  std::string answers;       // of a lesson
  bool sweep = false;
  std::uint32_t frames = 0;  // measure so many, then end
};

/// CAP and PACELC, measured.
struct PacelcArguments {
  std::string file;
  bool all = false;
  Choice choice;
  std::uint32_t seeds = 5;
  std::string deadline = "1s";
  Outputs outputs;
};

/// One table in every data format: sizes, and what parsing costs here.
struct FormatsArguments {
  std::uint64_t rows = 100'000, seed = 1;
  std::vector<std::string> columns{"amount"};
  std::string folder;  // empty: nothing is kept
  std::string time_limit;
  Outputs outputs;
};

/// The smallest scenario that still fails.
struct ShrinkArguments {
  std::vector<std::string> files;
  bool all = false;  // every failing lane, as a table
  Choice choice;
  std::string expect, output;
  std::uint64_t budget = limits::kShrinkRuns;  // runs
  Outputs outputs;
};

/// When a failure became inevitable.
struct InevitableArguments {
  std::string file;
  Choice choice;
  std::string expect;
  std::uint32_t samples = 40, points = 30;
  Outputs outputs;
  bool progress = false;  // lines on the standard error, whatever that is
};

/// Every order of everything that can happen.
struct SearchArguments {
  std::string file;
  Choice choice;
  std::optional<std::uint64_t> from;  // the event after which it begins
  std::string network = "set", disk = "at-once", symmetry = "off";
  std::uint32_t crashes = 0, drops = 0;
  std::optional<std::uint32_t> timers;
  std::uint32_t max_depth = 0, max_states = 0;  // 0: without limit
  std::uint64_t memory_mb = limits::kSearchMegabytes;
  bool keep_going = false;
  std::string save;  // where the way to what was found goes; empty: nowhere
  Outputs outputs;
};

/// The bug zoo: what each mistake breaks, and how hard it is to find.
struct ZooArguments {
  std::vector<std::string> flags;  // empty: all
  std::string folder = "scenarios/zoo";
  std::uint32_t trials = 11, limit = 300;
  unsigned jobs = 0;
  std::string time_limit;
  bool markdown = false;
  Outputs outputs;
};

using Command =
    std::variant<RunArguments, SweepArguments, ReplayArguments, CheckArguments, ExplainArguments, ListArguments,
                 SchemaArguments, NewArguments, UiArguments, HistoryArguments, PacelcArguments, ShrinkArguments,
                 InevitableArguments, SearchArguments, ZooArguments, LessonArguments, FormatsArguments>;

/// There is nothing to execute: help was asked for, or the words make no sense.
struct Answer {
  Exit code = Exit::kMet;
  std::string out, err;
};

std::variant<Command, Answer> parse(int argc, const char* const* argv);

}  // namespace twice::cli
