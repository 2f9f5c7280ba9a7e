// Clusters with clients in the lab: their views, and partitions by hand.
#include <chrono>
#include <string>
#include <thread>

#include "support/catch.h"
#include "ui/app/actions.h"
#include "ui/app/lab.h"
#include "ui/draw/headless.h"
#include "ui/panels/network_layout.h"

namespace twice::ui {
namespace {

constexpr const char* kDesigns = "tests/ui/replication.toml";

struct ReplicasDesk {
  explicit ReplicasDesk(int width = 1280, int height = 800, float zoom = 1)
      : lab(Settings{}, TWICE_PROGRAM), screen(width, height, zoom) {
    lab.handle(SetZoom{zoom});
  }
  void open(const char* path) {
    REQUIRE(lab.open(path));
    record();
  }
  void record() {
    while (lab.session().work(10'000)) {
    }
  }
  void frame() {
    lab.update(1.0 / 60, 5);
    screen.frame([&] { draw(); });
  }
  void draw() { lab.draw(screen.fonts(), screen.theme(), lab.settings().zoom); }
  void wait() {
    frame();
    for (int i = 0; i < 20'000 && lab.judging(); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      frame();
    }
    REQUIRE_FALSE(lab.judging());
    frame();
  }
  void select(std::uint16_t node) { lab.handle(playback::Command{playback::Select{{NodeId{node}, {}, {}}}}); }
  const world::World& world() const { return lab.session().world(0); }

  Lab lab;
  Headless screen;
};

NodeId n(std::uint16_t index) { return NodeId{index}; }

}  // namespace

TEST_CASE("spectrum and metrics are drawn at every size and zoom, with clients and without") {
  for (const char* path :
       {kDesigns, "scenarios/cluster/partition-and-heal.toml", "scenarios/loaders/crash-at-800.toml"})
    for (const auto& [width, height, zoom] : {std::tuple{1280, 800, 1.0f}, {1280, 800, 2.0f}, {640, 480, 1.5f}}) {
      ReplicasDesk desk(width, height, zoom);
      desk.open(path);
      for (const View view : {View::kSpectrum, View::kMetrics}) {
        desk.lab.handle(ShowView{view});
        desk.wait();
        CHECK(desk.lab.view() == view);
      }
    }
}

TEST_CASE("the button below the words of a violated model goes to the moment that shows it") {
  ReplicasDesk desk;
  desk.open(kDesigns);
  desk.lab.handle(ShowView{View::kSpectrum});
  desk.wait();
  const Time before = desk.lab.session().cursor().at;
  // Below the ladder.
  for (float y = 380; y < 520 && desk.lab.session().cursor().at == before; y += 8)
    desk.screen.click(400, y, [&] { desk.draw(); }), desk.frame();
  CHECK(desk.lab.session().cursor().at > before);
}

TEST_CASE("no frame waits for a verdict") {
  ReplicasDesk desk;
  desk.open(kDesigns);
  desk.lab.handle(ShowView{View::kSpectrum});
  desk.frame();  // begins to judge
  CHECK(desk.lab.judging());
}

TEST_CASE("isolate, cut one way and heal act on the selected node, and say why where nothing would change") {
  ReplicasDesk desk;
  desk.open(kDesigns);
  desk.lab.handle(ShowView{View::kNetwork});
  desk.lab.handle(playback::Command{playback::SeekTime{Time{} + seconds(1)}});
  desk.frame();
  desk.lab.press({'I', false, false, false, false});
  CHECK(desk.lab.said().find("select a node first") != std::string::npos);
  desk.lab.press({'H', false, false, false, false});
  CHECK(desk.lab.said().find("Heal") != std::string::npos);  // nothing is cut
  CHECK(desk.lab.session().branches().size() == 1);

  desk.select(0);
  desk.frame();
  desk.lab.press({'O', false, false, false, false});
  desk.record(), desk.frame();
  desk.lab.handle(playback::Command{playback::StepEvents{1}});
  CHECK(desk.world().network().is_cut(n(0), n(1)));
  CHECK_FALSE(desk.world().network().is_cut(n(1), n(0)));
  CHECK_FALSE(desk.world().network().is_cut(n(0), n(3)));  // clients that nobody chose reach both sides
  desk.frame();
  desk.lab.press({'H', false, false, false, false});
  desk.record(), desk.frame();
  desk.lab.handle(playback::Command{playback::StepEvents{1}});
  CHECK_FALSE(desk.world().network().any_cut());
  desk.frame();
  desk.lab.press({'I', false, false, false, false});
  desk.record(), desk.frame();
  desk.lab.handle(playback::Command{playback::StepEvents{1}});
  CHECK(desk.world().network().is_cut(n(0), n(1)));
  CHECK(desk.world().network().is_cut(n(1), n(0)));
  CHECK(desk.world().network().is_cut(n(3), n(0)));
}

TEST_CASE("clients stand beside their servers, and one stands for those without room") {
  NetworkRoom room{.count = 3 + 9, .right = 900, .bottom = 600, .name_width = 30, .line_height = 16};
  room.beside.resize(room.count);
  for (std::size_t i = 3; i < 9; ++i) room.beside[i] = 0;
  for (std::size_t i = 9; i < room.count; ++i) room.beside[i] = 1;
  const NetworkLayout layout = place_nodes(room);
  CHECK_FALSE(layout.is_small(0));
  CHECK(layout.radius_of(3) < layout.radius_of(0));
  CHECK_FALSE(layout.is_hidden(3));
  CHECK(layout.small[6] == 3);  // itself and two others
  CHECK(layout.is_hidden(7));
  CHECK(layout.is_hidden(8));
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 3; j < room.count; ++j)
      CHECK(distance(layout.nodes[i], layout.nodes[j]) > layout.radius_of(i) + layout.radius_of(j));
}

}  // namespace twice::ui
