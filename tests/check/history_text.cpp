#include "check/history_text.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include "check/history_builder.h"
#include "check/linearizable.h"
#include "check/transactions.h"
#include "support/catch.h"

namespace twice::check {
namespace {

using test::Mixture;
using test::number;
using test::random_history;
using test::Story;

HistoryText must_read(const std::string& text) {
  auto read = read_history(text);
  if (const auto* wrong = std::get_if<TextError>(&read)) FAIL(to_text(*wrong));
  return std::get<HistoryText>(std::move(read));
}

HistoryText own(const std::string& name) {
  std::ifstream file(std::string(TWICE_SOURCE_DIR) + "/tests/check/histories/" + name, std::ios::binary);
  return must_read({std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()});
}

TextError must_fail(const std::string& text) {
  auto read = read_history(text);
  if (const auto* wrong = std::get_if<TextError>(&read)) return *wrong;
  FAIL("read: " << text);
  return {};
}

void check_same(const History& a, const History& b) {
  REQUIRE(a.operations.size() == b.operations.size());
  for (std::size_t i = 0; i < a.operations.size(); ++i) {
    const Operation &x = a.operations[i], &y = b.operations[i];
    INFO(i << ": " << in_words(x));
    CHECK(x.process == y.process);
    CHECK(x.key == y.key);
    CHECK(x.function == y.function);
    CHECK(x.argument == y.argument);
    CHECK(x.expected == y.expected);
    CHECK((x.result == y.result || x.outcome != Outcome::kOk));
    CHECK(x.outcome == y.outcome);
    CHECK(x.invoked == y.invoked);
    CHECK(x.returned == y.returned);
    CHECK(x.session == y.session);
    CHECK(x.server == y.server);
  }
}

}  // namespace

TEST_CASE("own histories in all three formats get their verdicts") {
  const HistoryText log = own("register-ok.log");
  CHECK(log.format == TextFormat::kLog);
  CHECK_FALSE(log.times);
  CHECK(log.history.operations.size() == 6);
  CHECK(check_linearizable(log.history).judgement == Judgement::kHeld);
  const HistoryText edn = own("stale-read.edn");
  CHECK(edn.times);
  CHECK(edn.history.operations[2].invoked == Time{9'000'000});
  CHECK(check_linearizable(edn.history).judgement == Judgement::kViolated);
  const HistoryText json = own("lost-append.json");
  CHECK(json.format == TextFormat::kJson);
  CHECK(check_linearizable(json.history).judgement == Judgement::kViolated);
  const HistoryText transactions = own("write-skew.edn");
  REQUIRE(transactions.transactions.size() == 2);
  CHECK(check_transactions(transactions.transactions).judgement_of(Isolation::kSerializable) == Judgement::kViolated);
  CHECK(own("cache.edn").history.operations[4].session == "c");
}

TEST_CASE("a history that is written is read back as it was") {
  Story story;
  story.write("c1", "x", 1);
  const std::size_t open = story.ask("c2", Function::kCas, "x", number(2), Nil{});
  story.fail(story.ask("c1", Function::kCas, "x", std::string("ä\"\\\n\t\x01"), number(1)));
  story.append("c3", "key with \"quotes\"", std::string());
  story.read("c1", "list", List{1, -2, 3}), story.read("c1", "x", Nil{}), story.read("c1", "x", std::string("nil"));
  static_cast<void>(open);
  History history = story.history();
  history.operations[0].server = "n1";
  for (const std::string& text : {to_edn(history), to_json_lines(history)}) {
    INFO(text);
    check_same(must_read(text).history, history);
  }
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const History random = random_history(
        seed, {.operations = 12, .keys = 2, .functions = {Function::kRead, Function::kWrite, Function::kCas}});
    check_same(must_read(to_edn(random)).history, random);
    check_same(must_read(to_json_lines(random)).history, random);
  }
}

TEST_CASE("a process that goes on after an open operation is written with an info in between") {
  const std::string text =
      "{:process 0, :type :invoke, :f :write, :value 1, :time 5}\n"
      "{:process 0, :type :info, :f :write, :value 1, :time 6}\n"
      "{:process 0, :type :invoke, :f :read, :time 7}\n"
      "{:process 0, :type :ok, :f :read, :value 1, :time 8}\n";
  const HistoryText first = must_read(text);
  check_same(must_read(to_edn(first.history)).history, first.history);
}

TEST_CASE("what Jepsen and Elle write around events is understood") {
  const HistoryText text = must_read(
      "; a comment\n"
      "#jepsen.history.Op{:index 0, :time 3, :type :invoke, :process 0, :f :write, :value 3N}\n"
      "#_{:process 9} {:index 1 :time 4 :type :info :process :nemesis :f :start :value #{\"n1\" \"n2\"}}\n"
      "{:index 2, :time 5, :type :ok, :process 0, :f :write, :value 3, :extra {:a [1 (2)]}}");
  REQUIRE(text.history.operations.size() == 1);
  CHECK(text.history.operations[0].argument == Value(std::int64_t{3}));
}

