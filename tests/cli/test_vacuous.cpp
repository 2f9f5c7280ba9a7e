// A green means that something was looked at: exit codes and words of runs that looked at nothing.
#include "cli/program.h"
#include "support/catch.h"

using namespace twice::test;

namespace {

std::string raft(const std::string& more) {
  return "scenario = 1\ntitle = \"Three servers\"\nuntil = \"3s\"\n[cluster]\nnodes = 3\nprotocol = \"raft\"\n" + more;
}

std::string heartbeat(const std::string& more) {
  return "scenario = 1\ntitle = \"Three nodes\"\nuntil = \"3s\"\n[cluster]\nnodes = 3\nprotocol = \"heartbeat\"\n" +
         more;
}

}  // namespace

TEST_CASE("a file without expectations runs, ends with 0 and says that nothing was judged, in every format") {
  const Folder folder;
  folder.write("look.toml", heartbeat(""));
  const Outcome o = folder.twice("run look.toml --junit out.xml --summary out.md");
  INFO(o.out << o.err);
  CHECK(o.code == 0);
  CHECK(contains(o.out, "1 run: no expectations, so nothing was judged"));
  CHECK_FALSE(contains(o.out, "expectations met"));
  CHECK_FALSE(contains(folder.read("out.xml"), "<testcase"));
  CHECK_FALSE(contains(folder.read("out.md"), "✅"));
  CHECK(contains(folder.twice("run look.toml --json").out, "\"held\":\"nothing was judged\""));
  const Outcome many = folder.twice("run look.toml --seeds 1..3");
  CHECK(many.code == 0);
  CHECK(contains(many.out, "nothing was judged: 3"));
  folder.write("judged.toml", heartbeat("[expect]\nalways = [\"no-false-suspicion\"]\n"));
  const Outcome judged = folder.twice("run judged.toml");
  CHECK(judged.code == 0);
  CHECK(contains(judged.out, "its expectation is met"));
}

TEST_CASE("what no run could measure is refused before the first, with what was probably meant") {
  const Folder folder;
  folder.write("tell.toml", raft("[timeline]\nsteps = [{ at = \"1s\", tell = \"n1\", words = \"campain\" }]\n"));
  const Outcome tell = folder.twice("run tell.toml");
  CHECK(tell.code == 3);
  CHECK(contains(tell.err, "'n1' does not understand \"campain\""));
  CHECK(contains(tell.err, "did you mean 'campaign'?"));
  folder.write("detector.toml", raft("[expect]\nfinally = [\"crash-suspected\"]\n"));
  CHECK(folder.twice("check detector.toml").code == 3);
  folder.write("good.toml", raft("[expect]\nfinally = [\"leader-elected\"]\n"));
  CHECK(folder.twice("run good.toml").code == 0);
  const Outcome word = folder.twice("run good.toml --do 'tell n1 campain @1s'");
  CHECK(word.code != 0);
  CHECK(contains(word.out + word.err, "did you mean 'campaign'?"));
  const Outcome mark = folder.twice("run good.toml --do 'crash n1 @leadr:1'");
  CHECK(mark.code == 64);
  CHECK(mark.out.empty());
  CHECK(contains(mark.err, "no node here reports a mark 'leadr' (marks: "));
}

TEST_CASE("what was not put to the test ends with 2 and the reason") {
  const Folder folder;
  const std::string client = "[[client]]\nname = \"app\"\nthink = \"10ms\"\nreads = ";
  const std::string bound = "\n[expect]\nmetrics = [{ of = \"latency.read.p99\", is = \"<= 5s\" }]\n";
  folder.write("none.toml", raft(client + "0" + bound));
  const Outcome none = folder.twice("run none.toml");
  CHECK(none.code == 2);
  CHECK(contains(none.out, "no read was answered"));
  folder.write("some.toml", raft(client + "0.5" + bound));
  CHECK(folder.twice("run some.toml").code == 0);
}

TEST_CASE("an override may leave a table of the file without a protocol, and is itself held to have an effect") {
  const Folder folder;
  folder.write("good.toml",
               raft("raft = { heartbeat = \"20ms\" }\n[expect]\nmetrics = [{ of = \"reigns\", is = \">= 1\" }]\n"));
  CHECK(folder.twice("run good.toml --set cluster.protocol=primary-backup").code == 0);
  const Outcome idle = folder.twice("check good.toml --set cluster.raft.drift-bound=10");
  CHECK(idle.code == 3);
  CHECK(contains(idle.out, "'drift-bound' has no effect"));  // check tells what is wrong as its result
}
