// What a run did not put to the test is undecided, with the reason; beside it, a run that decides the same.
#include "lab/shipped.h"

namespace twice::lab {
namespace {

scenario::Scenario read(const std::string& text) {
  scenario::Loaded loaded = scenario::parse_scenario("t.toml", "scenario = 1\ntitle = \"t\"\n" + text, {});
  INFO(scenario::render(loaded.diagnostics));
  REQUIRE(loaded.scenario);
  return std::move(*loaded.scenario);
}

RunReport run_of(const std::string& text) { return run(read(text).variants.front(), 1, {}); }

Finding finding(const RunReport& report, std::string_view name) {
  for (const Finding& f : report.findings)
    if (f.name.find(name) != std::string::npos) return f;
  FAIL("no finding '" << name << "': " << complaints(report));
  return {};
}

bool says(const Finding& f, std::string_view words) { return f.seen.find(words) != std::string::npos; }

const std::string kThree = "until = \"3s\"\n[cluster]\nnodes = 3\n";
const std::string kRaft = kThree + "protocol = \"raft\"\n";
const std::string kWriter = "[[client]]\nname = \"app\"\nthink = \"10ms\"\nreads = 0\n";
const std::string kApp = "[[client]]\nname = \"app\"\nthink = \"10ms\"\n";
const std::string kApart = "[timeline]\nsteps = [{ at = \"0s\", partition = [[\"n1\"], [\"n2\"], [\"n3\"]] }]\n";

}  // namespace

TEST_CASE("a promise about clients is undecided where no operation succeeded, and decided where some did") {
  const std::string expect =
      "[expect]\nfinally = [\"linearizable\", \"sequential\", \"causal\", \"read-your-writes\", "
      "\"acked-never-lost\"]\n";
  const RunReport none = run_of(kRaft + kApp + kApart + expect);
  for (const char* name :
       {"finally linearizable", "finally sequential", "finally causal", "finally read-your-writes"}) {
    CHECK(finding(none, name).held == Held::kUnknown);
    CHECK(says(finding(none, name), "operations succeeded"));
  }
  CHECK(finding(none, "acked-never-lost").seen == "no write was acknowledged");
  CHECK(none.held() == Held::kUnknown);
  const RunReport some = run_of(kRaft + kApp + expect);
  INFO(complaints(some));
  CHECK(some.held() == Held::kYes);
}

TEST_CASE("figures of answers that nobody got are not measured, and a bound on them is undecided") {
  const std::string bounds =
      "[expect]\nmetrics = [{ of = \"latency.read.p99\", is = \"<= 5s\" }, { of = \"staleness.versions\", is = \"<= "
      "5\" "
      "}]\n";
  const RunReport unread = run_of(kRaft + kWriter + bounds);
  CHECK(finding(unread, "latency.read.p99").held == Held::kUnknown);
  CHECK(finding(unread, "latency.read.p99").seen == "no read was answered");
  CHECK(finding(unread, "staleness.versions").held == Held::kUnknown);
  const RunReport read_too = run_of(kRaft + kApp + bounds);
  CHECK(finding(read_too, "latency.read.p99").held == Held::kYes);
  CHECK(finding(read_too, "staleness.versions").held == Held::kYes);
  CHECK(run_report_from_json(to_json(read_too)).clients->stale_known);
}

TEST_CASE("no operation in a window is measured where somebody asked in it, and undecided where nobody did") {
  const std::string late = kRaft + "[[client]]\nname = \"app\"\nthink = \"10ms\"\nuntil = \"1s\"\n";
  const std::string window = "[expect]\nmetrics = [{ of = \"ops.ok\", is = \"== 0\", during = \"2s..3s\" }]\n";
  const RunReport quiet = run_of(late + window);
  CHECK(finding(quiet, "ops.ok").held == Held::kUnknown);
  CHECK(finding(quiet, "ops.ok").seen == "no client asked anything in this window");
  CHECK(finding(run_of(kRaft + kApp + kApart + window), "ops.ok").held == Held::kYes);
  CHECK(finding(run_of(kRaft + kApp + window), "ops.ok").held == Held::kNo);
}

TEST_CASE("crashed nodes are suspected only where some node is down at the end") {
  const std::string nodes = kThree + "protocol = \"heartbeat\"\n";
  const std::string expect = "[expect]\nfinally = [\"crash-suspected\"]\n";
  const RunReport calm = run_of(nodes + expect);
  CHECK(finding(calm, "crash-suspected").held == Held::kUnknown);
  CHECK(finding(calm, "crash-suspected").seen == "no node is down at the end");
  const std::string crash = "[timeline]\nsteps = [{ at = \"1s\", crash = \"n1\" }]\n";
  CHECK(finding(run_of(nodes + crash + expect), "crash-suspected").held == Held::kYes);
}

TEST_CASE("an invariant of Raft that a file asks for needs the state that it speaks of; unasked, it is kept") {
  const std::string expect = "[expect]\nalways = [\"election-safety\", \"leader-completeness\"]\n";
  const RunReport nobody = run_of(kRaft + kApart + expect);
  CHECK(finding(nobody, "election-safety").seen == "no server became leader");
  CHECK(finding(nobody, "leader-completeness").seen == "nothing was committed");
  CHECK(finding(nobody, "always raft").held == Held::kYes);
  const RunReport elected = run_of(kRaft + kApp + expect);
  CHECK(finding(elected, "election-safety").held == Held::kYes);
  CHECK(finding(elected, "leader-completeness").held == Held::kYes);
}

TEST_CASE("one replica does not converge with itself, nor do replicas of nothing") {
  const std::string expect = "[expect]\nfinally = [\"converged\"]\n";
  const std::string app = "[[client]]\nname = \"app\"\nthink = \"10ms\"\nuntil = \"1s\"\n";
  const std::string alone = "until = \"3s\"\n[cluster]\nnodes = 1\nprotocol = \"primary-backup\"\n";
  CHECK(says(finding(run_of(alone + app + expect), "converged"), "only one server runs"));
  const std::string three = kThree + "protocol = \"primary-backup\"\n";
  CHECK(says(finding(run_of(three + app + "reads = 1.0\n" + expect), "converged"), "nobody wrote anything"));
  CHECK(finding(run_of(three + app + expect), "converged").held == Held::kYes);
}

TEST_CASE("a link rule that no message met and a client that asked nothing are findings of their own") {
  const std::string rule = "[network]\nlink = [{ from = \"n1\", to = \"n2\", message = \"TimeoutNow\", loss = 1.0 }]\n";
  const Finding unused = finding(run_of(kRaft + rule), "the link rule from n1 to n2");
  CHECK(unused.held == Held::kUnknown);
  CHECK(unused.seen == "no TimeoutNow was sent from n1 to n2");
  CHECK(unused.span.begin.line > 0);
  const std::string used = "[network]\nlink = [{ from = \"*\", to = \"*\", message = \"RequestVote\", loss = 0.1 }]\n";
  CHECK(run_of(kRaft + used).held() == Held::kYes);
  const std::string late = "[[client]]\nname = \"late\"\nfrom = \"2999ms\"\n";
  const std::string crash = "[timeline]\nsteps = [{ at = \"1s\", crash = \"late\" }]\n";
  CHECK(finding(run_of(kRaft + late + crash), "client 'late'").seen == "it asked nothing in this run");
}

TEST_CASE("a mark that never came is told with the numbers that it came with") {
  const std::string nodes = kThree + "protocol = \"two-phase-commit\"\n";
  const auto step = [&](const char* when) {
    return run_of(nodes + "[timeline]\nsteps = [{ " + when + ", crash = \"coordinator\" }]\n");
  };
  const Finding zero = finding(step("on = \"decided\""), "the step bites");
  CHECK(zero.held == Held::kUnknown);
  CHECK(says(zero, "'decided' came with 1, and this step waits for 0: give it value = 1"));
  const Finding never = finding(step("on = \"contradicted\", value = 1"), "the step bites");
  CHECK(says(never, "no node reported 'contradicted' (marks: votes (votes so far), decided (1 = commit, 0 = abort)"));
  CHECK(step("on = \"decided\", value = 1").held() == Held::kYes);
}

TEST_CASE("an order that a node refuses is a step that did nothing") {
  const std::string order = "[timeline]\nsteps = [{ at = \"10ms\", tell = \"n1\", words = \"transfer n2\" }]\n";
  const Finding refused = finding(run_of(kRaft + order), "the step bites");
  CHECK(refused.held == Held::kUnknown);
  CHECK(says(refused, "nobody leads"));
  const std::string heard = "[timeline]\nsteps = [{ at = \"10ms\", tell = \"n1\", words = \"campaign\" }]\n";
  CHECK(run_of(kRaft + heard).held() == Held::kYes);
}

TEST_CASE("a change of the members that has to wait is Raft's rule at work, and no step that did nothing") {
  const auto told = [](const std::string& second) {
    return run_of(kRaft +
                  "raft = { priority = [\"n1\"] }\n[timeline]\nsteps = [{ at = \"2s\", tell = \"n1\", words = " +
                  "\"remove n3\" }, { at = \"2s\", tell = \"n1\", words = \"" + second + "\" }]\n");
  };
  CHECK(complaints(told("remove n2")) == "");
  CHECK(finding(told("members n1"), "the step bites").held == Held::kUnknown);  // it is the wrong word for one server
}

TEST_CASE("a breach that a file promises has failed where nothing broke, whether or not anything could have") {
  const std::string expect = "[expect]\nfinally = [\"not linearizable\"]\n";
  const Finding untested = finding(run_of(kRaft + kWriter + expect), "not linearizable");
  CHECK(untested.held == Held::kNo);
  CHECK(says(untested, "no read was answered"));
  CHECK(finding(run_of(kRaft + kApp + expect), "not linearizable").held == Held::kNo);
  const std::string lost = "[expect]\nfinally = [\"linearizable\"]\n";
  CHECK(finding(run_of(kRaft + kWriter + lost), "linearizable").held == Held::kUnknown);
}

TEST_CASE("chaos that drew nothing leaves the batch undecided; what is turned off was not asked for") {
  const auto batch_of = [](const std::string& chaos) {
    const scenario::Scenario s = read(
        "until = \"20s\"\n[cluster]\nnodes = 1\nprotocol = \"single\"\n[[client]]\nname = \"app\"\nthink = "
        "\"50ms\"\nuntil = \"18s\"\n[expect]\nfinally = [\"linearizable\"]\n[chaos]\nto = \"15s\"\n" +
        chaos);
    return run_batch(variants_of(s), {1, 2, 3}, {}, {});
  };
  const Batch none = batch_of("kinds = { crash = 1 }\n");
  REQUIRE(none.over_seeds.size() == 1);
  CHECK(none.held() == Held::kUnknown);
  CHECK(none.over_seeds.front().seen ==
        "no crash is ever drawn: at most 0 nodes may be down at one time ('max-down'; without it, a minority of 1)");
  CHECK(batch_of("kinds = { slow = 1, majorities-ring = 1 }\n").held() == Held::kUnknown);
  CHECK(batch_of("kinds = { slow = 1 }\n").over_seeds.empty());
  CHECK(batch_of("kinds = { crash = 1 }\nmax-down = 1\n").over_seeds.empty());
  CHECK(batch_of("chance = 0.0\n").over_seeds.empty());
}

TEST_CASE("without an expectation nothing is judged, and no report says that something held") {
  const RunReport none = run_of(kThree + "protocol = \"heartbeat\"\n");
  CHECK_FALSE(none.judged());
  CHECK(outcome_of(none) == "nothing was judged");
  CHECK(to_json(none).find("\"held\":\"nothing was judged\"") != std::string::npos);
  const RunReport some = run_of(kThree + "protocol = \"heartbeat\"\n[expect]\nalways = [\"no-false-suspicion\"]\n");
  CHECK(outcome_of(some) == "held");
}

TEST_CASE("a participant that has committed stays committed, and both outcomes are seen at the event") {
  const std::string lost = R"(until = "20s"
[cluster]
nodes = 3
protocol = "two-phase-commit"
two-phase-commit = { resend = "200ms" }
[network]
latency = "1ms..10ms"
[timeline]
steps = [
  { at = "1ms", cut = "coordinator>n2" },
  { on = "committed", value = 3, crash = "coordinator", lose = "all" },
  { at = "2s", restart = "coordinator" },
  { at = "2s", heal = "all" },
]
[expect]
finally = ["decided"]
always = ["atomic"]
metrics = [{ of = "participants.committed", is = ">= 1" }]
)";
  const RunReport report = run_of(lost);
  const Finding broken = finding(report, "always atomic");
  CHECK(broken.held == Held::kNo);
  CHECK(says(broken, "has aborted, and n"));
  CHECK(says(broken, ", event "));
  REQUIRE(broken.at);
  CHECK(*broken.at > Time{} + seconds(2));
  CHECK(finding(report, "participants.committed").held == Held::kYes);
  CHECK(run_of(kThree + "protocol = \"two-phase-commit\"\n[expect]\nalways = [\"atomic\"]\n").held() == Held::kYes);
}

TEST_CASE("a client whose route is stay comes home after each operation, one whose route is home does not") {
  const auto moved = [](const std::string& route) {
    return run_of(kRaft + "[[client]]\nname = \"app\"\ncount = 3\nthink = \"10ms\"\nroute = \"" + route +
                  "\"\n[expect]\nfinally = [\"read-your-writes\"]\n");
  };
  const RunReport home = moved("home"), stay = moved("stay");
  INFO(complaints(home) << complaints(stay));
  CHECK(home.clients->moved == 2);
  CHECK(stay.clients->moved == 0);
  CHECK(stay.clients->ok > 20);
  CHECK(home.held() == Held::kYes);
  CHECK(stay.held() == Held::kYes);
}

}  // namespace twice::lab
