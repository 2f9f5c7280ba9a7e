#include "golden/suite.h"
#include "support/catch.h"

using namespace twice::golden;

namespace {

Recording recording(std::string key, std::uint64_t hash, std::string outcome) {
  return {std::move(key), {{"run", {hash, std::move(outcome)}}}};
}

}  // namespace

TEST_CASE("a recording reads back as it was written") {
  const Recording written = recording("sqlite 1", 0x0123456789abcdef, "exactly once");
  const Recording read = parse_recording(to_text(written));
  CHECK(read.key == "sqlite 1");
  REQUIRE(read.lines.size() == 1);
  CHECK(read.lines[0].name == "run");
  CHECK(read.lines[0].result.hash == 0x0123456789abcdef);
  CHECK(read.lines[0].result.outcome == "exactly once");
  CHECK(differences(written, read).empty());
}

TEST_CASE("another hash is a difference when the key is the same") {
  CHECK(differences(recording("k", 1, "ok"), recording("k", 2, "ok")).size() == 1);
}

TEST_CASE("with another key only another outcome is a difference") {
  CHECK(differences(recording("k1", 1, "ok"), recording("k2", 2, "ok")).empty());
  CHECK(differences(recording("k1", 1, "ok"), recording("k2", 2, "duplicates")).size() == 1);
}

TEST_CASE("a run that is missing on either side is a difference") {
  CHECK(differences({}, recording("", 1, "ok")).size() == 1);
  CHECK(differences(recording("", 1, "ok"), {}).size() == 1);
}

TEST_CASE("a damaged line counts as missing") {
  CHECK(parse_recording("run 12zz ok\nrun 0123 ok\n\n# run 0123456789abcdef ok\n").lines.empty());
}
