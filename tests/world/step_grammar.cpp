// The grammar of `--do`.
#include "world/probe.h"

namespace twice::world {
namespace {

std::string read_back(std::string_view text) { return to_text(std::get<std::vector<Step>>(parse_steps(text))); }

struct Malformed {
  std::string_view text;
  std::size_t offset, length;
  std::string_view message;
};

}  // namespace

TEST_CASE("A step prints as it is written") {
  for (const std::string_view text : {
           "crash loader @row:800",
           "crash warehouse lose mixed @io:57+",
           "crash warehouse lose unsynced @io:57",
           "crash n1 @1.5s",
           "crash n1 @event:120",
           "crash loader @row:800/2",
           "crash loader @stmt:801",
           "crash loader @reply:801",
           "crash loader @ack:801",
           "crash n2 @suspect:1/3",
           "drop n1>n2#37",
           "delay n1>n2#3 by 2s",
           "duplicate n1>n2#3",
           "partition n1,n2|n3 @3s",
           "partition n1|n2|n3,n4 @3s",
           "partition n1,n2>n3 @3s",
           "bridge n3 @3s",
           "bridge n3 among n1,n2,n4 @3s",
           "majorities-ring @3s",
           "majorities-ring among n1,n2,n3 @3s",
           "halves @3s",
           "halves among n1,n2,n3 @3s",
           "isolate n1 @3s",
           "cut n1>n2 @3s",
           "heal n1,n2 @10s",
           "clog n1>n2 @3s",
           "clog n1 @3s",
           "unclog @9s",
           "unclog n1 @9s",
           "unclog n1>n2 @9s",
           "slow n1 by 50ms @3s",
           "slow n1 by 0s @9s",
           "clock n1 skew -200ms drift 50ppm @3s",
           "clock n1 skew 0s drift -7ppb @3s",
           "heal @10s",
           "pause n1 @1s",
           "resume n1 @2s",
           "restart n1 @7s",
           "fail warehouse io-error @io:57",
           "fail warehouse full @io:57",
           "fail n1 io-error @3s",
           "crash n1 lose all @3s",
           "run orchestrator @1.5m",
           "note half way @5s",
           "crash loader-2 @0s",
       }) {
    INFO(text);
    REQUIRE(std::holds_alternative<std::vector<Step>>(parse_steps(text)));
    CHECK(read_back(text) == text);
  }
}

TEST_CASE("Steps are separated by semicolons; spaces and empty steps do not matter") {
  CHECK(read_back("  crash n1   @1s ;; heal @2s;") == "crash n1 @1s; heal @2s");
}

TEST_CASE("What is printed reads back as the same steps") {
  const std::vector<Step> steps{
      {AtTime{Time{1'234'567'891}}, Crash{"a", physics::Lose::kMixed}},
      {AtEvent{7}, Restart{"b"}},
      {AtMark{"ack", 12, 3}, Pause{"c"}},
      {AtMark{"row", 12, 0}, Resume{"c"}},
      {AtIo{9, true}, Crash{"d", physics::Lose::kUnsynced}},
      {AtIo{9, false}, FailDisk{"d", physics::DiskFault::Kind::kFull}},
      {AtMessage{"a", "b", 4}, Drop{}},
      {AtMessage{"a", "b", 5}, Duplicate{}},
      {AtMessage{"a", "b", 6}, Delay{nanoseconds(1'000'001)}},
      {AtTime{}, Partition{{{"a", "b"}, {"c"}}}},
      {AtTime{}, Cut{"a", "b"}},
      {AtTime{}, Heal{}},
      {AtTime{}, Heal{{"a"}}},
      {AtTime{}, OneWay{{"a"}, {"b", "c"}}},
      {AtTime{}, Bridge{"a", {}}},
      {AtTime{}, MajoritiesRing{}},
      {AtTime{}, Halves{{"a", "b"}}},
      {AtTime{}, Isolate{"a"}},
      {AtTime{}, Clog{"a"}},
      {AtTime{}, Clog{"a", "b"}},
      {AtTime{}, Unclog{}},
      {AtTime{}, Slow{"a", nanoseconds(1)}},
      {AtTime{}, SetClock{"a", nanoseconds(-1), 1'500}},
      {AtTime{}, Command{"o", "run"}},
      {AtTime{}, Note{"two words"}},
  };
  const auto back = parse_steps(to_text(steps));
  REQUIRE(std::holds_alternative<std::vector<Step>>(back));
  CHECK(std::get<std::vector<Step>>(back) == steps);
}

TEST_CASE("Every malformed step is an error at its place") {
  const std::vector<Malformed> cases{
      {"", 0, 1, "no step is given"},
      {" ; ", 0, 3, "no step is given"},
      {"explode n1 @1s", 0, 7, "unknown verb 'explode'"},
      {"heal @1s; explode n1 @1s", 10, 7, "unknown verb 'explode'"},
      {"crash n1 @soon", 9, 5, "'@soon' is no moment"},
      {"crash n1 @-5s", 9, 4, "'@-5s' is no moment"},
      {"crash n1 @", 9, 1, "'@' is no moment"},
      {"crash n1 @row:", 9, 5, "'@row:' is no trigger"},
      {"crash n1 @row:x", 9, 6, "'@row:x' is no trigger"},
      {"crash n1 @:5", 9, 3, "'@:5' is no trigger"},
      {"crash n1 @row:5+", 9, 7, "'@row:5+' is no trigger"},
      {"crash n1 @io:0", 9, 5, "'@io:0' is no trigger"},
      {"crash n1 @row:5/0", 9, 8, "'@row:5/0' names no attempt after '/'"},
      {"crash n1 @row:5/", 9, 7, "'@row:5/' names no attempt after '/'"},
      {"crash n1", 0, 8, "'crash n1' does not say when"},
      {"heal @1s;crash n1", 9, 8, "'crash n1' does not say when"},
      {"crash @1s", 0, 9, "'crash @1s' does not say whom"},
      {"crash n1 lose everything @1s", 14, 10, "a crash cannot lose 'everything'"},
      {"crash n1 loses mixed @1s", 0, 24, "'crash n1 loses mixed @1s' does not say whom"},
      {"pause @1s", 0, 9, "'pause @1s' needs one name"},
      {"pause n1 n2 @1s", 0, 15, "'pause n1 n2 @1s' needs one name"},
      {"heal n1 n2 @1s", 0, 14, "'heal n1 n2 @1s' has words it does not need"},
      {"heal n1|n2 @1s", 0, 14, "'heal n1|n2 @1s' needs names, separated by ','"},
      {"heal n1,n1 @1s", 8, 2, "the heal names 'n1' twice"},
      {"partition n1>n2>n3 @1s", 0, 22, "'partition n1>n2>n3 @1s' needs two sides of '>'"},
      {"partition n1> @1s", 10, 3, "an empty name in a partition"},
      {"partition n1>n2,n1 @1s", 16, 2, "the partition names 'n1' twice"},
      {"bridge @1s", 0, 10, "'bridge @1s' needs one name"},
      {"bridge n1 n2 @1s", 0, 16, "'bridge n1 n2 @1s' needs one name"},
      {"halves n1 @1s", 0, 13, "'halves n1 @1s' has words it does not need"},
      {"majorities-ring among n1,,n2 @1s", 22, 6, "an empty name in a majorities-ring"},
      {"isolate @1s", 0, 11, "'isolate @1s' needs one name"},
      {"clog @1s", 0, 8, "'clog @1s' needs a link or a node"},
      {"clog n1> @1s", 0, 12, "'clog n1> @1s' names no link"},
      {"unclog n1 n2 @1s", 0, 16, "'unclog n1 n2 @1s' has words it does not need"},
      {"slow n1 @1s", 0, 11, "'slow n1 @1s' does not say by how much"},
      {"slow n1 by ages @1s", 11, 4, "'ages' is no duration"},
      {"slow n1 by -1s @1s", 11, 3, "'-1s' is no duration"},
      {"clock n1 @1s", 0, 12, "'clock n1 @1s' does not say what the clock does"},
      {"clock n1 skew 1s skew 2s @1s", 0, 28, "'clock n1 skew 1s skew 2s @1s' does not say what the clock does"},
      {"clock n1 skew late @1s", 14, 4, "'late' is no duration"},
      {"clock n1 drift 5 @1s", 15, 1, "'5' is no drift"},
      {"clock n1 drift 100000ppm @1s", 15, 9, "'100000ppm' is no drift"},
      {"clock n1 drift 1.5ppb @1s", 15, 6, "'1.5ppb' is no drift"},
      {"cut n1 @1s", 0, 10, "'cut n1 @1s' names no link"},
      {"cut n1> @1s", 0, 11, "'cut n1> @1s' names no link"},
      {"partition n1,n2 @1s", 0, 19, "'partition n1,n2 @1s' has one side only"},
      {"partition n1,|n2 @1s", 10, 3, "an empty name in a partition"},
      {"partition n1|n2,n1 @1s", 16, 2, "the partition names 'n1' twice"},
      {"drop n1>n2", 5, 5, "'n1>n2' names no message"},
      {"drop n1>n2#0", 5, 7, "'n1>n2#0' names no message"},
      {"drop n1>n2#3 @1s", 0, 16, "'drop n1>n2#3 @1s' does not name one message"},
      {"delay n1>n2#3", 0, 13, "'delay n1>n2#3' does not name one message"},
      {"delay n1>n2#3 by ever", 17, 4, "'ever' is no duration"},
      {"delay n1>n2#3 by -1s", 17, 3, "'-1s' is no duration"},
      {"fail warehouse @io:3", 0, 20, "'fail warehouse @io:3' does not say what fails"},
      {"fail n1 full", 0, 12, "'fail n1 full' does not say when"},
      {"crash n1 lose much @1s", 14, 4, "a crash cannot lose 'much'"},
      {"crash n1 @99999999999999999999s", 9, 22, "'@99999999999999999999s' is no moment"},
  };
  for (const Malformed& expected : cases) {
    INFO("'" << expected.text << "'");
    const auto result = parse_steps(expected.text);
    REQUIRE(std::holds_alternative<StepError>(result));
    const auto& error = std::get<StepError>(result);
    CHECK(error.message == expected.message);
    CHECK(error.offset == expected.offset);
    CHECK(error.length == expected.length);
    CHECK_FALSE(error.help.empty());
  }
}

}  // namespace twice::world
