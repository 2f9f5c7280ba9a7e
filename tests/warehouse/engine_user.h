#pragma once
// A client of one engine, in as few words as a test needs.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/warehouse/engine.h"
#include "support/catch.h"

namespace twice::pipeline {

inline Statement make_statement(std::string sql, std::vector<std::string> names = {}, SqlRow values = {}) {
  return {Block<std::string>(std::move(sql)), Block<std::vector<std::string>>(std::move(names)), std::move(values)};
}

struct EngineUser {
  explicit EngineUser(const EngineOptions& options = {}) : EngineUser(make_sqlite_engine(options)) {
    engine->open(session);
  }
  explicit EngineUser(std::unique_ptr<Engine> its) : engine(std::move(its)) {}

  SqlReply run(std::string sql) { return engine->execute(session, make_statement(std::move(sql)), moment); }
  SqlReply run_as(SessionId who, std::string sql) {
    return engine->execute(who, make_statement(std::move(sql)), moment);
  }
  SqlReply must(std::string sql) {
    SqlReply reply = run(sql);
    INFO(sql << ": " << reply.message);
    REQUIRE(reply.status == SqlStatus::kOk);
    return reply;
  }
  /// The first value that a question outside the run returns, as text.
  std::string ask(std::string_view sql) const {
    const SqlReply reply = engine->query(sql, {});
    INFO(sql << ": " << reply.message);
    REQUIRE(reply.status == SqlStatus::kOk);
    REQUIRE(!reply.result.rows.empty());
    return to_text(reply.result.rows[0][0]);
  }
  EngineUser fork() const { return EngineUser(engine->clone()); }

  std::unique_ptr<Engine> engine;
  SessionId session{1};
  SqlMoment moment;
};

}  // namespace twice::pipeline
