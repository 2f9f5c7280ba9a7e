#include "ui/playback/background_inevitable.h"

#include <utility>

#include <nlohmann/json.hpp>

namespace twice::playback {

std::optional<NoReturn> parse_no_return(const std::string& text) {
  using Json = nlohmann::json;
  NoReturn found;
  try {
    const Json json = Json::parse(text);
    found.what = json.at("what"), found.shows = json.at("shows");
    if (!json.at("from").is_null()) found.from = json.at("from").get<Sequence>();
    for (const Json& point : json.at("curve"))
      found.points.push_back({point.at("event"), Time{point.at("at_ns")}, point.at("failed"), point.at("of"),
                              point.at("low_thousandths"), point.at("high_thousandths")});
  } catch (const Json::exception&) {
    return std::nullopt;
  }
  if (found.points.empty()) return std::nullopt;
  return found;
}

void BackgroundInevitable::start(const std::string& program, std::vector<std::string> arguments, Run run) {
  forget();
  run_ = run;
  arguments.insert(arguments.begin(), "inevitable");
  arguments.insert(arguments.end(), {"--json", "--progress"});
  error_ = process_.start(program, std::move(arguments));
}

bool BackgroundInevitable::poll() {
  if (!process_.poll()) return false;
  found_ = parse_no_return(process_.out());
  if (!found_) error_ = process_.said();
  return true;
}

void BackgroundInevitable::forget() {
  cancel();
  found_.reset();
  error_.clear();
}

}  // namespace twice::playback
