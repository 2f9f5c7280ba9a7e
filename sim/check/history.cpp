#include "check/history.h"

#include <fmt/format.h>

#include "check/brief.h"
#include "core/assert.h"
#include "core/json.h"
#include "core/overload.h"

namespace twice::check {
namespace {

std::string on_key(std::string_view preposition, const Operation& o) {
  return o.key.empty() ? std::string() : fmt::format(" {} {}", preposition, o.key);
}

std::string request(const Operation& o) {
  switch (o.function) {
    case Function::kRead:
      return o.key.empty() ? "read" : "read " + o.key;
    case Function::kWrite:
      return fmt::format("write {}{}", brief(o.argument), on_key("to", o));
    case Function::kCas:
      return fmt::format("set{} from {} to {}", on_key("", o), brief(o.expected), brief(o.argument));
    case Function::kAppend:
      return fmt::format("append {}{}", brief(o.argument), on_key("to", o));
    case Function::kAdd:
      return fmt::format("add {}{}", brief(o.argument), on_key("to", o));
  }
  return {};
}

std::string done(const Operation& o) {
  switch (o.function) {
    case Function::kRead:
      return fmt::format("read {}{}", brief(o.result), on_key("from", o));
    case Function::kWrite:
      return fmt::format("wrote {}{}", brief(o.argument), on_key("to", o));
    case Function::kCas:
      return fmt::format("set{} from {} to {}", on_key("", o), brief(o.expected), brief(o.argument));
    case Function::kAppend:
      return fmt::format("appended {}{}", brief(o.argument), on_key("to", o));
    case Function::kAdd:
      return fmt::format("added {}{}", brief(o.argument), on_key("to", o));
  }
  return {};
}

}  // namespace

std::string to_text(const Value& value) {
  return std::visit(
      Overload{[](Nil) { return std::string("nil"); }, [](std::int64_t number) { return fmt::format("{}", number); },
               [](const std::string& text) { return json_text(text); },
               [](const List& list) { return fmt::format("[{}]", fmt::join(list, " ")); }},
      value);
}

std::string_view name_of(Function function) {
  switch (function) {
    case Function::kRead:
      return "read";
    case Function::kWrite:
      return "write";
    case Function::kCas:
      return "cas";
    case Function::kAppend:
      return "append";
    case Function::kAdd:
      return "add";
  }
  return {};
}

std::string_view name_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::kOk:
      return "ok";
    case Outcome::kFail:
      return "fail";
    case Outcome::kUnknown:
      return "unknown";
  }
  return {};
}

std::string_view name_of(Judgement judgement) {
  switch (judgement) {
    case Judgement::kHeld:
      return "held";
    case Judgement::kViolated:
      return "violated";
    case Judgement::kUnknown:
      return "unknown";
  }
  return {};
}

std::string client_of(const Operation& operation) {
  return operation.session.empty() ? fmt::format("process {}", operation.process) : operation.session;
}

std::string in_words(const Operation& o) {
  switch (o.outcome) {
    case Outcome::kOk:
      return fmt::format("{} {}", client_of(o), done(o));
    case Outcome::kFail:
      return fmt::format("{} failed to {}", client_of(o), request(o));
    case Outcome::kUnknown:
      return fmt::format("{} asked to {} and got no answer", client_of(o), request(o));
  }
  return {};
}

std::size_t Recorder::call(Operation asked, Time now) {
  asked.outcome = Outcome::kUnknown;
  asked.invoked = now;
  asked.returned = kEndOfTime;
  asked.call = next_++;
  asked.ret = ~std::uint64_t{0};
  history_.operations.push_back(std::move(asked));
  return history_.operations.size() - 1;
}

void Recorder::answer(std::size_t operation, Outcome outcome, Value result, Time now, std::string server) {
  Operation& o = history_.operations.at(operation);
  TWICE_ASSERT(o.ret == ~std::uint64_t{0}, "an operation is answered once");
  o.outcome = outcome;
  if (outcome == Outcome::kUnknown) return;
  o.result = std::move(result);
  o.server = std::move(server);
  o.returned = now;
  o.ret = next_++;
}

}  // namespace twice::check