TEST_CASE("a process with a name is a process of its own, in every format and however the name is written") {
  for (const std::string name : {"\"client-1\"", "\"1\"", ":c1", "c1", "\"0\"", "\"nemesis-1\"", ":Nemesis"}) {
    INFO(name);
    const auto event = [](const std::string& process, const std::string& rest) {
      return "{:process " + process + ", " + rest + "}\n";
    };
    // Wrong only through what the named process read.
    const HistoryText text =
        must_read(event("0", ":type :invoke, :f :write, :value 1") + event("0", ":type :ok, :f :write, :value 1") +
                  event(name, ":type :invoke, :f :read") + event(name, ":type :ok, :f :read, :value 2") +
                  event("1", ":type :invoke, :f :read") + event("1", ":type :ok, :f :read, :value 1"));
    REQUIRE(text.history.operations.size() == 3);
    CHECK(text.history.operations[1].process == 2);  // the first number that nobody has
    CHECK_FALSE(text.history.operations[1].session.empty());
    CHECK(check_linearizable(text.history).judgement == Judgement::kViolated);
    CHECK(check_linearizable(must_read(to_edn(text.history)).history).judgement == Judgement::kViolated);
    CHECK(check_linearizable(must_read(to_json_lines(text.history)).history).judgement == Judgement::kViolated);
  }
  const HistoryText json = must_read(
      "{\"process\": \"a\", \"type\": \"invoke\", \"f\": \"write\", \"value\": 1}\n"
      "{\"process\": \"b\", \"type\": \"invoke\", \"f\": \"read\"}\n"
      "{\"process\": \"b\", \"type\": \"ok\", \"f\": \"read\", \"value\": 2}\n");
  REQUIRE(json.history.operations.size() == 2);
  CHECK(client_of(json.history.operations[1]) == "b");
  CHECK(check_linearizable(json.history).judgement == Judgement::kViolated);
  const HistoryText log = must_read(
      "INFO  jepsen.util - :nemesis\t:info\t:start\tCut off {:n1 #{:n2\n"
      "INFO  jepsen.util - :c1\t:invoke\t:read\tnil\nINFO  jepsen.util - :c1\t:ok\t:read\t7\n");
  REQUIRE(log.history.operations.size() == 1);
  CHECK(check_linearizable(log.history).judgement == Judgement::kViolated);
  const HistoryText transactions = must_read(
      "{:process \"c1\", :type :invoke, :f :txn, :value [[:r \"x\" nil]]}\n"
      "{:process \"c1\", :type :ok, :f :txn, :value [[:r \"x\" [7]]]}\n");
  REQUIRE(transactions.transactions.size() == 1);
  CHECK(in_words(transactions.transactions[0]) == "c1: read [7] from x");
}

TEST_CASE("only the nemesis is passed over, and a process without a name is a mistake") {
  const std::string read = "{:process 0, :type :invoke, :f :read}\n";
  for (const std::string nemesis : {":nemesis", "\"nemesis\""})
    CHECK(must_read(read + "{:process " + nemesis + ", :type :info, :f :kill}").history.operations.size() == 1);
  CHECK(to_text(must_fail(read + "{:process :c1, :type :ok, :f :read, :value 1}")) ==
        "2:1: process c1 gets an answer and has asked nothing; is the :invoke missing, or the order of the lines "
        "changed?");
  CHECK(must_fail("{:process \"\", :type :invoke, :f :read}").message == "a process without a name");
  CHECK(must_fail("{:process nil, :type :invoke, :f :read}").message == "an event without :process");
  CHECK(must_fail("{:process [1], :type :invoke, :f :read}").message == "an event without :process");
}

TEST_CASE("mistakes are named with their place and what to do") {
  const std::string invoke = "{:process 0, :type :invoke, :f :read}\n";
  CHECK(
      to_text(must_fail("")) ==
      "1:1: there is no operation in this history; lines look like {:process 0, :type :invoke, :f :write, :key \"x\", "
      ":value 3}");
  CHECK(to_text(must_fail("{:process 0, :type :ok, :f :read}")) ==
        "1:1: process 0 gets an answer and has asked nothing; is the :invoke missing, or the order of the lines "
        "changed?");
  CHECK(to_text(must_fail(invoke + "  " + invoke)) ==
        "2:3: process 0 calls again while its operation of line 1 is open; end that one with ok, fail or info, or use "
        "another process number");
  CHECK(to_text(must_fail("{:process 0, :type :invoke, :f :write,\n :value 99999999999999999999}")) ==
        "2:9: 99999999999999999999 does not fit into 64 bits; use smaller numbers");
  CHECK(to_text(must_fail("{:process 0, :type :invoke, :f :write, :value 1.5}")) ==
        "1:47: '1.5' is no whole number; values and times are whole numbers");
  CHECK(must_fail("{:process 0, :type :invoke, :f :jump}").column == 32);
  CHECK(must_fail("{:process 0, :type :invoke, :f :cas, :value 3}").message == "the value of a cas is a pair");
  CHECK(must_fail("{:process -1, :type :invoke, :f :read}").line == 1);
  CHECK(must_fail("{:process 0, :type :invoke, :f :write, :value \"\xff\"}").message == "these bytes are no UTF-8");
  CHECK(must_fail("{:process 0").message == "no '}' closes what is opened here");
  CHECK(must_fail("{\"process\" 0}").message == "a ':' belongs behind a name");
  CHECK(must_fail("{\"process\": nope}").message == "'nope' is no JSON value");
  CHECK(must_fail("INFO  jepsen.util - 0\t:invoke\n").line == 1);
  CHECK(must_fail(invoke + "{:process 0, :type :ok, :f :write, :value 3}").line == 2);
  CHECK(must_fail("7").message == "an event is a map");
  CHECK(must_fail("{:process 0, :type :invoke, :f :read, :time 1}{:process 0, :type :ok, :f :read}").message ==
        ":time is a number of nanoseconds from 0");
}

TEST_CASE("a text nested a million deep is refused, not survived") {
  for (const char* open : {"[", "{", "(", "#_", "#a ", "{:a ", "[[1] ", "#{"}) {
    std::string text = "{:process 0, :type :invoke, :f :write, :value ";
    for (int i = 0; i < 200'000; ++i) text += open;
    CHECK_FALSE(must_fail(text).message.empty());
    CHECK_FALSE(must_fail(text.substr(46)).message.empty());
  }
}

}  // namespace twice::check
