#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "tidy/rules.h"

namespace twice::tidy {
namespace {

struct Layer {
  std::string_view name;
  std::vector<std::string_view> below;
};

const std::vector<Layer>& layers() {
  static const std::vector<Layer> kLayers{
      {"core", {}},
      {"physics", {"core"}},
      {"world", {"core", "physics"}},
      {"protocols", {"core", "physics", "world"}},
      {"pipeline", {"core", "physics", "world"}},
      {"check", {"core", "physics", "world", "protocols", "pipeline"}},
      {"scenario", {"core", "physics", "world", "protocols", "pipeline", "check"}},
      {"lab", {"core", "physics", "world", "protocols", "pipeline", "check", "scenario"}},
      {"lesson", {"core", "physics", "world", "protocols", "pipeline", "check", "scenario", "lab"}},
  };
  return kLayers;
}

// Folders of ui/: what each may include of the others.
const std::vector<Layer>& ui_layers() {
  static const std::vector<Layer> kLayers{
      {"playback", {}},
      {"draw", {}},
      {"panels", {"playback", "draw"}},
      {"app", {"playback", "draw", "panels"}},
      {"window", {"draw"}},
      {"shell", {"playback", "draw", "panels", "app", "window"}},
  };
  return kLayers;
}

struct Wrapped {
  std::string_view header;  // prefix of the include
  std::vector<std::string_view> folders;
  std::string_view message;
};

const std::vector<Wrapped>& wrapped() {
  static const std::vector<Wrapped> kWrapped{
      {"imgui",
       {"ui/draw", "ui/panels", "ui/app", "ui/window", "ui/shell", "tests/ui", "tests/ui_draw"},
       "ImGui stays in ui/, and out of ui/playback"},
      {"GLFW/", {"ui/window"}, "GLFW stays in ui/window"},
      {"glad/", {"ui/window"}, "OpenGL stays in ui/window"},
      {"sqlite3", {"sim/pipeline/warehouse", "tests"}, "SQLite stays behind pipeline/warehouse/engine.h"},
      {"toml++/", {"sim/scenario", "tests"}, "TOML stays in scenario"},
      {"nlohmann/",
       {"sim/pipeline", "sim/check", "sim/scenario", "sim/lab", "sim/lesson", "cli", "ui", "tests"},
       "JSON parsing stays above the world"},
      {"CLI/", {"cli"}, "option parsing stays in cli/"},
      {"catch2/", {"tests"}, "the test framework stays in tests/"},
  };
  return kWrapped;
}

const Layer* layer_of(std::string_view path, std::string_view root, const std::vector<Layer>& of) {
  for (const Layer& layer : of)
    if (lies_in(path, fmt::format("{}/{}", root, layer.name))) return &layer;
  return nullptr;
}

bool may_include(const Layer& layer, std::string_view folder) {
  return folder == layer.name || std::find(layer.below.begin(), layer.below.end(), folder) != layer.below.end();
}

// In ui/, other folders of ui/ are included by their path from the top; the engine below is free to use.
Findings check_ui_layering(const Source& source) {
  Findings findings;
  const Layer* layer = layer_of(source.path, "ui", ui_layers());
  if (!layer) return {{source.path, 0, "is in no known folder of ui/"}};
  for (const Include& include : includes_of(source)) {
    if (!include.quoted || !include.name.starts_with("ui/")) continue;
    const std::string rest = include.name.substr(3);
    if (!may_include(*layer, rest.substr(0, rest.find('/'))))
      findings.push_back(
          {source.path, include.line, fmt::format("ui/{} may not include \"{}\"", layer->name, include.name)});
  }
  return findings;
}

}  // namespace

Findings check_layering(const Source& source) {
  Findings findings;
  if (is_cpp(source) && lies_in(source.path, "ui")) return check_ui_layering(source);
  if (!is_cpp(source) || !lies_in(source.path, "sim")) return findings;
  const Layer* layer = layer_of(source.path, "sim", layers());
  if (!layer) return {{source.path, 0, "is in no known layer of sim/"}};
  for (const Include& include : includes_of(source)) {
    if (!include.quoted) continue;
    const std::string folder = include.name.substr(0, include.name.find('/'));
    if (!may_include(*layer, folder))
      findings.push_back(
          {source.path, include.line, fmt::format("{} may not include \"{}\"", layer->name, include.name)});
  }
  return findings;
}

Findings check_third_party(const Source& source) {
  Findings findings;
  if (!is_cpp(source)) return findings;
  for (const Include& include : includes_of(source))
    for (const Wrapped& wrap : wrapped()) {
      const bool allowed = std::any_of(wrap.folders.begin(), wrap.folders.end(),
                                       [&](std::string_view f) { return lies_in(source.path, f); });
      if (include.name.starts_with(wrap.header) && !allowed)
        findings.push_back({source.path, include.line, std::string(wrap.message)});
    }
  return findings;
}

}  // namespace twice::tidy
