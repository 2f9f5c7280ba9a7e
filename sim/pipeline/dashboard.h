#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

#include "core/node.h"
#include "pipeline/messages.h"

namespace twice::pipeline {

/// What a person looking at the table saw, and when.
struct Reading {
  static constexpr std::string_view kName = "reading";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("at", self.at), v("ok", self.ok), v("values", self.values), v("error", self.error);
  }
  Time at;
  bool ok = false;
  SqlRow values;  // the first row of the query's result
  std::string error;
};

/// Asks its query over and over, each time in a session of its own. Marks: "reading" n.
struct DashboardNode {
  static constexpr std::string_view kName = "dashboard";
  template <class Self, class V>
  static void visit(Self& self, V& v) {
    v("asked", self.asked), v("answered", self.readings.size()), v("last", self.last);
  }
  void step(Time now, const Input& input, Effects& effects);

  // Fixed.
  NodeId warehouse;
  Statement query;
  Duration every = seconds(5);
  // State.
  std::uint32_t asked = 0;
  std::vector<std::string> columns;
  std::vector<Reading> readings;
  Reading last;

 private:
  static constexpr std::uint32_t kFirstSession = 1u << 24;  // above every loader's
};

}  // namespace twice::pipeline
