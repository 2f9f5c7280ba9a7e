// What the nodes of streams and object stores show of themselves.
#include <algorithm>

#include "scenario/load.h"
#include "support/catch.h"
#include "ui/playback/node_view.h"
#include "ui/playback/pictures.h"

namespace twice::playback {
namespace {

Session at_the_end(const std::string& file, std::string lane) {
  scenario::Loaded loaded = scenario::load_scenario("scenarios/pipeline/" + file);
  REQUIRE(loaded.scenario);
  Session session(std::move(*loaded.scenario), 1, {std::move(lane)});
  while (session.work(10'000)) {
  }
  session.apply(SeekTime{Time{} + seconds(7)});
  return session;
}

Face face_of(const Session& session, std::string_view name) {
  const world::World& world = session.world(0);
  const NodeId node = *world.find(name);
  return view_of(world.node(node)).face(world, node);
}

std::vector<StripCell> strip_of(const Session& session, std::string_view name) {
  const world::World& world = session.world(0);
  const NodeId node = *world.find(name);
  return view_of(world.node(node)).strip(world, node);
}

bool has_alarm(const std::vector<StripCell>& cells) {
  return std::any_of(cells.begin(), cells.end(),
                     [](const StripCell& cell) { return cell.look == StripCell::Look::kAlarm; });
}

}  // namespace

TEST_CASE("producer, bus, consumer and sink show how far they are") {
  const Session session = at_the_end("offsets.toml", "with the output");
  for (const char* name : {"producer", "bus", "consumer", "sink"}) CHECK(face_of(session, name).role == name);
  CHECK(face_of(session, "producer").line == "record 300");
  CHECK(face_of(session, "bus").line == "300 records");
  CHECK(face_of(session, "consumer").line == "offset 300");
  CHECK(face_of(session, "sink").line == "300 rows");
  CHECK_FALSE(has_alarm(strip_of(session, "sink")));
}

TEST_CASE("a sink raises an alarm over records that are there twice") {
  CHECK(has_alarm(strip_of(at_the_end("offsets.toml", "after"), "sink")));
}

TEST_CASE("a store shows its files, dashed when no pointer names them, and a writer its slice") {
  const Session listing = at_the_end("file-names.toml", "fresh names");
  CHECK(face_of(listing, "store").line == "7 files");
  CHECK(strip_of(listing, "store").size() == 7);
  CHECK(face_of(listing, "job").line == "1 load done");
  const Session pointer = at_the_end("file-names.toml", "fresh names and a pointer");
  const std::vector<StripCell> files = strip_of(pointer, "store");
  const auto dashed = std::count_if(files.begin(), files.end(),
                                    [](const StripCell& cell) { return cell.look == StripCell::Look::kDashed; });
  CHECK(dashed == 3);
}

}  // namespace twice::playback
