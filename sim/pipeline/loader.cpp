#include "pipeline/loader.h"

#include <algorithm>

#include <fmt/format.h>

namespace twice::pipeline {
namespace {

constexpr std::uint8_t kStatementTimer = 0;

const Block<std::string>& begin_text() {
  static const Block<std::string> text(std::string("BEGIN"));
  return text;
}
const Block<std::string>& commit_text() {
  static const Block<std::string> text(std::string("COMMIT"));
  return text;
}
const Block<std::vector<std::string>>& no_parameters() {
  static const Block<std::vector<std::string>> none{std::vector<std::string>{}};
  return none;
}

// Columns of the row first, then the job's parameters, then what the attempt itself knows.
SqlValue value_of(const std::string& name, const LoaderProgram& program, const SqlTable* table, std::uint32_t row,
                  const Attempt& attempt) {
  if (table && row > 0) {
    const auto column = std::find(table->columns.begin(), table->columns.end(), name);
    if (column != table->columns.end())
      return table->rows[row - 1][static_cast<std::size_t>(column - table->columns.begin())];
  }
  for (const auto& [parameter, value] : program.job)
    if (parameter == name) return value;
  if (name == "attempt") return std::int64_t{attempt.attempt};
  if (name == "run") return std::int64_t{attempt.run};
  return Null{};
}

}  // namespace

std::string_view name_of(LoaderNode::Phase phase) {
  switch (phase) {
    case LoaderNode::Phase::kReading:
      return "reading";
    case LoaderNode::Phase::kLoading:
      return "loading";
    case LoaderNode::Phase::kFinished:
      return "finished";
    case LoaderNode::Phase::kFailed:
      return "failed";
  }
  return {};
}

void LoaderNode::step(Time, const Input& input, Effects& effects) {
  if (const auto* start = std::get_if<Start>(&input)) {
    const Attempt* which = start->argument.get<Attempt>();
    return which ? begin(*which, effects) : effects.exit();
  }
  if (phase == Phase::kFinished || phase == Phase::kFailed) return;
  if (std::holds_alternative<TimerFired>(input))
    return fail(phase == Phase::kReading ? "the source did not answer"
                                         : fmt::format("statement {} was not answered in time", sent),
                effects);
  if (std::holds_alternative<PeerDown>(input)) return fail("the connection to the warehouse broke", effects);
  const auto* received = std::get_if<Received>(&input);
  if (!received) return;
  if (const auto* table = received->body.get<SourceRows>()) return take_rows(table->rows, effects);
  if (const auto* file = received->body.get<SourceFile>()) return take_file(*file, effects);
  if (const auto* refusal = received->body.get<SourceRefuses>(); refusal && phase == Phase::kReading)
    return fail("the source cannot write its rows: " + refusal->why, effects);
  if (const auto* result = received->body.get<Result>()) return take_result(*result, effects);
}

void LoaderNode::begin(const Attempt& which, Effects& effects) {
  attempt = which;
  effects.watch(warehouse);
  effects.send(orchestrator, Payload(AttemptStarted{attempt.launch}));
  effects.send(source, Payload(ReadRows{attempt.launch}));
  effects.set_timer(kStatementTimer, statement_timeout);
}

void LoaderNode::take_file(const SourceFile& file, Effects& effects) {
  if (phase != Phase::kReading) return;  // a duplicated answer
  effects.mark("source.bytes", file.size, attempt.launch);
  auto read = contract->read(*file.bytes);
  if (const auto* problem = std::get_if<formats::FormatError>(&read))
    return fail("the source's file cannot be read: " + to_text(*problem), effects);
  auto& found = std::get<formats::ReadFile>(read);
  effects.mark("source.bytes.read", found.bytes_read, attempt.launch);
  take_rows(Rows(std::move(found.table)), effects);
}

void LoaderNode::take_rows(const Rows& table, Effects& effects) {
  if (phase != Phase::kReading) return;  // a duplicated answer
  phase = Phase::kLoading;
  rows = table;
  plan = Block<std::vector<Planned>>(make_plan(*program, rows ? static_cast<std::uint32_t>(rows->rows.size()) : 0));
  effects.mark("row", 0, attempt.launch);
  send_next(effects);
}

void LoaderNode::send_next(Effects& effects) {
  if (sent == planned()) return end(true, effects);
  const Planned& next = (*plan)[sent++];
  Execute message;
  message.session = session();
  message.number = sent;
  switch (next.role) {
    case Role::kBegin:
      message.statement = {begin_text(), no_parameters(), {}};
      break;
    case Role::kCommit:
      message.statement = {commit_text(), no_parameters(), {}};
      break;
    case Role::kBefore:
    case Role::kBatchStart:
    case Role::kRow:
    case Role::kBatchEnd:
    case Role::kBatchDone:
    case Role::kStatement:
    case Role::kScript:
    case Role::kAfter:
      message.statement = {next.sql->text, next.sql->parameters, {}};
      message.statement.values.reserve(next.sql->parameters->size());
      for (const std::string& name : *next.sql->parameters)
        message.statement.values.push_back(value_of(name, *program, rows ? &*rows : nullptr, next.row, attempt));
      break;
  }
  effects.mark("stmt", sent, attempt.launch);
  effects.send(warehouse, Payload(std::move(message)));
  effects.set_timer(kStatementTimer, statement_timeout);
}

void LoaderNode::take_result(const Result& result, Effects& effects) {
  if (result.session != session() || result.number != sent) return;  // a duplicated or late answer
  if (result.status != SqlStatus::kOk) return fail(fmt::format("statement {}: {}", sent, result.message), effects);
  effects.mark("ack", sent, attempt.launch);
  const Planned& done = (*plan)[sent - 1];
  if (done.rows_done > 0) {
    rows_done = done.rows_done;
    effects.mark("row", rows_done, attempt.launch);
  }
  send_next(effects);
}

void LoaderNode::fail(std::string reason, Effects& effects) {
  phase = Phase::kFailed;
  error = std::move(reason);
  end(false, effects);
}

void LoaderNode::end(bool ok, Effects& effects) {
  if (ok) phase = Phase::kFinished;
  effects.cancel_timer(kStatementTimer);
  effects.send(warehouse, Payload(Goodbye{session()}));
  effects.send(orchestrator, Payload(AttemptDone{attempt.launch, ok, error}));
  effects.mark("finished", attempt.launch, attempt.launch);
  effects.exit();
}

}  // namespace twice::pipeline
