#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "check/history_text.h"
#include "check/linearizable.h"
#include "check/spectrum.h"
#include "check/transactions.h"
#include "cli/commands.h"
#include "cli/subject.h"
#include "cli/terminal.h"
#include "core/limits.h"
#include "lab/report_format.h"
#include "scenario/text.h"

namespace twice::cli {
namespace {

using check::HistoryText;
using check::Judgement;
using Json = nlohmann::ordered_json;

constexpr std::array kIsolations{check::Isolation::kReadCommitted, check::Isolation::kSnapshot,
                                 check::Isolation::kSerializable};

std::variant<HistoryText, Refused> read(const std::string& path) {
  const scenario::FileText bytes = scenario::read_text_file(path, limits::kHistoryFile);
  if (const auto* problem = std::get_if<scenario::FileProblem>(&bytes))
    return refuse(Exit::kBadScenario, scenario::printable(problem->message));
  auto text = check::read_history(std::get<std::string>(bytes));
  if (const auto* wrong = std::get_if<check::TextError>(&text))
    return refuse(Exit::kBadScenario, scenario::printable(fmt::format("{}:{}", path, check::to_text(*wrong))));
  return std::get<HistoryText>(std::move(text));
}

Exit exit_of(Judgement judgement) {
  switch (judgement) {
    case Judgement::kHeld:
      return Exit::kMet;
    case Judgement::kViolated:
      return Exit::kFailed;
    case Judgement::kUnknown:
      return Exit::kUndecided;
  }
  return Exit::kUndecided;
}

std::string headline(Judgement judgement, const std::string& words, const lab::Style& style) {
  const std::string text = scenario::printable(words);
  switch (judgement) {
    case Judgement::kHeld:
      return lab::painted("✓ " + text, lab::Paint::kGood, style) + "\n";
    case Judgement::kViolated:
      return lab::painted("✗ " + text, lab::Paint::kBad, style) + "\n";
    case Judgement::kUnknown:
      return lab::painted("? " + text, lab::Paint::kUnsure, style) + "\n";
  }
  return {};
}

// --- a smallest counterexample as a table ---

std::string request_of(const check::Operation& o) {
  const std::string key = o.key.empty() ? "" : " " + o.key;
  switch (o.function) {
    case check::Function::kRead:
      return "read" + key;
    case check::Function::kCas:
      return fmt::format("cas{} {} {}", key, check::to_text(o.expected), check::to_text(o.argument));
    case check::Function::kWrite:
    case check::Function::kAppend:
    case check::Function::kAdd:
      return fmt::format("{}{} {}", name_of(o.function), key, check::to_text(o.argument));
  }
  return {};
}

std::string answer_of(const check::Operation& o) {
  switch (o.outcome) {
    case check::Outcome::kOk:
      return o.function == check::Function::kRead ? check::to_text(o.result) : "ok";
    case check::Outcome::kFail:
      return o.function == check::Function::kCas ? "another value" : "failed";
    case check::Outcome::kUnknown:
      return "none by then";
  }
  return {};
}

std::string table(const check::History& history, bool times) {
  const auto at = [&](Time time, std::uint64_t place) {
    return times ? in_seconds(time) : fmt::format("event {}", place + 1);
  };
  std::vector<std::array<std::string, 5>> rows{{"called", "answered", "client", "operation", "answer"}};
  for (const check::Operation& o : history.operations) {
    const bool open = o.outcome == check::Outcome::kUnknown;
    rows.push_back({at(o.invoked, o.call), open ? "-" : at(o.returned, o.ret), scenario::printable(client_of(o)),
                    scenario::printable(request_of(o)), scenario::printable(answer_of(o))});
  }
  std::array<std::size_t, 5> widths{};
  for (const auto& row : rows)
    for (std::size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], row[c].size());
  std::string text;
  for (const auto& row : rows) {
    std::string line = " ";
    for (std::size_t c = 0; c + 1 < row.size(); ++c) line += fmt::format(" {:<{}} ", row[c], widths[c]);
    text += line + " " + row.back() + "\n";
  }
  return text;
}

// --- one history, all answers ---

struct Answers {
  std::optional<check::Linearizability> linearizable;
  std::optional<check::TransactionReport> transactions;
  std::vector<check::SpectrumRow> spectrum;
  std::string nothing_shown;  // why what held says nothing; empty: it says something
};

// A history that shows nothing violates nothing: that is no ✓.
void doubt(Answers& answers) {
  const std::string& why = answers.nothing_shown;
  if (why.empty()) return;
  if (answers.linearizable && answers.linearizable->judgement == Judgement::kHeld)
    answers.linearizable->judgement = Judgement::kUnknown;
  if (answers.transactions && answers.transactions->anomalies.empty()) answers.transactions->undecided = why;
  for (check::SpectrumRow& row : answers.spectrum)
    if (row.held == Judgement::kHeld) row.held = Judgement::kUnknown, row.witness = why;
}

Answers judge(const HistoryArguments& arguments, const HistoryText& text) {
  Answers answers;
  answers.nothing_shown = check::nothing_shown(text);
  const bool checks = arguments.task == HistoryArguments::Task::kCheck;
  if (!text.transactions.empty()) answers.transactions = check::check_transactions(text.transactions);
  if (text.history.operations.empty()) return answers;
  if (checks) {
    check::LinearizableOptions options;
    options.object = check::parse_object(arguments.model);
    if (arguments.budget > 0) options.budget = arguments.budget;
    answers.linearizable = check::check_linearizable(text.history, options);
  }
  if (!checks || arguments.spectrum) {
    check::SpectrumOptions options;
    options.object = check::parse_object(arguments.model);
    options.times = text.times;
    if (arguments.budget > 0) {
      options.linearizable_budget = options.sequential_budget = arguments.budget;
      options.session_budget = arguments.budget * 64;  // words of 64 bits
    }
    answers.spectrum = check::spectrum(text.history, options);
  }
  return answers;
}

Answers answer(const HistoryArguments& arguments, const HistoryText& text) {
  Answers answers = judge(arguments, text);
  doubt(answers);
  return answers;
}

std::string on_key(const std::string& key) { return key.empty() ? std::string() : fmt::format(" on key {}", key); }

std::string told(const check::Linearizability& report, const std::string& nothing_shown, const std::string& file,
                 const HistoryText& text, const lab::Style& style) {
  const std::string size = fmt::format("{} on {}", lab::counted(text.history.operations.size(), "operation"),
                                       lab::counted(report.keys.size(), "key"));
  switch (report.judgement) {
    case Judgement::kHeld:
      return headline(report.judgement,
                      fmt::format("{}: linearizable ({}, {})", file, size, lab::counted(report.steps, "step")), style);
    case Judgement::kUnknown:
      if (!nothing_shown.empty())
        return headline(report.judgement, fmt::format("{}: undecided ({}): {}", file, size, nothing_shown), style);
      return headline(report.judgement,
                      fmt::format("{}: not known whether it is linearizable ({}): {} were not enough (limit "
                                  "linearizable-steps); try a larger "
                                  "--budget",
                                  file, size, lab::counted(report.steps, "step")),
                      style);
    case Judgement::kViolated:
      break;
  }
  std::string out = headline(report.judgement, fmt::format("{}: not linearizable ({})", file, size), style);
  const std::string& key = report.keys[report.broken].key;
  const std::string prefix =
      fmt::format("longest linearizable prefix{}: {} answered. Operation {} is the first that cannot be:", on_key(key),
                  lab::counted(report.prefix, "operation"), report.impossible + 1);
  for (const std::string& words : {prefix, report.explanation})
    for (const std::string& line : lab::wrapped(scenario::printable(words), style.width)) out += line + "\n";
  out += fmt::format("the smallest part that cannot be ({} of {}):\n", report.counterexample.operations.size(),
                     lab::counted(text.history.operations.size(), "operation"));
  return out + table(report.counterexample, text.times);
}

std::string told(const check::TransactionReport& report, const std::string& file, const HistoryText& text,
                 const lab::Style& style) {
  const std::string size = lab::counted(text.transactions.size(), "transaction");
  const Judgement judgement = report.judgement_of(check::Isolation::kSerializable);
  std::string out;
  if (report.undecided)
    return headline(judgement,
                    fmt::format("{}: not known whether it is serializable ({}): {}", file, size, *report.undecided),
                    style);
  out += headline(
      judgement,
      fmt::format("{}: {} ({})", file, judgement == Judgement::kHeld ? "serializable" : "not serializable", size),
      style);
  for (const check::Isolation level : kIsolations)
    out += fmt::format("  {:<20} {}\n", name_of(level), name_of(report.judgement_of(level)));
  for (const check::AnomalyReport& anomaly : report.anomalies) {
    out += scenario::printable(fmt::format("{}: {}", name_of(anomaly.anomaly), anomaly.words)) + "\n";
    for (const std::size_t t : anomaly.transactions)
      out += scenario::printable(fmt::format("    T{} {}", t, in_words(text.transactions[t]))) + "\n";
  }
  return out;
}

// Mark, model and verdict; the witness beside them, over as many lines as it takes.
std::string told(const std::vector<check::SpectrumRow>& rows, const lab::Style& style) {
  constexpr unsigned kModelWidth = 20, kVerdictWidth = 8, kIndent = kModelWidth + kVerdictWidth + 6;
  std::string out;
  for (const check::SpectrumRow& row : rows) {
    const std::string model = lab::left(name_of(row.model), kModelWidth),
                      verdict = lab::left(name_of(row.held), kVerdictWidth);
    std::string mark = headline(row.held, fmt::format("{}  {}", model, verdict), style);
    mark.pop_back();
    std::string words = row.witness.empty() ? std::string(doc_of(row.model)) : scenario::printable(row.witness);
    if (row.operation && row.held != Judgement::kHeld) words += fmt::format(" (operation {})", *row.operation + 1);
    const std::vector<std::string> lines =
        lab::wrapped(words, style.width > 2 * kIndent ? style.width - kIndent : kIndent);
    for (std::size_t i = 0; i < lines.size(); ++i)
      out += (i == 0 ? mark + "  " : std::string(kIndent, ' ')) + lines[i] + "\n";
  }
  return out;
}

std::string told(const Answers& answers, const std::string& file, const HistoryText& text, const lab::Style& style) {
  std::string out;
  if (answers.linearizable) out += told(*answers.linearizable, answers.nothing_shown, file, text, style);
  if (answers.transactions) out += told(*answers.transactions, file, text, style);
  return out + told(answers.spectrum, style);
}

// --- as JSON ---

Json json_of(const check::Linearizability& report) {
  Json json{{"verdict", name_of(report.judgement)}, {"steps", report.steps}, {"keys", report.keys.size()}};
  if (report.judgement != Judgement::kViolated) return json;
  json["key"] = report.keys[report.broken].key;
  json["prefix"] = report.prefix;
  json["impossible"] = report.impossible;
  json["explanation"] = report.explanation;
  json["counterexample"] = report.origins;
  return json;
}

Json json_of(const check::TransactionReport& report) {
  Json json = Json::object();
  for (const check::Isolation level : kIsolations)
    json[std::string(name_of(level))] = name_of(report.judgement_of(level));
  if (report.undecided) json["undecided"] = *report.undecided;
  json["anomalies"] = Json::array();
  for (const check::AnomalyReport& a : report.anomalies)
    json["anomalies"].push_back(
        {{"anomaly", name_of(a.anomaly)}, {"transactions", a.transactions}, {"words", a.words}});
  return json;
}

std::string json_of(const Answers& answers, const std::string& file, const HistoryText& text) {
  Json json{{"file", file}, {"format", name_of(text.format)}, {"operations", text.history.operations.size()}};
  if (!answers.nothing_shown.empty()) json["undecided"] = answers.nothing_shown;
  if (answers.linearizable) json["linearizable"] = json_of(*answers.linearizable);
  if (answers.transactions) json["transactions"] = json_of(*answers.transactions);
  for (const check::SpectrumRow& row : answers.spectrum) {
    Json entry{{"model", name_of(row.model)}, {"held", name_of(row.held)}, {"witness", row.witness}};
    if (row.operation) entry["operation"] = *row.operation;
    json["spectrum"].push_back(std::move(entry));
  }
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Exit convert(const HistoryArguments& arguments, const HistoryText& text) {
  if (!text.transactions.empty())
    return refuse(Exit::kBadScenario, "transactions cannot be converted, only operations on single keys").code;
  print_file(arguments.to == "edn" ? check::to_edn(text.history) : check::to_json_lines(text.history));
  return Exit::kMet;
}

Exit verdict(const HistoryArguments& arguments, const Answers& answers) {
  const bool decided = answers.nothing_shown.empty();
  if (arguments.task == HistoryArguments::Task::kSpectrum && !answers.transactions && decided) return Exit::kMet;
  Exit code = decided ? Exit::kMet : Exit::kUndecided;
  if (answers.linearizable) code = worse(code, exit_of(answers.linearizable->judgement));
  if (answers.transactions)
    code = worse(code, exit_of(answers.transactions->judgement_of(check::Isolation::kSerializable)));
  return code;
}

}  // namespace

Exit execute(const HistoryArguments& arguments) {
  const auto text = read(arguments.file);
  if (const auto* refused = std::get_if<Refused>(&text)) return refused->code;
  const auto& history = std::get<HistoryText>(text);
  if (arguments.task == HistoryArguments::Task::kConvert) return convert(arguments, history);
  // Searching has a budget of steps, not of time; a process of its own can be ended.
  const std::string& file = arguments.file;
  const auto judged = [&](std::size_t) {
    const Answers answers = answer(arguments, history);
    return std::string(1, static_cast<char>(verdict(arguments, answers))) +
           (arguments.outputs.json ? json_of(answers, file, history)
                                   : told(answers, file, history, style_for(arguments.outputs)));
  };
  const auto limit = chosen_limit(arguments.time_limit);
  if (const auto* refused = std::get_if<Refused>(&limit)) return refused->code;
  Watch watch("histories", std::get<0>(limit), false);
  const lab::WorkResult work = lab::in_processes(1, watch.workers(1), judged);
  if (work.finished.front()) {
    print(work.results.front().substr(1));
    return static_cast<Exit>(work.results.front().front());
  }
  const std::string why = work.lost.empty() ? std::string(name_of(work.stopped_by)) : work.lost.front().words;
  print(headline(Judgement::kUnknown, fmt::format("{}: undecided: {}", file, why), style_for(arguments.outputs)));
  return work.stopped ? stop_code(work.stopped_by) : Exit::kUndecided;
}

}  // namespace twice::cli
