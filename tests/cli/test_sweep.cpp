#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <set>

#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

#include "cli/program.h"
#include "lab/report.h"
#include "lab/sweep.h"
#include "scenario/load.h"
#include "support/catch.h"

using namespace twice::test;
using namespace twice;

namespace {

std::vector<const scenario::Variant*> lanes_of(const scenario::Scenario& scenario) {
  std::vector<const scenario::Variant*> lanes;
  for (const scenario::Variant& variant : scenario.variants) lanes.push_back(&variant);
  return lanes;
}

std::set<char> letters_of(const lab::LaneSweep& lane) {
  std::set<char> letters;
  for (const lab::PointOutcome& point : lane.points) letters.insert(point.letter);
  return letters;
}

lab::PointOutcome point(char letter, lab::Stop stop = lab::Stop::kAfterRow) {
  lab::PointOutcome outcome;
  outcome.letter = letter;
  outcome.point.stop = stop;
  return outcome;
}

}  // namespace

TEST_CASE("a sweep gives the same bytes for 1, 2 and 4 workers") {
  const Folder folder;
  folder.write("small.toml", small_scenario(100));
  const Outcome one = folder.twice("sweep small.toml --json --points all -j 1");
  CHECK(one.code == 0);
  CHECK(one.out.size() > 10'000);
  CHECK(one.out == folder.twice("sweep small.toml --json --points all -j 2").out);
  CHECK(one.out == folder.twice("sweep small.toml --json --points all -j 4").out);
}

TEST_CASE("a killed worker is reported, and its points are tried again") {
  const auto loaded = scenario::parse_scenario("small.toml", small_scenario(60));
  REQUIRE(loaded.scenario);
  lab::SweepOptions options;
  options.workers.workers = 2;
  const lab::SweepResult whole = lab::sweep(lanes_of(*loaded.scenario), options);
  options.workers.kill_once = 2;
  const lab::SweepResult killed = lab::sweep(lanes_of(*loaded.scenario), options);
  const lab::Subject subject{"small.toml", "small.toml", "", true};
  CHECK(whole.reports.empty());
  REQUIRE(killed.reports.size() == 1);
  CHECK(contains(sweep_text(subject, killed, 1, {}), killed.reports.front()));
  for (std::size_t i = 0; i < whole.lanes.size(); ++i) {
    CHECK(killed.lanes[i].points.size() == whole.lanes[i].points.size());
    CHECK(letters_of(killed.lanes[i]).count('?') == 0);
  }
}

TEST_CASE("points that were not tried leave a good lane undecided, never safe") {
  const Folder folder;
  folder.write("small.toml", small_scenario(100));
  const Outcome o = folder.twice("sweep small.toml --only overwrite --at-most 10");
  CHECK(o.code == 2);
  CHECK(contains(o.out, "not tried"));
  const Outcome limited = folder.twice("sweep small.toml --only overwrite --points all --time-limit 1ms");
  CHECK(limited.code == 2);
}

TEST_CASE("a lane keeps its promise or it does not") {
  scenario::Variant variant;
  lab::LaneSweep lane;
  lane.variant = &variant;
  lane.points = {point('='), point('~')};
  CHECK(sweep_verdict(lane) == lab::SweepVerdict::kAsMeant);
  lane.points.push_back(point('?'));
  CHECK(sweep_verdict(lane) == lab::SweepVerdict::kUndecided);
  lane.points.push_back(point('D'));
  CHECK(sweep_verdict(lane) == lab::SweepVerdict::kNotAsMeant);
  variant.spec.lane.verdict.any_of = {scenario::Verdict::kDuplicates};
  CHECK(sweep_verdict(lane) == lab::SweepVerdict::kAsMeant);
  lane.points = {point('='), point('=')};
  CHECK(sweep_verdict(lane) == lab::SweepVerdict::kNotAsMeant);
  variant.spec.lane.verdict.any_of = {scenario::Verdict::kExactlyOnce, scenario::Verdict::kDuplicates};
  CHECK(sweep_verdict(lane) == lab::SweepVerdict::kAsMeant);
}

TEST_CASE("a cell of the strip shows the worst of its points") {
  const std::vector<lab::PointOutcome> points{point('='), point('D'), point('~'), point('='),
                                              point('?'), point('='), point('L'), point('D')};
  CHECK(lab::strip(points, 80) == "=D~=?=LD");
  CHECK(lab::strip(points, 4) == "D~=L");
  CHECK(lab::strip(points, 1) == "L");
  CHECK(lab::strip({}, 10).empty());
}

TEST_CASE("Ctrl-C ends a sweep with 130 and leaves one whole report that names the interrupt") {
  const Folder folder;
  // Each row commits: some minutes of work, so that the signal meets it.
  std::string text = small_scenario(1000);
  for (std::size_t at; (at = text.find("\"every 5\"")) != std::string::npos;) text.replace(at, 9, "\"each-row\"");
  folder.write("long.toml", text);
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::setpgid(0, 0);
    if (::chdir(folder.path().c_str()) != 0 || !std::freopen("/dev/null", "w", stdout) ||
        !std::freopen("/dev/null", "w", stderr))
      ::_exit(99);
    ::execl(TWICE_PROGRAM, TWICE_PROGRAM, "sweep", "long.toml", "--points", "all", "-j", "2", "--junit", "out.xml",
            static_cast<char*>(nullptr));
    ::_exit(98);
  }
  ::usleep(700'000);
  ::kill(-pid, SIGINT);
  int status = 0;
  ::waitpid(pid, &status, 0);
  REQUIRE(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 130);
  CHECK(folder.names() == std::vector<std::string>{"long.toml", "out.xml"});  // no temporary
  const std::string xml = folder.read("out.xml");
  CHECK(contains(xml, "type=\"interrupt\""));
  CHECK_FALSE(contains(xml, "expectations met"));
  CHECK(xml.ends_with("</testsuites>\n"));
}

TEST_CASE("a crash point that never comes is named, and leaves the sweep undecided") {
  const Folder folder;
  folder.write("small.toml", small_scenario(10, ""));
  for (const std::string lane : {"overwrite", "append"}) {
    const Outcome o = folder.twice("sweep small.toml --points 99h --only " + lane);
    INFO(o.out << o.err);
    CHECK(o.code == 2);
    CHECK(contains(o.out, "no loader ran then: at 99h"));
  }
  CHECK(folder.twice("sweep small.toml --points rows,30ms --only overwrite").code == 0);
  CHECK(folder.twice("sweep small.toml --points '' --only overwrite").code == 64);
}
