#include "pipeline/warehouse/sqlite_engine.h"

#include <sqlite3.h>

#include <algorithm>
#include <utility>

#include "core/assert.h"
#include "pipeline/warehouse/sqlite_peek.h"

namespace twice::pipeline {
namespace {

/// Session numbers start anywhere; holder 0 is nobody.
physics::HolderId holder_of(SessionId session) { return {session.number + 1}; }

/// The warehouse exists, durably and in its journal mode, before the run begins.
physics::ByteDisk make_disk(const EngineOptions& options) {
  physics::ByteDisk disk(options.disk);
  physics::FileId made;
  const bool created = disk.create(kDatabaseName, made) == physics::DiskResult::kOk;
  TWICE_ASSERT(created, "an empty disk takes no file");
  set_up_database(disk, options);
  disk.settle();
  disk.count_from(0);
  return disk;
}

}  // namespace

std::unique_ptr<Engine> make_sqlite_engine(const EngineOptions& options) {
  return std::make_unique<SqliteEngine>(options);
}

SqliteEngine::SqliteEngine(const EngineOptions& options) : options_(options), state_{make_disk(options)} {
  scan_visible_rows();
}

SqliteEngine::SqliteEngine(const SqliteEngine& other)
    : Engine(),
      options_(other.options_),
      state_(other.state_),
      deeds_(other.deeds_),
      before_(other.before_),
      is_asleep_(!other.is_quiet()),
      now_(other.now_),
      limit_met_(other.limit_met_) {}

std::unique_ptr<Engine> SqliteEngine::clone() const { return std::unique_ptr<Engine>(new SqliteEngine(*this)); }

std::string SqliteEngine::version() const { return std::string("sqlite ") + sqlite3_libversion(); }

// --- forks

bool SqliteEngine::is_quiet() const {
  return std::none_of(state_.sessions.begin(), state_.sessions.end(),
                      [](const Session& s) { return s.in_transaction || s.keeps_temporary; });
}

void SqliteEngine::log(Deed deed) {
  if (!is_quiet()) deeds_.add(std::move(deed));
}

void SqliteEngine::forget_if_quiet() {
  if (!before_ || !is_quiet()) return;
  deeds_.clear();
  before_ = {};
  is_asleep_ = false;
}

/// Lives again what happened since the quiet point; the disk's history is the same, operation by operation.
void SqliteEngine::wake() {
  if (!is_asleep_) return;
  is_asleep_ = false;
  const std::uint64_t io_count = state_.disk.io_count();
  const DeedLog deeds = std::exchange(deeds_, {});
  const Block<State> before = before_;
  state_ = *before;
  struct {
    SqliteEngine* engine;
    void operator()(const Opened& deed) const { engine->open(deed.session); }
    void operator()(const Executed& deed) const { engine->execute(deed.session, deed.statement, deed.moment); }
    void operator()(const Killed& deed) const { engine->kill(deed.session); }
    void operator()(const Closed& deed) const { engine->close(deed.session); }
    void operator()(const Armed& deed) const { engine->arm(deed.fault); }
  } const again{this};
  deeds.for_each(again);
  TWICE_ASSERT(state_.disk.io_count() == io_count, "a fork did not live its transaction again as it was");
}

// --- sessions

SqliteEngine::Session* SqliteEngine::find(SessionId session) {
  for (Session& s : state_.sessions) {
    if (s.id == session) return &s;
  }
  return nullptr;
}

Connection& SqliteEngine::connection_of(Session& session) {
  for (Open& open : connections_) {
    if (open.id == session.id) return *open.connection;
  }
  session.has_connected = true;
  connections_.push_back(
      {session.id, std::make_unique<Connection>(state_.disk, holder_of(session.id), now_, options_, session.memory)});
  return *connections_.back().connection;
}

/// A killed connection's last gasps change shared memory that outlives it; that is put back.
void SqliteEngine::disconnect(SessionId session, bool killed) {
  const auto open =
      std::find_if(connections_.begin(), connections_.end(), [&](const Open& o) { return o.id == session; });
  if (open == connections_.end()) return;
  if (!killed) {
    connections_.erase(open);
    return;
  }
  auto& shared = state_.disk.shared_memory(*state_.disk.find(kDatabaseName));
  const auto kept = shared.contents();
  open->connection->kill();
  connections_.erase(open);
  shared.restore(kept);
}

void SqliteEngine::open(SessionId session) {
  TWICE_ASSERT(find(session) == nullptr, "a session is opened twice");
  Session fresh;
  fresh.id = session;
  state_.sessions.push_back(fresh);
  log(Opened{session});
}

void SqliteEngine::kill(SessionId session) {
  if (find(session) == nullptr) return;
  disconnect(session, true);
  state_.disk.drop(holder_of(session));
  ++state_.schema_age;
  std::erase_if(state_.sessions, [&](const Session& s) { return s.id == session; });
  log(Killed{session});
  forget_if_quiet();
}

void SqliteEngine::close(SessionId session) {
  wake();
  Session* leaving = find(session);
  if (leaving == nullptr) return;
  if (leaving->has_connected) connection_of(*leaving);  // the last to leave a write-ahead log tidies it up
  disconnect(session, false);
  state_.disk.drop(holder_of(session));
  std::erase_if(state_.sessions, [&](const Session& s) { return s.id == session; });
  log(Closed{session});
  forget_if_quiet();
}

void SqliteEngine::crash(const physics::DiskCrash& how) {
  for (Open& open : connections_) open.connection->kill();
  connections_.clear();
  state_.sessions.clear();
  state_.disk.crash(how);
  state_.visible_is_known = false;
  forget_if_quiet();
}

void SqliteEngine::settle() {
  TWICE_ASSERT(is_quiet(), "a disk is settled inside a transaction");
  state_.disk.settle();
}

void SqliteEngine::arm(const physics::DiskFault& fault) {
  state_.disk.arm(fault);
  log(Armed{fault});
}

// --- statements

void SqliteEngine::look_around(const SqlMoment& moment) {
  constexpr std::int64_t kNanosecondsPerMillisecond = 1'000'000;
  now_ = {options_.epoch_unix_seconds * 1000 + moment.now.ns / kNanosecondsPerMillisecond, moment.seed, moment.id, 0,
          false};
}

SqlReply SqliteEngine::execute(SessionId session_id, const Statement& statement, const SqlMoment& moment) {
  wake();
  SqlReply reply;
  Session* session = find(session_id);
  if (session == nullptr) {
    reply.status = SqlStatus::kNoSession;
    reply.message = "the session is gone";
    return reply;
  }
  state_.disk.mark();
  look_around(moment);
  const Duration cost_before = state_.disk.cost();
  Connection& connection = connection_of(*session);
  if (const Prepared* prepared = connection.prepare(statement, state_.schema_age, reply)) {
    const bool may_leave_quiet = prepared->traits.begins || prepared->traits.makes_temporary;
    if (may_leave_quiet && is_quiet()) remember_quiet_point();
    run(*session, *prepared, statement, reply);
  } else {
    reply.in_transaction = session->in_transaction;
  }
  reply.cost = state_.disk.cost() - cost_before;
  note(reply.limit);
  log(Executed{session_id, statement, moment});
  forget_if_quiet();
  return reply;
}

void SqliteEngine::run(Session& session, const Prepared& prepared, const Statement& statement, SqlReply& reply) {
  Connection& connection = connection_of(session);
  const std::uint64_t io_before = state_.disk.io_count();
  connection.run(prepared, statement, reply);
  const bool wrote = state_.disk.io_count() != io_before;
  session.in_transaction = reply.in_transaction;
  session.memory = connection.memory();
  if (connection.traits().makes_temporary && reply.status == SqlStatus::kOk) session.keeps_temporary = true;
  TWICE_ASSERT(is_quiet() || before_, "a transaction began unseen");
  state_.used_clock_or_random = state_.used_clock_or_random || now_.used_clock_or_random;
  note_schema_change(session, connection.traits(), reply);
  if (!reply.in_transaction) note_commit(connection, prepared, wrote, reply);
}

void SqliteEngine::note_schema_change(Session& session, const StatementTraits& traits, const SqlReply& reply) {
  session.changed_schema = session.changed_schema || traits.changes_schema;
  const bool is_seen = session.changed_schema && !reply.in_transaction;
  const bool journal_may_be_hot = reply.status == SqlStatus::kIoError || reply.status == SqlStatus::kFull;
  if (is_seen || journal_may_be_hot) ++state_.schema_age;
  if (is_seen) session.changed_schema = false;
}

void SqliteEngine::note_commit(Connection& connection, const Prepared& prepared, bool wrote, SqlReply& reply) {
  ChangeTracker& changes = connection.changes();
  if (connection.has_committed() && wrote) {
    reply.committed = true;
    if (prepared.adds_default) state_.default_was_added = true;
    const bool scan =
        changes.in_doubt() || !state_.visible_is_known || !state_.watch_can_follow || state_.default_was_added;
    if (scan) scan_visible_rows();
    for (std::size_t i = 0; !scan && i < state_.visible.size(); ++i) {
      state_.visible[i].rows += changes.added()[i].rows;
      state_.visible[i].digest += changes.added()[i].digest;
    }
    reply.visible = state_.visible;
  }
  changes.clear();
}

/// Of a copy of the disk: the live connections' caches and locks stay as they are.
void SqliteEngine::scan_visible_rows() {
  if (options_.watch.empty()) return;
  Peek peek(state_.disk, options_.work_limit);
  Scan scan = peek.scan(options_.watch);
  note(peek.limit_met());
  state_.visible = std::move(scan.visible);
  state_.watch_can_follow = scan.can_be_followed;
  state_.visible_is_known = true;
}

}  // namespace twice::pipeline
