#pragma once
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/node.h"
#include "pipeline/messages.h"

namespace twice::pipeline {

/// The database server: takes statements from its clients' sessions, has its engine execute them, answers. A session
/// is a process of its own; it dies when its client does, or after being silent inside a transaction for too long.
/// Marks: "reply" n (statement n is done, its answer leaves now), with the session as scope.
struct WarehouseNode {
  static constexpr std::string_view kName = "warehouse";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("sessions", self.sessions), v("waiting", self.waiting.size()), v("next", self.next_request);
  }
  void step(Time now, const Input& input, Effects& effects);

  struct Session {
    static constexpr std::string_view kName = "session";
    template <class Self, class V>
    static void visit(Self& self, V& v) {
      v("id", self.id.number), v("client", self.client), v("statement", self.last), v("open", self.in_transaction);
    }
    SessionId id;
    NodeId client;
    std::uint32_t last = 0;  // number of the newest statement seen
    bool in_transaction = false;
    Time heard{};
  };
  /// A statement that met a lock.
  struct Waiting {
    Execute statement;
    Time until;
  };

  // Fixed.
  std::optional<Duration> lock_wait = seconds(5);  // nullopt: fail at once
  Duration session_timeout = seconds(60);
  /// A connection recognises a statement that arrives twice; without (a stateless ingest endpoint) it runs twice.
  bool recognises_repeats = true;
  // State.
  std::vector<Session> sessions;
  std::vector<Execute> running;  // asked of the engine, not yet done, oldest first
  std::vector<Waiting> waiting;
  std::uint32_t next_request = 0;

 private:
  void take(NodeId client, const Execute& message, Time now, Effects& effects);
  void executed(const StatementDone& done, Time now, Effects& effects);
  void end_session(SessionId id, Effects& effects);
  void retry_waiting(Effects& effects);
  void check_silent(Time now, Effects& effects);
  Session* find(SessionId id);
};

}  // namespace twice::pipeline
