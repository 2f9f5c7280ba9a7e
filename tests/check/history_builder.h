#pragma once
// Histories written down call by call, and random ones.
#include <string>
#include <vector>

#include "check/history.h"
#include "core/random.h"

namespace twice::check::test {

/// Every call and answer happens one millisecond after the one before.
class Story {
 public:
  std::size_t ask(const std::string& client, Function function, const std::string& key, Value argument = Nil{},
                  Value expected = Nil{}) {
    Operation o;
    o.process = next_process_++;
    o.session = client;
    o.key = key;
    o.function = function;
    o.argument = std::move(argument);
    o.expected = std::move(expected);
    return recorder_.call(std::move(o), tick());
  }
  void answer(std::size_t operation, Value result = Nil{}) {
    recorder_.answer(operation, Outcome::kOk, std::move(result), tick());
  }
  void fail(std::size_t operation) { recorder_.answer(operation, Outcome::kFail, Nil{}, tick()); }

  std::size_t write(const std::string& client, const std::string& key, std::int64_t value) {
    const std::size_t operation = ask(client, Function::kWrite, key, value);
    answer(operation);
    return operation;
  }
  std::size_t append(const std::string& client, const std::string& key, Value value) {
    const std::size_t operation = ask(client, Function::kAppend, key, std::move(value));
    answer(operation);
    return operation;
  }
  std::size_t read(const std::string& client, const std::string& key, Value value) {
    const std::size_t operation = ask(client, Function::kRead, key);
    answer(operation, std::move(value));
    return operation;
  }
  const History& history() const { return recorder_.history(); }

 private:
  Time tick() { return now_ = now_ + milliseconds(1); }
  Recorder recorder_;
  Time now_;
  std::uint32_t next_process_ = 0;
};

inline Value number(std::int64_t n) { return n; }

/// What random histories are made of.
struct Mixture {
  std::size_t operations = 6, clients = 3, keys = 1;
  bool unique = false;                               // no value is written twice
  std::vector<Function> functions{Function::kRead};  // drawn with equal chances
  std::uint64_t values = 3;                          // not unique: values written are below
};

/// Clients call and get answers in a random order. Answers are drawn from what was written, so that about half of the
/// histories are correct.
inline History random_history(std::uint64_t seed, const Mixture& mixture) {
  std::uint64_t draws = 0;
  const auto below = [&](std::uint64_t n) { return Draw{mix(seed, ++draws)}.below(n); };
  Recorder recorder;
  Time now;
  std::uint32_t next_process = 0;
  std::vector<std::int64_t> written(1, 0);
  std::vector<std::int64_t> open(mixture.clients, -1);
  std::vector<List> lists(mixture.keys);
  std::vector<Value> current(mixture.keys, Nil{});
  const auto fresh = [&] { return static_cast<std::int64_t>(mixture.unique ? written.size() : below(mixture.values)); };
  std::size_t left = mixture.operations;
  const auto busy = [&] {
    for (const auto o : open)
      if (o >= 0) return true;
    return left > 0;
  };
  while (busy()) {
    now = now + milliseconds(1);
    const std::size_t c = below(mixture.clients);
    if (open[c] < 0) {
      if (left == 0) continue;
      --left;
      Operation o;
      o.process = next_process++;
      o.session = "c" + std::to_string(c + 1);
      const std::size_t k = below(mixture.keys);
      o.key = std::string(1, static_cast<char>('x' + k));
      o.function = mixture.functions[below(mixture.functions.size())];
      if (o.function != Function::kRead) o.argument = fresh();
      if (o.function == Function::kCas) {
        o.expected = below(2) == 0 ? current[k] : Value(written[below(written.size())]);
        if (mixture.unique && o.expected == Value(std::int64_t{0})) o.expected = Nil{};
      }
      if (o.function != Function::kRead) written.push_back(std::get<std::int64_t>(o.argument));
      if (o.function == Function::kWrite || o.function == Function::kCas) current[k] = o.argument;
      if (o.function == Function::kAppend) lists[k].push_back(std::get<std::int64_t>(o.argument));
      open[c] = static_cast<std::int64_t>(recorder.call(std::move(o), now));
      continue;
    }
    const auto index = static_cast<std::size_t>(open[c]);
    open[c] = -1;
    const Operation& o = recorder.history().operations[index];
    const std::size_t k = static_cast<std::size_t>(o.key[0] - 'x');
    const std::uint64_t fate = below(10);
    if (fate == 0) continue;  // no answer
    bool lists_only = true, adds = false;
    for (const Function f : mixture.functions) {
      lists_only = lists_only && (f == Function::kRead || f == Function::kAppend);
      adds = adds || f == Function::kAdd;
    }
    Value result;
    if (o.function == Function::kRead && adds) {
      result = static_cast<std::int64_t>(below(6));
    } else if (o.function == Function::kRead && lists_only && mixture.functions.size() > 1) {
      List list = lists[k];
      while (!list.empty() && below(3) == 0) list.pop_back();
      result = list;
    } else if (o.function == Function::kRead) {
      const std::int64_t value = written[below(written.size())];
      result = below(2) == 0 ? current[k] : value == 0 && mixture.unique ? Value(Nil{}) : Value(value);
    }
    const bool fails = o.function == Function::kCas ? below(3) == 0 : fate == 1;
    recorder.answer(index, fails ? Outcome::kFail : Outcome::kOk, std::move(result), now);
  }
  return recorder.take();
}

}  // namespace twice::check::test
