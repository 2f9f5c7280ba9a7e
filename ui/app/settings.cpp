#include "ui/app/settings.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <variant>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/limits.h"
#include "scenario/load.h"
#include "ui/app/kept_files.h"
#include "ui/draw/fonts.h"

namespace twice::ui {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

Json branch_json(const SavedBranch& branch) {
  Json did = Json::array();
  for (const auto& [lane, step] : branch.did)
    did.push_back({{"lane", lane ? Json(*lane) : Json(nullptr)}, {"step", step}});
  return {{"name", branch.name},
          {"parent", branch.parent ? Json(*branch.parent) : Json(nullptr)},
          {"timeline", branch.timeline},
          {"did", did}};
}

SavedBranch branch_from(const Json& json) {
  SavedBranch branch;
  branch.name = json.at("name");
  if (!json.at("parent").is_null()) branch.parent = json.at("parent").get<std::size_t>();
  branch.timeline = json.at("timeline");
  for (const Json& did : json.at("did"))
    branch.did.emplace_back(did.at("lane").is_null() ? std::nullopt : std::optional(did.at("lane").get<std::size_t>()),
                            did.at("step").get<std::string>());
  return branch;
}

void take(const Json& json, Settings& to) {
  to.theme = theme_named(json.value("theme", "")).value_or(to.theme);
  to.zoom = std::clamp(json.value("zoom", to.zoom), kSmallestZoom, kLargestZoom);
  to.reduced_motion = json.value("reduced_motion", false);
  to.knows_prologue = json.value("knows_prologue", false);
  to.layout.left = std::clamp(json.value("left", to.layout.left), 8.0f, 60.0f);
  to.layout.right = std::clamp(json.value("right", to.layout.right), 8.0f, 60.0f);
  to.layout.bottom = std::clamp(json.value("bottom", to.layout.bottom), 5.0f, 40.0f);
  to.file = json.value("file", "");
  to.learner = json.value("learner", "");
  to.screen = json.value("screen", to.screen);
  to.seed = json.value("seed", to.seed);
  to.view = view_named(json.value("view", "")).value_or(to.view);
  to.at_ns = json.value("at_ns", to.at_ns);
  to.branch = json.value("branch", to.branch);
  if (json.contains("branches"))
    for (const Json& branch : json.at("branches")) to.branches.push_back(branch_from(branch));
}

}  // namespace

std::string_view word_of(ThemeName theme) {
  switch (theme) {
    case ThemeName::kLight:
      return "light";
    case ThemeName::kDark:
      return "dark";
    case ThemeName::kHighContrast:
      return "high-contrast";
  }
  return {};
}

std::optional<ThemeName> theme_named(std::string_view word) {
  for (const ThemeName theme : kThemes)
    if (word_of(theme) == word) return theme;
  return std::nullopt;
}

std::string_view word_of(View view) {
  switch (view) {
    case View::kLoader:
      return "loader";
    case View::kNetwork:
      return "network";
    case View::kSpaceTime:
      return "space-time";
    case View::kTables:
      return "tables";
    case View::kCompare:
      return "compare";
    case View::kSpectrum:
      return "spectrum";
    case View::kMetrics:
      return "metrics";
  }
  return {};
}

std::optional<View> view_named(std::string_view word) {
  for (const View view : kViews)
    if (word_of(view) == word) return view;
  return std::nullopt;
}

std::string settings_path() {
  if (const char* state = std::getenv("XDG_STATE_HOME"); state && *state)
    return (fs::path(state) / "twice" / "lab.json").string();
  if (const char* home = std::getenv("HOME"); home && *home)
    return (fs::path(home) / ".local" / "state" / "twice" / "lab.json").string();
  return {};
}

std::string answers_path(const std::string& settings) {
  return settings.empty() ? std::string() : (fs::path(settings).parent_path() / "lessons").string();
}

Settings read_settings(const std::string& path) {
  Settings settings;
  const scenario::FileText read = scenario::read_text_file(path, limits::kAnswersFile);
  const auto* text = std::get_if<std::string>(&read);
  if (!text) return settings;
  try {
    take(Json::parse(*text), settings);
  } catch (const Json::exception&) {
    return Settings{};
  }
  return settings;
}

std::optional<std::string> write_settings(const std::string& path, const Settings& settings) {
  if (path.empty()) return "there is no home directory to keep settings in";
  Json json = {{"theme", word_of(settings.theme)},
               {"zoom", settings.zoom},
               {"reduced_motion", settings.reduced_motion},
               {"knows_prologue", settings.knows_prologue},
               {"left", settings.layout.left},
               {"right", settings.layout.right},
               {"bottom", settings.layout.bottom},
               {"file", settings.file},
               {"learner", settings.learner},
               {"screen", settings.screen},
               {"seed", settings.seed},
               {"view", word_of(settings.view)},
               {"at_ns", settings.at_ns},
               {"branch", settings.branch},
               {"repro", settings.repro},
               {"hash", settings.hash},
               {"branches", Json::array()}};
  for (const SavedBranch& branch : settings.branches) json["branches"].push_back(branch_json(branch));
  return write_whole(path, json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n");
}

}  // namespace twice::ui
