#include "pipeline/warehouse/warehouse.h"

#include <algorithm>

namespace twice::pipeline {
namespace {

enum : std::uint8_t { kLockRetry, kSilence };
constexpr Duration kLockPause = milliseconds(50);

}  // namespace

WarehouseNode::Session* WarehouseNode::find(SessionId id) {
  for (Session& s : sessions)
    if (s.id == id) return &s;
  return nullptr;
}

void WarehouseNode::step(Time now, const Input& input, Effects& effects) {
  if (const auto* fired = std::get_if<TimerFired>(&input))
    return fired->timer == kLockRetry ? retry_waiting(effects) : check_silent(now, effects);
  if (const auto* down = std::get_if<PeerDown>(&input)) {
    std::vector<SessionId> orphans;
    for (const Session& s : sessions)
      if (s.client == down->peer) orphans.push_back(s.id);
    for (const SessionId id : orphans) end_session(id, effects);
    return;
  }
  if (const auto* done = std::get_if<Done>(&input)) {
    if (const auto* result = done->result.get<StatementDone>()) executed(*result, now, effects);
    return;
  }
  const auto* received = std::get_if<Received>(&input);
  if (!received) return;
  if (const auto* message = received->body.get<Execute>()) return take(received->from, *message, now, effects);
  if (const auto* bye = received->body.get<Goodbye>()) return end_session(bye->session, effects);
}

void WarehouseNode::take(NodeId client, const Execute& message, Time now, Effects& effects) {
  Session* session = find(message.session);
  if (!session) {
    // Only a first statement opens a session: a later one belongs to a session that died with the server.
    if (message.number != 1) {
      Result lost{message.session, message.number, SqlStatus::kNoSession, 0, "the session no longer exists", {}};
      return effects.send(client, Payload(std::move(lost)));
    }
    effects.watch(client);
    session = &sessions.emplace_back(Session{message.session, client});
    if (sessions.size() == 1) effects.set_timer(kSilence, session_timeout);
  }
  if (recognises_repeats && message.number <= session->last)
    return effects.mark("repeat-ignored", message.number, message.session.number);
  session->last = std::max(session->last, message.number);
  session->heard = now;
  running.push_back(message);
  effects.ask(++next_request, Payload(message));
}

void WarehouseNode::executed(const StatementDone& done, Time now, Effects& effects) {
  const Execute statement = running.front();
  running.erase(running.begin());
  Session* session = find(done.result.session);
  if (!session) return;  // its client died meanwhile
  session->in_transaction = done.in_transaction;
  if (done.result.status == SqlStatus::kBusy && lock_wait) {
    const auto same = std::find_if(waiting.begin(), waiting.end(), [&](const Waiting& w) {
      return w.statement.session == statement.session && w.statement.number == statement.number;
    });
    const Time until = same == waiting.end() ? now + *lock_wait : same->until;
    if (now < until) {
      if (same == waiting.end()) waiting.push_back({statement, until});
      return effects.set_timer(kLockRetry, kLockPause);
    }
  }
  waiting.erase(std::remove_if(waiting.begin(), waiting.end(),
                               [&](const Waiting& w) {
                                 return w.statement.session == statement.session &&
                                        w.statement.number == statement.number;
                               }),
                waiting.end());
  if (done.committed) effects.mark("commit", done.result.number, done.result.session.number);
  effects.mark("reply", done.result.number, done.result.session.number);
  effects.send(session->client, Payload(done.result));
}

void WarehouseNode::end_session(SessionId id, Effects& effects) {
  const auto at = std::find_if(sessions.begin(), sessions.end(), [&](const Session& s) { return s.id == id; });
  if (at == sessions.end()) return;
  sessions.erase(at);
  waiting.erase(
      std::remove_if(waiting.begin(), waiting.end(), [&](const Waiting& w) { return w.statement.session == id; }),
      waiting.end());
  effects.ask(++next_request, Payload(KillSession{id}));
}

void WarehouseNode::retry_waiting(Effects& effects) {
  for (const Waiting& w : waiting) {
    const bool asked = std::any_of(running.begin(), running.end(), [&](const Execute& e) {
      return e.session == w.statement.session && e.number == w.statement.number;
    });
    if (asked) continue;
    running.push_back(w.statement);
    effects.ask(++next_request, Payload(w.statement));
  }
}

void WarehouseNode::check_silent(Time now, Effects& effects) {
  std::vector<SessionId> silent;
  for (const Session& s : sessions)
    if (s.in_transaction && now - s.heard >= session_timeout) silent.push_back(s.id);
  for (const SessionId id : silent) {
    effects.mark("session-timeout", id.number, id.number);
    end_session(id, effects);
  }
  if (!sessions.empty()) effects.set_timer(kSilence, session_timeout / 4);
}

}  // namespace twice::pipeline
