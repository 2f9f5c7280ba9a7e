#include "check/history_text.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "check/form.h"
#include "core/json.h"
#include "core/overload.h"

namespace twice::check {
namespace {

enum class Type : std::uint8_t { kInvoke, kOk, kFail, kInfo };
constexpr std::array<std::pair<std::string_view, Type>, 4> kTypes{
    {{"invoke", Type::kInvoke}, {"ok", Type::kOk}, {"fail", Type::kFail}, {"info", Type::kInfo}}};
constexpr std::array<std::pair<std::string_view, Function>, 7> kFunctions{{{"read", Function::kRead},
                                                                           {"get", Function::kRead},
                                                                           {"write", Function::kWrite},
                                                                           {"put", Function::kWrite},
                                                                           {"cas", Function::kCas},
                                                                           {"append", Function::kAppend},
                                                                           {"add", Function::kAdd}}};

/// One line of a history, not understood yet.
struct HistoryLine {
  Place place;
  Form process, type, function, key, value, time, session, server;
};

TextError error_at(Place place, std::string message, std::string help) {
  return {place.line, place.column, std::move(message), std::move(help)};
}

bool is_name(const Form& form) { return form.kind == Form::Kind::kWord || form.kind == Form::Kind::kText; }

template <class Table>
auto looked_up(const Table& table, const Form& name) -> std::optional<decltype(table[0].second)> {
  if (!is_name(name)) return std::nullopt;
  for (const auto& [text, meaning] : table)
    if (text == name.text) return meaning;
  return std::nullopt;
}

std::string text_of(const Form& form) {
  return form.kind == Form::Kind::kNumber ? fmt::format("{}", form.number) : form.text;
}

std::optional<Value> value_of(const Form& form) {
  switch (form.kind) {
    case Form::Kind::kNil:
      return Nil{};
    case Form::Kind::kNumber:
      return form.number;
    case Form::Kind::kText:
    case Form::Kind::kWord:
      return form.text;
    case Form::Kind::kList: {
      List list;
      for (const Form& item : form.items) {
        if (item.kind != Form::Kind::kNumber) return std::nullopt;
        list.push_back(item.number);
      }
      return list;
    }
    case Form::Kind::kBool:
    case Form::Kind::kMap:
      return std::nullopt;
  }
  return std::nullopt;
}

// Jepsen's process that breaks things; it asks nothing of the object.
bool is_nemesis(const Form& process) { return is_name(process) && process.text == "nemesis"; }

/// Numbers for processes: their own, and for names numbers that no process of the text has.
class ProcessNumbers {
 public:
  explicit ProcessNumbers(const std::vector<HistoryLine>& events) {
    for (const HistoryLine& event : events)
      if (event.process.kind == Form::Kind::kNumber) taken_.insert(event.process.number);
  }
  std::uint32_t of(const Form& process) {
    if (process.kind == Form::Kind::kNumber) return static_cast<std::uint32_t>(process.number);
    const auto [found, added] = named_.try_emplace(process.text, 0u);
    if (!added) return found->second;
    while (taken_.count(next_)) ++next_;
    return found->second = next_++;
  }

 private:
  std::set<std::int64_t> taken_;
  std::map<std::string, std::uint32_t> named_;
  std::uint32_t next_ = 0;
};

/// Puts calls and answers together.
class Assembler {
 public:
  explicit Assembler(const std::vector<HistoryLine>& events) : numbers_(events) {}
  std::optional<TextError> add(const HistoryLine& event);
  std::variant<HistoryText, TextError> finish(TextFormat format);
  void gives_times(bool all) { text_.times = all; }

 private:
  struct Open {
    bool is_transaction;
    std::size_t index;
    Place place;
  };

  std::optional<TextError> invoke(const HistoryLine& event, std::uint32_t process, Time now);
  std::optional<TextError> complete(const HistoryLine& event, Type type, std::uint32_t process, Time now);
  std::optional<TextError> ask(const HistoryLine& event, Operation& operation) const;
  std::optional<TextError> read_steps(const HistoryLine& event, std::vector<MicroOperation>& steps) const;

