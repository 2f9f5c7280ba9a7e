#pragma once
// Two windows with text: the scenario's own, and the person's SQL. What is wrong stands beside the line it is about.
#include <optional>
#include <string>
#include <vector>

#include "scenario/diagnostics.h"
#include "ui/panels/scene.h"

namespace twice::ui {

class Editors {
 public:
  void open_scenario(std::string text);
  void open_sql(std::string sql);
  void close() { scenario_open_ = sql_open_ = false; }
  bool is_open() const { return scenario_open_ || sql_open_; }
  /// What the last try to run a text said: shown beside its lines.
  void show(std::vector<scenario::Diagnostic> diagnostics) { diagnostics_ = std::move(diagnostics); }

  Requests draw(const Scene& scene);

 private:
  void draw_scenario(const Scene& scene, Requests& requests);
  void draw_sql(const Scene& scene, Requests& requests);
  void draw_text(const Scene& scene, std::string& text, float height);
  void draw_diagnostics(const Scene& scene, const std::vector<playback::SqlRemark>& remarks);

  bool scenario_open_ = false, sql_open_ = false;
  std::string scenario_text_, sql_text_;
  std::vector<scenario::Diagnostic> diagnostics_;
};

}  // namespace twice::ui
