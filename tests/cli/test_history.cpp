#include <utility>

#include "cli/program.h"
#include "support/catch.h"

using namespace twice::test;

namespace {

std::string own(const std::string& name) {
  return std::string("'") + TWICE_SOURCE_DIR + "/tests/check/histories/" + name + "'";
}

}  // namespace

TEST_CASE("history check says yes with 0, no with 1 and a smallest part, and cannot tell with 2") {
  const Folder folder;
  const Outcome yes = folder.twice("history check " + own("register-ok.log"));
  CHECK(yes.code == 0);
  CHECK(contains(yes.out, "linearizable (6 operations on 1 key"));
  const Outcome no = folder.twice("history check " + own("stale-read.edn"));
  CHECK(no.code == 1);
  CHECK(contains(no.out, "process 1 read 1 from x"));
  CHECK(contains(no.out, "0.009 s  0.010 s   process 1  read x     1"));
  const Outcome unknown = folder.twice("history check --budget 1 " + own("lost-append.json"));
  CHECK(unknown.code == 2);
  CHECK(contains(unknown.out, "not known"));
}

TEST_CASE("history check judges transactions and tells each circle") {
  const Folder folder;
  const Outcome o = folder.twice("history check " + own("write-skew.edn"));
  CHECK(o.code == 1);
  CHECK(contains(o.out, "write skew: T0 before T1"));
  CHECK(contains(o.out, "snapshot isolation   held"));
}

TEST_CASE("history spectrum names every model, and so does check --spectrum") {
  const Folder folder;
  const Outcome o = folder.twice("history spectrum " + own("cache.edn"));
  CHECK(o.code == 0);
  for (const char* line : {"linearizable          violated", "causal                violated",
                           "PRAM                  held", "eventual              unknown"})
    CHECK(contains(o.out, line));
  CHECK(contains(folder.twice("history check --spectrum " + own("cache.edn")).out, o.out));
}

TEST_CASE("history --json is one object") {
  const Folder folder;
  const Outcome o = folder.twice("history check --json --spectrum " + own("stale-read.edn"));
  CHECK(o.code == 1);
  CHECK(count_lines(o.out) == 1);
  for (const char* part :
       {"\"verdict\":\"violated\"", "\"impossible\":2", "\"counterexample\":[0,1,2]", "\"model\":\"causal\""})
    CHECK(contains(o.out, part));
}

TEST_CASE("what a process with a name read is judged, converted and shown under its name") {
  const Folder folder;
  folder.write("named.edn",
               "{:process 0, :type :invoke, :f :write, :value 1}\n{:process 0, :type :ok, :f :write, :value 1}\n"
               "{:process \"client-1\", :type :invoke, :f :read}\n"
               "{:process \"client-1\", :type :ok, :f :read, :value 2}\n");
  const Outcome check = folder.twice("history check named.edn");
  CHECK(check.code == 1);
  CHECK(contains(check.out, "client-1 read 2"));
  CHECK(contains(folder.twice("history spectrum named.edn").out, "linearizable          violated"));
  for (const std::string format : {"edn", "json"}) {
    folder.write("converted", folder.twice("history convert --to " + format + " named.edn").out);
    const Outcome again = folder.twice("history check converted");
    CHECK(again.code == 1);
    CHECK(contains(again.out, "client-1 read 2"));
  }
}

TEST_CASE("a history that shows nothing is undecided and says why, and one answer that tells something decides") {
  const Folder folder;
  const auto event = [](int process, const std::string& rest) {
    return "{:process " + std::to_string(process) + ", :key \"x\", " + rest + "}\n";
  };
  const std::string write = event(0, ":type :invoke, :f :write, :value 1");
  const std::string written = event(0, ":type :ok, :f :write, :value 1");
  const std::string read = event(1, ":type :invoke, :f :read"), nil = event(1, ":type :ok, :f :read, :value nil");
  const std::string append = event(2, ":type :invoke, :f :txn, :value [[:append \"x\" 1]]");
  const std::string fail = ":type :fail, :f :", info = ":type :info, :f :";
  const std::string unanswered = "no operation was answered, so nothing was shown";
  const std::string unseen = "no answer tells what another operation changed, so nothing was shown";
  const std::pair<std::string, std::string> empty[] = {
      {write, unanswered},
      {read, unanswered},
      {write + event(0, fail + "write"), unanswered},
      {write + event(0, info + "write") + read, unanswered},
      {append + event(2, fail + "txn"), unanswered},
      {read + nil, unseen},
      {write + written, unseen},
      {"{:process 0, :type :invoke, :f :write, :key \"y\", :value 1}\n" + written + read + nil, unseen},
      {append + event(2, ":type :ok, :f :txn, :value [[:append \"x\" 1]]"), unseen}};
  for (const auto& [text, why] : empty) {
    folder.write("h.edn", text);
    for (const std::string command : {"check", "check --json", "spectrum", "check --spectrum"}) {
      const Outcome o = folder.twice("history " + command + " h.edn", "COLUMNS=400");
      INFO(command << "\n" << text << o.out << o.err);
      CHECK(o.code == 2);
      CHECK(contains(o.out, why));
      CHECK_FALSE(contains(o.out, "✓"));
    }
  }
  folder.write("h.edn", write + written + read + event(1, ":type :ok, :f :read, :value 1"));
  CHECK(folder.twice("history check h.edn").code == 0);
  CHECK(folder.twice("history spectrum h.edn").code == 0);
  folder.write("h.edn", read + event(1, ":type :ok, :f :read, :value 5"));
  CHECK(folder.twice("history check h.edn").code == 1);
}

TEST_CASE("history convert gives the same history in the other format") {
  const Folder folder;
  const Outcome edn = folder.twice("history convert --to edn " + own("lost-append.json"));
  REQUIRE(edn.code == 0);
  folder.write("a.edn", edn.out);
  const Outcome json = folder.twice("history convert --to json a.edn");
  folder.write("b.json", json.out);
  CHECK(folder.twice("history convert --to edn b.json").out == edn.out);
  CHECK(folder.twice("history check b.json").code == 1);
  CHECK(folder.twice("history convert --to edn " + own("write-skew.edn")).code == 3);
}

TEST_CASE("a history that cannot be read is answered with its line and column") {
  const Folder folder;
  folder.write("bad.edn", "{:process 0, :type :invoke, :f :read}\n{:process 1, :type :ok, :f :read}\n");
  const Outcome o = folder.twice("history check bad.edn");
  CHECK(o.code == 3);
  CHECK(contains(o.err, "bad.edn:2:1: process 1 gets an answer and has asked nothing"));
  folder.write("empty.edn", "");
  CHECK(folder.twice("history check empty.edn").code == 3);
  CHECK(folder.twice("history check nowhere.edn").code == 3);
  CHECK(folder.twice("history check .").code == 3);
  CHECK(folder.twice("history check bad.edn --model stack").code == 64);
  CHECK(folder.twice("history").code == 64);
  CHECK(folder.twice("history convert bad.edn --to xml").code == 64);
}
