#pragma once
// Virtual time along one side of a picture.
#include <string>
#include <vector>

#include "core/time.h"

namespace twice::ui {

/// Time `from` stands at pixel `begin`, `to` at pixel `end`.
struct TimeAxis {
  Time from, to;
  float begin = 0, end = 1;

  float place(Time at) const;
  Time at(float place) const;
  double ns_per_pixel() const;
};

struct Tick {
  Time at;
  std::string label;  // "5.2 s", with as many decimals as tell it from its neighbours
};
/// Round moments at least `apart` pixels from each other.
std::vector<Tick> ticks_of(const TimeAxis& axis, float apart);
/// "12 ms", "1.5 s": a length of time for people, three digits at most.
std::string length_text(Duration length);

/// Moves and cuts a stretch so that it lies within 0..end and is at least a microsecond long.
std::pair<Time, Time> clamped(Time from, Time to, Time end);
/// `factor` below 1 shows less; `around` keeps its place.
std::pair<Time, Time> zoomed(std::pair<Time, Time> span, double factor, Time around, Time end);

}  // namespace twice::ui
