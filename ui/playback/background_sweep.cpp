#include "ui/playback/background_sweep.h"

#include <sstream>

#include <nlohmann/json.hpp>

namespace twice::playback {
namespace {

using Json = nlohmann::json;

lab::Stop stop_of(const std::string& word) {
  if (word == "second-run") return lab::Stop::kSecondRun;
  if (word == "before-statement") return lab::Stop::kBeforeStatement;
  if (word == "lost-reply") return lab::Stop::kLostReply;
  if (word == "io-not-applied") return lab::Stop::kIoNotApplied;
  if (word == "io-applied") return lab::Stop::kIoApplied;
  if (word == "at") return lab::Stop::kAtTime;
  return lab::Stop::kAfterRow;
}

pipeline::Role role_of(const std::string& word) {
  using pipeline::Role;
  for (const Role role : {Role::kBegin, Role::kBefore, Role::kBatchStart, Role::kRow, Role::kBatchEnd, Role::kCommit,
                          Role::kBatchDone, Role::kStatement, Role::kScript, Role::kAfter})
    if (name_of(role) == word) return role;
  return Role::kRow;
}

lab::PointOutcome point_of(const Json& json) {
  lab::PointOutcome outcome;
  outcome.point.stop = stop_of(json.at("stop"));
  outcome.point.number = json.at("number");
  outcome.point.line = json.at("line");
  outcome.point.role = role_of(json.at("role"));
  const std::string letter = json.at("outcome");
  outcome.letter = letter.empty() ? '?' : letter.front();
  outcome.rows = json.at("rows");
  outcome.duplicated = json.at("duplicated");
  outcome.lost = json.at("lost");
  outcome.changed = json.at("changed");
  outcome.others_touched = json.at("others_touched");
  return outcome;
}

SweptLane lane_of(const Json& json) {
  SweptLane lane;
  lane.name = json.at("lane");
  lane.engine = json.at("engine");
  lane.error = json.at("error");
  lane.wanted_rows = json.at("wanted_rows");
  lane.futures = json.at("futures");
  lane.untried = json.at("untried");
  for (const Json& point : json.at("points")) lane.points.push_back(point_of(point));
  if (!json.at("smallest").is_null()) lane.smallest = point_of(json.at("smallest"));
  lane.schedule = json.value("schedule", "");
  return lane;
}

}  // namespace

std::optional<SweepOutput> parse_sweep_output(const std::string& text) {
  SweepOutput output;
  std::istringstream lines(text);
  try {
    for (std::string line; std::getline(lines, line);) {
      const Json json = Json::parse(line);
      const std::string type = json.at("type");
      if (type == "sweep") output.lanes.push_back(lane_of(json));
      if (type != "script") continue;
      output.verdict = json.at("verdict");
      for (const Json& d : json.at("diagnostics"))
        output.remarks.push_back({d.at("line"), d.at("column"), d.at("severity"), d.at("message"), d.at("help")});
    }
  } catch (const Json::exception&) {
    return std::nullopt;
  }
  if (output.lanes.empty()) return std::nullopt;
  return output;
}

void BackgroundSweep::start(const std::string& program, std::vector<std::string> arguments) {
  cancel();
  arguments.insert(arguments.begin(), "sweep");
  arguments.insert(arguments.end(), {"--json", "--progress"});
  error_ = process_.start(program, std::move(arguments));
}

void BackgroundSweep::cancel() {
  if (process_.cancel()) ++revision_;
}

void BackgroundSweep::poll() {
  if (!process_.poll()) return;
  ++revision_;
  output_ = parse_sweep_output(process_.out());
  if (!output_) error_ = process_.said();
}

}  // namespace twice::playback
