#pragma once
// The warehouse engine on SQLite 3: sessions on one simulated disk, forks, and questions asked of copies.
#include <memory>
#include <string>
#include <vector>

#include "pipeline/warehouse/deed_log.h"
#include "pipeline/warehouse/engine.h"
#include "pipeline/warehouse/sqlite_connection.h"

namespace twice::pipeline {

class SqliteEngine final : public Engine {
 public:
  explicit SqliteEngine(const EngineOptions& options);
  std::unique_ptr<Engine> clone() const override;
  std::string version() const override;

  void open(SessionId session) override;
  SqlReply execute(SessionId session, const Statement& statement, const SqlMoment& moment) override;
  void kill(SessionId session) override;
  void close(SessionId session) override;
  void crash(const physics::DiskCrash& how) override;

  void settle() override;
  std::uint64_t io_count() const override { return state_.disk.io_count(); }
  void arm(const physics::DiskFault& fault) override;

  SqlReply query(std::string_view sql, const std::vector<std::pair<std::string, SqlValue>>& parameters) const override;
  std::vector<std::string> tables() const override;
  std::optional<SqlTable> dump(std::string_view table) const override;
  std::string integrity() const override;
  std::uint64_t settled_digest() const override;
  std::vector<Visible> visible() const override;
  bool used_clock_or_random() const override { return state_.used_clock_or_random; }
  std::optional<SqlLimit> limit_met() const override { return limit_met_; }

 private:
  struct Session {
    SessionId id;
    SessionMemory memory;
    bool in_transaction = false;
    bool keeps_temporary = false;  // has temporary tables, which no fork could bring back from the disk
    bool has_connected = false;
    bool changed_schema = false;  // in the open transaction
  };
  /// Everything but the open connections. A copy at a quiet point is a fork.
  struct State {
    physics::ByteDisk disk;
    std::vector<Session> sessions{};
    std::vector<Visible> visible{};
    bool visible_is_known = true;    // false after a crash, until the next commit looks
    bool watch_can_follow = true;    // false: each commit needs a scan
    bool default_was_added = false;  // rows of some table are shorter than they look: each commit needs a scan
    bool used_clock_or_random = false;
    std::uint64_t schema_age = 0;  // grows when open connections may have to look at the file again
  };

  SqliteEngine(const SqliteEngine& other);

  /// No session is inside a transaction: the state alone is all there is.
  bool is_quiet() const;
  void remember_quiet_point() { before_ = Block<State>(state_); }
  void log(Deed deed);
  void forget_if_quiet();
  void wake();

  Session* find(SessionId session);
  Connection& connection_of(Session& session);
  void disconnect(SessionId session, bool killed);
  void look_around(const SqlMoment& moment);
  void run(Session& session, const Prepared& prepared, const Statement& statement, SqlReply& reply);
  void note_schema_change(Session& session, const StatementTraits& traits, const SqlReply& reply);
  void note_commit(Connection& connection, const Prepared& prepared, bool wrote, SqlReply& reply);
  void scan_visible_rows();

  EngineOptions options_;
  State state_;
  DeedLog deeds_;           // since `before_`; empty while quiet
  Block<State> before_;     // the last quiet point, while not quiet
  bool is_asleep_ = false;  // forked inside a transaction: connections are behind `state_` until wake()
  Surroundings now_;
  void note(std::optional<SqlLimit> limit) const {
    if (!limit_met_) limit_met_ = limit;
  }
  mutable std::optional<SqlLimit> limit_met_;  // also by questions, which change nothing else
  struct Open {
    SessionId id;
    std::unique_ptr<Connection> connection;
  };
  std::vector<Open> connections_;  // last: they close while the rest still lives
};

}  // namespace twice::pipeline
