#include "ui/playback/clients_judge.h"

#include <chrono>
#include <utility>

namespace twice::playback {
namespace {

constexpr std::size_t kFewest = 40;     // operations of a run that goes on
constexpr std::size_t kMostKept = 128;  // runs, of branches that may be gone

}  // namespace

bool has_clients(const Lane& lane) { return !lane.variant->spec.client.empty(); }

void ClientsJudge::forget() {
  known_.clear();
  ++generation_;
}

void ClientsJudge::take() {
  if (!running_.valid() || running_.wait_for(std::chrono::seconds(0)) != std::future_status::ready) return;
  Answer answer = running_.get();
  if (answer.generation != generation_) return;
  LaneClients& lane = known_[answer.recording];
  if (answer.metrics) lane.metrics = std::move(answer.metrics);
  if (answer.verdicts) lane.verdicts = std::move(answer.verdicts);
}

const LaneClients* ClientsJudge::of(const Recording& recording) const {
  const auto found = known_.find(recording.id());
  return found == known_.end() ? nullptr : &found->second;
}

bool ClientsJudge::begin(const Session& session, std::size_t lane) {
  const Recording& run = session.recording(lane);
  if (!has_clients(session.lanes()[lane]) || !run.error().empty()) return false;
  const std::size_t operations = run.log().clients().operations().size();
  const bool over = run.complete();
  if (known_.size() > kMostKept) known_.clear();
  LaneClients& known = known_[run.id()];
  const bool is_old = over ? known.so_far || known.operations != operations || !known.metrics
                           : operations >= std::max(kFewest, 2 * known.operations);
  const bool measures = is_old, judges = !is_old && known.metrics && !known.verdicts;
  if (!measures && !judges) return false;
  // What was judged is of the operations that were measured; a run that grew meanwhile comes again later.
  if (measures) known.so_far = !over, known.operations = operations, known.verdicts.reset();
  running_ = std::async(std::launch::async, [measures, generation = generation_, id = run.id(),
                                             input = clients_input(run, session.lanes()[lane].variant->spec)] {
    Answer answer{generation, id, nullptr, nullptr};
    if (measures)
      answer.metrics = std::make_unique<const ClientsMetrics>(measure_clients(input));
    else
      answer.verdicts = std::make_unique<const ClientsVerdicts>(judge_clients(input));
    return answer;
  });
  return true;
}

void ClientsJudge::watch(const Session& session) {
  take();
  if (busy()) return;
  const std::size_t lanes = session.lanes().size(), focus = session.cursor().focus;
  for (std::size_t i = 0; i < lanes; ++i)
    if (begin(session, (focus + i) % lanes)) return;
}

}  // namespace twice::playback
