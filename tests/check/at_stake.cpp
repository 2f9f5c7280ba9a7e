// A history says something about a promise only if an answer in it could have broken it.
#include "check/at_stake.h"
#include "support/catch.h"

namespace twice::check {
namespace {

class Told {
 public:
  Told& write(const char* client, const char* key, Outcome outcome = Outcome::kOk) {
    return add(client, key, Function::kWrite, outcome);
  }
  Told& read(const char* client, const char* key, Outcome outcome = Outcome::kOk) {
    return add(client, key, Function::kRead, outcome);
  }
  std::string why(Model model) const { return nothing_at_stake(model, history_).value_or("something is"); }

 private:
  Told& add(const char* client, const char* key, Function function, Outcome outcome) {
    Operation o;
    o.session = client, o.key = key, o.function = function, o.outcome = outcome;
    o.call = 2 * history_.operations.size(), o.ret = o.call + 1;
    history_.operations.push_back(o);
    return *this;
  }
  History history_;
};

const std::string kSomething = "something is";

}  // namespace

TEST_CASE("no model is at stake where no operation succeeded, nobody read or nobody wrote") {
  CHECK(Told().why(Model::kLinearizable) == "0 of 0 operations succeeded: 0 were refused, 0 had no answer");
  Told none;
  none.write("a", "x", Outcome::kFail).read("a", "x", Outcome::kUnknown);
  CHECK(none.why(Model::kLinearizable) == "0 of 2 operations succeeded: 1 were refused, 1 had no answer");
  Told writes;
  writes.write("a", "x").write("b", "x").read("b", "x", Outcome::kUnknown);
  CHECK(writes.why(Model::kSequential) == "no read was answered: nothing shows what the writes did");
  Told reads;
  reads.read("a", "x").write("a", "x", Outcome::kFail);
  CHECK(reads.why(Model::kCausal) == "nobody wrote anything that a read could show");
  // A write without an answer may have happened.
  CHECK(Told().write("a", "x", Outcome::kUnknown).read("b", "x").why(Model::kCausal) == kSomething);
}

TEST_CASE("read-your-writes is at stake where a client reads a key after its own write of it") {
  CHECK(Told().write("a", "x").read("b", "x").why(Model::kReadYourWrites) ==
        "no client read a key that it had written before");
  CHECK(Told().write("a", "x").read("a", "y").why(Model::kReadYourWrites) != kSomething);
  CHECK(Told().read("a", "x").write("a", "x").why(Model::kReadYourWrites) != kSomething);
  CHECK(Told().write("a", "x").read("a", "x").why(Model::kReadYourWrites) == kSomething);
}

TEST_CASE("the other session guarantees need a client that does two things in their order") {
  CHECK(Told().write("a", "x").read("b", "x").why(Model::kMonotonicReads) == "no client read a key twice");
  CHECK(Told().write("a", "x").read("b", "x").read("b", "x").why(Model::kMonotonicReads) == kSomething);
  CHECK(Told().write("a", "x").read("b", "x").why(Model::kMonotonicWrites) == "no client wrote twice");
  CHECK(Told().write("a", "x").write("a", "y").read("b", "x").why(Model::kMonotonicWrites) == kSomething);
  CHECK(Told().write("a", "x").read("b", "x").why(Model::kWritesFollowReads) == "no client wrote after it had read");
  CHECK(Told().write("a", "x").read("b", "x").write("b", "y").why(Model::kWritesFollowReads) == kSomething);
}

}  // namespace twice::check
