#include "pipeline/warehouse/sql_device.h"

#include <algorithm>

#include "core/assert.h"
#include "core/node.h"
#include "pipeline/messages.h"

namespace twice::pipeline {

physics::Completion SqlDevice::perform(const Payload& request, const physics::Moment& moment) {
  physics::Completion done;
  done.first_io = io_count() + 1;
  ran_statement_ = !request.holds<KillSession>();
  if (const auto* kill = request.get<KillSession>()) {
    engine_->kill(kill->session);
    open_.erase(std::remove(open_.begin(), open_.end(), kill->session), open_.end());
    done.result = Payload(SessionEnded{kill->session});
    done.last_io = done.first_io - 1;
    return done;
  }
  const Execute* execute = request.get<Execute>();
  TWICE_ASSERT(execute != nullptr, "the warehouse's device got a request it does not know");
  if (std::find(open_.begin(), open_.end(), execute->session) == open_.end()) {
    engine_->open(execute->session);
    open_.push_back(execute->session);
  }
  SqlReply reply = engine_->execute(execute->session, execute->statement, {moment.now, moment.seed, moment.id});
  if (reply.committed)
    commits_.push_back(
        {execute->session, execute->number, io_count(), moment.now + reply.cost, std::move(reply.visible)});
  rows_written_ += reply.changes;
  done.last_io = io_count();
  done.cost = reply.cost;
  StatementDone executed;
  executed.result = {execute->session, execute->number,          reply.status,
                     reply.changes,    std::move(reply.message), std::move(reply.result)};
  executed.committed = reply.committed;
  executed.in_transaction = reply.in_transaction;
  done.result = Payload(std::move(executed));
  return done;
}

void SqlDevice::arm(const physics::DiskFault& fault) {
  physics::DiskFault absolute = fault;
  absolute.at += base_io_;
  engine_->arm(absolute);
}

void SqlDevice::crash(const physics::DiskCrash& how) {
  physics::DiskCrash absolute = how;
  if (absolute.cut_after) *absolute.cut_after += base_io_;
  if (!ran_statement_) absolute.elapsed.reset();
  engine_->crash(absolute);
  open_.clear();
  // A commit whose last operations never happened was never seen.
  while (!commits_.empty() && commits_.back().io > io_count()) commits_.pop_back();
}

std::uint64_t SqlDevice::digest() const {
  Hasher h(io_count());
  for (const Commit& commit : commits_) h.word(commit.io);
  return h.value();
}

void SqlDevice::describe(FieldSink& sink, std::string_view name) const {
  sink.begin(name, "engine", false);
  sink.text("version", engine_->version());
  sink.natural("io", io_count());
  sink.natural("sessions", open_.size());
  sink.natural("commits", commits_.size());
  sink.end();
}

}  // namespace twice::pipeline
