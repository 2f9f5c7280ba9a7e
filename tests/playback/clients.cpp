// What clients lived, as the views show it.
#include <algorithm>
#include <chrono>
#include <thread>

#include "playback/opened.h"
#include "scenario/load.h"
#include "support/catch.h"
#include "ui/playback/clients_judge.h"
#include "ui/playback/pictures.h"
#include "ui/playback/value_text.h"

namespace twice::playback {
namespace {

constexpr const char* kDesigns = "tests/ui/replication.toml";

ClientsInput input_of(const Session& session, std::size_t lane) {
  return clients_input(session.recording(lane), session.lanes()[lane].variant->spec);
}

check::Operation operation(check::Function function, std::int64_t value, std::uint64_t call, std::uint64_t ret) {
  check::Operation o;
  o.key = "k0", o.function = function, o.outcome = check::Outcome::kOk;
  (function == check::Function::kRead ? o.result : o.argument) = value;
  o.call = call, o.ret = ret, o.invoked = Time{static_cast<std::int64_t>(call)};
  o.returned = Time{static_cast<std::int64_t>(ret)};
  return o;
}

}  // namespace

TEST_CASE("values that clients write are shown as client and operation, other numbers as they are") {
  CHECK(value_text(std::int64_t{2'000'000'007}) == "2·7");
  CHECK(value_text(std::int64_t{42}) == "42");
  CHECK(value_text(protocols::Cell{}) == "nil");
  CHECK(value_text(protocols::Cell{1'000'000'001, 5}) == "[1·1 5]");
  CHECK(with_short_values("app-1 read 1000000007 from k0 at 3 s") == "app-1 read 1·7 from k0 at 3 s");
}

TEST_CASE("a read misses the writes that were complete before it and certainly newer than what it saw") {
  using check::Function;
  check::History history;
  history.operations = {operation(Function::kWrite, 1, 0, 1), operation(Function::kWrite, 2, 2, 3),
                        operation(Function::kWrite, 3, 4, 9), operation(Function::kRead, 1, 5, 6),
                        operation(Function::kRead, 2, 7, 8)};
  const auto missed = versions_missed(history);
  CHECK_FALSE(missed[0]);
  CHECK(missed[3] == 1);  // 2 was complete; 3 was not
  CHECK(missed[4] == 0);
}

TEST_CASE("counts, latencies and staleness of the pictures are those of the report") {
  const Session session = recorded(scenario::load_scenario(kDesigns));
  for (std::size_t lane = 0; lane < session.lanes().size(); ++lane) {
    INFO(session.lanes()[lane].name());
    const ClientsMetrics metrics = measure_clients(input_of(session, lane));
    const lab::RunReport* report = session.report(lane);
    REQUIRE((report && report->clients));
    CHECK(metrics.ok == report->clients->ok);
    CHECK(metrics.failed == report->clients->failed);
    CHECK(metrics.unknown == report->clients->unknown);
    CHECK(metrics.open == report->clients->open);
    CHECK(metrics.reads.p50.ns == report->clients->reads.p50.ns);
    CHECK(metrics.writes.p99.ns == report->clients->writes.p99.ns);
    CHECK(metrics.versions_missed == report->clients->stale_versions);
    std::uint64_t ended = 0;
    for (const ClientsMetrics::Bin& bin : metrics.bins) ended += bin.ok + bin.failed + bin.unknown;
    CHECK(ended == metrics.ok + metrics.failed + metrics.unknown);
    REQUIRE(metrics.cuts.size() == 1);
    CHECK(metrics.cuts[0] == CutTime{Time{} + seconds(2), Time{} + seconds(4)});
    CHECK(metrics.asked_in_cuts > 0);
    CHECK(metrics.answered_in_cuts <= metrics.asked_in_cuts);
  }
}

TEST_CASE("bars are ordered by client and time, and none ends before it begins") {
  const Session session = recorded(scenario::load_scenario(kDesigns));
  const ClientsMetrics metrics = measure_clients(input_of(session, 0));
  REQUIRE(metrics.clients.size() == 3);
  CHECK(metrics.bars.size() == session.recording(0).log().clients().operations().size());
  for (std::size_t i = 0; i < metrics.bars.size(); ++i) {
    const OperationBar& bar = metrics.bars[i];
    CHECK(bar.from <= bar.to);
    CHECK(bar.client < metrics.clients.size());
    if (i > 0)
      CHECK(std::pair(metrics.bars[i - 1].client, metrics.bars[i - 1].from) <= std::pair(bar.client, bar.from));
  }
}

TEST_CASE("an async replica read at any node is not linearizable, and the effects found lie inside their operations") {
  const Session session = recorded(scenario::load_scenario(kDesigns));
  const ClientsInput input = input_of(session, 0);
  const ClientsVerdicts verdicts = judge_clients(input);
  REQUIRE(verdicts.rows.size() == check::kModels.size());
  CHECK(verdicts.rows.front().held == check::Judgement::kViolated);
  CHECK_FALSE(verdicts.rows.front().witness.empty());
  REQUIRE(verdicts.impossible);
  CHECK(*verdicts.impossible < input.history.operations.size());
  for (std::size_t i = 0; i < verdicts.effects.size(); ++i) {
    if (!verdicts.effects[i]) continue;
    CHECK(*verdicts.effects[i] >= input.history.operations[i].invoked);
    CHECK(*verdicts.effects[i] <= input.history.operations[i].returned);
  }
  const ClientsVerdicts sync = judge_clients(input_of(session, 1));
  CHECK(sync.rows.front().held != check::Judgement::kViolated);
  CHECK_FALSE(sync.impossible);
}

TEST_CASE("the painter measures and judges every lane beside the window, and then rests") {
  const Session session = recorded(scenario::load_scenario(kDesigns));
  Painter painter;
  Wanted wanted;
  wanted.clients = true;
  const Pictures* pictures = &painter.look(session, wanted);
  for (int i = 0; i < 20'000 && painter.judging(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    pictures = &painter.look(session, wanted);
  }
  REQUIRE_FALSE(painter.judging());
  REQUIRE(pictures->clients.size() == 3);
  for (const LaneClients* lane : pictures->clients) {
    REQUIRE(lane);
    CHECK_FALSE(lane->so_far);
    REQUIRE(lane->metrics);
    REQUIRE(lane->verdicts);
    CHECK(lane->verdicts->rows.size() == check::kModels.size());
  }
}

TEST_CASE("servers and clients of a replicated cluster say what they are") {
  Session session = recorded(scenario::load_scenario(kDesigns));
  session.apply(SeekTime{Time{} + seconds(3)});
  const NetworkView view = look_at_network(session.recording(0), session.world(0));
  REQUIRE(view.nodes.size() == 6);
  // Cut off, n1 still reigns in the first view; the others chose a new primary.
  CHECK(view.nodes[0].face.role == "primary");
  CHECK(view.nodes[1].face.role == "primary");
  CHECK(view.nodes[2].face.role == "backup");
  CHECK(view.nodes[0].beside == kNobody);
  CHECK(view.nodes[3].face.role == "client");
  CHECK(view.nodes[3].beside == view.nodes[0].node);
  CHECK(view.nodes[4].beside == view.nodes[1].node);
}

}  // namespace twice::playback