  HistoryText text_;
  ProcessNumbers numbers_;
  std::map<std::uint32_t, Open> open_;
  std::uint64_t next_ = 0;
};

std::optional<TextError> Assembler::add(const HistoryLine& event) {
  if (is_nemesis(event.process)) return std::nullopt;
  if (event.process.kind != Form::Kind::kNumber && !is_name(event.process))
    return error_at(event.place, "an event without :process", "give each event the number or the name of its process");
  if (is_name(event.process) && event.process.text.empty())
    return error_at(event.process.place, "a process without a name", "write :process 0 or :process \"client-1\"");
  if (event.process.number < 0 || event.process.number > 0xffffffff)
    return error_at(event.process.place, "a process is a number from 0 to 4294967295", "renumber the processes");
  const auto type = looked_up(kTypes, event.type);
  if (!type) return error_at(event.type.place, "an event without a known :type", "there are invoke, ok, fail and info");
  Time now{static_cast<std::int64_t>(next_)};
  if (text_.times) {
    if (event.time.kind != Form::Kind::kNumber || event.time.number < 0 || event.time.number == kEndOfTime.ns)
      return error_at(event.time.place, ":time is a number of nanoseconds from 0",
                      "leave it out everywhere, or give it");
    now = Time{event.time.number};
  }
  const std::uint32_t process = numbers_.of(event.process);
  return *type == Type::kInvoke ? invoke(event, process, now) : complete(event, *type, process, now);
}

std::optional<TextError> Assembler::invoke(const HistoryLine& event, std::uint32_t process, Time now) {
  if (const auto before = open_.find(process); before != open_.end())
    return error_at(event.place,
                    fmt::format("process {} calls again while its operation of line {} is open", text_of(event.process),
                                before->second.place.line),
                    "end that one with ok, fail or info, or use another process number");
  if (event.function.text == "txn") {
    Transaction transaction;
    transaction.process = process;
    if (is_name(event.process)) transaction.client = event.process.text;
    transaction.invoked = now;
    transaction.call = next_++;
    if (auto wrong = read_steps(event, transaction.operations)) return wrong;
    open_[process] = {true, text_.transactions.size(), event.place};
    text_.transactions.push_back(std::move(transaction));
    return std::nullopt;
  }
  Operation operation;
  operation.process = process;
  operation.session = text_of(event.session);
  if (operation.session.empty() && is_name(event.process)) operation.session = event.process.text;
  operation.server = text_of(event.server);
  operation.invoked = now;
  operation.call = next_++;
  if (auto wrong = ask(event, operation)) return wrong;
  open_[process] = {false, text_.history.operations.size(), event.place};
  text_.history.operations.push_back(std::move(operation));
  return std::nullopt;
}

std::optional<TextError> Assembler::ask(const HistoryLine& event, Operation& operation) const {
  const auto function = looked_up(kFunctions, event.function);
  if (!function)
    return error_at(event.function.place, "an event without a known :f",
                    "there are read (get), write (put), cas, append, add and txn");
  if (event.key.kind == Form::Kind::kList || event.key.kind == Form::Kind::kMap)
    return error_at(event.key.place, "a key is a text or a number", "write :key \"x\"");
  operation.function = *function;
  operation.key = text_of(event.key);
  if (*function == Function::kRead) return std::nullopt;
  if (*function == Function::kCas) {
    const std::vector<Form>& both = event.value.items;
    if (event.value.kind != Form::Kind::kList || both.size() != 2 || !value_of(both[0]) || !value_of(both[1]))
      return error_at(event.value.place, "the value of a cas is a pair", "write [expected new]");
    operation.expected = *value_of(both[0]);
    operation.argument = *value_of(both[1]);
    return std::nullopt;
  }
  const auto value = value_of(event.value);
  if (!value)
    return error_at(event.value.place, "no value that a key can hold", "nil, a number, a text, or a list of numbers");
  const bool number = std::holds_alternative<std::int64_t>(*value);
  if (*function == Function::kAdd && !number)
    return error_at(event.value.place, "only numbers can be added", "write :value 1");
  if (*function == Function::kAppend && !number && !std::holds_alternative<std::string>(*value))
    return error_at(event.value.place, "only a number or a text can be appended", "write :value 1 or :value \"a\"");
  operation.argument = *value;
  return std::nullopt;
}

std::optional<TextError> Assembler::read_steps(const HistoryLine& event, std::vector<MicroOperation>& steps) const {
  constexpr const char* kHelp = "write [[:append \"x\" 1] [:r \"y\" nil]]";
  if (event.value.kind != Form::Kind::kList)
    return error_at(event.value.place, "a transaction is a list of steps", kHelp);
  for (const Form& form : event.value.items) {
    if (form.kind != Form::Kind::kList || form.items.size() != 3)
      return error_at(form.place, "a step of a transaction has three parts: what, key, value", kHelp);
    MicroOperation step;
    step.key = text_of(form.items[1]);
    const Form& value = form.items[2];
    if (form.items[0].text == "append") {
      if (value.kind != Form::Kind::kNumber) return error_at(value.place, "an appended element is a number", kHelp);
      step.function = Function::kAppend;
      step.element = value.number;
    } else if (form.items[0].text == "r" || form.items[0].text == "read") {
      const auto list = value_of(value);
      if (!list || !(std::holds_alternative<Nil>(*list) || std::holds_alternative<List>(*list)))
        return error_at(value.place, "a read of a transaction gives a list of numbers or nil", kHelp);
      if (const auto* numbers = std::get_if<List>(&*list)) step.list = *numbers;
    } else {
      return error_at(form.items[0].place, "a transaction can :append and :r, nothing else", kHelp);
    }
    steps.push_back(std::move(step));
  }
  return std::nullopt;
}

std::optional<TextError> Assembler::complete(const HistoryLine& event, Type type, std::uint32_t process, Time now) {
  const auto found = open_.find(process);
  if (found == open_.end())
    return error_at(event.place, fmt::format("process {} gets an answer and has asked nothing", text_of(event.process)),
                    "is the :invoke missing, or the order of the lines changed?");
  const Open open = found->second;
  open_.erase(found);
  if (type == Type::kInfo) {
    ++next_;
    return std::nullopt;
  }
  const Outcome outcome = type == Type::kOk ? Outcome::kOk : Outcome::kFail;
  if (open.is_transaction) {
    Transaction& transaction = text_.transactions[open.index];
    transaction.outcome = outcome;
    transaction.returned = now;
    transaction.ret = next_++;
    if (type != Type::kOk) return std::nullopt;
    transaction.operations.clear();
    if (auto wrong = read_steps(event, transaction.operations)) return wrong;
    for (MicroOperation& step : transaction.operations)  // of an answer, nil is an empty list
      if (step.function == Function::kRead && !step.list) step.list = List{};
    return std::nullopt;
  }
  Operation& operation = text_.history.operations[open.index];
  const auto function = looked_up(kFunctions, event.function);
  if (event.function.kind != Form::Kind::kNil && function != operation.function)
    return error_at(event.place,
                    fmt::format("process {} asked for a {} and gets an answer to something else",
                                text_of(event.process), name_of(operation.function)),
                    "is a line missing?");
  if (operation.function == Function::kRead && outcome == Outcome::kOk) {
    const auto value = value_of(event.value);
    if (!value)
      return error_at(event.value.place, "no value that a key can hold", "nil, a number, a text, or a list of numbers");
    operation.result = *value;
  }
  if (event.server.kind != Form::Kind::kNil) operation.server = text_of(event.server);
  operation.outcome = outcome;
  operation.returned = now;
  operation.ret = next_++;
  return std::nullopt;
}

std::variant<HistoryText, TextError> Assembler::finish(TextFormat format) {
  if (text_.history.operations.empty() && text_.transactions.empty())
    return TextError{1, 1, "there is no operation in this history",
                     "lines look like {:process 0, :type :invoke, :f :write, :key \"x\", :value 3}"};
  text_.format = format;
  return std::move(text_);
}

// Lines of other loggers are passed over.
std::variant<std::vector<HistoryLine>, TextError> events_of_log(std::string_view text) {
  constexpr std::string_view kMark = "jepsen.util - ";
  std::vector<HistoryLine> events;
  std::size_t line = 0;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = std::min(text.find('\n', from), text.size());
    const std::string_view whole = text.substr(from, end - from);
    from = end + 1;
    ++line;
    const std::size_t mark = whole.find(kMark);
    if (mark == std::string_view::npos) continue;
    const Place start{line, mark + kMark.size() + 1};
    FormReader reader(whole.substr(mark + kMark.size()), FormReader::Syntax::kEdn, start);
    HistoryLine event;
    event.place = {line, 1};
    for (Form* part : {&event.process, &event.type, &event.function, &event.value}) {
      auto form = reader.next();
      if (const auto* wrong = std::get_if<FormError>(&form))
        return error_at(wrong->place, wrong->message, "lines look like: INFO  jepsen.util - 0 :invoke :write 3");
      *part = std::get<Form>(std::move(form));
      if (is_nemesis(event.process)) break;  // what follows may be anything
    }
    events.push_back(std::move(event));
  }
  return events;
}

std::optional<TextError> add_event(Form form, std::vector<HistoryLine>& events) {
  if (form.kind != Form::Kind::kMap)
    return error_at(form.place, "an event is a map", "write {:process 0, :type :invoke, :f :read, :key \"x\"}");
  HistoryLine event;
  event.place = form.place;
  const auto take = [&](std::string_view name, Form& to) {
    to.place = form.place;
    if (const Form* found = form.find(name)) to = *found;
  };
  take("process", event.process), take("type", event.type), take("f", event.function), take("key", event.key);
  take("value", event.value), take("time", event.time), take("session", event.session), take("server", event.server);
  events.push_back(std::move(event));
  return std::nullopt;
}

std::variant<std::vector<HistoryLine>, TextError> events_of_forms(std::string_view text, FormReader::Syntax syntax) {
  FormReader reader(text, syntax);
  std::vector<HistoryLine> events;
  while (true) {
    const auto end = reader.at_end();
    if (const auto* wrong = std::get_if<FormError>(&end)) return error_at(wrong->place, wrong->message, wrong->help);
    if (std::get<bool>(end)) return events;
    auto form = reader.next();
    if (const auto* wrong = std::get_if<FormError>(&form)) return error_at(wrong->place, wrong->message, wrong->help);
    Form value = std::get<Form>(std::move(form));
    if (value.kind != Form::Kind::kList) {
      if (auto wrong = add_event(std::move(value), events)) return *wrong;
      continue;
    }
    for (Form& item : value.items)
      if (auto wrong = add_event(std::move(item), events)) return *wrong;
  }
}

// JSON names its members in quotes; EDN with quoted keys looks alike, up to the colon behind the first.
TextFormat format_of(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n,[");
  if (first == std::string_view::npos || text[first] == ';' || text[first] == '#' || text[first] == '(')
    return TextFormat::kEdn;
  if (text[first] != '{')
    return text.find("jepsen.util - ") != std::string_view::npos ? TextFormat::kLog : TextFormat::kEdn;
  const std::size_t inside = text.find_first_not_of(" \t\r\n,", first + 1);
  return inside != std::string_view::npos && text[inside] == '"' ? TextFormat::kJson : TextFormat::kEdn;
}

// --- writing ---

enum class Look : std::uint8_t { kEdn, kJson };

std::string written(const Value& value, Look look) {
  return std::visit(
      Overload{[&](Nil) { return std::string(look == Look::kEdn ? "nil" : "null"); },
               [](std::int64_t number) { return fmt::format("{}", number); },
               [](const std::string& text) { return json_text(text); },
               [&](const List& list) { return fmt::format("[{}]", fmt::join(list, look == Look::kEdn ? " " : ", ")); }},
      value);
}

std::string value_of_event(const Operation& o, Type type, Look look) {
  if (o.function == Function::kRead) return written(type == Type::kOk ? o.result : Value(Nil{}), look);
  if (o.function != Function::kCas) return written(o.argument, look);
  return fmt::format("[{}{}{}]", written(o.expected, look), look == Look::kEdn ? " " : ", ", written(o.argument, look));
}

std::string event_line(const Operation& o, Type type, Time time, std::size_t index, Look look) {
  std::string_view type_name;
  for (const auto& [name, meaning] : kTypes)
    if (meaning == type) type_name = name;
  const bool edn = look == Look::kEdn;
  std::string line = edn ? fmt::format("{{:process {}, :type :{}, :f :{}", o.process, type_name, name_of(o.function))
                         : fmt::format("{{\"process\": {}, \"type\": \"{}\", \"f\": \"{}\"", o.process, type_name,
                                       name_of(o.function));
  const auto add = [&](std::string_view name, const std::string& value) {
    line += edn ? fmt::format(", :{} {}", name, value) : fmt::format(", \"{}\": {}", name, value);
  };
  if (!o.key.empty()) add("key", json_text(o.key));
  add("value", value_of_event(o, type, look));
  add("time", fmt::format("{}", time.ns));
  add("index", fmt::format("{}", index));
  if (type == Type::kInvoke && !o.session.empty()) add("session", json_text(o.session));
  if (!o.server.empty()) add("server", json_text(o.server));
  return line + "}\n";
}

std::string write(const History& history, Look look) {
  struct Line {
    std::uint64_t at;
    const Operation* operation;
    Type type;
  };
  std::vector<Line> lines;
  for (const Operation& o : history.operations) {
    lines.push_back({o.call, &o, Type::kInvoke});
    if (o.outcome != Outcome::kUnknown)
      lines.push_back({o.ret, &o, o.outcome == Outcome::kOk ? Type::kOk : Type::kFail});
  }
  std::sort(lines.begin(), lines.end(), [](const Line& a, const Line& b) { return a.at < b.at; });
  std::string text;
  std::size_t index = 0;
  std::map<std::uint32_t, const Operation*> open;
  for (const Line& line : lines) {
    const Operation& o = *line.operation;
    const bool invokes = line.type == Type::kInvoke;
    if (invokes && open.count(o.process))  // the process goes on: say that its last request stays open
      text += event_line(*open[o.process], Type::kInfo, o.invoked, index++, look);
    text += event_line(o, line.type, invokes ? o.invoked : o.returned, index++, look);
    if (invokes)
      open[o.process] = &o;
    else
      open.erase(o.process);
  }
  return text;
}

// --- what a text can show ---

/// Which keys were changed, perhaps, and which were seen by an operation that was answered.
struct Touched {
  std::set<std::string> changed, seen;
  bool answered = false;

  void add(const Operation& o) {
    const bool ok = o.outcome == Outcome::kOk;
    answered = answered || ok;
    if (o.function != Function::kRead) changed.insert(o.key);
    if (ok && (o.function == Function::kRead || o.function == Function::kCas)) seen.insert(o.key);
  }
  void add(const Transaction& t) {
    const bool ok = t.outcome == Outcome::kOk;
    answered = answered || ok;
    for (const MicroOperation& step : t.operations)
      if (step.function == Function::kAppend)
        changed.insert(step.key);
      else if (ok)
        seen.insert(step.key);
  }
  bool meet() const {
    return std::any_of(seen.begin(), seen.end(), [&](const std::string& key) { return changed.count(key) > 0; });
  }
};

}  // namespace

std::string nothing_shown(const HistoryText& text) {
  Touched touched;
  for (const Operation& operation : text.history.operations) touched.add(operation);
  for (const Transaction& transaction : text.transactions) touched.add(transaction);
  if (!touched.answered) return "no operation was answered, so nothing was shown";
  return touched.meet() ? std::string() : "no answer tells what another operation changed, so nothing was shown";
}

std::string to_text(const TextError& error) {
  return fmt::format("{}:{}: {}; {}", error.line, error.column, error.message, error.help);
}

std::string_view name_of(TextFormat format) {
  switch (format) {
    case TextFormat::kLog:
      return "log";
    case TextFormat::kEdn:
      return "edn";
    case TextFormat::kJson:
      return "json";
  }
  return {};
}

std::variant<HistoryText, TextError> read_history(std::string_view text) {
  const TextFormat format = format_of(text);
  auto events =
      format == TextFormat::kLog
          ? events_of_log(text)
          : events_of_forms(text, format == TextFormat::kJson ? FormReader::Syntax::kJson : FormReader::Syntax::kEdn);
  if (auto* wrong = std::get_if<TextError>(&events)) return std::move(*wrong);
  const auto& list = std::get<std::vector<HistoryLine>>(events);
  Assembler assembler(list);
  assembler.gives_times(!list.empty() && list.front().time.kind != Form::Kind::kNil);
  for (const HistoryLine& event : list)
    if (auto wrong = assembler.add(event)) return *wrong;
  return assembler.finish(format);
}

std::string to_edn(const History& history) { return write(history, Look::kEdn); }
std::string to_json_lines(const History& history) { return write(history, Look::kJson); }

}  // namespace twice::check
