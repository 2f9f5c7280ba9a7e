#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

#include "core/node.h"
#include "pipeline/formats/contract.h"
#include "pipeline/messages.h"
#include "pipeline/program.h"

namespace twice::pipeline {

/// One loader process. It is launched for one attempt, reads the source, sends the program's statements one after
/// another, waits for each answer, reports and ends. It always starts from the first row: it has no memory.
/// What came as a file is read in full before the first statement; a file that breaks what was agreed ends the attempt.
/// Marks, with the attempt's number among all attempts as scope: "row" n (done; 0 = about to begin), "stmt" n (about
/// to be sent), "ack" n (answered), "finished" launch; "source.bytes" n
/// (of the file that came), "source.bytes.read" n (of these, looked at).
struct LoaderNode {
  static constexpr std::string_view kName = "loader";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("phase", self.phase), v("attempt", self.attempt), v("statement", self.sent), v("of", self.planned()),
        v("rows-done", self.rows_done);
    v("error", self.error);
  }
  void step(Time now, const Input& input, Effects& effects);

  std::size_t planned() const { return plan ? plan->size() : 0; }

  enum class Phase : std::uint8_t { kReading, kLoading, kFinished, kFailed };

  // Fixed.
  Block<LoaderProgram> program;
  Block<formats::Contract> contract;  // null: rows come as they are
  NodeId source, warehouse, orchestrator;
  Duration statement_timeout = seconds(30);
  // Of this attempt.
  Phase phase = Phase::kReading;
  Attempt attempt;
  Rows rows;
  Block<std::vector<Planned>> plan;  // of the rows read; shared by forks
  std::uint32_t sent = 0;            // statements sent; the last one is unanswered unless finished
  std::uint32_t rows_done = 0;
  std::string error;

 private:
  void begin(const Attempt& which, Effects& effects);
  void take_file(const SourceFile& file, Effects& effects);
  void take_rows(const Rows& table, Effects& effects);
  void take_result(const Result& result, Effects& effects);
  void send_next(Effects& effects);
  void fail(std::string reason, Effects& effects);
  void end(bool ok, Effects& effects);
  SessionId session() const { return {attempt.launch}; }
};
std::string_view name_of(LoaderNode::Phase phase);

}  // namespace twice::pipeline
