// JSON, field lists and hashes all come from one visit.
#include "core/fields.h"
#include "core/json.h"
#include "core/payload.h"
#include "support/catch.h"

namespace twice {
namespace {

enum class Role : std::uint8_t { kFollower, kLeader };
std::string_view name_of(Role role) {
  switch (role) {
    case Role::kFollower:
      return "follower";
    case Role::kLeader:
      return "leader";
  }
  return {};
}

struct Entry {
  static constexpr std::string_view kName = "Entry";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("term", self.term), v("text", self.text);
  }
  std::uint64_t term = 0;
  std::string text;
};

struct Reset {
  static constexpr std::string_view kName = "Reset";
  template <class Self, class V>
  static void visit(Self&, V&) {}
};

struct State {
  static constexpr std::string_view kName = "State";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("role", self.role), v("up", self.up), v("balance", self.balance), v("wait", self.wait), v("since", self.since);
    v("peer", self.peer), v("voted", self.voted), v("log", self.log), v("last", self.last), v("acks", self.acks);
    v("ratio", self.ratio), v("body", self.body);
  }
  Role role = Role::kLeader;
  bool up = true;
  std::int64_t balance = -5;
  Duration wait = milliseconds(150);
  Time since{1'500'000'000};
  NodeId peer{3};
  std::optional<NodeId> voted;
  std::vector<Entry> log{{1, "a"}, {2, "b"}};
  std::variant<Entry, Reset> last = Entry{7, "z"};
  std::map<std::uint32_t, std::uint64_t> acks{{1, 10}, {2, 20}};
  double ratio = 0.5;
  Payload body{Entry{9, "inside"}};
};

std::string text_at(const std::vector<Field>& fields, std::string_view path) {
  for (const Field& field : fields)
    if (field.path == path) return field.text;
  return "(absent)";
}

}  // namespace

TEST_CASE("JSON holds every field in order of the visit") {
  CHECK(
      to_json(State{}) ==
      R"({"$type":"State","role":"leader","up":true,"balance":-5,"wait":"150ms","since":"1.5s","peer":3,"voted":null,)"
      R"("log":[{"$type":"Entry","term":1,"text":"a"},{"$type":"Entry","term":2,"text":"b"}],)"
      R"("last":{"$type":"Entry","term":7,"text":"z"},"acks":[{"key":1,"value":10},{"key":2,"value":20}],"ratio":0.5,)"
      R"("body":{"$type":"Entry","term":9,"text":"inside"}})");
  CHECK(to_json(Reset{}) == R"({"$type":"Reset"})");
  CHECK(to_json(std::vector<std::uint64_t>{}) == "[]");
  CHECK(to_json(kNobody) == "null");
}

TEST_CASE("JSON text escapes what JSON forbids and replaces what is no UTF-8") {
  CHECK(json_text("a\"b\\c\n\r\t\x01") == "\"a\\\"b\\\\c\\n\\r\\t\\u0001\"");
  CHECK(json_text("\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80") == "\"\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80\"");
  const std::string replaced = "\xef\xbf\xbd";
  CHECK(json_text("x\xff") == "\"x" + replaced + "\"");                              // no first byte
  CHECK(json_text("\xc3") == "\"" + replaced + "\"");                                // cut short
  CHECK(json_text("\xc0\x80") == "\"" + replaced + replaced + "\"");                 // overlong
  CHECK(json_text("\xed\xa0\x80") == "\"" + replaced + replaced + replaced + "\"");  // surrogate
}

TEST_CASE("Fields have paths as in code") {
  const std::vector<Field> fields = fields_of(State{});
  CHECK(text_at(fields, "role") == "leader");
  CHECK(text_at(fields, "peer") == "node 3");
  CHECK(text_at(fields, "voted") == "nothing");
  CHECK(text_at(fields, "log") == "2 items");
  CHECK(text_at(fields, "log[1]") == "Entry");
  CHECK(text_at(fields, "log[1].text") == "b");
  CHECK(text_at(fields, "acks[0].value") == "10");
  CHECK(text_at(fields, "last") == "Entry");
  CHECK(text_at(fields, "body.term") == "9");
  CHECK(text_at(fields_of(State{}, "n1"), "n1.log[0].term") == "1");
  CHECK(fields.front() == Field{"role", "leader"});
}

TEST_CASE("A difference names what changed, vanished and came") {
  State before, after;
  after.role = Role::kFollower;
  after.log = {{1, "a"}};
  after.acks[3] = 30;
  after.last = Reset{};
  std::vector<std::string> texts;
  for (const FieldChange& change : difference(fields_of(before), fields_of(after))) texts.push_back(to_text(change));
  CHECK(texts ==
        std::vector<std::string>{"role: leader -> follower", "log: 2 items -> 1 items", "log[1] removed (was Entry)",
                                 "log[1].term removed (was 2)", "log[1].text removed (was b)", "last: Entry -> Reset",
                                 "last.term removed (was 7)", "last.text removed (was z)", "acks: 2 items -> 3 items",
                                 "acks[2].key added: 3", "acks[2].value added: 30"});
  CHECK(difference(fields_of(before), fields_of(before)).empty());
}

TEST_CASE("Values with equal descriptions have equal hashes, and a change of any field changes both") {
  const State original;
  std::vector<State> changed(11);
  changed[0].role = Role::kFollower;
  changed[1].up = false;
  changed[2].balance = 5;
  changed[3].wait = milliseconds(151);
  changed[4].since = Time{};
  changed[5].peer = NodeId{4};
  changed[6].voted = NodeId{0};
  changed[7].log.pop_back();
  changed[8].last = Reset{};
  changed[9].acks.erase(1);
  changed[10].body = Payload(Entry{9, "outside"});
  CHECK(hash_of(original) == hash_of(State{}));
  for (const State& other : changed) {
    CHECK(hash_of(other) != hash_of(original));
    CHECK(to_json(other) != to_json(original));
    CHECK_FALSE(difference(fields_of(original), fields_of(other)).empty());
  }
}

}  // namespace twice
