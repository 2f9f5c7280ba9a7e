#include "pipeline/program.h"

#include <string>

#include "support/catch.h"

namespace twice::pipeline {
namespace {

SqlStep sql(const char* text) {
  return {Block<std::string>(std::string(text)), Block<std::vector<std::string>>(std::vector<std::string>{}), 0};
}

// "begin row row(2) commit(2)": roles in order, with the rows done once acknowledged.
std::string words(const LoaderProgram& program, std::uint32_t rows) {
  std::string out;
  for (const Planned& p : make_plan(program, rows)) {
    out += std::string(out.empty() ? "" : " ") + std::string(name_of(p.role));
    if (p.rows_done > 0) out += "(" + std::to_string(p.rows_done) + ")";
  }
  return out;
}

LoaderProgram program_with(CommitRule commit, std::uint64_t every = 1) {
  LoaderProgram program;
  program.commit = commit;
  program.every = every;
  program.row = {sql("insert")};
  return program;
}

}  // namespace

TEST_CASE("a loader that commits each row sends bare rows, each done when acknowledged") {
  CHECK(words(program_with(CommitRule::kEachRow), 3) == "row(1) row(2) row(3)");
}

TEST_CASE("the last row of a batch is done when its commit is acknowledged") {
  CHECK(words(program_with(CommitRule::kEvery, 2), 3) == "begin row(1) row commit(2) begin row commit(3)");
}

TEST_CASE("a batch larger than the source is one batch, even of the largest number there is") {
  CHECK(words(program_with(CommitRule::kEvery, ~std::uint64_t{0}), 2) == "begin row(1) row commit(2)");
}

TEST_CASE("commit once puts before, rows and after into one transaction") {
  LoaderProgram program = program_with(CommitRule::kOnce);
  program.before = {sql("delete")};
  program.after = {sql("update")};
  CHECK(words(program, 2) == "begin before row(1) row after commit(2)");
}

TEST_CASE("commit once over an empty source still deletes the slice") {
  LoaderProgram program = program_with(CommitRule::kOnce);
  program.before = {sql("delete")};
  CHECK(words(program, 0) == "begin before commit");
}

TEST_CASE(
    "batch statements stand before the transaction, inside it and after its commit, with the batch's last row bound") {
  LoaderProgram program = program_with(CommitRule::kEvery, 2);
  program.batch_start = {sql("mark")};
  program.batch_end = {sql("sum")};
  program.batch_done = {sql("note")};
  CHECK(words(program, 2) == "batch-start begin row(1) row batch-end commit(2) batch-done");
  for (const Planned& p : make_plan(program, 2))
    if (p.role == Role::kBatchStart || p.role == Role::kBatchEnd || p.role == Role::kBatchDone) CHECK(p.row == 2);
}

TEST_CASE("several statements a row are acknowledged as one row") {
  LoaderProgram program = program_with(CommitRule::kEachRow);
  program.row = {sql("delete"), sql("insert")};
  CHECK(words(program, 2) == "row row(1) row row(2)");
}

TEST_CASE("a script is sent as it stands") {
  LoaderProgram program;
  program.script = {sql("BEGIN"), sql("INSERT"), sql("COMMIT")};
  CHECK(words(program, 5) == "script script script");
}

}  // namespace twice::pipeline
